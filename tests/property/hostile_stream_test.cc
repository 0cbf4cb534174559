// SPDX-License-Identifier: Apache-2.0
//
// Two towns alike, and in each the same families. In one the registries tell what happened each
// once, on its day, in its order and without an error. In the other they shuffle it, repeat it, err
// and correct themselves, and the server dies before or after a write and is opened again. At the
// end of each day the steps are taken that are due. In the end each family has the same cases, with
// the same decisions, legal clocks, questions and results: the state is that of the history without
// the wrong events.
//
//   clean:    day 0: a b     | steps | day 1: c       | steps | ... officials
//   hostile:  day 0: b a w b | steps | day 1: c w' a  | steps | ... officials
//
// What may differ, and is checked to be nothing else:
// - Who of the parents applies for what their child gets: whose facts came first (decision 050).
// - Acts that cannot be undone: a person was told of a case that was taken back again, or an
//   official refused it. Such cases are over, and nothing of them stands.
// - A term that an error began is never longer than without the error.
// - Numbers of cases, and moments within a day.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cases/clock_keeping.h"
#include "cases/deciding.h"
#include "cases/official.h"
#include "cases/openings.h"
#include "cases/register.h"
#include "tests/property/hostile_story.h"
#include "tests/scenarios/observed_engine.h"
#include "tests/scenarios/town.h"

namespace kstati::property {
namespace {

using cases::Case;
using cases::Status;
using profile::RegistryEvent;
using scenarios::Town;

constexpr const char* kFirstDay = "2026-03-16";
constexpr const char* kPeople[] = {"mother", "father", "son", "grandmother"};

unsigned Scale() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return static_cast<unsigned>(std::max(1, scale == nullptr ? 1 : std::atoi(scale)));
}

// Dies before a write, or after it and before it is acknowledged.
class DyingEngine final : public scenarios::ObservedEngine {
 public:
  DyingEngine(std::unique_ptr<profile::Engine> engine, std::mt19937** deaths)
      : ObservedEngine(std::move(engine), [](const profile::Change&) {}), deaths_(deaths) {}

  Result<void> Commit(profile::Change change) override {
    const unsigned fate = *deaths_ == nullptr ? 99 : (**deaths_)() % 16;
    if (dead_ || fate == 0) return Die();
    KSTATI_TRY_VOID(ObservedEngine::Commit(std::move(change)));
    if (fate == 1) return Die();
    return {};
  }

 private:
  Result<void> Die() {
    dead_ = true;
    return Fail(ErrorCode::kUnavailable, "the server died", {}, "open the store again");
  }

  std::mt19937** const deaths_;
  bool dead_ = false;
};

// A town to whose server events come.
class Stage {
 public:
  Stage() : engine_before_(Town::EngineOfTowns()) {
    engine_of_town_ = [this](const std::string& folder, const profile::ledger::SigningKey& signer)
        -> Result<std::unique_ptr<profile::Engine>> {
      KSTATI_TRY(auto engine, engine_before_(folder, signer));
      return std::unique_ptr<profile::Engine>(
          std::make_unique<DyingEngine>(std::move(engine), &deaths_));
    };
    Town::EngineOfTowns() = engine_of_town_;
    town_ = std::make_unique<Town>("2025-12-01");
    Town::EngineOfTowns() = engine_before_;
  }

  Town& town() { return *town_; }
  size_t deaths_seen() const { return deaths_seen_; }

  void Begin(size_t day) {
    town_->AdvanceTo(Date::Parse(kFirstDay)->AddDays(static_cast<int64_t>(day)).ToString());
  }

  // While this is set, the server dies at some writes.
  void LetDie(std::mt19937* deaths) {
    deaths_ = deaths;
    if (deaths == nullptr) Reopen();
  }

  // Whether it is acknowledged. A server that died is there again.
  Result<cases::Outcome> Submit(const RegistryEvent& event) {
    auto outcome = town_->Submit(event);
    if (outcome || outcome.error().code != ErrorCode::kUnavailable) return outcome;
    ++deaths_seen_;
    Reopen();
    return outcome;
  }

 private:
  void Reopen() {
    const Town::OpenEngine others = std::exchange(Town::EngineOfTowns(), engine_of_town_);
    town_->Restart();
    Town::EngineOfTowns() = others;
  }

