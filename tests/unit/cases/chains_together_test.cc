// SPDX-License-Identifier: Apache-2.0
//
// Chains of a parent and children put together: who waits for whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cases/decided_chain.h"

namespace kstati::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr CitizenId kMother{1};
constexpr CitizenId kElder{2};
constexpr CitizenId kYounger{3};

class ChainsTogetherTest : public ::testing::Test {
 protected:
  ChainsTogetherTest() { comes_after.after = {ServiceId("first")}; }

  void Add(DecidedChain& part, const std::string& service, CitizenId about,
           const std::vector<graph::Ahead>& behind = {}) const {
    graph::ChainStep step;
    step.service = ServiceId(service);
    step.behind = behind;
    if (service == "second") step.regulation = &comes_after;
    part.chain.steps.push_back(step);
    eligibility::Decision decision;
    decision.service = step.service;
    decision.applicant = kMother;
    decision.about = about;
    part.decisions.push_back(decision);
  }

  // "first" or "first begun".
  static std::vector<std::string> Behind(const DecidedChain& whole, CitizenId about) {
    std::vector<std::string> texts;
    for (size_t step = 0; step < whole.decisions.size(); ++step) {
      const eligibility::Decision& decision = whole.decisions[step];
      if (decision.service != ServiceId("second") || decision.about != about) continue;
      for (const graph::Ahead& ahead : whole.chain.steps[step].behind) {
        texts.push_back(ahead.service.text() + (ahead.finished ? "" : " begun"));
      }
    }
    return texts;
  }

  graph::Regulation comes_after;
  DecidedChain of_mother;
  DecidedChain of_elder;
  DecidedChain of_younger;
};

TEST_F(ChainsTogetherTest, AParentsStepInAChildsPartIsBehindThoseOfOtherChildren) {
  Add(of_elder, "first", kElder);
  Add(of_elder, "second", kMother);  // it uses what the first gives
  Add(of_younger, "first", kYounger);
  EXPECT_THAT(Behind(Together({of_mother, of_elder, of_younger}), kMother), ElementsAre("first"));
  EXPECT_THAT(Behind(Together({of_mother, of_elder}), kMother), IsEmpty())
      << "its own part knows of it";
}

TEST_F(ChainsTogetherTest, AParentsStepIsBehindTheirOwnInAnotherPart) {
  Add(of_mother, "first", kMother);
  Add(of_elder, "second", kMother);
  EXPECT_THAT(Behind(Together({of_mother, of_elder}), kMother), ElementsAre("first"));
}

TEST_F(ChainsTogetherTest, ChildrenDoNotWaitForEachOther) {
  Add(of_elder, "second", kElder);
  Add(of_younger, "first", kYounger);
  EXPECT_THAT(Behind(Together({of_mother, of_elder, of_younger}), kElder), IsEmpty());
  Add(of_mother, "first", kMother);
  EXPECT_THAT(Behind(Together({of_mother, of_elder, of_younger}), kElder), ElementsAre("first"));
}

TEST_F(ChainsTogetherTest, WhatSeveralPartsSayOfAStepIsToldOnce) {
  const ServiceId first("first");
  for (DecidedChain* part : {&of_elder, &of_younger}) {
    Add(*part, "first", part == &of_elder ? kElder : kYounger);
    Add(*part, "second", kMother, {{first, true}, {first, false}});
  }
  EXPECT_THAT(Behind(Together({of_mother, of_elder, of_younger}), kMother),
              ElementsAre("first", "first begun"));
}

}  // namespace
}  // namespace kstati::cases
