// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/survivor.h"

#include <algorithm>
#include <utility>

namespace kstati::graph::chains {
namespace {

// Beyond these a chain is given with the bound that is proven by then.
constexpr size_t kPartsMax = 2'000;
constexpr size_t kGoalSetsMax = 64;
// The least that a search gets: enough for some chain.
constexpr std::chrono::microseconds kLeastTime{200};

// Sets of `count` goals to give up, the last ones first.
std::vector<std::vector<uint32_t>> SetsOf(const std::vector<uint32_t>& goals, size_t count) {
  std::vector<std::vector<uint32_t>> sets{{}};
  std::vector<std::vector<uint32_t>> complete;
  // Each set grows by goals that stand before its last one.
  for (size_t at = 0; at < sets.size() && complete.size() < kGoalSetsMax; ++at) {
    const std::vector<uint32_t> set = sets[at];
    if (set.size() == count) {
      complete.push_back(set);
      continue;
    }
    const auto end = set.empty() ? goals.end() : std::ranges::find(goals, set.back());
    for (auto goal = end; goal != goals.begin();) {
      --goal;
      sets.push_back(set);
      sets.back().push_back(*goal);
    }
  }
  return complete;
}

}  // namespace

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

Survivor SurvivorSearch::Find(std::optional<search::Instant> stop) {
  stop_ = stop;
  Survivor survivor = FindWithout({});
  if (survivor.dating) return survivor;
  std::vector<uint32_t> goals;
  for (size_t goal = 0; goal < ways_.goals().size(); ++goal) {
    const uint32_t fact = ways_.goals()[goal];
    const bool is_held = ways_.facts()[fact].origin == Origin::kHeld;
    if (ways_.reachable()[goal] != 0 && !is_held) goals.push_back(fact);
  }
  bool all_tried = survivor.proven;
  for (size_t count = 1; count <= goals.size() && !IsLate(); ++count) {
    const std::vector<std::vector<uint32_t>> sets = SetsOf(goals, count);
    for (const std::vector<uint32_t>& without : sets) {
      survivor = FindWithout(without);
      all_tried = all_tried && survivor.proven;
      if (!survivor.dating) continue;
      survivor.given_up = without;
      survivor.proven = all_tried;
      return survivor;
    }
    all_tried = all_tried && sets.size() < kGoalSetsMax;
  }
  survivor.given_up = goals;
  survivor.proven = false;
  return survivor;
}

Survivor SurvivorSearch::FindWithout(const std::vector<uint32_t>& without) {
  Survivor best;
  best.proven = true;
  best.lower = search::kInfiniteCost;
  open_.clear();
  Open({{}, {}, without});
  for (size_t parts = 0; !open_.empty(); ++parts) {
    if (best.dating && open_.front().lower >= best.burden) break;
    if (parts == kPartsMax || (parts > 0 && IsLate())) {
      best.lower = std::min(best.lower, open_.front().lower);
      best.proven = false;
      break;
    }
    std::ranges::pop_heap(open_, LessPromising);
    const Part part = std::move(open_.back());
    open_.pop_back();
    Try(part, best);
    if (!best.dating || part.lower < best.burden) Split(part);
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
  const Cost burden = BurdenOf(part.best) + DelayOf(part, *dating);
  best.lower = std::min(best.lower, part.exact ? BurdenOf(part.best) : part.lower);
  if (best.dating && best.burden <= burden) return;
  best.dating = std::move(dating);
  best.cost = part.best.cost;
  best.burden = burden;
}

Cost SurvivorSearch::DelayOf(const Part& part, const Dating& dating) const {
  if (of_a_day_ == 0) return 0;
  const std::optional<Dating> freely = DateOf(ways_, part.best, {}, part.terms.without);
  if (!freely || freely->finish.unknown || dating.finish.unknown) return 0;
  const auto days = ways_.model().catalogue().calendar().WorkingDaysBetween(freely->finish.day,
                                                                            dating.finish.day);
  return days ? std::max<Cost>(*days, 0) * of_a_day_ : 0;
}

void SurvivorSearch::Open(Terms terms) {
  Part part;
  if (of_a_day_ != 0) {
    FoundFront front = problem_.FindFront(terms, Left());
    if (front.choices.empty()) return;
    const auto burden = [this](const Choice& choice) { return BurdenOf(choice); };
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
  part.terms = std::move(terms);
  open_.push_back(std::move(part));
  std::ranges::push_heap(open_, LessPromising);
}

// All of the part but the one set of actions that is its best.
void SurvivorSearch::Split(const Part& part) {
  const auto has = [](const std::vector<uint32_t>& list, uint32_t action) {
    return std::ranges::find(list, action) != list.end();
  };
  Terms terms = part.terms;
  for (const uint32_t action : part.best.actions) {
    if (has(part.terms.forced, action)) continue;
    Terms missing = terms;
    missing.forbidden.push_back(action);
    Open(std::move(missing));
    terms.forced.push_back(action);
  }
  for (uint32_t action = 0; action < ways_.actions().size(); ++action) {
    if (has(terms.forced, action) || has(terms.forbidden, action)) continue;
    Terms beside = terms;
    beside.forced.push_back(action);
    Open(std::move(beside));
    terms.forbidden.push_back(action);
  }
}

}  // namespace kstati::graph::chains
