// SPDX-License-Identifier: Apache-2.0
#include "cases/message_values.h"

#include <algorithm>
#include <cmath>

#include "cases/dealings.h"
#include "cases/draft.h"
#include "cases/reading.h"
#include "recommender/household_bundle.h"
#include "recommender/inference/infer.h"

namespace kstati::cases {
namespace {

constexpr double kYearlyUnit = 100'000;  // kopecks: a thousand roubles
constexpr double kUrgentDays = 30;

struct Suggestion {
  recommender::Candidate candidate;
  SuggestionWorth worth;
};

size_t DeclinesOf(const recommender::Past& past, const ServiceId& service, CitizenId about) {
  size_t declines = 0;
  for (const recommender::Dealing& dealing : past.dealings()) {
    const bool is_about = dealing.about == about || dealing.about.number() == 0;
    if (dealing.service == service && is_about) declines += dealing.declined.size();
  }
  return declines;
}

std::optional<int64_t> DaysLeft(const graph::Regulation& regulation,
                                const std::optional<Date>& since, Date today) {
  if (!regulation.apply_within || !since) return std::nullopt;
  return regulation.apply_within->period.After(*since).days - today.days;
}

// nullopt: nothing can come of it.
Result<std::optional<Suggestion>> SuggestionOf(Draft& draft, const Reading& reading,
                                               const recommender::Past& past,
                                               const std::vector<Case>& cases,
                                               const Notification& notification) {
  const std::optional<Suggestion> nothing;
  const World& world = draft.world();
  const CitizenId citizen = notification.citizen;
  Suggestion suggestion;
  suggestion.candidate.service = world.catalogue().FindService(notification.service);
  suggestion.candidate.about = citizen;
  if (suggestion.candidate.service == nullptr) return nothing;
  const graph::Service& service = *suggestion.candidate.service;
  const auto c = std::ranges::find(cases, notification.case_id, &Case::id);
  if (c != cases.end()) {
    suggestion.candidate.about = c->about;
    suggestion.candidate.situation = c->situation;
  }
  const Result<Viewpoint> viewpoint =
      ViewpointOf(draft, reading, suggestion.candidate.about, &service);
  if (!viewpoint && viewpoint.error().code == ErrorCode::kNotFound) return nothing;  // erased
  if (!viewpoint) return Fail(viewpoint.error());
  suggestion.candidate.situation_since = viewpoint->event_date;
  const eligibility::Decision decision = world.program->Decide(service, viewpoint->subject(), true);
  suggestion.candidate.verdict = decision.verdict;
  if (decision.verdict == eligibility::Verdict::kNotEligible) return nothing;
  if (const auto offer = recommender::OfferOf(decision, world.catalogue())) {
    suggestion.worth.yearly = offer->yearly;
  }
  if (decision.regulation != nullptr) {
    suggestion.worth.days_left =
        DaysLeft(*decision.regulation, suggestion.candidate.situation_since, draft.today());
  }
  suggestion.worth.declines = DeclinesOf(past, service.id, suggestion.candidate.about);
  return suggestion;
}

}  // namespace

double ExpectedValue(const SuggestionWorth& worth) {
  if (worth.days_left && *worth.days_left < 0) return 0;
  const double sum = worth.yearly ? static_cast<double>(*worth.yearly) / kYearlyUnit : 0;
  const double days = worth.days_left ? static_cast<double>(*worth.days_left) : INFINITY;
  const double urgency = 1 + 1 / (1 + days / kUrgentDays);
  const double memory = std::exp2(-static_cast<double>(worth.declines));
  return worth.needed * worth.completes * (1 + std::log10(1 + sum)) * urgency * memory;
}

Result<std::vector<double>> ValuesOf(const World& world, const recommender::Ranker& ranker,
                                     const recommender::inference::InferenceModel* inference,
                                     CitizenId citizen,
                                     const std::vector<Notification>& suggestions) {
  Draft draft(world, world.Now());
  KSTATI_TRY(const Reading reading, Read(draft, citizen));
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  recommender::Background background;
  KSTATI_TRY(background.past, PastOf(*world.store, citizen));
  if (inference != nullptr) {
    background.estimates =
        recommender::inference::EstimatesOf(*reading.household->person, draft.today(), *inference);
  }
  std::vector<double> values(suggestions.size());
  std::vector<size_t> places;
  std::vector<SuggestionWorth> worths;
  std::vector<recommender::Candidate> candidates;
  for (size_t i = 0; i < suggestions.size(); ++i) {
    KSTATI_TRY(const auto found,
               SuggestionOf(draft, reading, background.past, cases, suggestions[i]));
    if (!found) continue;
    places.push_back(i);
    worths.push_back(found->worth);
    candidates.push_back(found->candidate);
  }
  const profile::Household& household = *reading.household;
  const std::vector<double> needed =
      ranker.Rate(household, candidates, draft.today(), world.catalogue(), background).needed;
  const auto completes =
      ranker.Completes(household, candidates, draft.today(), world.catalogue(), background);
  for (size_t i = 0; i < places.size(); ++i) {
    worths[i].needed = needed[i];
    if (!completes.empty()) worths[i].completes = completes[i];
    values[places[i]] = ExpectedValue(worths[i]);
  }
  return values;
}

}  // namespace kstati::cases
