// SPDX-License-Identifier: Apache-2.0
#include "cases/case.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace kstati::cases {
namespace {

// One line per status and action: what the table of the state machine says, or "illegal".
constexpr const char* kExpected = R"(
  announced    confirm   -> started
  announced    decline   -> declined
  announced    hand_over -> illegal
  announced    result    -> done
  announced    ends      -> illegal
  announced    erase     -> illegal
  offered      confirm   -> started
  offered      decline   -> declined
  offered      hand_over -> illegal
  offered      result    -> done
  offered      ends      -> illegal
  offered      erase     -> illegal
  started      confirm   -> illegal
  started      decline   -> illegal
  started      hand_over -> inter_agency
  started      result    -> done
  started      ends      -> stopped
  started      erase     -> illegal
  inter_agency confirm   -> illegal
  inter_agency decline   -> illegal
  inter_agency hand_over -> illegal
  inter_agency result    -> done
  inter_agency ends      -> illegal
  inter_agency erase     -> illegal
  done         confirm   -> illegal
  done         decline   -> illegal
  done         hand_over -> illegal
  done         result    -> illegal
  done         ends      -> illegal
  done         erase     -> illegal
  stopped      confirm   -> illegal
  stopped      decline   -> illegal
  stopped      hand_over -> illegal
  stopped      result    -> illegal
  stopped      ends      -> illegal
  stopped      erase     -> erased
  declined     confirm   -> illegal
  declined     decline   -> illegal
  declined     hand_over -> illegal
  declined     result    -> illegal
  declined     ends      -> illegal
  declined     erase     -> illegal
  erased       confirm   -> illegal
  erased       decline   -> illegal
  erased       hand_over -> illegal
  erased       result    -> illegal
  erased       ends      -> illegal
  erased       erase     -> illegal
)";

constexpr std::array kStatuses{Status::kAnnounced,   Status::kOffered, Status::kStarted,
                               Status::kInterAgency, Status::kDone,    Status::kStopped,
                               Status::kDeclined,    Status::kErased};

const std::map<std::string, Action> kActions{
    {"confirm", Action::kConfirm}, {"decline", Action::kDecline},  {"hand_over", Action::kHandOver},
    {"result", Action::kResult},   {"ends", Action::kConsentEnds}, {"erase", Action::kErase}};

Status StatusNamed(const std::string& name) {
  for (const Status status : kStatuses) {
    if (NameOf(status) == name) return status;
  }
  ADD_FAILURE() << "no status " << name;
  return Status::kDone;
}

TEST(CaseTest, TheTableSaysWhatEveryActionDoesInEveryStatus) {
  std::istringstream lines(kExpected);
  size_t checked = 0;
  std::string from, action, arrow, to;
  while (lines >> from >> action >> arrow >> to) {
    const std::optional<Status> next = Next(StatusNamed(from), kActions.at(action));
    EXPECT_EQ(next ? NameOf(*next) : "illegal", to) << from << " " << action;
    ++checked;
  }
  EXPECT_EQ(checked, kStatuses.size() * kActions.size());
}

TEST(CaseTest, AClosedCaseTakesNoStepButToBeErased) {
  for (const Status status : kStatuses) {
    if (IsOpen(status)) continue;
    for (const auto& [name, action] : kActions) {
      if (action == Action::kErase) continue;
      EXPECT_FALSE(Next(status, action)) << NameOf(status) << " " << name;
    }
  }
}

}  // namespace
}  // namespace kstati::cases
