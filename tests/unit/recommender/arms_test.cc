// SPDX-License-Identifier: Apache-2.0
#include "recommender/arms.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "recommender/evaluation/trial_report.h"
#include "small_life.h"

namespace kstati::recommender {
namespace {

using evaluation::ReportOnTrials;
using evaluation::TrialFinding;
using evaluation::TrialReport;
using testing::HasSubstr;

constexpr const char* kOne = "0123456789abcdef";
constexpr const char* kOther = "fedcba9876543210";
constexpr uint64_t kPeople = 100'000;

Trial Spring(const std::string& second_version = kOne) {
  return {"spring",
          Day("2026-03-01"),
          Day("2026-03-28"),
          "a salt of spring",
          {{"old", kOne, 30}, {"new", second_version, 20}}};
}

// With one part of a sound file replaced.
std::string File(const std::string& part = {}, const std::string& by = {}) {
  std::string text = R"({"format": 1, "trials": [
    {"name": "spring", "from": "2026-03-01", "until": "2026-03-28", "salt": "a salt of spring",
     "arms": [{"name": "old", "version": "0123456789abcdef", "percent": 30},
              {"name": "new", "version": "fedcba9876543210", "percent": 20}]},
    {"name": "looks", "from": "2026-03-28", "until": "2026-04-28", "salt": "another salt",
     "arms": [{"name": "a", "version": "0123456789abcdef", "percent": 50},
              {"name": "b", "version": "0123456789abcdef", "percent": 50}]}]})";
  if (!part.empty()) text.replace(text.find(part), part.size(), by);
  return text;
}

TEST(Arms, AreReadAsDeclared) {
  const auto trials = ParseTrials(File(), "trials.json");
  ASSERT_TRUE(trials.has_value()) << trials.error().ToString();
  ASSERT_EQ(trials->size(), 2u);
  EXPECT_EQ(trials->front(), Spring(kOther));
  EXPECT_FALSE(trials->front().IsSameAgainstSame());
  EXPECT_TRUE(trials->back().IsSameAgainstSame());
  EXPECT_TRUE(Spring().IsOn(Day("2026-03-28")));
  EXPECT_FALSE(Spring().IsOn(Day("2026-03-29")));
}

TEST(Arms, WhatCannotBeIsRefusedWithPlaceAndRemedy) {
  const auto expect = [](const std::string& text, const std::string& message,
                         const std::string& place) {
    const auto trials = ParseTrials(text, "trials.json");
    ASSERT_FALSE(trials.has_value()) << message;
    EXPECT_EQ(trials.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(trials.error().message, HasSubstr(message));
    EXPECT_EQ(trials.error().place, place);
    EXPECT_FALSE(trials.error().remedy.empty());
  };
  const std::string spring = "trials.json: trials[0]";
  expect("{", "no JSON", "trials.json");
  expect("[]", "missing or not known", "trials.json");
  expect(File("\"format\": 1", "\"format\": 2"), "format", "trials.json: format");
  expect(File("\"salt\": \"a salt of spring\",", ""), "missing or not known", spring);
  expect(File("\"salt\"", "\"salty\""), "missing or not known", spring);
  expect(File("a salt of spring", "salt"), "too short", spring);
  expect(File("\"spring\"", "\"Spring 1\""), "name", spring);
  expect(File("\"spring\"", "7"), "not a text", spring);
  expect(File("2026-03-01", "2026-02-30"), "from is not a day", spring);
  expect(File("\"until\": \"2026-03-28\"", "\"until\": \"2026-02-28\""), "before it begins",
         spring);
  expect(File("0123456789abcdef", "../../etc"), "version", spring + ".arms[0]");
  expect(File("30}", "0}"), "percentage", spring + ".arms[0]");
  expect(File("20}", "20.5}"), "percentage", spring + ".arms[1]");
  expect(File("30}", "81}"), "101 percent", spring);
  expect(File("\"old\"", "\"new\""), "one name", spring);
  expect(File("another salt", "a salt of spring"), "one salt", "trials.json: trials[1]");
  expect(File("\"looks\"", "\"spring\""), "same day", "trials.json: trials[1]");
  EXPECT_TRUE(ParseTrials(File("30}", "80}"), "trials.json").has_value()) << "100 percent";
}

TEST(Arms, HaveTheSharesThatAreDeclared) {
  const Trial spring = Spring();
  std::map<std::string, double> people;
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    const Arm* arm = spring.ArmOf(CitizenId(citizen));
    ++people[arm == nullptr ? "" : arm->name];
    ASSERT_EQ(arm, spring.ArmOf(CitizenId(citizen))) << "as before";
  }
  EXPECT_NEAR(people["old"] / kPeople, 0.30, 0.01);
  EXPECT_NEAR(people["new"] / kPeople, 0.20, 0.01);
  EXPECT_NEAR(people[""] / kPeople, 0.50, 0.01);
}

