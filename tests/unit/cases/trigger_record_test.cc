// SPDX-License-Identifier: Apache-2.0
#include "cases/trigger_record.h"

#include <gtest/gtest.h>

namespace kstati::cases {
namespace {

TriggerDecision About(const char* service, TriggerReason reason,
                      std::vector<std::string> details = {}) {
  return {Instant{5},
          {RegistryId("egr_zags"), EventId("birth-1")},
          ServiceId(service),
          CitizenId(901),
          reason,
          std::move(details)};
}

TEST(TriggerRecordTest, WhatIsWrittenIsReadAndNoTruncationIs) {
  const std::vector<TriggerDecision> decisions{
      About("snils_newborn", TriggerReason::kStarted),
      About("regional_matcap", TriggerReason::kNotEligible, {"rg_criteria", "rg_deadline"})};
  const std::string bytes = Encode(decisions);
  const auto read = DecodeTriggers(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ((*read)[1].details, decisions[1].details);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeTriggers(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(TriggerRecordTest, OnlyWhatSaysSomethingElseIsAdded) {
  std::vector<TriggerDecision> known;
  EXPECT_TRUE(AddChanged(known, {About("a", TriggerReason::kFactsMissing, {"x"})}));
  EXPECT_FALSE(AddChanged(known, {About("a", TriggerReason::kFactsMissing, {"x"})}));
  EXPECT_TRUE(AddChanged(known, {About("a", TriggerReason::kFactsMissing, {"y"})}));
  EXPECT_TRUE(AddChanged(known, {About("a", TriggerReason::kStarted)}));
  EXPECT_FALSE(AddChanged(known, {About("a", TriggerReason::kUnderWay)}))
      << "that it is under way follows from its start";
  EXPECT_TRUE(AddChanged(known, {About("b", TriggerReason::kUnderWay)}));
  EXPECT_EQ(known.size(), 4u);
}

}  // namespace
}  // namespace kstati::cases