  const Town::OpenEngine engine_before_;
  Town::OpenEngine engine_of_town_;
  std::mt19937* deaths_ = nullptr;
  std::unique_ptr<Town> town_;
  size_t deaths_seen_ = 0;
};

// What one of the cases stands for; the same in both towns but for the clock of a term that an
// error began.
struct Standing {
  std::string what;
  std::string since;  // its term runs
  std::string clock;
  auto operator<=>(const Standing&) const = default;
};

// A family that lives through a story in one of the towns.
class Family {
 public:
  // The same for the same seed.
  Family(Stage& stage, size_t number, unsigned seed)
      : stage_(stage), name_("-" + std::to_string(number)) {
    std::mt19937 random(seed);
    const auto facts = [&random] {
      std::map<std::string, std::string> known{{"person.region_code", "77"}};
      for (const char* attribute : {"person.citizenship_rf", "person.lives_in_rf",
                                    "person.registered_at_residence", "person.employed"}) {
        if (random() % 4 != 0) known[attribute] = random() % 6 == 0 ? "false" : "true";
      }
      return known;
    };
    town().Resident(Of("mother"), "1995-05-20", "female", facts());
    town().Resident(Of("father"), "1993-02-11", "male", facts());
    town().Resident(Of("grandmother"), "1955-07-01", "female", facts());
    town().Knows(Of("son"));
    town().Relate(Of("mother"), "spouse", Of("father"));
    town().Relate(Of("grandmother"), "parent", Of("mother"));
    for (const char* who : {"mother", "father"}) {
      if (random() % 3 != 0) town().Consents(Of(who));
    }
  }

  // A day of the story as the clean stream tells it.
  void HearClean(const Story& story, size_t day) {
    for (const Deed& deed : story.deeds) {
      if (deed.right && deed.day == day) waiting_.push_back(EventOf(deed, {}));
    }
    Deliver();
  }

  // And as it comes.
  void HearHostile(const Story& story, size_t day) {
    for (const size_t i : story.told[day]) {
      waiting_.push_back(EventOf(story.deeds[i], story.deeds[i].supersedes));
    }
    Deliver();
  }

  // What the scheduler does.
  void TakeSteps() {
    ForEachCaseUntilNothingMoves([this](const Case& c) { return StepOf(c); });
  }

  // Officials decide what is theirs, as the rules say.
  void End() {
    EXPECT_TRUE(waiting_.empty());
    ForEachCaseUntilNothingMoves([this](const Case& c) {
      return StepOf(c) || (cases::IsForOfficial(c.status) && ActOn(c));
    });
  }

  // The cases that stand and the results, or the cases that were taken back.
  std::vector<Standing> Standings(bool taken_back) {
    std::vector<Standing> standings;
    cases::Draft draft(town().world(), town().world().Now());
    for (const char* who : kPeople) {
      const auto cases = draft.Cases(town().Number(Of(who)));
      for (const Case& c : *cases) {
        if (IsTakenBack(c) == taken_back) standings.push_back(StandingOf(draft, c));
      }
      if (taken_back) continue;
      const auto results = cases::ResultsOf(draft, town().Number(Of(who)));
      for (const cases::ResultRecord& record : *results) {
        if (record.latest().outcome != "granted" || !record.StandsOn(town().today())) continue;
        standings.push_back(
            {"result of " + record.service.text() + " about " + WhoIs(record.about), {}, {}});
      }
    }
    std::ranges::sort(standings);
    return standings;
  }

 private:
  Town& town() { return stage_.town(); }
  std::string Of(const std::string& who) const { return who + name_; }

  std::string WhoIs(CitizenId citizen) {
    for (const char* who : kPeople) {
      if (town().Number(Of(who)) == citizen) return who;
    }
    return "?";
  }

  RegistryEvent EventOf(const Deed& deed, const std::string& supersedes) {
    RegistryEvent event;
    event.key = {deed.registry, EventId(deed.id + name_)};
    event.type = EventTypeId(deed.type);
    event.subject = town().Number(Of(deed.who));
    event.occurred_on = deed.from;
    for (const auto& [role, who] : deed.roles) event.participants[role] = {town().Number(Of(who))};
    for (size_t i = 0; i < deed.attributes.size(); ++i) {
      event.facts.push_back(
          {event.subject, deed.attributes[i], deed.values[i], {deed.from, std::nullopt}});
    }
    if (!supersedes.empty()) event.supersedes = EventId(supersedes + name_);
    return event;
  }

  // Each event until it is acknowledged; what concerns somebody unknown is told again later, and if
  // need be on the next day.
  void Deliver() {
    for (bool some = true; some && !waiting_.empty();) {
      some = false;
      for (size_t left = waiting_.size(); left > 0; --left) {
        RegistryEvent event = std::move(waiting_.front());
        waiting_.pop_front();
        const auto outcome = stage_.Submit(event);
        if (!outcome) waiting_.push_back(std::move(event));
        const bool unknown = !outcome && outcome.error().code == ErrorCode::kNotFound;
        if (!unknown) some = true;
        EXPECT_TRUE(outcome || unknown || outcome.error().code == ErrorCode::kUnavailable)
            << outcome.error().ToString();
      }
    }
  }