TEST(Arms, TheSamePeopleAreInThemInEveryRelease) {
  const Trial spring = Spring();
  std::string arms;
  for (uint64_t citizen = 100'000'000'001; citizen <= 100'000'000'020; ++citizen) {
    const Arm* arm = spring.ArmOf(CitizenId(citizen));
    arms += arm == nullptr ? '-' : arm->name.front();
  }
  EXPECT_EQ(arms, "n-oo-on--n--o--nn---");
  EXPECT_EQ(spring.Split(), "e6b7e0d0d2aaf786");
}

TEST(Arms, OfAnotherSaltAreIndependent) {
  const Trial spring = Spring();
  Trial other = Spring();
  other.salt = "a salt of autumn";
  double in_first = 0;
  double in_both = 0;
  for (uint64_t citizen = 1; citizen <= kPeople; ++citizen) {
    const Arm* arm = spring.ArmOf(CitizenId(citizen));
    const Arm* beside = other.ArmOf(CitizenId(citizen));
    if (arm != &spring.arms[0]) continue;
    in_first += 1;
    in_both += beside == &other.arms[0] ? 1 : 0;
  }
  EXPECT_NEAR(in_both / in_first, 0.30, 0.01) << "as of everybody";
}

template <typename T>
constexpr bool kHasArms = requires(T&& trial) { std::forward<T>(trial).ArmOf(CitizenId()); };
static_assert(kHasArms<const Trial&>);
static_assert(!kHasArms<Trial> && !kHasArms<const Trial>, "the arm would be gone with the trial");

TEST(Arms, TheSplitIsOfSaltArmsAndSharesAlone) {
  const std::string split = Spring().Split();
  EXPECT_EQ(Spring(kOther).Split(), split);
  Trial other = Spring();
  other.salt += '.';
  EXPECT_NE(other.Split(), split);
  other = Spring();
  other.arms[1].percent = 21;
  EXPECT_NE(other.Split(), split);
}

// Three lists of two offers for everybody on days of a trial; of each offer so much is taken up by
// the model's version.
class TrialReportTest : public testing::Test {
 protected:
  static Trial SameAgainstSame() { return Spring(); }
  static Trial OneAgainstOther() {
    Trial trial = Spring(kOther);
    trial.from = Day("2026-03-29");
    trial.until = Day("2026-04-28");
    return trial;
  }

  void Show(const Trial& trial, double one, double other, uint64_t people = 2'000) {
    std::uniform_real_distribution<double> uniform;
    for (uint64_t citizen = 1; citizen <= people; ++citizen) {
      const Arm* arm = trial.ArmOf(CitizenId(citizen));
      if (arm == nullptr) continue;
      for (int64_t week = 0; week < 3; ++week) {
        ExposureOutcome outcome;
        outcome.exposure.citizen = CitizenId(citizen);
        outcome.exposure.on = trial.from.AddDays(7 * week);
        outcome.exposure.ranked_by = {"model", arm->version};
        outcome.exposure.arm = {trial.name, arm->name, trial.Split()};
        outcome.exposure.shown = 2;
        outcome.exposure.offers.resize(3);
        const double share = arm->version == kOne ? one : other;
        for (int place = 0; place < 2; ++place) outcome.taken.push_back(uniform(random_) < share);
        outcomes_.push_back(std::move(outcome));
      }
    }
  }

  std::vector<TrialReport> Report(const std::vector<Trial>& trials,
                                  std::string_view today = "2026-08-01") const {
    return ReportOnTrials(trials, outcomes_, Day(today), {200, 1});
  }

  std::mt19937 random_{7};
  std::vector<ExposureOutcome> outcomes_;
};

TEST_F(TrialReportTest, AnABIsToldAfterAnAAOfTheSamePeopleHasPassed) {
  Show(SameAgainstSame(), 0.2, 0.2);
  Show(OneAgainstOther(), 0.2, 0.3);
  const auto reports = Report({OneAgainstOther(), SameAgainstSame()});
  ASSERT_EQ(reports.size(), 2u);
  const TrialReport& same = reports[0];
  EXPECT_EQ(same.finding, TrialFinding::kPasses);
  EXPECT_NEAR(static_cast<double>(same.arms[0].people), 600, 60);
  EXPECT_EQ(same.arms[0].lists, 3 * same.arms[0].people);
  EXPECT_EQ(same.arms[0].shown, 2 * same.arms[0].lists);
  EXPECT_FALSE(same.arms[0].difference.has_value()) << "from itself";
  const TrialReport& other = reports[1];
  EXPECT_EQ(other.finding, TrialFinding::kTold);
  EXPECT_NEAR(other.arms[1].taken->value, 0.3, 0.03);
  EXPECT_LT(other.arms[1].taken->low, other.arms[1].taken->value);
  ASSERT_TRUE(other.arms[1].difference.has_value());
  EXPECT_GT(other.arms[1].difference->low, 0);
  EXPECT_NEAR(other.arms[1].difference->value, 0.1, 0.03);
}

