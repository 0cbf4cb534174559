// SPDX-License-Identifier: Apache-2.0
#include "recommender/interaction.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
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

// As earlier versions wrote it.
std::string EncodedAs(uint64_t format, const Interaction& interaction) {
  ByteWriter writer;
  writer.Number(format).Number(interaction.citizen.number()).Day(interaction.on);
  if (format > 1) writer.Flag(true).Moment(*interaction.known_at);
  writer.Number(interaction.shown.size());
  for (const Interaction::Shown& shown : interaction.shown) {
    writer.Text(shown.service.text()).Number(shown.about.number());
    writer.Number(static_cast<uint64_t>(shown.verdict)).Text(shown.situation.text());
    writer.OptionalDay(shown.situation_since).Flag(shown.taken);
  }
  return writer.Take();
}

TEST(InteractionTest, ReadsWhatEarlierVersionsWrote) {
  Interaction interaction = Sample();
  const auto second = DecodeInteraction(EncodedAs(2, interaction));
  ASSERT_TRUE(second.has_value()) << second.error().ToString();
  EXPECT_EQ(Encode(*second), Encode(interaction));
  const auto first = DecodeInteraction(EncodedAs(1, interaction));
  ASSERT_TRUE(first.has_value()) << first.error().ToString();
  interaction.known_at.reset();
  EXPECT_EQ(Encode(*first), Encode(interaction));
  EXPECT_EQ(first->shown[0].completed, std::nullopt);
}

TEST(InteractionTest, SaysWhatCameToAResult) {
  for (const std::optional<bool> completed :
       {std::optional<bool>(), std::optional(true), std::optional(false)}) {
    Interaction interaction = Sample();
    interaction.shown[0].completed = completed;
    EXPECT_EQ(DecodeInteraction(Encode(interaction))->shown[0].completed, completed);
  }
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
