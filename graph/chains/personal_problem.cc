// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/personal_problem.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

#include "base/check.h"
#include "graph/chains/dating.h"

namespace kstati::graph::chains {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

// Where all else is equal the search takes what comes first: higher priority, then the id.
std::string IdOf(const Action& action, const Ways& ways) {
  char rank[16];
  std::snprintf(rank, sizeof rank, "%03d ", 999 - std::clamp(action.service->priority, 0, 999));
  std::string id = rank + action.service->id.text();
  for (const uint32_t fact : action.given) id += " " + ways.facts()[fact].id.text();
  if (action.undetermined) id += " ?";
  // Scenarios come in the order of the regulation.
  const Scenario* const scenario = action.scenario.scenario;
  if (scenario != nullptr) {
    id += " #" + std::to_string(scenario - action.regulation->scenarios.data());
  }
  return id;
}

// Rounded up, so that more is never less.
Cost Minutes(Cost cost) { return (cost + kMinute - 1) / kMinute; }

}  // namespace

PersonalProblem::PersonalProblem(const Ways& ways, Aim aim, const std::vector<uint8_t>& left_out)
    : ways_(ways), aim_(aim), left_out_(left_out), action_days_(ways) {
  left_out_.resize(ways.actions().size(), 0);
  WeighAim();
  Write();
  for (size_t goal = 0; goal < ways.goals().size(); ++goal) {
    if (ways.reachable()[goal] != 0) goals_.push_back(ways.goals()[goal]);
  }
}

// One unit of the aim weighs more than all else together.
void PersonalProblem::WeighAim() {
  if (aim_ == Aim::kBurden) return;
  weight_ = 1;
  const Cost doubt = ways_.request().standing_on ? Minutes(kUndetermined) : 0;
  for (const Action& action : ways_.actions()) {
    weight_ += Minutes(action.CostWith(action.dearest)) + doubt;
  }
  const Cost fact = Minutes(ways_.relaxed() ? kMissing : kDocument);
  weight_ += static_cast<Cost>(ways_.facts().size()) * fact;
  Cost units = 1;
  for (const Action& action : ways_.actions()) {
    if (aim_ == Aim::kTrips) units += action.burden.visits;
    if (aim_ == Aim::kFees) units += action.dearest.fee_counted();
  }
  if (aim_ == Aim::kObstacles) {
    for (const Action& action : ways_.actions()) units += action.obstacles();
    units += static_cast<Cost>(ways_.facts().size());
  }
  // Too much for exact ties: then the rest counts only as far as it fits.
  const Cost weight_max = search::kInfiniteCost / 2 / units;
  outweighs_ = weight_ <= weight_max;
  weight_ = std::min(weight_, weight_max);
}

Cost PersonalProblem::CostOf(const Action& action, const Burden& burden) const {
  const Cost cost = action.CostWith(burden);
  switch (aim_) {
    case Aim::kBurden: return cost;
    case Aim::kTrips: return Minutes(cost);
    case Aim::kObstacles: return action.obstacles() * weight_ + Minutes(cost);
    case Aim::kFees: return burden.fee_counted() * weight_ + Minutes(cost);
  }
  KSTATI_CHECK(false);
  return 0;
}

Cost PersonalProblem::CostBeyond(const Dating& dating) const {
  Cost beyond = 0;
  for (const DatedAction& step : dating.steps) {
    const Action& action = ways_.actions()[step.action];
    if (step.is_doubtful) beyond += CostOfDoubt();
    if (!action.fee_varies) continue;
    const Burden burden = ways_.BurdenOn(action, step.start.day);
    beyond += std::max<Cost>(CostOf(action, burden) - CostOf(action, action.burden), 0);
  }
  return beyond;
}

Cost PersonalProblem::CostOfDocument() const {
  return aim_ == Aim::kBurden ? kDocument : Minutes(kDocument);
}

Cost PersonalProblem::CostOfDoubt() const {
  return aim_ == Aim::kBurden ? kUndetermined : Minutes(kUndetermined);
}

