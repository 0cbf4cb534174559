// SPDX-License-Identifier: Apache-2.0
#include "recommender/exposure.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/bytes.h"

namespace kstati::recommender {
namespace {

constexpr uint64_t kFormat = 3;         // the first had no orders beside scores
constexpr uint64_t kWithoutTrials = 2;  // the format before; still read
constexpr int64_t kMicrosPerDay = 86'400'000'000;

uint64_t BitsOf(double value) { return std::bit_cast<uint64_t>(value); }

void Write(const Exposure::Offer& offer, ByteWriter& writer) {
  writer.Text(offer.service.text()).Number(offer.about.number());
  writer.Number(static_cast<uint64_t>(offer.verdict)).Text(offer.situation.text());
  writer.OptionalDay(offer.situation_since).Number(BitsOf(offer.score));
  writer.Number(BitsOf(offer.propensity)).Flag(offer.explored);
  writer.Number(BitsOf(offer.shadow_score)).Number(BitsOf(offer.order));
  writer.Number(BitsOf(offer.shadow_order));
}

// False when the verdict is none.
bool Read(ByteReader& reader, Exposure::Offer& offer) {
  offer.service = ServiceId(reader.Text());
  offer.about = CitizenId(reader.Number());
  const uint64_t verdict = reader.Number();
  offer.verdict = static_cast<eligibility::Verdict>(verdict);
  offer.situation = SituationId(reader.Text());
  offer.situation_since = reader.OptionalDay();
  offer.score = std::bit_cast<double>(reader.Number());
  offer.propensity = std::bit_cast<double>(reader.Number());
  offer.explored = reader.Flag();
  offer.shadow_score = std::bit_cast<double>(reader.Number());
  offer.order = std::bit_cast<double>(reader.Number());
  offer.shadow_order = std::bit_cast<double>(reader.Number());
  return verdict <= static_cast<uint64_t>(eligibility::Verdict::kLikely);
}

// The place of the list among the citizen's that the feedback is about; nullopt when it is none.
std::optional<std::pair<size_t, size_t>> PlaceOf(const Feedback& feedback,
                                                 const std::vector<const Exposure*>& lists) {
  const auto offer_in = [&](const Exposure& list) -> std::optional<size_t> {
    for (size_t place = 0; place < list.shown; ++place) {
      const Exposure::Offer& offer = list.offers[place];
      const bool is_about = feedback.about.number() == 0 || offer.about == feedback.about;
      if (offer.service == feedback.service && is_about) return place;
    }
    return std::nullopt;
  };
  const std::string moment = feedback.exposure.substr(0, feedback.exposure.find('#'));
  for (size_t i = lists.size(); i-- > 0;) {
    const Exposure& list = *lists[i];
    const int64_t after = feedback.at.micros - list.at.micros;
    const bool is_meant = moment.empty() ? after >= 0 : list.at.ToString() == moment;
    if (!is_meant || after > kOutcomeDays * kMicrosPerDay) continue;
    if (const auto place = offer_in(list)) return std::pair(i, *place);
  }
  return std::nullopt;
}

bool IsAboutTheSame(const Feedback& one, const Feedback& other) {
  const bool is_about =
      one.about == other.about || one.about.number() == 0 || other.about.number() == 0;
  return one.citizen == other.citizen && one.service == other.service && is_about;
}

using FeedbackOf = std::map<CitizenId, std::vector<const Feedback*>>;

// Take-ups by citizen, without those that name no list and say again what one that names a list
// says.
FeedbackOf TakeUpsOf(const std::vector<Feedback>& feedbacks) {
  FeedbackOf all;
  for (const Feedback& feedback : feedbacks) {
    if (feedback.reaction == kAccepted) all[feedback.citizen].push_back(&feedback);
  }
  FeedbackOf kept;
  for (const auto& [citizen, of_citizen] : all) {
    for (const Feedback* feedback : of_citizen) {
      const auto says_it = [&](const Feedback* other) {
        const int64_t between = feedback->at.micros - other->at.micros;
        return !other->exposure.empty() && IsAboutTheSame(*feedback, *other) &&
               between < kMicrosPerDay && between > -kMicrosPerDay;
      };
      const bool is_repeated =
          feedback->exposure.empty() && std::ranges::any_of(of_citizen, says_it);
      if (!is_repeated) kept[citizen].push_back(feedback);
    }
  }
  return kept;
}

}  // namespace

std::string Encode(const Exposure& exposure) {
  ByteWriter writer;
  writer.Number(kFormat).Number(exposure.citizen.number()).Moment(exposure.at).Day(exposure.on);
  writer.Text(exposure.ranked_by.stage).Text(exposure.ranked_by.model_version);
  writer.Text(exposure.arm.trial).Text(exposure.arm.arm).Text(exposure.arm.split);
  writer.Text(exposure.shadow_version).Number(exposure.shown).Number(exposure.offers.size());
  for (const Exposure::Offer& offer : exposure.offers) Write(offer, writer);
  return writer.Take();
}

Result<Exposure> DecodeExposure(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t format = reader.Number();
  if (format != kFormat && format != kWithoutTrials) {
    return Fail(ErrorCode::kUnsupported, "a stored exposure has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  Exposure exposure;
  exposure.citizen = CitizenId(reader.Number());
  exposure.at = reader.Moment();
  exposure.on = reader.Day();
  exposure.ranked_by.stage = reader.Text();
  exposure.ranked_by.model_version = reader.Text();
  if (format == kFormat) {
    exposure.arm.trial = reader.Text();
    exposure.arm.arm = reader.Text();
    exposure.arm.split = reader.Text();
  }
  exposure.shadow_version = reader.Text();
  exposure.shown = reader.Number();
  exposure.offers.resize(reader.Count());
  bool valid = exposure.shown <= exposure.offers.size();
  for (Exposure::Offer& offer : exposure.offers) valid = Read(reader, offer) && valid;
  KSTATI_TRY_VOID(reader.Finish("a stored exposure"));
  if (valid) return exposure;
  return Fail(ErrorCode::kCorrupt, "a stored exposure cannot have been shown", {},
              "restore the store from a backup");
}

std::string Encode(const Feedback& feedback) {
  ByteWriter writer;
  writer.Number(feedback.citizen.number()).Moment(feedback.at).Text(feedback.exposure);
  writer.Text(feedback.service.text()).Text(feedback.reaction).Number(feedback.about.number());
  return writer.Take();
}

Result<Feedback> DecodeFeedback(std::string_view bytes) {
  ByteReader reader(bytes);
  Feedback feedback;
  feedback.citizen = CitizenId(reader.Number());
  feedback.at = reader.Moment();
  feedback.exposure = reader.Text();
  feedback.service = ServiceId(reader.Text());
  feedback.reaction = reader.Text();
  // Earlier versions did not say whom it was about.
  if (!reader.rest().empty()) feedback.about = CitizenId(reader.Number());
  KSTATI_TRY_VOID(reader.Finish("a stored feedback"));
  return feedback;
}

bool IsSettled(Date shown_on, Date today) { return shown_on.AddDays(kOutcomeDays) < today; }

std::vector<ExposureOutcome> JoinOutcomes(std::vector<Exposure> exposures,
                                          const std::vector<Feedback>& feedbacks) {
  std::vector<ExposureOutcome> outcomes;
  for (Exposure& exposure : exposures) {
    std::vector<bool> taken(exposure.shown);
    outcomes.push_back({std::move(exposure), std::move(taken)});
  }
  std::map<CitizenId, std::vector<size_t>> lists_of;
  for (size_t i = 0; i < outcomes.size(); ++i) lists_of[outcomes[i].exposure.citizen].push_back(i);
  for (auto& [citizen, places] : lists_of) {
    std::ranges::stable_sort(places, {}, [&](size_t i) { return outcomes[i].exposure.at; });
  }
  for (const auto& [citizen, take_ups] : TakeUpsOf(feedbacks)) {
    const auto found = lists_of.find(citizen);
    if (found == lists_of.end()) continue;
    std::vector<const Exposure*> lists;
    for (const size_t i : found->second) lists.push_back(&outcomes[i].exposure);
    for (const Feedback* take_up : take_ups) {
      const auto place = PlaceOf(*take_up, lists);
      if (place) outcomes[found->second[place->first]].taken[place->second] = true;
    }
  }
  return outcomes;
}

Interaction ToInteraction(const ExposureOutcome& outcome) {
  Interaction interaction;
  interaction.citizen = outcome.exposure.citizen;
  interaction.on = outcome.exposure.on;
  interaction.known_at = outcome.exposure.at;
  for (size_t place = 0; place < outcome.exposure.shown; ++place) {
    const Exposure::Offer& offer = outcome.exposure.offers[place];
    interaction.shown.push_back({offer.service, offer.about, offer.verdict, offer.situation,
                                 offer.situation_since, outcome.taken[place]});
  }
  return interaction;
}

}  // namespace kstati::recommender
