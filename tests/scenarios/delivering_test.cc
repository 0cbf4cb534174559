// SPDX-License-Identifier: Apache-2.0
//
// Messages of a town on their way to people: what is sent, when, how often, and what is not.
#include "cases/delivering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "cases/erasure.h"
#include "cases/message_values.h"
#include "recommender/inference/signals.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::DeliveryState;
using delivery::Reception;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int64_t kMicrosOfHour = 3'600'000'000;

// Answers as a test says and notes what it was given.
struct Gateway {
  using Answer = std::function<Reception(const delivery::Message&)>;

  Answer answer = [](const delivery::Message&) { return Reception::kAccepted; };
  std::mutex mutex;
  std::vector<delivery::Message> given;
  std::vector<delivery::Message> taken;
};

class GatewayChannel final : public delivery::Channel {
 public:
  GatewayChannel(Gateway& gateway, std::string name) : gateway_(gateway), name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  delivery::Reply Deliver(const delivery::Message& message) const override {
    const std::lock_guard lock(gateway_.mutex);
    gateway_.given.push_back(message);
    const Reception reception = gateway_.answer(message);
    if (reception == Reception::kAccepted) gateway_.taken.push_back(message);
    return {reception, reception == Reception::kAccepted ? "" : "gateway"};
  }
  Result<void> Reach(std::chrono::milliseconds) const override { return {}; }

 private:
  Gateway& gateway_;
  const std::string name_;
};

class DeliveringTest : public ::testing::Test {
 protected:
  DeliveringTest() {
    town.Settled("mother", "1995-05-20");
    town.Resident("father", "1993-02-11", "male",
                  {{"person.citizenship_rf", "true"}, {"person.region_code", "77"}});
    town.Settled("aunt", "1990-01-02");
    clock.Set(town.world().Now());
    world = town.world();
    world.clock = &clock;
    std::vector<Issue> issues;
    messages = Messages::Load(std::string(KSTATI_SOURCE_DIR) + "/data/messages", issues);
    EXPECT_THAT(issues, IsEmpty());
    Restart();
  }

  void Restart() {
    cases::Delivering::Channels channels;
    channels.push_back(std::make_unique<GatewayChannel>(gateway, "first"));
    if (two_channels) channels.push_back(std::make_unique<GatewayChannel>(second, "second"));
    delivering = std::make_unique<cases::Delivering>(world, messages, std::move(channels), options);
  }

  void Births() {
    town.Birth("son", "mother", "father");
    town.Birth("nephew", "aunt", "father");
  }
  // Everything that can be sent now.
  void Deliver() {
    while (delivering->Step()) {
    }
  }
  void Wait(int64_t hours) { clock.Set(Instant{clock.Now().micros + hours * kMicrosOfHour}); }
  void Settle() {
    for (int i = 0; i < 200 && delivering->waiting() > 0; ++i) {
      Deliver();
      Wait(1);
    }
  }