// Facts of the problem: those of the ways, then one for each action that is done, then one for each
// set of alternatives.
void PersonalProblem::Write() {
  const auto facts = static_cast<uint32_t>(ways_.facts().size());
  const auto actions = static_cast<uint32_t>(ways_.actions().size());
  fact_count_ = facts + actions;
  for (uint32_t fact = 0; fact < facts; ++fact) {
    const Fact& described = ways_.facts()[fact];
    switch (described.origin) {
      case Origin::kHeld:
      case Origin::kStateHolds: initial_.push_back(fact); break;
      case Origin::kBrought:
        Add({"~bring " + described.id.text(), {}, {fact}, CostOfDocument()}, {std::nullopt, fact});
        break;
      case Origin::kProduced:
        if (ways_.relaxed() && std::ranges::find(ways_.goals(), fact) == ways_.goals().end()) {
          Add({"~without " + described.id.text(), {}, {fact}, weight_ + Minutes(kMissing)},
              {std::nullopt, fact});
        }
        break;
    }
  }
  for (uint32_t action = 0; action < actions; ++action) {
    if (left_out_[action] == 0) WriteAction(action);
  }
  std::ranges::sort(forms_, {},
                    [](const auto& form) -> const std::string& { return form.first.id; });
  number_of_.assign(actions, kNone);
  bringing_.assign(facts, kNone);
  std::vector<search::ServiceForm> forms;
  std::vector<std::optional<uint32_t>> action_of;
  for (auto& [form, meaning] : forms_) {
    if (meaning.action) number_of_[*meaning.action] = static_cast<uint32_t>(forms.size());
    if (meaning.brought) bringing_[*meaning.brought] = static_cast<uint32_t>(forms.size());
    meanings_.push_back(meaning);
    action_of.push_back(meaning.action);
    forms.push_back(std::move(form));
  }
  forms_.clear();
  Result<search::Problem> problem = search::Problem::Make(fact_count_, std::move(forms));
  KSTATI_CHECK(problem.has_value());
  problem_.emplace(std::move(*problem));
  action_days_.Number(action_of);
  solver_.emplace(*problem_, &action_days_);
}

void PersonalProblem::WriteAction(uint32_t action) {
  const Action& described = ways_.actions()[action];
  search::ServiceForm form;
  form.id = IdOf(described, ways_);
  for (const std::vector<uint32_t>& any_of : described.inputs) form.needs.push_back(NeedOf(any_of));
  if (aim_ == Aim::kTrips && described.burden.visits > 0) form.needs.push_back(TripsFor(described));
  form.gives = described.outputs;
  form.gives.push_back(static_cast<uint32_t>(ways_.facts().size()) + action);
  form.cost = CostOf(described, described.burden);
  form.days = LeastDays(described);
  Add(std::move(form), {action, std::nullopt});
}

// The fact itself, or one that each of several alternatives gives.
uint32_t PersonalProblem::NeedOf(std::vector<uint32_t> any_of) {
  std::ranges::sort(any_of);
  any_of.erase(std::unique(any_of.begin(), any_of.end()), any_of.end());
  if (any_of.size() == 1) return any_of.front();
  const auto [entry, is_new] = need_of_.try_emplace(any_of, fact_count_);
  if (!is_new) return entry->second;
  const uint32_t need = fact_count_++;
  for (const uint32_t fact : any_of) {
    Add({"~any " + std::to_string(need) + " " + ways_.facts()[fact].id.text(), {fact}, {need}}, {});
  }
  return need;
}

// Enough for each visit of the action to be on a day of its own, at any of its places.
uint32_t PersonalProblem::TripsFor(const Action& action) {
  const std::vector<std::string> places =
      PlacesOf(*action.service, *action.regulation, action.scenario);
  const int visits = action.burden.visits;
  KSTATI_CHECK(places.size() == 1 || places.size() == 2);
  if (places.size() == 1) return TripTo(places[0], visits);
  const auto [entry, is_new] = trips_for_.try_emplace({places, visits}, fact_count_);
  if (!is_new) return entry->second;
  const uint32_t enough = fact_count_++;
  for (int first = 0; first <= visits; ++first) {
    search::ServiceForm split;
    split.id = "~trips " + std::to_string(enough) + " " + std::to_string(first);
    if (first > 0) split.needs.push_back(TripTo(places[0], first));
    if (first < visits) split.needs.push_back(TripTo(places[1], visits - first));
    split.gives = {enough};
    Add(std::move(split), {});
  }
  return enough;
}

