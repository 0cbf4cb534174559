// SPDX-License-Identifier: Apache-2.0
#include "recommender/interaction.h"

#include "base/bytes.h"

namespace kstati::recommender {
namespace {

constexpr uint64_t kFormat = 3;
constexpr uint64_t kFormatWithoutCompletion = 2;
constexpr uint64_t kFormatWithoutMoment = 1;

// How a completion is written.
constexpr uint64_t kNotKnown = 0;
constexpr uint64_t kNotCompleted = 1;
constexpr uint64_t kCompleted = 2;

std::optional<bool> ReadCompletion(ByteReader& reader, bool& valid) {
  const uint64_t number = reader.Number();
  valid = valid && number <= kCompleted;
  return number == kNotKnown ? std::nullopt : std::optional(number == kCompleted);
}

eligibility::Verdict ReadVerdict(ByteReader& reader, bool& valid) {
  const uint64_t number = reader.Number();
  valid = valid && number <= static_cast<uint64_t>(eligibility::Verdict::kLikely);
  return static_cast<eligibility::Verdict>(number);
}

}  // namespace

std::string Encode(const Interaction& interaction) {
  ByteWriter writer;
  writer.Number(kFormat).Number(interaction.citizen.number()).Day(interaction.on);
  writer.Flag(interaction.known_at.has_value());
  if (interaction.known_at) writer.Moment(*interaction.known_at);
  writer.Number(interaction.shown.size());
  for (const Interaction::Shown& shown : interaction.shown) {
    writer.Text(shown.service.text()).Number(shown.about.number());
    writer.Number(static_cast<uint64_t>(shown.verdict));
    writer.Text(shown.situation.text()).OptionalDay(shown.situation_since);
    writer.Flag(shown.taken);
    writer.Number(!shown.completed ? kNotKnown : *shown.completed ? kCompleted : kNotCompleted);
  }
  return writer.Take();
}

Result<Interaction> DecodeInteraction(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t format = reader.Number();
  if (format < kFormatWithoutMoment || format > kFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored interaction has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  Interaction interaction;
  interaction.citizen = CitizenId(reader.Number());
  interaction.on = reader.Day();
  if (format >= kFormatWithoutCompletion && reader.Flag()) interaction.known_at = reader.Moment();
  interaction.shown.resize(reader.Count());
  bool valid = true;
  for (Interaction::Shown& shown : interaction.shown) {
    shown.service = ServiceId(reader.Text());
    shown.about = CitizenId(reader.Number());
    shown.verdict = ReadVerdict(reader, valid);
    shown.situation = SituationId(reader.Text());
    shown.situation_since = reader.OptionalDay();
    shown.taken = reader.Flag();
    if (format == kFormat) shown.completed = ReadCompletion(reader, valid);
  }
  KSTATI_TRY_VOID(reader.Finish("a stored interaction"));
  if (!valid)
    return Fail(ErrorCode::kCorrupt, "a stored interaction says what it cannot", {},
                "restore the store from a backup");
  return interaction;
}

}  // namespace kstati::recommender