TEST_F(TrialReportTest, AnABWithoutAnAAIsRefused) {
  Show(OneAgainstOther(), 0.2, 0.3);
  const auto expect_refused = [&](const std::vector<Trial>& trials, const char* why) {
    const TrialReport report = Report(trials).back();
    EXPECT_EQ(report.finding, TrialFinding::kNoSameAgainstSame) << why;
    EXPECT_GT(report.arms[1].people, 0u);
    for (const auto& arm : report.arms) {
      EXPECT_FALSE(arm.taken.has_value()) << why << ": shares tell their difference";
      EXPECT_FALSE(arm.difference.has_value()) << why;
    }
  };
  expect_refused({OneAgainstOther()}, "there is none");
  expect_refused({SameAgainstSame(), OneAgainstOther()}, "declared, and never shown");
  Trial other_shares = SameAgainstSame();
  other_shares.arms[0].percent = 31;
  Show(other_shares, 0.2, 0.2);
  expect_refused({other_shares, OneAgainstOther()}, "of other shares");
  expect_refused({SameAgainstSame(), OneAgainstOther()}, "the log is of other shares");
}

TEST_F(TrialReportTest, AnAAWhoseArmsDifferDoesNotPass) {
  Show(SameAgainstSame(), 0.2, 0.2);
  for (ExposureOutcome& outcome : outcomes_) {
    if (outcome.exposure.arm.arm == "new") outcome.taken = {true, false};
  }
  Show(OneAgainstOther(), 0.2, 0.3);
  const auto reports = Report({SameAgainstSame(), OneAgainstOther()});
  EXPECT_EQ(reports[0].finding, TrialFinding::kDiffers);
  EXPECT_EQ(reports[1].finding, TrialFinding::kNoSameAgainstSame);
}

TEST_F(TrialReportTest, AnAAPassesOnceNothingMoreCanBeTakenUp) {
  Show(SameAgainstSame(), 0.2, 0.2);
  const TrialReport early = Report({SameAgainstSame()}, "2026-04-27").front();
  EXPECT_EQ(early.finding, TrialFinding::kNotSettled);
  EXPECT_GT(early.arms[1].people, 0u);
  for (const auto& arm : early.arms) {
    EXPECT_FALSE(arm.taken.has_value()) << "who looks every day would find a difference in the end";
    EXPECT_FALSE(arm.difference.has_value());
  }
  EXPECT_EQ(Report({SameAgainstSame()}, "2026-04-28").front().finding, TrialFinding::kPasses)
      << "31 days after the last one";
}

TEST_F(TrialReportTest, AnAAInWhichNothingWasTakenUpSaysNothing) {
  Show(SameAgainstSame(), 0, 0);
  Show(OneAgainstOther(), 0.2, 0.3);
  const auto reports = Report({SameAgainstSame(), OneAgainstOther()});
  EXPECT_EQ(reports[0].finding, TrialFinding::kNothingTaken);
  EXPECT_EQ(reports[1].finding, TrialFinding::kNoSameAgainstSame);
}

TEST_F(TrialReportTest, NothingIsToldWherePeopleAreNotSplitAsDeclared) {
  Show(SameAgainstSame(), 0.2, 0.2);
  const auto sound = Report({SameAgainstSame()}).front();
  ASSERT_TRUE(sound.split_chance.has_value());
  EXPECT_GT(*sound.split_chance, evaluation::kSplitDoubt);
  // Lists of every second person of one arm were lost on the way.
  std::erase_if(outcomes_, [](const ExposureOutcome& outcome) {
    return outcome.exposure.arm.arm == "new" && outcome.exposure.citizen.number() % 2 == 0;
  });
  Show(OneAgainstOther(), 0.2, 0.3);
  for (const std::string_view today : {"2026-03-02", "2026-08-01"}) {
    const auto reports = Report({SameAgainstSame(), OneAgainstOther()}, today);
    EXPECT_EQ(reports[0].finding, TrialFinding::kOtherShares) << "settled or not";
    EXPECT_LT(*reports[0].split_chance, evaluation::kSplitDoubt);
    for (const auto& arm : reports[0].arms) {
      EXPECT_GT(arm.people, 0u);
      EXPECT_FALSE(arm.taken.has_value());
      EXPECT_FALSE(arm.difference.has_value());
    }
    EXPECT_EQ(reports[1].finding, TrialFinding::kNoSameAgainstSame) << "it did not pass";
  }
}