// It comes after the one before it.
uint32_t PersonalProblem::TripTo(const std::string& place, int number) {
  const auto found = trips_to_.find({place, number});
  if (found != trips_to_.end()) return found->second;
  search::ServiceForm trip;
  trip.id = "~trip " + std::to_string(number) + " " + place;
  if (number > 1) trip.needs.push_back(TripTo(place, number - 1));
  const uint32_t fact = fact_count_++;
  trip.gives = {fact};
  trip.cost = weight_;
  Add(std::move(trip), {});
  trips_to_.emplace(std::pair(place, number), fact);
  return fact;
}

void PersonalProblem::Add(search::ServiceForm form, Meaning meaning) {
  form.counts = meaning.action.has_value();
  forms_.emplace_back(std::move(form), meaning);
}

search::Query PersonalProblem::QueryFor(const Terms& terms) {
  all_goals_ = goals_;
  std::erase_if(all_goals_, [&terms](uint32_t goal) {
    return std::ranges::find(terms.without, goal) != terms.without.end();
  });
  for (const uint32_t action : terms.forced) {
    all_goals_.push_back(static_cast<uint32_t>(ways_.facts().size()) + action);
  }
  all_goals_.insert(all_goals_.end(), terms.brought.begin(), terms.brought.end());
  forbidden_.clear();
  for (const uint32_t action : terms.forbidden) {
    if (number_of_[action] != kNone) forbidden_.push_back(number_of_[action]);
  }
  for (const uint32_t action : terms.forced) ForbidAlternativesTo(action);
  for (const uint32_t fact : terms.not_brought) forbidden_.push_back(bringing_[fact]);
  return {initial_, all_goals_, forbidden_};
}

// What is applied for in one scenario is not applied for in another.
void PersonalProblem::ForbidAlternativesTo(uint32_t action) {
  const auto [first, end] = ways_.AlternativesTo(action);
  for (uint32_t other = first; other < end; ++other) {
    if (other != action && number_of_[other] != kNone) forbidden_.push_back(number_of_[other]);
  }
}

Choice PersonalProblem::ChoiceOf(std::span<const uint32_t> services, const Terms& terms) const {
  Choice choice;
  choice.forced = terms.forced;
  for (const uint32_t service : services) {
    const Meaning& meaning = meanings_[service];
    if (meaning.action) choice.actions.push_back(*meaning.action);
    if (meaning.brought) choice.brought.push_back(*meaning.brought);
  }
  return choice;
}

Found PersonalProblem::Solve(const Terms& terms, search::Deadline deadline) {
  const search::Answer& answer = solver_->Solve(QueryFor(terms), deadline);
  Found found;
  found.lower = answer.lower;
  found.proven = answer.proven();
  if (!answer.reachable) return found;
  found.choice = ChoiceOf(answer.services, terms);
  found.choice->cost = answer.cost;
  found.choice->until = answer.days;
  found.choice->days = action_days_.WorkingDaysUpTo(answer.days);
  return found;
}

void PersonalProblem::TakeFewest(const Terms& terms, search::Deadline deadline, Choice& choice) {
  if (choice.actions.size() < 2) return;
  const search::Fewest& fewest = solver_->FindFewest(QueryFor(terms), choice.cost, choice.until,
                                                     choice.actions.size(), deadline);
  if (fewest.services.empty()) return;
  Choice fewer = ChoiceOf(fewest.services, terms);
  fewer.cost = choice.cost;
  fewer.days = choice.days;
  fewer.until = choice.until;
  choice = std::move(fewer);
}

FoundFront PersonalProblem::FindFront(const Terms& terms, search::Deadline deadline) {
  const search::Front& front = solver_->FindFront(QueryFor(terms), deadline);
  FoundFront found;
  found.lower = front.lower;
  found.proven = front.proven;
  for (const search::Front::Point& point : front.points) {
    const int64_t days = action_days_.WorkingDaysUpTo(point.days);
    // Sooner only by days off.
    if (!found.choices.empty() && days >= found.choices.back().days) continue;
    Choice choice = ChoiceOf(point.services, terms);
    choice.cost = point.cost;
    choice.days = days;
    choice.until = point.days;
    found.choices.push_back(std::move(choice));
  }
  return found;
}

}  // namespace kstati::graph::chains