  struct Told {
    cases::Notification notification;
    std::optional<cases::DeliveryRecord> delivery;
  };
  // What the person finds among the messages, and what became of each.
  std::vector<Told> Feed(const std::string& name) {
    const auto deliveries = *cases::DeliveriesTo(*world.store, town.Number(name));
    std::vector<Told> feed;
    const auto notifications = town.desk().Notifications(town.Number(name));
    for (const auto& each : *notifications) {
      const auto found = deliveries.find(cases::MessageKey(Encode(each.notification)));
      feed.push_back({each.notification, {}});
      if (found != deliveries.end()) feed.back().delivery = found->second;
    }
    return feed;
  }
  std::vector<std::string> KindsInFeed(const std::string& name) {
    std::vector<std::string> kinds;
    for (const auto& each : Feed(name)) kinds.push_back(each.notification.message);
    return kinds;
  }
  std::vector<std::string> KindsTaken(const std::string& name) {
    std::vector<std::string> kinds;
    for (const delivery::Message& message : gateway.taken) {
      if (message.citizen == town.Number(name)) kinds.push_back(message.kind);
    }
    return kinds;
  }
  // Of the person's messages, how many stand so.
  size_t CountOf(const std::string& name, DeliveryState state, const std::string& why = {}) {
    const auto feed = Feed(name);
    return static_cast<size_t>(std::ranges::count_if(feed, [&](const auto& each) {
      return each.delivery && each.delivery->state == state && each.delivery->why == why;
    }));
  }
  // Why messages were held back, by the person's ledger.
  std::multiset<std::string> SuppressedInLedger(const std::string& name) {
    std::multiset<std::string> whys;
    const auto deeds = world.store->Deeds(town.Number(name), 0, 1'000);
    for (const auto& deed : *deeds) {
      const bool is_it = deed.kind == profile::ledger::EntryKind::kMessageSuppressed;
      if (is_it && deed.content.contains("service")) whys.insert(deed.content.at("why"));
    }
    return whys;
  }

  Town town{"2026-03-16"};
  FixedClock clock{Instant()};
  cases::World world;
  Messages messages;
  Gateway gateway;
  Gateway second;
  bool two_channels = false;
  cases::DeliveryOptions options;
  std::unique_ptr<cases::Delivering> delivering;
};

TEST(DeliveryRecordTest, ComesBackAsItWasKeptAndBrokenBytesDoNot) {
  cases::DeliveryRecord record;
  record.state = DeliveryState::kUndeliverable;
  record.changed_at = Instant{17};
  record.attempts = {{Instant{5}, "smtp", Reception::kRefused, "smtp 550"},
                     {Instant{6}, "file", Reception::kLater, "file: full"}};
  const std::string bytes = cases::Encode(record);
  EXPECT_EQ(*cases::DecodeDeliveryRecord(bytes), record);
  EXPECT_EQ(cases::ReasonOf(record), "file: full");
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(cases::DecodeDeliveryRecord(bytes.substr(0, size))) << size;
  }
  std::string unknown = bytes;
  unknown[1] = 9;
  EXPECT_FALSE(cases::DecodeDeliveryRecord(unknown));
}

TEST_F(DeliveringTest, EverybodyGetsTheirMessagesOnceAndInOrder) {
  Births();
  Deliver();
  EXPECT_THAT(KindsTaken("mother"), Not(IsEmpty()));
  EXPECT_EQ(KindsTaken("mother"), KindsInFeed("mother"));
  EXPECT_EQ(KindsTaken("aunt"), KindsInFeed("aunt"));
  EXPECT_EQ(delivering->waiting(), 0u);
  const size_t count = gateway.given.size();
  Deliver();
  Restart();
  Deliver();
  EXPECT_EQ(gateway.given.size(), count);
  EXPECT_THAT(gateway.taken.front().title, Not(IsEmpty()));
  EXPECT_EQ(gateway.taken.front().title.find('{'), std::string::npos);
}

TEST_F(DeliveringTest, WhatIsNotTakenIsTriedAgainWithTheSameKeyAndGrowingPauses) {
  Births();
  gateway.answer = [](const auto&) { return Reception::kLater; };
  Deliver();
  const std::string key = gateway.given.front().key;
  const size_t people = gateway.given.size();  // nobody's second message goes before the first
  EXPECT_EQ(people, 3u);
  Deliver();
  EXPECT_EQ(gateway.given.size(), people);
  clock.Set(Instant{clock.Now().micros + 30'000'000});
  Restart();  // pauses are kept over a restart
  Deliver();
  EXPECT_EQ(gateway.given.size(), 2 * people);
  clock.Set(Instant{clock.Now().micros + 59'000'000});
  Deliver();
  EXPECT_EQ(gateway.given.size(), 2 * people);
  gateway.answer = [](const auto&) { return Reception::kAccepted; };
  Wait(1);
  Deliver();
  EXPECT_EQ(KindsTaken("mother"), KindsInFeed("mother"));
  const auto repeats = std::ranges::count_if(
      gateway.given, [&](const delivery::Message& message) { return message.key == key; });
  EXPECT_EQ(repeats, 3);
}

TEST_F(DeliveringTest, AChannelThatFailsForGoodLeavesItToTheNextOne) {
  two_channels = true;
  options.retries.attempts_max = 2;
  Restart();
  Births();
  gateway.answer = [](const delivery::Message& message) {
    return message.key < "8" ? Reception::kRefused : Reception::kLater;
  };
  second.answer = [](const delivery::Message& message) {
    return message.key.ends_with('0') ? Reception::kRefused : Reception::kAccepted;
  };
  Deliver();
  Settle();
  EXPECT_EQ(delivering->waiting(), 0u);
  EXPECT_THAT(gateway.taken, IsEmpty());
  EXPECT_EQ(second.given.size(),
            Feed("mother").size() + Feed("aunt").size() + Feed("father").size());
  for (const auto& each : Feed("mother")) {
    ASSERT_TRUE(each.delivery);
    EXPECT_NE(each.delivery->state, DeliveryState::kWaiting);
    EXPECT_LE(each.delivery->attempts.size(), 3u);
  }
}

