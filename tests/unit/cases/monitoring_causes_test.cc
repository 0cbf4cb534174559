// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "cases/monitoring/causes.h"

namespace kstati::cases::monitoring {
namespace {

using std::chrono::hours;

constexpr int64_t kHour = 3'600'000'000;

class CaseBuilder {
 public:
  CaseBuilder& At(int64_t hour, std::string_view activity, const char* party) {
    c_.events.push_back({std::string(activity), Instant{hour * kHour}, {}, party});
    return *this;
  }
  LoggedCase Ends(int64_t ended, int64_t deadline) {
    c_.id = "c";
    c_.ended = Instant{ended * kHour};
    c_.deadline = Instant{deadline * kHour};
    return c_;
  }

 private:
  LoggedCase c_;
};

AllowedTimes Allowed() { return {hours(24), hours(0), hours(8), {}}; }

std::string Explained(const LoggedCase& c) {
  std::string text;
  for (const Attribution& each : AttributeBreaches({{c}}, Allowed(), Instant{})) {
    for (const Counterfactual& found : each.explanations) {
      if (!text.empty()) text += " or ";
      for (const Cause& cause : found.causes) {
        text += std::string(NameOf(cause.kind)) + ":" + cause.party + " ";
      }
    }
  }
  return text;
}

TEST(CausesTest, ACaseInTimeHasNone) {
  EXPECT_EQ(Explained(CaseBuilder().At(0, activity::kSourceAsked, "fns").Ends(48, 48)), "");
}

TEST(CausesTest, TheSourceThatWouldHaveSavedItIsTheCause) {
  const LoggedCase late = CaseBuilder()
                              .At(0, activity::kSourceAsked, "fns")
                              .At(0, activity::kSourceAsked, "pfr")
                              .At(20, activity::kSourceAnswered, "pfr")
                              .At(90, activity::kSourceAnswered, "fns")
                              .At(90, activity::kOfficialAssigned, "desk")
                              .At(95, activity::kOfficialDone, "desk")
                              .Ends(96, 48);
  EXPECT_EQ(Explained(late), "missing_answer:fns ");
}

TEST(CausesTest, TwoSourcesSideBySideThatWereBothLateAreTheCauseTogether) {
  const LoggedCase late = CaseBuilder()
                              .At(0, activity::kSourceAsked, "fns")
                              .At(0, activity::kSourceAsked, "pfr")
                              .At(80, activity::kSourceAnswered, "pfr")
                              .At(90, activity::kSourceAnswered, "fns")
                              .Ends(96, 48);
  EXPECT_EQ(Explained(late), "missing_answer:fns missing_answer:pfr ");
}

TEST(CausesTest, EitherOfTwoWaitsInARowMayDo) {
  const LoggedCase late = CaseBuilder()
                              .At(0, activity::kSystemDown, "portal")
                              .At(20, activity::kSystemUp, "portal")
                              .At(20, activity::kOfficialAssigned, "desk")
                              .At(48, activity::kOfficialDone, "desk")
                              .Ends(50, 48);
  EXPECT_EQ(Explained(late), "technical_failure:portal  or work:desk ");
}

TEST(CausesTest, WhatNoWaitExplainsIsOther) {
  EXPECT_EQ(Explained(CaseBuilder()
                          .At(0, activity::kSourceAsked, "fns")
                          .At(20, activity::kSourceAnswered, "fns")
                          .Ends(96, 48)),
            "other: ");
}

TEST(CausesTest, AnAnswerThatNeverCameCountsUntilNow) {
  LoggedCase open = CaseBuilder().At(0, activity::kSourceAsked, "fns").Ends(0, 48);
  open.ended.reset();
  const auto found = AttributeBreaches({{open}}, Allowed(), Instant{100 * kHour});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].explanations[0].causes[0].party, "fns");
  EXPECT_EQ(found[0].explanations[0].would_have_ended, Instant{24 * kHour});
}

