// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/scenario_choice.h"

#include <algorithm>
#include <utility>

#include "graph/chains/burden.h"

namespace kstati::graph::chains {
namespace {

// What the comparison needs of one scenario.
struct Asked {
  const Term* term = nullptr;
  const Fee* fee = nullptr;
  std::vector<std::string> places;
  std::vector<Burden> burdens;  // by day
};

// On which any of the fees may change, and the first.
std::vector<Date> DaysToCompare(const std::vector<PersonalScenario>& scenarios,
                                const ScenarioChoice& choice, const Catalogue& catalogue) {
  std::vector<Date> days;
  for (const PersonalScenario& own : scenarios) {
    const auto of_one = FeeDays(FeeOf(choice.regulation, own), catalogue, choice.from);
    days.insert(days.end(), of_one.begin(), of_one.end());
  }
  std::ranges::sort(days);
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

Asked AskedBy(const PersonalScenario& own, const ScenarioChoice& choice, const Catalogue& catalogue,
              const std::vector<Date>& days) {
  Asked asked;
  asked.term = &TermOf(choice.regulation, own, choice.slowest);
  asked.fee = &FeeOf(choice.regulation, own);
  asked.places = PlacesOf(choice.service, choice.regulation, own);
  for (const Date day : days) {
    asked.burdens.push_back(BurdenOf(choice.regulation, own, catalogue, day, choice.region));
  }
  return asked;
}

// A fee in words is comparable with itself alone.
bool CostsNoMore(const Asked& a, const Asked& b) {
  for (size_t day = 0; day < a.burdens.size(); ++day) {
    const Burden& of_a = a.burdens[day];
    const Burden& of_b = b.burdens[day];
    if (of_a.fee_known != of_b.fee_known) return false;
    if (of_a.fee_known ? of_a.fee > of_b.fee : a.fee != b.fee) return false;
  }
  return true;
}

bool AsksNoMore(const Asked& a, const Asked& b) {
  const int visits = a.burdens.front().visits;
  if (visits > b.burdens.front().visits) return false;
  if (visits > 0 && !std::ranges::includes(a.places, b.places)) return false;
  return IsNoLonger(*a.term, *b.term) && CostsNoMore(a, b);
}

}  // namespace

std::vector<PersonalScenario> KeepWorthwhile(std::vector<PersonalScenario> scenarios,
                                             const ScenarioChoice& choice,
                                             const Catalogue& catalogue) {
  const std::vector<Date> days = DaysToCompare(scenarios, choice, catalogue);
  std::vector<Asked> asked;
  for (const PersonalScenario& own : scenarios) {
    asked.push_back(AskedBy(own, choice, catalogue, days));
  }
  std::vector<PersonalScenario> kept;
  for (size_t one = 0; one < scenarios.size(); ++one) {
    bool is_needed = true;
    for (size_t other = 0; other < scenarios.size() && is_needed; ++other) {
      if (other == one || !AsksNoMore(asked[other], asked[one])) continue;
      is_needed = one < other && AsksNoMore(asked[one], asked[other]);
    }
    if (is_needed) kept.push_back(std::move(scenarios[one]));
  }
  return kept;
}

}  // namespace kstati::graph::chains