TEST_F(DeliveringTest, WhatNobodyTakesIsUndeliverableOrRefused) {
  options.retries.attempts_max = 3;
  Restart();
  Births();
  gateway.answer = [&](const delivery::Message& message) {
    return message.citizen == town.Number("aunt") ? Reception::kRefused : Reception::kLater;
  };
  Deliver();
  Settle();
  EXPECT_EQ(CountOf("mother", DeliveryState::kUndeliverable), Feed("mother").size());
  EXPECT_EQ(CountOf("aunt", DeliveryState::kRefused), Feed("aunt").size());
  EXPECT_EQ(ReasonOf(*Feed("mother").front().delivery), "gateway");
}

// In Moscow it is 12:00 when the town begins its day.
TEST_F(DeliveringTest, MessagesWaitForTheMorning) {
  options.rules.quiet = *delivery::QuietHours::Parse("11:00", "15:00", "Europe/Moscow");
  Restart();
  Births();
  Deliver();
  Wait(2);
  Deliver();
  EXPECT_THAT(gateway.given, IsEmpty());
  Restart();
  Wait(1);
  Deliver();
  EXPECT_EQ(KindsTaken("mother"), KindsInFeed("mother"));
}

TEST_F(DeliveringTest, ATermThatEndsInTheNightBreaksThrough) {
  town.Consents("mother", "snils_newborn");
  Births();
  const auto snils = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(snils && snils->due);
  // The term ends with its last day, at midnight.
  clock.Set(Instant{StartOfDay(snils->due->AddDays(1), "Europe/Moscow").micros - kMicrosOfHour});
  options.rules.quiet = *delivery::QuietHours::Parse("22:00", "08:00", "Europe/Moscow");
  options.oldest_hours = 24 * 365;
  options.rules.deadlines_break_quiet = false;
  Restart();
  Deliver();
  EXPECT_THAT(gateway.given, IsEmpty());
  options.rules.deadlines_break_quiet = true;
  Restart();
  Deliver();
  ASSERT_THAT(gateway.taken, Not(IsEmpty()));
  for (const delivery::Message& message : gateway.taken) {
    EXPECT_EQ(message.service, "snils_newborn");
    EXPECT_NE(message.kind, "notification.announced");
  }
}

TEST_F(DeliveringTest, TheBudgetHoldsSuggestionsAndNothingElse) {
  town.Consents("mother", "snils_newborn");
  options.rules.budget_messages = 2;
  options.rules.budget_days = 7;
  Restart();
  Births();
  Deliver();
  const size_t held = CountOf("mother", DeliveryState::kSuppressed, "budget");
  EXPECT_GT(held, 0u);
  EXPECT_EQ(KindsTaken("mother").size() + held, Feed("mother").size());
  EXPECT_THAT(KindsTaken("mother"), Contains("notification.started"));
  EXPECT_EQ(SuppressedInLedger("mother").count("budget"), held);
  size_t suggestions = 0;
  for (const auto& each : Feed("mother")) {
    const bool suppressed = each.delivery->state == DeliveryState::kSuppressed;
    EXPECT_TRUE(!suppressed || cases::IsSuggestion(each.notification));
    suggestions += !suppressed && cases::IsSuggestion(each.notification) ? 1 : 0;
  }
  EXPECT_LE(suggestions, 2u);
}

TEST_F(DeliveringTest, TheBudgetGoesToWhatIsNeededMost) {
  constexpr size_t kBudget = 2;
  options.rules.budget_messages = kBudget;
  Restart();
  Births();
  std::vector<cases::Notification> suggestions;
  for (const auto& each : Feed("mother")) {
    if (cases::IsSuggestion(each.notification)) suggestions.push_back(each.notification);
  }
  ASSERT_GT(suggestions.size(), kBudget);
  const auto values =
      cases::ValuesOf(world, recommender::Ranker(), nullptr, town.Number("mother"), suggestions);
  ASSERT_TRUE(values.has_value()) << values.error().ToString();
  Deliver();
  std::vector<double> sent;
  size_t place = 0;
  for (const auto& each : Feed("mother")) {
    if (!cases::IsSuggestion(each.notification)) continue;
    if (each.delivery->state == DeliveryState::kDelivered) sent.push_back((*values)[place]);
    ++place;
  }
  std::vector<double> best = *values;
  std::ranges::sort(best, std::greater());
  best.resize(kBudget);
  std::ranges::sort(sent, std::greater());
  EXPECT_EQ(sent, best);
  EXPECT_NE(best.front(), values->front()) << "or first come would do as well";
}