// Cases made forwards by a little authority: two sources are asked side by side, a system may be
// down, a desk decides. A fault is injected into one of them; what the fault did to the end is
// known from making the same case without it.
struct Made {
  LoggedCase with;
  std::optional<Cause> injected;
  bool fault_made_it_late = false;  // in time without the fault, late with it
};

struct Times {
  int64_t first_source, second_source, down, desk;
};

LoggedCase MakeCase(const Times& times, int64_t deadline, std::mt19937_64& random) {
  CaseBuilder builder;
  const int64_t gap = static_cast<int64_t>(random() % 3);
  builder.At(0, activity::kSourceAsked, "first").At(0, activity::kSourceAsked, "second");
  const bool first_earlier = times.first_source <= times.second_source;
  const char* const parties[] = {first_earlier ? "first" : "second",
                                 first_earlier ? "second" : "first"};
  const int64_t ends[] = {std::min(times.first_source, times.second_source),
                          std::max(times.first_source, times.second_source)};
  for (int i = 0; i < 2; ++i) builder.At(ends[i], activity::kSourceAnswered, parties[i]);
  int64_t now = ends[1] + gap;
  if (times.down > 0) {
    builder.At(now, activity::kSystemDown, "system");
    now += times.down;
    builder.At(now, activity::kSystemUp, "system");
  }
  builder.At(now, activity::kOfficialAssigned, "desk");
  now += times.desk;
  builder.At(now, activity::kOfficialDone, "desk");
  return builder.Ends(now + gap, deadline);
}

Made MakeWithFault(std::mt19937_64& random) {
  constexpr int64_t kDeadline = 40;
  Times times{1 + static_cast<int64_t>(random() % 24), 1 + static_cast<int64_t>(random() % 24), 0,
              1 + static_cast<int64_t>(random() % 8)};
  const uint64_t seed = random();
  std::mt19937_64 quiet(seed);
  const LoggedCase without = MakeCase(times, kDeadline, quiet);
  Made made;
  const int64_t more = static_cast<int64_t>(random() % 60);
  switch (random() % 5) {
    case 0:
      times.first_source = 24 + more;
      made.injected = Cause{CauseKind::kMissingAnswer, "first"};
      break;
    case 1:
      times.second_source = 24 + more;
      made.injected = Cause{CauseKind::kMissingAnswer, "second"};
      break;
    case 2:
      times.down = more;
      made.injected = Cause{CauseKind::kTechnicalFailure, "system"};
      break;
    case 3:
      times.desk = 8 + more;
      made.injected = Cause{CauseKind::kWork, "desk"};
      break;
    default: break;
  }
  std::mt19937_64 again(seed);
  made.with = MakeCase(times, kDeadline, again);
  made.fault_made_it_late = made.injected && *without.ended <= *without.deadline &&
                            *made.with.ended > *made.with.deadline;
  return made;
}

TEST(CausesTest, FindsInjectedFaults) {
  std::mt19937_64 random(3);
  int named = 0;
  int right = 0;
  int injected = 0;
  int found = 0;
  for (int i = 0; i < 4'000; ++i) {
    const Made made = MakeWithFault(random);
    const auto attributions = AttributeBreaches({{made.with}}, Allowed(), Instant{});
    injected += made.fault_made_it_late ? 1 : 0;
    if (attributions.empty()) continue;
    for (const Counterfactual& each : attributions[0].explanations) {
      if (each.causes.front().kind == CauseKind::kOther) continue;
      ++named;
      const bool is_it = each.causes == std::vector<Cause>{*made.injected};
      right += is_it && made.fault_made_it_late ? 1 : 0;
      found += is_it && made.fault_made_it_late ? 1 : 0;
    }
  }
  const double precision = static_cast<double>(right) / named;
  const double recall = static_cast<double>(found) / injected;
  std::printf("causes: %d injected breaches, precision %.3f, recall %.3f\n", injected, precision,
              recall);
  EXPECT_GT(injected, 500);
  EXPECT_GE(precision, 0.95);
  EXPECT_GE(recall, 0.95);
}

}  // namespace
}  // namespace kstati::cases::monitoring
