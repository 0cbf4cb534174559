// SPDX-License-Identifier: Apache-2.0
//
// A service of one of the family that comes after another one's.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

constexpr const char* kOfMother = "clinic_attachment";
constexpr const char* kOfChild = "clinic_attachment_child";

class AfterOthersTest : public ::testing::Test {
 protected:
  // The real catalogue, but that the one comes after the other.
  void ComesAfter(const std::string& second, const std::string& first) {
    const std::string channels = "    channels: [epgu, office]\n";
    catalogue.Amend("services/" + second + ".yaml", channels,
                    channels + "    after: [" + first + "]\n");
    Live();
  }

  void Live() {
    town = std::make_unique<Town>("2026-03-16", "", catalogue.folder());
    town->Settled("mother", "1990-02-01");
    town->Child("infant", "2025-06-01", "mother");
    town->Child("pupil", "2015-06-01", "mother");
    auto found = town->desk().Chain(town->Number("mother"), SituationId("moving"), CitizenId());
    ASSERT_TRUE(found) << found.error().ToString();
    chain = std::move(*found);
  }

  const graph::ChainStep& Step(const char* service, const char* about) const {
    for (size_t step = 0; step < chain.decisions.size(); ++step) {
      const eligibility::Decision& decision = chain.decisions[step];
      if (decision.service == ServiceId(service) && decision.about == town->Number(about)) {
        return chain.chain.steps[step];
      }
    }
    ADD_FAILURE() << "no step " << service << " about " << about;
    return chain.chain.steps.front();
  }

  AmendedCatalogue catalogue;
  std::unique_ptr<Town> town;
  cases::Desk::PersonalChain chain;
};

TEST_F(AfterOthersTest, WithoutALinkNobodyWaits) {
  Live();
  EXPECT_EQ(Step(kOfMother, "mother").start, town->today());
  EXPECT_EQ(Step(kOfChild, "infant").start, town->today());
  EXPECT_TRUE(chain.chain.proven);
}

TEST_F(AfterOthersTest, EachChildsComesAfterTheMothersAndTheWaitIsNotSaidToBeTheBest) {
  ComesAfter(kOfChild, kOfMother);
  const std::optional<Date> done = Step(kOfMother, "mother").finish;
  ASSERT_TRUE(done);
  EXPECT_GT(*done, town->today());
  EXPECT_GE(Step(kOfChild, "infant").start, *done);
  EXPECT_GE(Step(kOfChild, "pupil").start, *done);
  EXPECT_EQ(Step(kOfChild, "infant").start, Step(kOfChild, "pupil").start)
      << "children do not wait for each other";
  EXPECT_FALSE(chain.chain.proven) << "of other ways, which wait less, nothing is known";
}

TEST_F(AfterOthersTest, TheMothersComesAfterThoseOfAllChildren) {
  ComesAfter(kOfMother, kOfChild);
  const Date start = Step(kOfMother, "mother").start;
  for (const char* child : {"infant", "pupil"}) {
    const std::optional<Date> done = Step(kOfChild, child).finish;
    ASSERT_TRUE(done);
    EXPECT_GE(start, *done) << child;
  }
  EXPECT_GT(start, town->today());
}

}  // namespace
}  // namespace kstati::scenarios
