// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <vector>

#include "recommender/exposure.h"

namespace kstati::recommender {
namespace {

// Something that a past is made of, or an interaction that wants to know it.
struct Happening {
  Instant at;
  const Feedback* feedback = nullptr;
  Interaction* interaction = nullptr;
};

// A visit without a moment counts from the beginning of its day, so that nothing of the day is
// before it.
Instant MomentOf(const Interaction& interaction) {
  constexpr int64_t kMicrosOfADay = 86'400'000'000;
  return interaction.known_at.value_or(Instant{interaction.on.days * kMicrosOfADay});
}

// What lists led to is known by their feedback; a recorded visit says itself what it led to.
void AddTo(Past& past, const Happening& happening) {
  if (happening.feedback != nullptr) {
    const Feedback& feedback = *happening.feedback;
    if (feedback.reaction == kAccepted) past.Take(feedback.service, feedback.about, happening.at);
    if (feedback.reaction == kDeclined) {
      past.Decline(feedback.service, feedback.about, happening.at);
    }
    return;
  }
  if (!happening.interaction->known_at) AddTaken(*happening.interaction, past);
}

void Fill(std::vector<Happening>& happenings) {
  std::ranges::stable_sort(happenings, {}, &Happening::at);
  Past past;
  for (auto first = happenings.begin(); first != happenings.end();) {
    const auto last =
        std::ranges::upper_bound(first, happenings.end(), first->at, {}, &Happening::at);
    for (auto each = first; each != last; ++each) {
      if (each->interaction != nullptr) each->interaction->background.past = past;
    }
    for (; first != last; ++first) AddTo(past, *first);
  }
}

}  // namespace

void AddTaken(const Interaction& visit, Past& past) {
  for (const Interaction::Shown& shown : visit.shown) {
    if (shown.taken) past.Take(shown.service, shown.about, MomentOf(visit));
  }
}

void FillPasts(std::vector<Interaction>& interactions, const std::vector<Feedback>& feedbacks) {
  std::map<CitizenId, std::vector<Happening>> people;
  for (Interaction& interaction : interactions) {
    people[interaction.citizen].push_back({MomentOf(interaction), nullptr, &interaction});
  }
  for (const Feedback& feedback : feedbacks) {
    const auto found = people.find(feedback.citizen);
    if (found != people.end()) found->second.push_back({feedback.at, &feedback, nullptr});
  }
  for (auto& [citizen, happenings] : people) Fill(happenings);
}

}  // namespace kstati::recommender
