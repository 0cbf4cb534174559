// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/survivor.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace kstati::graph::chains {
namespace {

// Beyond these a chain is given with the bound that is proven by then.
constexpr size_t kPartsMax = 2'000;

bool IsIn(const std::vector<uint32_t>& list, uint32_t number) {
  return std::ranges::find(list, number) != list.end();
}

// Documents that may be brought where one that takes time would do. All others are brought when an
// action of the choice needs them, and only then.
std::vector<uint32_t> BroughtInstead(const Ways& ways) {
  std::vector<uint32_t> documents;
  for (const Action& action : ways.actions()) {
    for (const std::vector<uint32_t>& any_of : action.inputs) {
      if (any_of.size() < 2) continue;
      const auto is_brought = [&ways](uint32_t fact) {
        return ways.facts()[fact].origin == Origin::kBrought;
      };
      if (std::ranges::all_of(any_of, is_brought)) continue;
      std::ranges::copy_if(any_of, std::back_inserter(documents), is_brought);
    }
  }
  std::ranges::sort(documents);
  documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
  return documents;
}

// Parts in which each of `numbers` in turn is not as in the choice, and those before it are.
void Flip(const std::vector<uint32_t>& numbers, const std::vector<uint32_t>& chosen,
          std::vector<uint32_t> Terms::* with, std::vector<uint32_t> Terms::* without, Terms& terms,
          std::vector<Terms>& parts) {
  for (const uint32_t number : numbers) {
    if (IsIn(terms.*with, number) || IsIn(terms.*without, number)) continue;
    const bool is_chosen = IsIn(chosen, number);
    parts.push_back(terms);
    (parts.back().*(is_chosen ? without : with)).push_back(number);
    (terms.*(is_chosen ? with : without)).push_back(number);
  }
}

// Fewer goals given up, then later ones (facts of goals are numbered in their order), then the
// burden.
bool IsBetter(const Survivor& a, const Survivor& b) {
  if (a.dating.has_value() != b.dating.has_value()) return a.dating.has_value();
  if (a.given_up.size() != b.given_up.size()) return a.given_up.size() < b.given_up.size();
  if (a.given_up != b.given_up) return a.given_up > b.given_up;
  return a.burden < b.burden;
}

}  // namespace

void KeepBetter(Survivor next, Survivor& best) {
  const bool is_same_search = next.given_up == best.given_up;
  const Cost lower = std::max(next.lower, best.lower);
  if (next.proven || (!best.proven && IsBetter(next, best))) best = std::move(next);
  if (is_same_search) best.lower = std::min(lower, best.burden);
}

std::vector<Terms> AllBut(const Choice& choice, const Terms& part, const Ways& ways) {
  std::vector<uint32_t> others(ways.actions().size());
  std::iota(others.begin(), others.end(), 0U);
  std::vector<Terms> parts;
  Terms terms = part;
  Flip(choice.actions, choice.actions, &Terms::forced, &Terms::forbidden, terms, parts);
  Flip(BroughtInstead(ways), choice.brought, &Terms::brought, &Terms::not_brought, terms, parts);
  Flip(others, choice.actions, &Terms::forced, &Terms::forbidden, terms, parts);
  return parts;
}

std::optional<int64_t> DelayOf(const Ways& ways, const Choice& choice,
                               const std::vector<uint32_t>& without, const Dating& dating) {
  const std::optional<Dating> freely = DateOf(ways, choice, {}, without, Expiry::kIgnored);
  if (!freely || freely->finish.unknown || dating.finish.unknown) return std::nullopt;
  const auto days =
      ways.model().catalogue().calendar().WorkingDaysBetween(freely->finish.day, dating.finish.day);
  if (!days) return std::nullopt;
  return std::max<int64_t>(*days, 0);
}

bool SurvivorSearch::LessPromising(const Part& a, const Part& b) { return a.lower > b.lower; }

search::Deadline SurvivorSearch::Left() const {
  if (!stop_) return std::nullopt;
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
      *stop_ - std::chrono::steady_clock::now());
  return std::max(left, kLeastTime);
}

bool SurvivorSearch::IsLate() const { return stop_ && std::chrono::steady_clock::now() >= *stop_; }

Cost SurvivorSearch::BurdenOf(const Choice& choice) const {
  return choice.cost + choice.days * of_a_day_;
}

std::vector<uint32_t> SurvivorSearch::GoalsToReach() const {
  std::vector<uint32_t> goals;
  for (size_t goal = 0; goal < ways_.goals().size(); ++goal) {
    const uint32_t fact = ways_.goals()[goal];
    const bool is_held = ways_.facts()[fact].origin == Origin::kHeld;
    if (ways_.reachable()[goal] != 0 && !is_held) goals.push_back(fact);
  }
  return goals;
}

// What no chain reaches together is given up in part: goals that do are looked for until some are
// reached.
Survivor SurvivorSearch::Find(std::optional<search::Instant> stop) {
  stop_ = stop;
  Survivor survivor = FindWithout({});
  if (survivor.dating) return survivor;
  GoalConflicts conflicts(GoalsToReach());
  Survivor best;  // in case the time is over first
  best.given_up = conflicts.goals();
  bool all_proven = survivor.proven;
  std::vector<uint32_t> given_up;
  while (given_up.size() < conflicts.goals().size() && !IsLate()) {
    std::vector<uint32_t> together = conflicts.Without(given_up);
    // To give up one, each is tried; no more sets than goals.
    if (given_up.size() > 1) together = FewestOf(together, conflicts, best, all_proven);
    conflicts.Bar(together);
    given_up = conflicts.FewestToGiveUp();
    survivor = FindWithout(given_up);
    all_proven = all_proven && survivor.proven;
    if (!survivor.dating) continue;
    survivor.given_up = std::move(given_up);
    survivor.proven = all_proven;
    return survivor;
  }
  return best;
}

