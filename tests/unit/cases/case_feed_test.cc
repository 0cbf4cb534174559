// SPDX-License-Identifier: Apache-2.0
#include "cases/case_feed.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace kstati::cases {
namespace {

Case CaseOf(size_t number) {
  Case c;
  c.id = CaseId(NumberedId('C', CitizenId(17), number));
  c.service = ServiceId("service");
  return c;
}

TEST(CaseFeedTest, ChangesComeInTheirOrderAndTheCursorGoesOnBehindThem) {
  std::vector<Case> cases{CaseOf(0), CaseOf(1)};
  cases[0].history = {{Status::kOffered, Instant{10}, "a"}, {Status::kStarted, Instant{30}, "b"}};
  cases[1].history = {{Status::kAnnounced, Instant{20}, "c"}};
  const auto first = NewsSince(cases, "", 2);
  ASSERT_TRUE(first) << first.error().ToString();
  ASSERT_EQ(first->news.size(), 2u);
  EXPECT_EQ(first->news[0].change.reason, "a");
  EXPECT_EQ(first->news[1].change.reason, "c");
  EXPECT_TRUE(first->more);
  EXPECT_EQ(first->cursor, "1.1");
  const auto rest = NewsSince(cases, first->cursor, 10);
  ASSERT_EQ(rest->news.size(), 1u);
  EXPECT_EQ(rest->news[0].change.reason, "b");
  EXPECT_FALSE(rest->more);
  EXPECT_TRUE(NewsSince(cases, rest->cursor, 10)->news.empty());
}

TEST(CaseFeedTest, WhatIsNoCursorIsRefused) {
  for (const char* wrong : {"x", ".1", "1..2", "-1", "1.2x", "99999999999999999999999"}) {
    const auto feed = NewsSince({CaseOf(0)}, wrong, 10);
    ASSERT_FALSE(feed) << wrong;
    EXPECT_EQ(feed.error().code, ErrorCode::kInvalidArgument);
  }
}

// Cases come and go on between the calls, by a clock that sometimes jumps back.
TEST(CaseFeedTest, EveryChangeIsToldOnceAndThoseOfOneCaseInTheirOrder) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned limit) { return random() % limit; };
    std::vector<Case> cases;
    std::map<std::string, std::vector<std::string>> told;
    std::string cursor;
    const auto ask = [&](size_t limit) {
      const auto feed = NewsSince(cases, cursor, limit);
      ASSERT_TRUE(feed);
      for (const CaseNews& news : feed->news) {
        told[news.case_id.text()].push_back(news.change.reason);
      }
      cursor = feed->cursor;
      EXPECT_LE(feed->news.size(), limit);
    };
    for (int step = 0; step < 60; ++step) {
      if (cases.empty() || below(5) == 0) cases.push_back(CaseOf(cases.size()));
      Case& c = cases[below(static_cast<unsigned>(cases.size()))];
      c.history.push_back({Status::kStarted, Instant{static_cast<int64_t>(below(1000))},
                           std::to_string(c.history.size())});
      if (below(3) == 0) ask(1 + below(4));
    }
    ask(1'000);
    for (const Case& c : cases) {
      ASSERT_EQ(told[c.id.text()].size(), c.history.size()) << "seed " << seed;
      for (size_t i = 0; i < c.history.size(); ++i) {
        EXPECT_EQ(told[c.id.text()][i], c.history[i].reason) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace kstati::cases