  template <class Move>
  void ForEachCaseUntilNothingMoves(const Move& move) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const char* who : kPeople) {
        const auto cases = town().desk().Cases(town().Number(Of(who)));
        if (!cases) continue;  // not born yet
        for (const Case& c : *cases) moved |= move(c);
      }
    }
  }

  bool StepOf(const Case& c) {
    if (c.status == Status::kStarted) return town().desk().HandOver(c.citizen, c.id).has_value();
    if (!cases::IsUnderWay(c.status) || cases::IsForOfficial(c.status)) return false;
    const bool over = c.wait_until && *c.wait_until < town().today();
    if (c.status != Status::kInterAgency && !over) return false;
    const auto wait = over ? cases::Wait::kIsOver : cases::Wait::kGoesOn;
    const auto taken = cases::DecideCase(town().world(), c.citizen, c.id, wait);
    return taken && taken->status != c.status;
  }

  bool ActOn(const Case& c) {
    cases::OfficialAct act;
    act.citizen = c.citizen;
    act.id = c.id;
    act.official = "desk";
    const auto regulation = cases::RegulationOf(town().world(), c);
    if (c.status == Status::kBeingAssessed) {
      act.step = cases::OfficialStep::kReportFindings;
      act.findings["examination"] = true;
      for (const auto& condition : (*regulation)->conditions) act.findings[condition.id] = true;
    } else if (c.status == Status::kWaitingForPlace) {
      act.step = cases::OfficialStep::kGivePlace;
    } else if (c.history.back().reason == "case.reason.start_unfounded") {
      act.step = cases::OfficialStep::kAnnul;  // nobody asked for it
      if (c.verdict == eligibility::Verdict::kEligible) {
        act.override_reason = cases::Override::kRecordIsWrong;
      }
    } else if (c.verdict == eligibility::Verdict::kNotEligible) {
      const bool had = cases::HadResult(c) || !c.rulings.empty();
      act.step = had ? cases::OfficialStep::kAnnul : cases::OfficialStep::kRefuse;
      if (!had) act.grounds = {(*regulation)->grounds.front()};
    } else if (c.verdict == eligibility::Verdict::kUndetermined) {
      return false;
    }
    return cases::ActOfficially(town().world(), act).has_value();
  }

  static bool IsTakenBack(const Case& c) {
    return c.status == Status::kAnnulled || c.status == Status::kRefused;
  }

  // Who of the parents applies for what their child gets is not told.
  Standing StandingOf(cases::Draft& draft, const Case& c) {
    const std::string about = WhoIs(c.about);
    const std::string applicant = about == "son" && c.citizen != c.about ? "" : WhoIs(c.citizen);
    Standing standing;
    standing.what = c.service.text() + (applicant.empty() ? "" : " of " + applicant) + " about " +
                    about + " " + std::string(NameOf(c.status)) + ", " +
                    std::string(eligibility::NameOf(c.verdict));
    for (const AttributeId& awaited : c.awaited) standing.what += ", awaits " + awaited.text();
    const auto clock = cases::ClockOf(draft, c.citizen, c.id);
    if (!clock || !*clock) return standing;
    standing.since = LocalDate((*clock)->started_at(), "Europe/Moscow").ToString();
    standing.clock = (*clock)->Runs() ? "runs" : (*clock)->Stands() ? "stands" : "stopped";
    if (c.due) standing.clock += ", due " + c.due->ToString();
    if (c.wait_until) standing.clock += ", waits until " + c.wait_until->ToString();
    return standing;
  }

  Stage& stage_;
  const std::string name_;
  std::deque<RegistryEvent> waiting_;
};

std::string Shown(const std::vector<Standing>& standings) {
  std::string text;
  for (const Standing& each : standings) {
    text += "  " + each.what +
            (each.since.empty() ? "" : ", since " + each.since + " " + each.clock) + "\n";
  }
  return text;
}

std::vector<Standing> Less(const std::vector<Standing>& all, const std::vector<Standing>& others) {
  std::vector<Standing> less;
  std::ranges::set_difference(all, others, std::back_inserter(less));
  return less;
}

// The same, but for a term that an error began earlier: it is never longer than without the error.
bool Agree(const std::vector<Standing>& right, const std::vector<Standing>& got, bool errs) {
  return std::ranges::equal(right, got, [errs](const Standing& one, const Standing& other) {
    const auto state = [](const Standing& each) {
      return each.clock.substr(0, each.clock.find(','));
    };
    const bool earlier =
        errs && !other.since.empty() && other.since < one.since && state(one) == state(other);
    return one == other || (one.what == other.what && earlier);
  });
}

