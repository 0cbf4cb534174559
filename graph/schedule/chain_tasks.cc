// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/chain_tasks.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "base/check.h"

namespace kstati::graph::schedule {
namespace {

// Whether it is the applicant's own; else it is about whomever its part is about.
bool IsApplicants(const ChainStep& step, const Catalogue& catalogue) {
  if (step.part == 0) return true;
  const Service* service = catalogue.FindService(step.service);
  KSTATI_CHECK(service != nullptr);
  return service->about == About::kPerson;
}

// Whom a step waits for, wherever they stand.
std::vector<size_t> GiversOf(const std::vector<ChainStep>& steps, size_t step,
                             const Catalogue& catalogue) {
  std::vector<size_t> givers;
  for (const Ahead& ahead : steps[step].behind) {
    std::ranges::copy(StepsOf(steps, step, ahead.service, catalogue), std::back_inserter(givers));
  }
  for (const ServiceId& before : steps[step].after) {
    std::optional<size_t> found;
    for (size_t other = 0; other < steps.size(); ++other) {
      if (other == step || steps[other].service != before) continue;
      const bool own = steps[other].part == steps[step].part;
      if (!found || (own && steps[*found].part != steps[step].part)) found = other;
    }
    if (found) givers.push_back(*found);
  }
  return givers;
}

// With so many trips to the shared office; absent when that is too few.
std::optional<int> TripsBeside(const std::vector<ChainStep>& steps, const Catalogue& catalogue,
                               int shared) {
  std::map<std::string, int> own;
  for (const ChainStep& step : steps) {
    if (step.visits == 0) continue;
    int left = step.visits;
    std::string office;
    for (const std::string& place :
         PlacesOf(*catalogue.FindService(step.service), *step.regulation, step.scenario)) {
      if (place == kSharedOffice) {
        left -= shared;
      } else {
        office = place;
      }
    }
    if (left <= 0) continue;
    if (office.empty()) return std::nullopt;
    own[office] = std::max(own[office], left);
  }
  int trips = shared;
  for (const auto& [office, count] : own) trips += count;
  return trips;
}

}  // namespace

std::vector<size_t> StepsOf(const std::vector<ChainStep>& steps, size_t step,
                            const ServiceId& ahead, const Catalogue& catalogue) {
  const bool is_applicants = IsApplicants(steps[step], catalogue);
  std::vector<size_t> of_others;
  for (size_t other = 0; other < steps.size(); ++other) {
    if (other == step || steps[other].service != ahead) continue;
    const bool other_is_applicants = IsApplicants(steps[other], catalogue);
    const bool of_same = steps[other].part == steps[step].part || is_applicants;
    if (is_applicants == other_is_applicants && of_same) return {other};
    if (is_applicants || other_is_applicants) of_others.push_back(other);
  }
  return of_others;
}

std::vector<size_t> SequenceOf(const std::vector<ChainStep>& steps, const Catalogue& catalogue) {
  std::vector<std::vector<size_t>> givers;
  for (size_t step = 0; step < steps.size(); ++step) {
    givers.push_back(GiversOf(steps, step, catalogue));
  }
  std::vector<size_t> sequence;
  std::vector<uint8_t> is_placed(steps.size(), 0);
  while (sequence.size() < steps.size()) {
    std::optional<size_t> next;
    bool next_is_ready = false;
    for (size_t step = 0; step < steps.size(); ++step) {
      if (is_placed[step] != 0) continue;
      const bool ready =
          std::ranges::all_of(givers[step], [&](size_t giver) { return is_placed[giver] != 0; });
      // Chains of several people could wait for each other in a circle: then the first goes first.
      const bool better = !next || ready > next_is_ready ||
                          (ready == next_is_ready && steps[step].start < steps[*next].start);
      if (!better) continue;
      next = step;
      next_is_ready = ready;
    }
    KSTATI_CHECK(next.has_value());
    is_placed[*next] = 1;
    sequence.push_back(*next);
  }
  return sequence;
}

std::optional<size_t> GiverOf(const std::vector<ChainStep>& steps, size_t step,
                              const ServiceId& giver) {
  std::optional<size_t> found;
  for (size_t other = 0; other < step; ++other) {
    if (steps[other].service != giver) continue;
    const bool own = steps[other].part == steps[step].part;
    if (!found || (own && steps[*found].part != steps[step].part)) found = other;
  }
  return found;
}

int FewestTrips(const std::vector<ChainStep>& steps, const Catalogue& catalogue) {
  int most = 0;
  for (const ChainStep& step : steps) most = std::max(most, step.visits);
  std::optional<int> fewest;
  for (int shared = 0; shared <= most; ++shared) {
    const std::optional<int> trips = TripsBeside(steps, catalogue, shared);
    if (trips && (!fewest || *trips < *fewest)) fewest = trips;
  }
  KSTATI_CHECK(fewest.has_value());
  return *fewest;
}

std::vector<Task> TasksOf(const std::vector<ChainStep>& steps, const Catalogue& catalogue) {
  std::vector<Task> tasks;
  for (size_t number = 0; number < steps.size(); ++number) {
    const ChainStep& step = steps[number];
    const Service* service = catalogue.FindService(step.service);
    KSTATI_CHECK(service != nullptr && step.regulation != nullptr);
    Task& task = tasks.emplace_back();
    task.term = step.term;
    task.calendar = step.calendar == nullptr ? &catalogue.calendar() : step.calendar;
    task.visits = step.visits;
    task.places = PlacesOf(*service, *step.regulation, step.scenario);
    for (const UsedDocument& used : step.uses) {
      if (used.last_day && (!task.begin_by || *used.last_day < *task.begin_by)) {
        task.begin_by = used.last_day;
      }
      if (used.giver.empty()) continue;
      const auto giver = GiverOf(steps, number, used.giver);
      if (giver) task.needs.push_back({static_cast<uint32_t>(*giver), used.valid_for});
    }
    for (const Ahead& ahead : step.behind) {
      for (const size_t first : StepsOf(steps, number, ahead.service, catalogue)) {
        if (first > number) continue;  // they wait for each other in a circle
        task.needs.push_back({static_cast<uint32_t>(first), std::nullopt, !ahead.finished});
      }
    }
  }
  return tasks;
}

}  // namespace kstati::graph::schedule