TEST_F(TrialReportTest, AnUnevenSplitIsFoundWhereAnArmHasHardlyAnybody) {
  Show(SameAgainstSame(), 0.2, 0.2);
  std::erase_if(outcomes_, [](const ExposureOutcome& outcome) {
    return outcome.exposure.arm.arm == "new" && outcome.exposure.citizen.number() > 20;
  });
  EXPECT_EQ(Report({SameAgainstSame()}).front().finding, TrialFinding::kOtherShares);
}

TEST_F(TrialReportTest, SharesThatAreSplitAsDeclaredAreSeldomDoubted) {
  int doubted = 0;
  for (uint64_t salt = 0; salt < 2'000; ++salt) {
    Trial trial = SameAgainstSame();
    trial.salt = "salt " + std::to_string(salt);
    outcomes_.clear();
    Show(trial, 0, 0, 100);
    const auto chance = Report({trial}).front().split_chance;
    doubted += chance && *chance < 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(doubted, 100, 40) << "five in a hundred";
}

TEST_F(TrialReportTest, AmongManyArmsThatAreTheSameSeldomOneDiffers) {
  Trial many = SameAgainstSame();
  many.arms.clear();
  for (const char* name : {"a", "b", "c", "d", "e"}) many.arms.push_back({name, kOne, 20});
  int differ = 0;
  int differ_alone = 0;  // were each looked at as if it were the only one
  constexpr int kTimes = 200;
  for (int i = 0; i < kTimes; ++i) {
    many.salt = "many arms " + std::to_string(i);
    outcomes_.clear();
    Show(many, 0.3, 0.3, 300);
    const TrialReport report = Report({many}).front();
    differ += report.finding == TrialFinding::kDiffers ? 1 : 0;
    bool alone = false;
    for (size_t arm = 1; arm < report.arms.size(); ++arm) {
      const auto& difference = *report.arms[arm].difference;
      const double quarter = (difference.high - difference.low) / 2 * 1.96 / 2.50;
      alone |= std::abs(difference.value) > quarter;
    }
    differ_alone += alone ? 1 : 0;
  }
  EXPECT_LE(differ, kTimes * 9 / 100) << "wanted are 5 in 100; a few people make intervals short";
  EXPECT_GE(differ_alone, 2 * differ);
}

TEST_F(TrialReportTest, EachArmThatDiffersIsFoundAmongThoseThatDoNot) {
  Trial trial = OneAgainstOther();
  trial.arms = {{"old", kOne, 30}, {"new", kOther, 20}, {"same", kOne, 30}};
  Trial same = SameAgainstSame();
  same.arms = trial.arms;
  same.arms[1].version = kOne;
  Show(same, 0.2, 0.2, 4'000);
  Show(trial, 0.2, 0.3, 4'000);
  const auto reports = Report({same, trial});
  ASSERT_EQ(reports[1].finding, TrialFinding::kTold);
  EXPECT_GT(reports[1].arms[1].difference->low, 0);
  EXPECT_LE(reports[1].arms[2].difference->low, 0);
  EXPECT_GE(reports[1].arms[2].difference->high, 0);
}

TEST_F(TrialReportTest, NothingIsToldOfAFewPeople) {
  Show(SameAgainstSame(), 0.5, 0.5, 30);
  const TrialReport report = Report({SameAgainstSame()}).front();
  EXPECT_EQ(report.finding, TrialFinding::kTooFewPeople);
  EXPECT_EQ(report.arms[1].people, 0u);
  EXPECT_EQ(report.arms[1].lists, 0u);
  EXPECT_FALSE(report.arms[1].taken.has_value());
  EXPECT_FALSE(report.arms[1].difference.has_value());
}

TEST_F(TrialReportTest, ListsOfAnotherOrderOrDayDoNotCount) {
  Show(SameAgainstSame(), 0.2, 0.2);
  const uint64_t lists = Report({SameAgainstSame()}).front().arms[0].lists;
  Trial late = SameAgainstSame();
  late.from = Day("2026-05-01");
  Show(late, 0.9, 0.9);
  const size_t before = outcomes_.size();
  Show(SameAgainstSame(), 0.9, 0.9);
  for (size_t i = before; i < outcomes_.size(); ++i) {
    outcomes_[i].exposure.ranked_by.model_version = kOther;
  }
  EXPECT_EQ(Report({SameAgainstSame()}).front().arms[0].lists, lists);
}

}  // namespace
}  // namespace kstati::recommender