// What registries tell of a family, and what it looks like in both towns.
struct Twins {
  Story story;
  unsigned seed;
  std::unique_ptr<Family> clean;
  std::unique_ptr<Family> hostile;

  // How the hostile stream ends otherwise than the clean one; empty: it does not.
  std::string Difference() const {
    const std::vector<Standing> right = clean->Standings(false);
    const std::vector<Standing> got = hostile->Standings(false);
    const bool errs = std::ranges::any_of(
        story.deeds, [](const Deed& deed) { return !deed.right && deed.anew_of.empty(); });
    if (Agree(right, got, errs)) return {};
    return "only in the clean stream:\n" + Shown(Less(right, got)) +
           "only in the hostile stream:\n" + Shown(Less(got, right)) + "taken back:\n" +
           Shown(hostile->Standings(true)) + "taken back in the clean stream:\n" +
           Shown(clean->Standings(true));
  }
};

// Both towns, in which families live side by side: time never goes back.
class Towns {
 public:
  void Settle(Story story, unsigned seed) {
    const size_t number = twins_.size();
    twins_.push_back({std::move(story), seed, std::make_unique<Family>(clean_, number, seed),
                      std::make_unique<Family>(hostile_, number, seed)});
  }

  void Live(bool dies) {
    std::mt19937 deaths(17);
    for (size_t day = 0; day < kDaysOfStory; ++day) {
      clean_.Begin(day);
      hostile_.Begin(day);
      for (const Twins& each : twins_) each.clean->HearClean(each.story, day);
      if (dies) hostile_.LetDie(&deaths);
      for (const Twins& each : twins_) each.hostile->HearHostile(each.story, day);
      if (dies) hostile_.LetDie(nullptr);
      for (const Twins& each : twins_) {
        each.clean->TakeSteps();
        each.hostile->TakeSteps();
      }
    }
    for (const Twins& each : twins_) {
      each.clean->End();
      each.hostile->End();
    }
  }

  const std::vector<Twins>& twins() const { return twins_; }
  const cases::World& world() { return clean_.town().world(); }
  size_t deaths_seen() const { return hostile_.deaths_seen(); }

 private:
  Stage clean_;
  Stage hostile_;
  std::vector<Twins> twins_;
};

std::string DifferenceIn(const Story& story, unsigned seed) {
  Towns towns;
  towns.Settle(story, seed);
  towns.Live(false);
  return towns.twins().front().Difference();
}

// The story with as few deeds as still tell a difference.
Story Smallest(Story story, unsigned seed) {
  for (size_t i = story.deeds.size(); i-- > 0;) {
    if (i >= story.deeds.size() || story.deeds[i].type == "event.child_born") continue;
    Story less = story.Without(i);
    if (!DifferenceIn(less, seed).empty()) story = std::move(less);
  }
  return story;
}

void TellMany(unsigned first, unsigned count, const Hostility& hostility, bool dies) {
  Towns towns;
  for (unsigned seed = first; seed < first + count; ++seed) {
    std::mt19937 random(seed);
    towns.Settle(MakeStory(random, towns.world(), *Date::Parse(kFirstDay), hostility), seed);
  }
  towns.Live(dies);
  size_t standings = 0;
  size_t failures = 0;
  for (const Twins& each : towns.twins()) {
    standings += each.clean->Standings(false).size();
    const std::string difference = each.Difference();
    if (difference.empty()) continue;
    ADD_FAILURE() << "seed " << each.seed << "\n" << each.story.ToText() << difference;
    if (++failures > 1) continue;
    const Story smallest = Smallest(each.story, each.seed);
    ADD_FAILURE() << "seed " << each.seed << ", at its smallest\n"
                  << smallest.ToText() << DifferenceIn(smallest, each.seed);
  }
  EXPECT_GT(standings, count) << "nothing followed from anything";
  EXPECT_EQ(towns.deaths_seen() > 0, dies) << "nobody died, or somebody did";
}

TEST(HostileStreamTest, ShuffledAndRepeatedItEndsAsTheCleanOne) {
  TellMany(1, 30 * Scale(), {}, false);
}

TEST(HostileStreamTest, WithErrorsThatAreTakenBackItEndsAsWithoutThem) {
  TellMany(10'011, 30 * Scale(), {.errs = true}, false);
}

TEST(HostileStreamTest, ToAServerThatDiesItEndsAsTheCleanOne) {
  TellMany(20'001, 10 * Scale(), {.errs = true}, true);
}

}  // namespace
}  // namespace kstati::property
