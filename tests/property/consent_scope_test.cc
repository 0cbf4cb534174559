// SPDX-License-Identifier: Apache-2.0
// What a scope allows, asked of every processing of a small world: one scope is within another
// exactly when it allows nothing else, and no sequence of changes but a renewal allows more.
#include <gtest/gtest.h>

#include <bitset>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

constexpr int kProcessings = 3 * 4 * 8 * 4 * 2;
constexpr int kLastDay = 4;

using Allowed = std::bitset<kProcessings>;
using Names = std::vector<std::string>;

template <class Item>
std::vector<std::set<Item>> SubsetsOf(const Names& names) {
  std::vector<std::set<Item>> subsets;
  for (unsigned bits = 0; bits < 1u << names.size(); ++bits) {
    std::set<Item>& subset = subsets.emplace_back();
    for (size_t i = 0; i < names.size(); ++i) {
      if ((bits >> i & 1u) != 0) subset.emplace(names[i]);
    }
  }
  return subsets;
}

constexpr ConsentMode kModes[] = {ConsentMode::kPrepare, ConsentMode::kAct};

std::vector<ConsentScope> AllScopes() {
  std::vector<ConsentScope> scopes;
  for (const auto& service : Names{"", "a", "b"}) {
    for (const auto& situation : Names{"", "s", "t"}) {
      for (const auto& categories : SubsetsOf<CategoryId>({"x", "y"})) {
        for (const auto& recipients : SubsetsOf<AuthorityId>({"f", "g"})) {
          for (const ConsentMode mode : kModes) {
            scopes.push_back({Purpose::kProactiveStart, ServiceId(service), SituationId(situation),
                              categories, recipients, mode});
          }
        }
      }
    }
  }
  return scopes;
}

// With one of each kind that no scope names.
std::vector<Processing> AllProcessings() {
  std::vector<Processing> all;
  for (const auto& service : Names{"a", "b", "c"}) {
    for (const auto& situation : Names{"", "s", "t", "u"}) {
      for (const auto& categories : SubsetsOf<CategoryId>({"x", "y", "z"})) {
        for (const auto& recipient : Names{"", "f", "g", "h"}) {
          for (const ConsentMode mode : kModes) {
            all.push_back({Purpose::kProactiveStart, ServiceId(service), SituationId(situation),
                           categories, AuthorityId(recipient), mode, Day(1)});
          }
        }
      }
    }
  }
  return all;
}

Consent Given(const ConsentScope& scope, DateInterval valid) {
  return MakeConsent({kAnna, {kAnna}, scope, valid, {"v", "ru", "portal"}}, {}, At(0));
}

Allowed AllowedOn(const Consent& consent, const std::vector<Processing>& all, int64_t day) {
  Allowed allowed;
  for (size_t i = 0; i < all.size(); ++i) {
    Processing processing = all[i];
    processing.on = Day(day);
    allowed[i] = Allows(consent, processing);
  }
  return allowed;
}

bool IsSubset(const Allowed& inner, const Allowed& outer) { return (inner & ~outer).none(); }

TEST(ConsentScopeProperty, OneIsWithinAnotherExactlyWhenItAllowsNothingElse) {
  const std::vector<ConsentScope> scopes = AllScopes();
  const std::vector<Processing> all = AllProcessings();
  ASSERT_EQ(all.size(), size_t{kProcessings});
  std::vector<Allowed> allowed;
  for (const ConsentScope& scope : scopes) {
    allowed.push_back(AllowedOn(Given(scope, Since(0)), all, 1));
  }
  size_t within = 0;
  for (size_t i = 0; i < scopes.size(); ++i) {
    for (size_t j = 0; j < scopes.size(); ++j) {
      const bool is_within = IsWithin(scopes[i], scopes[j]);
      ASSERT_EQ(is_within, IsSubset(allowed[i], allowed[j])) << i << " in " << j;
      within += is_within ? 1 : 0;
    }
  }
  EXPECT_GT(within, scopes.size());
}

TEST(ConsentScopeProperty, AnIntervalIsWithinAnotherExactlyWhenEachOfItsDaysIs) {
  std::vector<DateInterval> intervals;
  for (int from = 0; from <= kLastDay; ++from) {
    intervals.push_back(Since(from));
    for (int to = from; to <= kLastDay; ++to) intervals.push_back(Between(from, to));
  }
  for (const DateInterval& inner : intervals) {
    for (const DateInterval& outer : intervals) {
      bool covered = true;
      for (int day = -1; day <= kLastDay + 2; ++day) {
        covered = covered && (!inner.Contains(Day(day)) || outer.Contains(Day(day)));
      }
      EXPECT_EQ(IsWithin(inner, outer), covered);
    }
  }
}

TEST(ConsentScopeProperty, NoChangeButARenewalAllowsMoreAndARenewalAddsDaysAlone) {
  const std::vector<ConsentScope> scopes = AllScopes();
  const std::vector<Processing> all = AllProcessings();
  std::mt19937 random(27'560);
  const auto any_day = [&]() -> std::optional<Date> {
    const auto drawn = static_cast<int64_t>(random() % (kLastDay + 2));
    return drawn > kLastDay ? std::nullopt : std::optional(Day(drawn));
  };
  size_t narrowed = 0;
  size_t renewed = 0;
  for (int round = 0; round < 300; ++round) {
    Consent consent = Given(scopes[random() % scopes.size()], {Day(0), any_day()});
    for (int step = 0; step < 5; ++step) {
      const Consent before = consent;
      const ConsentAmendment amendment{{kAnna}, {"v", "ru", "portal"}, At(step + 1), Day(0)};
      const auto choice = random() % 8;
      if (choice == 0) Revoke(consent, "", amendment);
      if (choice == 1 || choice == 2) (void)Renew(consent, any_day(), amendment);
      if (choice > 2) {
        (void)Narrow(consent, scopes[random() % scopes.size()],
                     random() % 2 == 0 ? any_day() : std::nullopt, amendment);
      }
      ASSERT_LE(consent.versions.size(), before.versions.size() + 1);
      if (consent.versions.size() == before.versions.size()) continue;
      const bool adds_time = consent.latest().change == ConsentChange::kRenewed;
      ++(adds_time ? renewed : narrowed);
      if (adds_time) {
        EXPECT_EQ(consent.latest().scope, before.latest().scope);
      }
      for (int64_t day = 0; day <= kLastDay + 1; ++day) {
        const Allowed now = AllowedOn(consent, all, day);
        const Allowed then = AllowedOn(before, all, day);
        if (adds_time) {
          ASSERT_TRUE(IsSubset(then, now)) << "a renewal takes nothing away";
        } else {
          ASSERT_TRUE(IsSubset(now, then));
        }
      }
    }
  }
  EXPECT_GT(narrowed, 50u);
  EXPECT_GT(renewed, 20u);
}

}  // namespace
}  // namespace kstati::profile
