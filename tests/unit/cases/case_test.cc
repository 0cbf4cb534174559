// SPDX-License-Identifier: Apache-2.0
#include "cases/case.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace kstati::cases {
namespace {

Status StatusNumber(size_t number) { return static_cast<Status>(number); }

std::optional<Status> StatusNamed(const std::string& name) {
  for (size_t i = 0; i < kStatusCount; ++i) {
    if (NameOf(StatusNumber(i)) == name) return StatusNumber(i);
  }
  return std::nullopt;
}

std::optional<Action> ActionNamed(const std::string& name) {
  for (size_t i = 0; i < kActionCount; ++i) {
    if (NameOf(static_cast<Action>(i)) == name) return static_cast<Action>(i);
  }
  return std::nullopt;
}

TEST(CaseTest, TheTableSaysWhatEveryActionDoesInEveryStatus) {
  std::ifstream table(KSTATI_SOURCE_DIR "/tests/unit/cases/state_machine.txt");
  ASSERT_TRUE(table);
  std::set<std::pair<Status, Action>> checked;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string from, action, to;
    words >> from >> action >> to;
    const auto status = StatusNamed(from);
    const auto act = ActionNamed(action);
    ASSERT_TRUE(status && act) << line;
    const std::optional<Status> next = Next(*status, *act);
    EXPECT_EQ(next ? NameOf(*next) : "refused", to) << line;
    checked.insert({*status, *act});
  }
  EXPECT_EQ(checked.size(), kStatusCount * kActionCount);
}

TEST(CaseTest, AClosedCaseTakesNoStepButToBeErasedOrLookedAtAgain) {
  for (size_t i = 0; i < kStatusCount; ++i) {
    if (IsOpen(StatusNumber(i))) continue;
    for (size_t j = 0; j < kActionCount; ++j) {
      const Action action = static_cast<Action>(j);
      const bool again =
          action == Action::kErase || action == Action::kReopen || action == Action::kGrant;
      if (again) continue;
      EXPECT_FALSE(Next(StatusNumber(i), action)) << NameOf(StatusNumber(i)) << " " << j;
    }
  }
}

TEST(CaseTest, WhatIsUnderWayIsOpenAndCanBeHandedToAnOfficial) {
  for (size_t i = 0; i < kStatusCount; ++i) {
    const Status status = StatusNumber(i);
    if (!IsUnderWay(status)) continue;
    EXPECT_TRUE(IsOpen(status)) << NameOf(status);
    EXPECT_TRUE(status == Status::kWithOfficial || Next(status, Action::kRefer)) << NameOf(status);
  }
}

TEST(CaseTest, NobodyIsRefusedOrTakenBackFromButAfterALook) {
  for (size_t i = 0; i < kStatusCount; ++i) {
    const Status status = StatusNumber(i);
    const bool looked = status == Status::kInterAgency || status == Status::kWithOfficial;
    EXPECT_EQ(Next(status, Action::kRefuse).has_value(), looked) << NameOf(status);
  }
}

}  // namespace
}  // namespace kstati::cases