TEST_F(DeliveringTest, TheBudgetIsThereAgainAfterItsWindow) {
  options.rules.budget_messages = 1;
  options.rules.budget_days = 2;
  Restart();
  Births();
  Deliver();
  EXPECT_EQ(KindsTaken("mother").size(), 1u);
  town.AdvanceTo("2026-03-19");
  clock.Set(town.world().Now());
  town.Birth("daughter", "mother", "father");
  Deliver();
  EXPECT_EQ(KindsTaken("mother").size(), 2u);
}

TEST_F(DeliveringTest, WhatWasDeclinedIsNotSent) {
  Births();
  std::set<std::string> declined;
  const auto cases_before = town.desk().Cases(town.Number("mother"));
  for (const cases::Case& c : *cases_before) {
    if (c.status != cases::Status::kOffered) continue;
    ASSERT_TRUE(town.desk().Decline(c.citizen, c.id));
    declined.insert(c.service.text());
  }
  for (const auto& each : Feed("mother")) {
    if (each.notification.message != "notification.announced") continue;
    ASSERT_TRUE(town.desk().Feedback(town.Number("mother"), "", each.notification.service,
                                     std::string(recommender::kDeclined)));
    declined.insert(each.notification.service.text());
    break;
  }
  ASSERT_THAT(declined, Not(IsEmpty()));
  Deliver();
  for (const delivery::Message& message : gateway.given) {
    EXPECT_FALSE(message.citizen == town.Number("mother") && declined.contains(message.service));
  }
  EXPECT_EQ(SuppressedInLedger("mother").count("declined"),
            CountOf("mother", DeliveryState::kSuppressed, "declined"));
  EXPECT_GT(CountOf("mother", DeliveryState::kSuppressed, "declined"), 0u);
}

TEST_F(DeliveringTest, NobodyWhoseDataWereErasedIsSentAnything) {
  Births();
  ASSERT_TRUE(world.store->Erase(town.Number("aunt"), clock.Now()));
  Deliver();
  EXPECT_THAT(gateway.given, Not(IsEmpty()));
  for (const delivery::Message& message : gateway.given) {
    EXPECT_NE(message.citizen, town.Number("aunt"));
  }
  EXPECT_EQ(delivering->waiting(), 0u);
}

TEST_F(DeliveringTest, AMessageAboutSomebodyErasedTakesNoOtherAway) {
  Births();
  cases::Draft draft(world, world.Now());
  cases::Case offered;
  offered.citizen = town.Number("mother");
  offered.about = town.Number("aunt");
  offered.service = ServiceId("funeral_benefit");
  offered.status = cases::Status::kOffered;
  const auto opened = draft.Open(offered, "case.reason.offered");
  ASSERT_TRUE(opened);
  ASSERT_TRUE(draft.Commit());
  ASSERT_TRUE(town.desk().EraseAll(town.Number("aunt")));
  std::vector<cases::Notification> suggestions;
  for (const auto& each : Feed("mother")) {
    if (cases::IsSuggestion(each.notification)) suggestions.push_back(each.notification);
  }
  const auto values =
      cases::ValuesOf(world, recommender::Ranker(), nullptr, town.Number("mother"), suggestions);
  ASSERT_TRUE(values) << values.error().ToString();
  ASSERT_EQ(values->size(), suggestions.size());
  EXPECT_GT(*std::ranges::max_element(*values), 0);
  for (size_t i = 0; i < suggestions.size(); ++i) {
    if (suggestions[i].case_id != opened->id) continue;
    EXPECT_EQ((*values)[i], 0);
  }
}