// Of goals that no chain reaches together as few as can be that none reaches either.
std::vector<uint32_t> SurvivorSearch::FewestOf(std::vector<uint32_t> together,
                                               const GoalConflicts& conflicts, Survivor& best,
                                               bool& all_proven) {
  for (size_t place = 0; place < together.size() && together.size() > 1 && !IsLate();) {
    std::vector<uint32_t> fewer = together;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(place));
    Survivor survivor = FindWithout(conflicts.Without(fewer));
    if (survivor.dating) {
      ++place;
      survivor.given_up = conflicts.Without(fewer);
      survivor.proven = false;
      if (IsBetter(survivor, best)) best = std::move(survivor);
    } else {
      all_proven = all_proven && survivor.proven;
      together = std::move(fewer);
    }
  }
  return together;
}

Survivor SurvivorSearch::FindWithin(const WorkingTime& time) {
  constexpr int kTriesMax = 5;
  if (!time.left()) return Find(std::nullopt);
  std::optional<Survivor> best;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    const search::Instant stop = std::chrono::steady_clock::now() + *time.left();
    Survivor next = Find(stop);
    if (best) {
      KeepBetter(std::move(next), *best);
    } else {
      best = std::move(next);
    }
    // What ended before its time would only do the same again.
    if (best->proven || time.is_over() || std::chrono::steady_clock::now() < stop) break;
  }
  return std::move(*best);
}

Survivor SurvivorSearch::FindWithout(const std::vector<uint32_t>& without) {
  Survivor best;
  best.proven = true;
  best.lower = search::kInfiniteCost;
  open_.clear();
  Open({{}, {}, without});
  for (size_t parts = 0; !open_.empty(); ++parts) {
    if (best.dating && open_.front().lower >= best.burden) {
      best.proven = best.proven && IsDated(best);
      break;
    }
    if (parts == kPartsMax || (parts > 0 && IsLate())) {
      best.lower = std::min(best.lower, open_.front().lower);
      best.proven = false;
      break;
    }
    std::ranges::pop_heap(open_, LessPromising);
    const Part part = std::move(open_.back());
    open_.pop_back();
    Try(part, best);
    if (best.dating && part.lower >= best.burden && IsDated(best)) continue;
    if (Split(part)) continue;
    best.lower = std::min(best.lower, part.lower);
    best.proven = false;
    break;
  }
  if (best.dating) best.proven = best.proven && best.lower >= best.burden;
  best.lower = std::min(best.lower, best.burden);
  return best;
}

// An order that comes later than the search took for granted leaves a gap: another way to keep the
// steps apart may be faster.
void SurvivorSearch::Try(const Part& part, Survivor& best) {
  std::optional<Dating> dating = simulation_.Run(part.best, part.terms.without);
  if (!dating) {
    best.proven = best.proven && simulation_.exhausted();
    return;
  }
  const std::optional<Cost> wait = WaitOf(part);
  const std::optional<Cost> delay = DelayOf(part, *dating);
  best.proven = best.proven && wait.has_value() && delay.has_value();
  best.proven = best.proven && !dating->has_later_law;
  const Cost beyond = problem_.CostBeyond(*dating);
  const Cost in_any_order = BurdenOf(part.best) + wait.value_or(0);
  const Cost burden = in_any_order + delay.value_or(0) + beyond;
  // What it costs in another order nobody knows.
  const Cost least = in_any_order + (simulation_.was_ordered() ? 0 : beyond);
  best.lower = std::min(best.lower, part.exact ? least : part.lower);
  if (best.dating && best.burden <= burden) return;
  best.dating = std::move(dating);
  best.burden = burden;
}

std::optional<Cost> SurvivorSearch::WaitOf(const Part& part) const {
  if (of_a_day_ == 0) return 0;
  const std::optional<int64_t> days = chains::WaitOf(ways_, part.best, part.terms.without);
  return days ? std::optional(*days * of_a_day_) : std::nullopt;
}

std::optional<Cost> SurvivorSearch::DelayOf(const Part& part, const Dating& dating) const {
  if (of_a_day_ == 0 || !simulation_.was_ordered()) return 0;
  const std::optional<int64_t> days = chains::DelayOf(ways_, part.best, part.terms.without, dating);
  return days ? std::optional(*days * of_a_day_) : std::nullopt;
}

void SurvivorSearch::Open(Terms terms) {
  Part part;
  if (of_a_day_ != 0) {
    FoundFront front = problem_.FindFront(terms, Left());
    if (front.choices.empty()) return;
    const auto burden = [this](const Choice& choice) {
      return std::pair(BurdenOf(choice), choice.days);
    };
    part.best = *std::ranges::min_element(front.choices, {}, burden);
    part.exact = front.proven;
    part.lower = front.proven ? BurdenOf(part.best) : front.lower;
  } else {
    Found found = problem_.Solve(terms, Left());
    if (!found.choice) return;
    part.best = std::move(*found.choice);
    part.exact = found.proven;
    part.lower = found.lower;
  }
  if (part.exact) problem_.TakeFewest(terms, Left(), part.best);
  part.terms = std::move(terms);
  open_.push_back(std::move(part));
  std::ranges::push_heap(open_, LessPromising);
}

bool SurvivorSearch::IsDated(const Survivor& survivor) const {
  return of_a_day_ == 0 || !survivor.dating->finish.unknown;
}

// All of the part but the one choice that is its best.
bool SurvivorSearch::Split(const Part& part) {
  for (Terms& terms : AllBut(part.best, part.terms, ways_)) {
    if (IsLate()) return false;
    Open(std::move(terms));
  }
  return true;
}

}  // namespace kstati::graph::chains
