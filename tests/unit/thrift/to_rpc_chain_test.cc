// SPDX-License-Identifier: Apache-2.0
// What a chain says in words about its days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eligibility/known_attributes.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// Chains drawn by hand of services of the catalogue that ships.
class ChainInWords : public testing::Test {
 protected:
  graph::schedule::Scheduled& Step(int day) {
    const graph::Service& service = catalogue_.services()[chain_.chain.steps.size()];
    graph::ChainStep& step = chain_.chain.steps.emplace_back();
    step.service = service.id;
    step.start = Date::Of(2026, 3, day);
    step.regulation = service.RegulationOn(step.start);
    chain_.decisions.emplace_back().service = service.id;
    graph::schedule::Scheduled& days = chain_.schedule.tasks.emplace_back();
    days.start = step.start;
    return days;
  }
  // One that was filed on a day; the schedule begins later.
  void Filed(int day, int schedule_from) {
    graph::schedule::Scheduled& days = Step(day);
    days.start = Date::Of(2026, 3, schedule_from);
    days.has_begun = true;
  }
  std::string NameOf(size_t step) const {
    return catalogue_.FindService(chain_.chain.steps[step].service)->name.in(Language::kEnglish);
  }
  std::vector<std::string> Notes() {
    chain_.chain.situation = catalogue_.situations().front().id;
    return WriteChain({program_, messages_, Language::kEnglish}, chain_).notes;
  }

  std::vector<Issue> issues_;
  const profile::Dictionary dictionary_ =
      profile::LoadDictionary(KSTATI_DATA "/catalogue", issues_);
  const graph::Catalogue catalogue_ = graph::LoadCatalogue(
      KSTATI_DATA "/catalogue", eligibility::KnownAttributesOf(dictionary_), issues_);
  const eligibility::Program program_{catalogue_, dictionary_, issues_};
  const Messages messages_ = Messages::Load(KSTATI_DATA "/messages", issues_);
  cases::Desk::PersonalChain chain_;
};

TEST_F(ChainInWords, WhatIsLeftToStartIsSaidAfterSomethingWasFiled) {
  Filed(2, 16);
  Step(16);
  Step(17);
  EXPECT_THAT(Notes(),
              Contains(AllOf(HasSubstr("To be started on 16 March 2026"), HasSubstr(NameOf(1)),
                             Not(HasSubstr(NameOf(0))), Not(HasSubstr(NameOf(2))))));
}

TEST_F(ChainInWords, WhatWasFiledTodayIsNotToBeStarted) {
  Filed(16, 16);
  EXPECT_THAT(Notes(), Not(Contains(HasSubstr("To be started"))));
  Step(16).waits_for = 0;
  EXPECT_THAT(Notes(), Not(Contains(HasSubstr("To be started")))) << "it waits for what was filed";
}

}  // namespace
}  // namespace kstati::thrift
