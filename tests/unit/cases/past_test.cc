// SPDX-License-Identifier: Apache-2.0
#include "cases/past.h"

#include <gtest/gtest.h>

namespace kstati::cases {
namespace {

// Offered at 100, started under a consent at 200, handed over at 300.
Case HandedOver() {
  Case c;
  c.id = CaseId("C-000000000017-0001");
  c.status = Status::kInterAgency;
  c.opened_at = Instant{100};
  c.due = Date::Of(2026, 3, 20);
  c.consent = ConsentId("K-000000000017-0001");
  c.rulings = {{Decided::kGranted, "", {}, {}, {}, Instant{250}}};
  c.history = {{Status::kOffered, Instant{100}, "offered"},
               {Status::kStarted, Instant{200}, "started"},
               {Status::kInterAgency, Instant{300}, "handed over"}};
  return c;
}

TEST(PastTest, ACaseIsNotThereBeforeItWasOpened) {
  EXPECT_FALSE(AsKnownAt(HandedOver(), Instant{99}));
}

TEST(PastTest, AnOfferHadNeitherTermNorConsent) {
  const std::optional<Case> then = AsKnownAt(HandedOver(), Instant{199});
  ASSERT_TRUE(then);
  EXPECT_EQ(then->status, Status::kOffered);
  EXPECT_EQ(then->history.size(), 1U);
  EXPECT_FALSE(then->due);
  EXPECT_EQ(then->due_note, "case.due.not_started");
  EXPECT_TRUE(then->consent.empty());
}

TEST(PastTest, AStartedCaseKeepsItsTerm) {
  const std::optional<Case> then = AsKnownAt(HandedOver(), Instant{200});
  ASSERT_TRUE(then);
  EXPECT_EQ(then->status, Status::kStarted);
  EXPECT_EQ(then->due, Date::Of(2026, 3, 20));
  EXPECT_FALSE(then->consent.empty());
}

TEST(PastTest, ADecisionIsNotThereBeforeItWasMade) {
  EXPECT_TRUE(AsKnownAt(HandedOver(), Instant{249})->rulings.empty());
  EXPECT_EQ(AsKnownAt(HandedOver(), Instant{250})->rulings.size(), 1U);
}

TEST(PastTest, TodaysCaseIsUnchanged) {
  const std::optional<Case> then = AsKnownAt(HandedOver(), Instant{300});
  ASSERT_TRUE(then);
  EXPECT_EQ(then->status, Status::kInterAgency);
  EXPECT_EQ(then->history.size(), 3U);
}

}  // namespace
}  // namespace kstati::cases