// Trained on what was estimated of people, as suggestions are made; messages knew no estimate.
TEST_F(DeliveringTest, WhatIsEstimatedOfAPersonMovesTheWorthOfMessagesToo) {
  namespace inference = recommender::inference;
  Births();
  std::vector<cases::Notification> suggestions;
  for (const auto& each : Feed("mother")) {
    if (cases::IsSuggestion(each.notification)) suggestions.push_back(each.notification);
  }
  ASSERT_FALSE(suggestions.empty());
  suggestions.resize(1);
  // Whoever probably moved takes the service up, and nobody else.
  std::vector<recommender::Interaction> visits;
  for (uint64_t citizen = 1; citizen <= 60; ++citizen) {
    recommender::Interaction visit;
    visit.citizen = CitizenId(citizen);
    visit.on = world.Today();
    const bool has_moved = citizen % 2 == 0;
    const auto moved = static_cast<size_t>(inference::EventKind::kMoved);
    visit.background.estimates.of[moved] = has_moved ? 0.95f : 0.05f;
    visit.shown = {{suggestions[0].service,
                    town.Number("mother"),
                    eligibility::Verdict::kEligible,
                    {},
                    std::nullopt,
                    has_moved}};
    visits.insert(visits.end(), 4, visit);
  }
  const auto mother = [&](CitizenId, Date on, std::optional<Instant>) {
    return profile::LoadHousehold(town.Number("mother"), {on, world.Now()},
                                  [&](CitizenId who) { return world.store->Load(who); });
  };
  recommender::TrainOptions training;
  training.rounds = 30;
  const std::string folder = testing::TempDir() + "trained_on_estimates";
  ASSERT_TRUE(recommender::Train(visits, mother, world.catalogue(), training, folder));
  const auto ranker = recommender::Ranker::Load(folder);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(ranker) << ranker.error().ToString();
  ASSERT_EQ(ranker->ranked_by().stage, "model");
  const auto worth = [&](double certainty) {
    nlohmann::json weights = nlohmann::json::array();
    for (const std::string& column : ColumnsOf(inference::EventKind::kMoved)) {
      weights.push_back({column, 0.0});
    }
    const nlohmann::json kinds{{"moved", {{"constant", certainty}, {"weights", weights}}}};
    const auto model = inference::InferenceModel::Decode(
        nlohmann::json{{"format", 2}, {"learned_from", "records"}, {"kinds", kinds}}.dump());
    const auto values =
        cases::ValuesOf(world, *ranker, &*model, town.Number("mother"), suggestions);
    EXPECT_TRUE(values) << values.error().ToString();
    return values ? values->front() : 0;
  };
  EXPECT_GT(worth(3), 2 * worth(-3));
}

TEST_F(DeliveringTest, OldMessagesAreNotSent) {
  Births();
  Wait(24 * 8);
  Deliver();
  EXPECT_THAT(gateway.given, IsEmpty());
  EXPECT_EQ(delivering->waiting(), 0u);
  EXPECT_EQ(CountOf("mother", DeliveryState::kSuppressed, "too_old"), Feed("mother").size())
      << "each is an entry of hers";
}

// Against a gateway and a server that fail as they like: each message is taken, nobody's before the
// one before it was, and a repetition has the key of the first.
TEST_F(DeliveringTest, WhateverFailsNothingIsLostAndTheOrderIsKept) {
  std::mt19937 random(17);
  gateway.answer = [&](const delivery::Message&) {
    return random() % 3 == 0 ? Reception::kAccepted : Reception::kLater;
  };
  for (const char* child : {"one", "two", "three"}) {
    town.Birth(child + std::string(" of the mother"), "mother", "father");
    town.Birth(child + std::string(" of the aunt"), "aunt", "father");
  }
  for (int i = 0; i < 600; ++i) {
    delivering->Step();
    if (random() % 5 == 0) Restart();
    clock.Set(Instant{clock.Now().micros + 3'600'000'000});
  }
  for (const char* name : {"mother", "aunt"}) {
    EXPECT_EQ(KindsTaken(name).size(), Feed(name).size()) << name;
    EXPECT_EQ(CountOf(name, DeliveryState::kDelivered), Feed(name).size()) << name;
  }
  std::map<CitizenId, std::string> last;
  std::set<std::string> over;
  for (const delivery::Message& message : gateway.given) {
    EXPECT_FALSE(over.contains(message.key));
    std::string& before = last[message.citizen];
    if (before != message.key) over.insert(before);
    before = message.key;
  }
}

}  // namespace
}  // namespace kstati::scenarios
