// SPDX-License-Identifier: Apache-2.0
#include "recommender/interaction.h"

#include <gtest/gtest.h>

#include "small_life.h"

namespace kstati::recommender {
namespace {

Interaction Sample() {
  Interaction interaction;
  interaction.citizen = CitizenId(3);
  interaction.on = Day("2026-03-01");
  interaction.known_at = Instant{7};
  interaction.shown.push_back({ServiceId("child_card"), CitizenId(7),
                               eligibility::Verdict::kEligible, SituationId("child_birth"),
                               Day("2026-02-01"), true});
  interaction.shown.push_back({ServiceId("job_card"), CitizenId(3), eligibility::Verdict::kLikely,
                               SituationId(), std::nullopt, false});
  return interaction;
}

TEST(InteractionTest, ReadsBackWhatWasWritten) {
  const auto read = DecodeInteraction(Encode(Sample()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(Encode(*read), Encode(Sample()));
  ASSERT_EQ(read->shown.size(), 2u);
  EXPECT_TRUE(read->shown[0].taken);
  EXPECT_EQ(read->known_at, Instant{7});
  EXPECT_EQ(read->shown[0].situation_since, Day("2026-02-01"));
  EXPECT_EQ(read->shown[1].situation_since, std::nullopt);
  EXPECT_EQ(read->shown[1].verdict, eligibility::Verdict::kLikely);
}

TEST(InteractionTest, ReadsVisitsThatNamedNoMoment) {
  Interaction interaction = Sample();
  interaction.known_at.reset();
  std::string bytes = Encode(interaction);
  EXPECT_EQ(DecodeInteraction(bytes)->known_at, std::nullopt);
  ASSERT_EQ(bytes[0], 2);
  bytes[0] = 1;
  const size_t flag = bytes.find('\0');
  ASSERT_NE(flag, std::string::npos);
  bytes.erase(flag, 1);
  const auto read = DecodeInteraction(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(Encode(*read), Encode(interaction));
}

TEST(InteractionTest, RefusesEveryCutRecord) {
  const std::string bytes = Encode(Sample());
  for (size_t length = 1; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeInteraction(std::string_view(bytes).substr(0, length)).has_value())
        << length;
  }
}

TEST(InteractionTest, RefusesAVerdictThatDoesNotExist) {
  Interaction interaction = Sample();
  interaction.shown[0].verdict = static_cast<eligibility::Verdict>(9);
  const auto read = DecodeInteraction(Encode(interaction));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
}

TEST(InteractionTest, RefusesAnotherFormat) {
  std::string bytes = Encode(Sample());
  bytes[0] = 9;
  EXPECT_EQ(DecodeInteraction(bytes).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace kstati::recommender
