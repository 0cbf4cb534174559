// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/infer.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "eligibility/program.h"
#include "profile/household.h"
#include "profile/registry_event.h"
#include "recommender/inference/inference_model.h"
#include "recommender/inference/signals.h"
#include "recommender/inference/told_events.h"
#include "recommender/life_event.h"
#include "recommender/suggest.h"

namespace kstati::recommender::inference {
namespace {

using profile::Consent;
using profile::Fact;
using profile::FactValue;
using profile::FactView;
using profile::History;
using testing::ElementsAre;

// A guess is nothing that decides, opens a situation or starts a case, nor can it be made into it.
template <class Target>
constexpr bool kTakesGuess =
    std::is_convertible_v<InferredEvent, Target> ||
    std::is_constructible_v<Target, InferredEvent> || std::is_assignable_v<Target&, InferredEvent>;
static_assert(!kTakesGuess<LifeEvent>);
static_assert(!kTakesGuess<OpenSituation>);
static_assert(!kTakesGuess<Fact>);
static_assert(!kTakesGuess<FactValue>);
static_assert(!kTakesGuess<profile::ReportedFact>);
static_assert(!kTakesGuess<profile::RegistryEvent>);
static_assert(!kTakesGuess<eligibility::Subject>);
static_assert(!kTakesGuess<SuggestRequest>);
static_assert(!kTakesGuess<Candidate>);
// Nor do the numbers that an order reads.
static_assert(!std::is_constructible_v<eligibility::Subject, EventEstimates>);
static_assert(!std::is_convertible_v<EventEstimates, FactValue>);
static_assert(!std::is_constructible_v<Candidate, EventEstimates>);
static_assert(!std::is_invocable_v<decltype(&FindSituations), InferredEvent, profile::Household,
                                   graph::Catalogue>);
static_assert(!std::is_invocable_v<decltype(&DetectLifeEvents), InferredEvent, profile::Household,
                                   profile::Household, eligibility::Program>);
static_assert(InferredEvent::kInferred);

constexpr Date kToday{20'600};
constexpr CitizenId kAnna(17);
constexpr CitizenId kBoris(18);

class Told {
 public:
  explicit Told(CitizenId citizen) { history_.citizen = citizen; }
  Told& Know(std::string_view attribute, FactValue value, int64_t days_ago) {
    const Date from = kToday.AddDays(-days_ago);
    history_.facts.push_back({AttributeId(std::string(attribute)),
                              std::move(value),
                              {from, std::nullopt},
                              Instant{++told_},
                              profile::EventKey{RegistryId("r"), EventId(std::to_string(told_))}});
    return *this;
  }
  Told& Relate(CitizenId from, profile::RelationKind kind, CitizenId to) {
    history_.relations.push_back({from,
                                  kind,
                                  to,
                                  {kToday.AddDays(-1'000), std::nullopt},
                                  Instant{++told_},
                                  profile::EventKey{RegistryId("r"), EventId("relation")}});
    return *this;
  }
  FactView View() const { return {history_, {kToday, Instant{1'000'000}}}; }
  const History& history() const { return history_; }

 private:
  History history_;
  int64_t told_ = 0;
};

// Anna is 28, employed, not married, and has lived where she is since she was grown up.
Told Anna() {
  Told anna(kAnna);
  anna.Know("person.birth_date", kToday.AddDays(-28 * 366), 28 * 366);
  anna.Know("person.sex", std::string("female"), 28 * 366).Know("person.alive", true, 28 * 366);
  anna.Know("person.region_code", std::string("77"), 2'000);
  anna.Know("doc.residence_registration", true, 2'000);
  anna.Know("person.employed", true, 1'500).Know("person.married", false, 28 * 366);
  return anna;
}

// All kinds: fresh signals raise what is otherwise improbable.
InferenceModel Model() {
  nlohmann::json kinds;
  for (const EventKind kind : kEventKinds) {
    nlohmann::json weights = nlohmann::json::array();
    for (const std::string& column : ColumnsOf(kind)) {
      weights.push_back({column, column.starts_with("doc.") ? 3.0 : 0.0});
    }
    kinds[NameOf(kind)] = {{"constant", -4.0}, {"weights", weights}};
  }
  return *InferenceModel::Decode(
      nlohmann::json{{"format", 2}, {"learned_from", "records"}, {"kinds", kinds}}.dump());
}

Consent Given(profile::ConsentScope scope, profile::Capacity capacity = profile::Capacity::kSelf) {
  profile::ConsentVersion version;
  version.by = {kAnna, capacity};
  version.scope = std::move(scope);
  version.valid = {kToday.AddDays(-10), kToday.AddDays(10)};
  return {ConsentId("K-1"), kAnna, {version}};
}

profile::ConsentScope EstimatesIn(const char* situation) {
  profile::ConsentScope scope;
  scope.purpose = profile::Purpose::kInferEvents;
  scope.situation = SituationId(situation);
  return scope;
}

std::vector<std::string> KindsInferred(const FactView& person, std::vector<Consent> consents,
                                       Date on = kToday) {
  InferenceRequest request{&person, std::move(consents), on, std::nullopt};
  std::vector<std::string> kinds;
  for (const InferredEvent& event : Infer(request, Model(), {})) {
    kinds.emplace_back(NameOf(event.kind()));
  }
  return kinds;
}

TEST(Inference, SensitiveKindsNeedAConsentThatNamesTheirSituation) {
  const FactView anna = Anna().View();
  EXPECT_THAT(KindsInferred(anna, {}), ElementsAre("moved", "married"));
  EXPECT_THAT(KindsInferred(anna, {Given(EstimatesIn("job_loss"))}),
              ElementsAre("moved", "stopped_working", "married"));
  EXPECT_THAT(KindsInferred(anna, {Given(EstimatesIn("child_birth"))}),
              ElementsAre("moved", "expecting_child", "married"));
}

TEST(Inference, NoOtherConsentReachesASensitiveKind) {
  const FactView anna = Anna().View();
  const auto scored = [&](const Consent& consent) { return KindsInferred(anna, {consent}).size(); };
  EXPECT_EQ(scored(Given(EstimatesIn(""))), 2U) << "one that names no situation";
  profile::ConsentScope start = EstimatesIn("job_loss");
  start.purpose = profile::Purpose::kProactiveStart;
  EXPECT_EQ(scored(Given(start)), 2U) << "one to start applications";
  EXPECT_EQ(scored(Given(EstimatesIn("job_loss"), profile::Capacity::kProxy)), 2U);
  EXPECT_EQ(scored(Given(EstimatesIn("job_loss"), profile::Capacity::kLegalRepresentative)), 2U);
  Consent revoked = Given(EstimatesIn("job_loss"));
  profile::Revoke(revoked, "", {});
  EXPECT_EQ(scored(revoked), 2U);
  EXPECT_EQ(KindsInferred(anna, {Given(EstimatesIn("job_loss"))}, kToday.AddDays(11)).size(), 2U)
      << "one that has run out";
}

TEST(Inference, AConsentToFewerDataThanAreReadAllowsNothing) {
  profile::Attribute health;
  health.id = AttributeId("doc.eln");
  health.category = "health";
  profile::Attribute family;
  family.id = AttributeId("doc.family_composition");
  family.category = "family";
  const profile::Dictionary dictionary({health, family}, {});
  EXPECT_THAT(CategoriesOf(EventKind::kExpectingChild, dictionary),
              ElementsAre(profile::CategoryId("family"), profile::CategoryId("health")));
  profile::ConsentScope scope = EstimatesIn("child_birth");
  scope.categories = {profile::CategoryId("family")};
  InferenceRequest request{nullptr, {Given(scope)}, kToday, std::nullopt};
  EXPECT_FALSE(MayInfer(EventKind::kExpectingChild, request, dictionary));
  scope.categories.insert(profile::CategoryId("health"));
  request.consents = {Given(scope)};
  EXPECT_TRUE(MayInfer(EventKind::kExpectingChild, request, dictionary));
}

TEST(Inference, AQuestionFromTheThresholdOnAndNothingBeyond) {
  const FactView calm = Anna().View();
  const FactView fresh =
      Anna().Know("doc.clinic_attachment", true, 20).Know("doc.utility_bills", true, 20).View();
  const FactView loud = Anna()
                            .Know("doc.clinic_attachment", true, 20)
                            .Know("doc.utility_bills", true, 20)
                            .Know("doc.egrn_right", true, 20)
                            .Know("doc.stay_registration", true, 20)
                            .Know("doc.bank_details", true, 20)
                            .View();
  const auto moved = [](const FactView& person) {
    return Infer({&person, {}, kToday, std::nullopt}, Model(), {}).front();
  };
  EXPECT_EQ(moved(calm).zone(), Zone::kSilent);
  EXPECT_EQ(moved(fresh).zone(), Zone::kQuestion);
  EXPECT_GT(moved(loud).probability(), 0.999);
  EXPECT_EQ(moved(loud).zone(), Zone::kQuestion) << "certainty is a registry's, not a model's";
  const double exactly = moved(fresh).probability();
  const InferenceRequest at{&fresh, {}, kToday, std::nullopt, exactly};
  EXPECT_EQ(Infer(at, Model(), {}).front().zone(), Zone::kQuestion);
}

TEST(Inference, ThePersonIsLeftInPeaceForHalfAYear) {
  const FactView fresh =
      Anna().Know("doc.clinic_attachment", true, 20).Know("doc.utility_bills", true, 20).View();
  InferenceRequest request{&fresh, {}, kToday, std::nullopt};
  const auto asks = [&] { return QuestionFor(request, Infer(request, Model(), {})).has_value(); };
  EXPECT_TRUE(asks());
  request.asked_on = kToday.AddDays(1 - kQuietDays);
  EXPECT_FALSE(asks());
  request.asked_on = kToday.AddDays(-kQuietDays);
  EXPECT_TRUE(asks());
}

TEST(Inference, TheQuestionIsTheSameForAllKindsAndNamesNone) {
  const InferenceRequest request{nullptr, {}, kToday, std::nullopt};
  for (const EventKind kind : kEventKinds) {
    const auto question =
        QuestionFor(request, {InferredEvent(kind, kAnna, kToday, 0.9, Zone::kQuestion)});
    ASSERT_TRUE(question);
    EXPECT_EQ(question->message, kQuestionMessage);
  }
  for (const char* language : {"ru", "en"}) {
    std::ifstream file(std::string(KSTATI_MESSAGES) + "/" + language + ".json");
    const std::string text = nlohmann::json::parse(file)[kQuestionMessage];
    for (const char* word : {"child", "pregnan", "work", "job", "moved", "marri", "divorc", "birth",
                             "ребён", "береме", "работ", "переех", "брак", "разв", "рожд"}) {
      EXPECT_EQ(text.find(word), std::string::npos) << language << " says " << word;
    }
  }
}

TEST(Inference, WhatARelativeKeepsToThemselvesChangesNothing) {
  const History anna = Anna()
                           .Relate(kAnna, profile::RelationKind::kSpouse, kBoris)
                           .Know("doc.clinic_attachment", true, 20)
                           .history();
  const Told boris = Told(kBoris).Know("person.employed", true, 2'000);
  const Told with_secret = Told(kBoris)
                               .Know("person.employed", false, 20)
                               .Know("doc.etk", true, 10)
                               .Know("doc.marriage_application", true, 5)
                               .Know("doc.stay_registration", true, 5);
  const auto ask = [&](const Told& spouse) {
    const auto load = [&](CitizenId citizen) -> Result<History> {
      History history = citizen == kAnna ? anna : spouse.history();
      history.version = 1;
      return history;
    };
    const auto household = profile::LoadHousehold(kAnna, {kToday, Instant{1'000'000}}, load);
    EXPECT_EQ(household->spouses.size(), 1U);
    InferenceRequest request{household->person.get(),
                             {Given(EstimatesIn("job_loss")), Given(EstimatesIn("child_birth"))},
                             kToday,
                             std::nullopt};
    request.ask_from = 0.01;
    std::vector<double> told;
    const std::vector<InferredEvent> inferred = Infer(request, Model(), {});
    for (const InferredEvent& event : inferred) told.push_back(event.probability());
    told.push_back(QuestionFor(request, inferred).has_value() ? 1 : 0);
    return told;
  };
  EXPECT_EQ(ask(boris).size(), 5U) << "all kinds but leaving home, and the question";
  EXPECT_EQ(ask(boris), ask(with_secret));
}

TEST(Signals, WhatARegistryToldExplainsSignalsAroundIt) {
  const auto fresh = [](const Told& told) {
    const std::vector<double> row = RowOf(EventKind::kMoved, told.View(), kToday);
    const std::vector<std::string> columns = ColumnsOf(EventKind::kMoved);
    EXPECT_EQ(row.size(), columns.size());
    return row[std::ranges::find(columns, "doc.clinic_attachment up to 30 days") - columns.begin()];
  };
  EXPECT_EQ(fresh(Anna().Know("doc.clinic_attachment", true, 30)), 1);
  EXPECT_EQ(fresh(Anna().Know("doc.clinic_attachment", true, 31)), 0);
  EXPECT_EQ(fresh(Anna().Know("doc.clinic_attachment", false, 30)), 0);
  EXPECT_EQ(fresh(Anna()
                      .Know("doc.residence_registration", true, 50)
                      .Know("doc.clinic_attachment", true, 30)),
            0);
}

TEST(Signals, CountFromTheMomentAtWhichTheyBecameKnown) {
  const History history = Anna().Know("doc.clinic_attachment", true, 20).history();
  const Instant told = history.facts.back().known_at;
  for (const EventKind kind : {EventKind::kMoved, EventKind::kExpectingChild}) {
    const auto row = [&](const History& of, Instant known_at) {
      return RowOf(kind, FactView(of, {kToday, known_at}), kToday);
    };
    const Instant before{told.micros - 1};
    EXPECT_EQ(row(history, before), row(Anna().history(), told)) << "as if it had not happened";
    EXPECT_NE(row(history, told), row(history, before));
  }
}

TEST(Signals, OnlyThoseToWhomItCanHaveHappened) {
  EXPECT_FALSE(
      IsAtRisk(EventKind::kMarried, Anna().Know("person.married", true, 9).View(), kToday));
  EXPECT_FALSE(IsAtRisk(EventKind::kStoppedWorking, Anna().Know("person.employed", false, 9).View(),
                        kToday));
  EXPECT_FALSE(IsAtRisk(EventKind::kExpectingChild,
                        Anna().Know("person.pregnancy_weeks", Decimal(12), 9).View(), kToday));
  EXPECT_FALSE(IsAtRisk(EventKind::kLeftHome, Anna().View(), kToday)) << "long since";
  for (const EventKind kind : kEventKinds) {
    EXPECT_FALSE(IsAtRisk(kind, Anna().Know("person.alive", false, 1).View(), kToday));
    EXPECT_FALSE(IsAtRisk(kind, Told(kAnna).View(), kToday)) << "nothing is known";
  }
}

// What Anna's registries told when; days ago.
class Late {
 public:
  Late() {
    history_.citizen = kAnna;
    Tell("person.birth_date", kToday.AddDays(-28 * 366), 28 * 366, 1'000);
    Tell("person.sex", std::string("female"), 28 * 366, 1'000);
    Tell("person.alive", true, 28 * 366, 1'000);
    Tell("person.region_code", std::string("77"), 2'000, 1'000);
    Tell("person.employed", true, 1'500, 1'000);
    Tell("person.married", false, 28 * 366, 1'000);
  }
  Late& Tell(std::string_view attribute, FactValue value, int64_t from_days_ago,
             int64_t told_days_ago) {
    const EventKey key{RegistryId("r"), EventId(std::to_string(++told_))};
    const Date told = kToday.AddDays(-told_days_ago);
    history_.facts.push_back({AttributeId(std::string(attribute)),
                              std::move(value),
                              {kToday.AddDays(-from_days_ago), std::nullopt},
                              Instant{told.days * 86'400'000'000 + 43'200'000'000 + told_},
                              key});
    return *this;
  }
  Late& TakeBackLast() {
    const Fact& last = history_.facts.back();
    history_.supersessions.push_back(
        {*last.reported_by, Instant{last.known_at.micros + 1'000'000}});
    return *this;
  }
  std::vector<ToldEvent> Events() const { return ToldEventsOf(history_, "UTC"); }

 private:
  using EventKey = profile::EventKey;
  History history_;
  int64_t told_ = 0;
};

TEST(ToldEvents, AreThoseThatBecameKnownLaterThanTheyHappened) {
  EXPECT_THAT(Late().Events(), testing::IsEmpty()) << "the first load is no news";
  EXPECT_THAT(
      Late().Tell("person.married", true, 90, 60).Events(),
      ElementsAre(ToldEvent{EventKind::kMarried, kToday.AddDays(-90), kToday.AddDays(-60)}));
  EXPECT_THAT(Late().Tell("person.married", true, 60, 60).Events(), testing::IsEmpty())
      << "told on its day";
  EXPECT_THAT(Late().Tell("person.married", false, 90, 60).Events(), testing::IsEmpty())
      << "nothing new";
  EXPECT_THAT(
      Late().Tell("person.employed", false, 50, 20).Events(),
      ElementsAre(ToldEvent{EventKind::kStoppedWorking, kToday.AddDays(-50), kToday.AddDays(-20)}));
  EXPECT_THAT(Late().Tell("person.region_code", std::string("78"), 50, 20).Events(),
              ElementsAre(ToldEvent{EventKind::kMoved, kToday.AddDays(-50), kToday.AddDays(-20)}));
  EXPECT_THAT(Late().Tell("person.region_code", std::string("77"), 50, 20).Events(),
              testing::IsEmpty());
}

TEST(ToldEvents, WhatWasTakenBackNeverHappenedAndTwoWitnessesTellOneEvent) {
  EXPECT_THAT(Late().Tell("person.married", true, 90, 60).TakeBackLast().Events(),
              testing::IsEmpty());
  EXPECT_THAT(Late()
                  .Tell("doc.residence_registration", true, 2'000, 900)
                  .Tell("person.region_code", std::string("78"), 50, 20)
                  .Tell("doc.residence_registration", true, 45, 30)
                  .Events(),
              ElementsAre(ToldEvent{EventKind::kMoved, kToday.AddDays(-45), kToday.AddDays(-30)}));
}

TEST(ToldEvents, AreUntoldFromTheirDayToThatOfTheNews) {
  const std::vector<ToldEvent> events{{EventKind::kMoved, kToday, kToday.AddDays(40)},
                                      {EventKind::kMarried, kToday, kToday.AddDays(400)}};
  EXPECT_FALSE(HappenedUntold(events, EventKind::kMoved, kToday.AddDays(-1)));
  EXPECT_TRUE(HappenedUntold(events, EventKind::kMoved, kToday));
  EXPECT_TRUE(HappenedUntold(events, EventKind::kMoved, kToday.AddDays(39)));
  EXPECT_FALSE(HappenedUntold(events, EventKind::kMoved, kToday.AddDays(40)));
  EXPECT_FALSE(HappenedUntold(events, EventKind::kStoppedWorking, kToday));
  EXPECT_TRUE(HappenedUntold(events, EventKind::kMarried, kToday.AddDays(kWindowDays)));
  EXPECT_FALSE(HappenedUntold(events, EventKind::kMarried, kToday.AddDays(kWindowDays + 1)));
}

TEST(InferenceModel, SaysTheSameAfterItWasWritten) {
  const InferenceModel model = Model();
  const auto read = InferenceModel::Decode(model.Encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->learned_from(), LearnedFrom::kRecords);
  EXPECT_EQ(read->Encode(), model.Encode());
}

TEST(InferenceModel, RefusesWhatIsNoneOfItsOwn) {
  for (const char* text :
       {"", "{}", "[]", R"({"format": 2, "kinds": {}})",
        R"({"format": 2, "learned_from": "hearsay", "kinds": {}})",
        R"({"format": 2, "learned_from": "records", "kinds": {"divorced": {}}})",
        R"({"format": 2, "learned_from": "records", "kinds": {"moved": {"constant": "high"}}})"}) {
    const auto read = InferenceModel::Decode(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
  const auto foreign = InferenceModel::Decode(
      R"({"format": 2, "learned_from": "records",
          "kinds": {"moved": {"constant": 0, "weights": [["luck", 1]]}}})");
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::kUnsupported);
}

TEST(InferenceModel, NeedsBothOutcomesToLearn) {
  InferenceTable table;
  table.rows =
      FeatureMatrix::Zero(4, static_cast<Eigen::Index>(ColumnsOf(EventKind::kMoved).size()));
  table.happened = {0, 0, 0, 0};
  InferenceModel model;
  EXPECT_FALSE(model.Fit(EventKind::kMoved, table, table));
  EXPECT_EQ(model.Find(EventKind::kMoved), nullptr);
}

TEST(InferenceModel, LearnsTheSharesItSees) {
  // A fresh change of clinic in half of the rows: 60 % with it had happened, 5 % without.
  const std::vector<std::string> columns = ColumnsOf(EventKind::kMoved);
  const auto clinic = std::ranges::find(columns, "doc.clinic_attachment up to 30 days");
  const auto place = clinic - columns.begin();
  InferenceTable table;
  table.rows = FeatureMatrix::Zero(2'000, static_cast<Eigen::Index>(columns.size()));
  for (Eigen::Index row = 0; row < 2'000; ++row) {
    const bool fresh = row % 2 == 0;
    table.rows(row, place) = fresh ? 1 : 0;
    table.happened.push_back((row / 2) % 20 < (fresh ? 12 : 1) ? 1 : 0);
  }
  InferenceModel model;
  ASSERT_TRUE(model.Fit(EventKind::kMoved, table, table));
  std::vector<double> row(columns.size(), 0);
  EXPECT_NEAR(model.Find(EventKind::kMoved)->Probability(row), 0.05, 0.01);
  row[static_cast<size_t>(place)] = 1;
  EXPECT_NEAR(model.Find(EventKind::kMoved)->Probability(row), 0.60, 0.02);
}

}  // namespace
}  // namespace kstati::recommender::inference
