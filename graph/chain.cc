// SPDX-License-Identifier: Apache-2.0
#include "graph/chain.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace kstati::graph {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// How an attribute comes to be there; the earlier ones are preferred.
enum class Origin { kHeld, kStateHolds, kBrought, kProduced };

// A day; or, when the calendar cannot tell it, "not before this day", which is after every known
// one.
struct Moment {
  bool unknown = false;
  Date day;

  auto operator<=>(const Moment&) const = default;
};

// An attribute that leads to a goal.
struct Need {
  AttributeId id;
  Origin origin = Origin::kProduced;
  bool available = false;
  Moment when;                                       // once available
  size_t producer = kNone;                           // once available and produced: a candidate
  std::vector<std::pair<size_t, size_t>> wanted_by;  // candidates, and which of their inputs
};

// A service that may become a step.
struct Candidate {
  const Service* service = nullptr;
  const Regulation* regulation = nullptr;
  const Term* term = nullptr;
  bool in_situation = false;
  bool undetermined = false;
  std::vector<size_t> satisfied_by;  // of each input: the need that was there first
  size_t missing_inputs = 0;
  Moment start;   // once no input is missing
  Moment finish;  // once no input is missing
};

// Builds one chain. First everything from which a goal may be reached is collected (Explore), then
// what can really be had is founded from the ground up (Found), and last the goals pick what they
// use (Collect).
//
// Invariants: a need becomes available once and keeps its producer; a candidate supplies its
// outputs only after all its inputs were available. So following producers from any available need
// never comes back to it: no circle supports itself, however short its terms.
class ChainBuilder {
 public:
  ChainBuilder(const ServiceGraph& graph, const ChainRequest& request)
      : graph_(graph), request_(request) {}

  Chain Build() {
    for (const AttributeId& goal : request_.situation->goals) Explore(goal);
    Found();
    return Collect();
  }

 private:
  void Explore(const AttributeId& goal) {
    std::vector<size_t> open{NeedOf(goal)};
    while (!open.empty()) {
      const size_t need = open.back();
      open.pop_back();
      if (!explored_.insert(need).second) continue;
      const AttributeId id = needs_[need].id;
      if (request_.held.contains(id)) {
        needs_[need].origin = Origin::kHeld;
        continue;
      }
      const std::vector<ServiceId> producers = graph_.ProducersOf(id);
      for (const ServiceId& producer : producers) AddCandidate(producer, open);
      if (!producers.empty()) continue;
      needs_[need].origin = request_.state_holds(id) ? Origin::kStateHolds : Origin::kBrought;
    }
  }

  size_t NeedOf(const AttributeId& id) {
    const auto [entry, is_new] = need_of_.try_emplace(id, needs_.size());
    if (is_new) needs_.push_back(Need{id, Origin::kProduced, false, {}, kNone, {}});
    return entry->second;
  }

  // Adds the service, once and unless it is forbidden, and opens the needs of its inputs.
  void AddCandidate(const ServiceId& id, std::vector<size_t>& open) {
    if (!considered_.insert(id).second) return;
    const Standing standing = request_.standing(id);
    if (standing.permission == Permission::kForbidden) return;
    Candidate candidate;
    candidate.service = graph_.catalogue().FindService(id);
    KSTATI_CHECK(candidate.service != nullptr);
    candidate.regulation = standing.regulation != nullptr
                               ? standing.regulation
                               : candidate.service->RegulationOn(graph_.date());
    candidate.term = &candidate.regulation->TermFor(standing.slowest);
    const std::vector<ServiceId>& own = request_.situation->services;
    candidate.in_situation = std::find(own.begin(), own.end(), id) != own.end();
    candidate.undetermined = standing.permission == Permission::kUndetermined;
    candidate.start.day = request_.start;
    const std::vector<Input>& inputs = candidate.regulation->inputs;
    candidate.missing_inputs = inputs.size();
    candidate.satisfied_by.assign(inputs.size(), kNone);
    for (size_t input = 0; input < inputs.size(); ++input) {
      for (const AttributeId& attribute : inputs[input].any_of) {
        const size_t need = NeedOf(attribute);
        needs_[need].wanted_by.emplace_back(candidates_.size(), input);
        open.push_back(need);
      }
    }
    candidates_.push_back(std::move(candidate));
  }

  // Each candidate takes its place in time as soon as its inputs are there, and those that finish
  // first supply first.
  void Found() {
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].missing_inputs == 0) MakeReady(i);
    }
    for (const Origin origin : {Origin::kHeld, Origin::kStateHolds, Origin::kBrought}) {
      for (size_t need = 0; need < needs_.size(); ++need) {
        if (needs_[need].origin == origin) Supply(need, Moment{false, request_.start}, kNone);
      }
    }
    while (!ready_.empty()) {
      const size_t index = std::get<size_t>(*ready_.begin());
      ready_.erase(ready_.begin());
      for (const AttributeId& output : candidates_[index].regulation->outputs) {
        const auto need = need_of_.find(output);
        if (need != need_of_.end()) Supply(need->second, candidates_[index].finish, index);
      }
    }
  }

  void Supply(size_t index, Moment when, size_t producer) {
    Need& need = needs_[index];
    if (std::exchange(need.available, true)) return;
    need.when = when;
    need.producer = producer;
    for (const auto& [candidate_index, input] : need.wanted_by) {
      Candidate& candidate = candidates_[candidate_index];
      if (candidate.satisfied_by[input] != kNone) continue;
      candidate.satisfied_by[input] = index;
      candidate.start = std::max(candidate.start, when);
      if (--candidate.missing_inputs == 0) MakeReady(candidate_index);
    }
  }

  void MakeReady(size_t index) {
    Candidate& candidate = candidates_[index];
    const WorkingCalendar& calendar = graph_.catalogue().calendar();
    candidate.finish = candidate.start;
    if (!candidate.start.unknown) {
      const Result<Date> end = calendar.EndOfTerm(candidate.start.day, *candidate.term);
      candidate.finish = end ? Moment{false, *end} : Moment{true, candidate.start.day};
    }
    // Services of the situation before others, certain before undetermined, then as few days as
    // possible; the rest breaks ties.
    const int rank = (candidate.in_situation ? 0 : 2) + (candidate.undetermined ? 1 : 0);
    ready_.emplace(rank, candidate.finish, candidate.regulation->visits,
                   -candidate.service->priority, candidate.service->id, index);
  }

  Chain Collect() {
    Chain chain;
    chain.situation = request_.situation->id;
    std::vector<size_t> open;
    for (const AttributeId& goal : request_.situation->goals) {
      const Need& need = needs_[need_of_.at(goal)];
      const bool produced = need.available && need.producer != kNone;
      const bool reached = need.origin == Origin::kHeld || produced;
      (reached ? chain.reached : chain.unreachable).push_back(goal);
      if (produced) open.push_back(need.producer);
    }
    std::set<size_t> used;
    while (!open.empty()) {
      const size_t index = open.back();
      open.pop_back();
      if (!used.insert(index).second) continue;
      for (const size_t producer : ProducersFor(index)) open.push_back(producer);
    }
    for (const size_t index : Ordered(used)) chain.steps.push_back(StepOf(index));
    chain.finish = LastFinish(used);
    return chain;
  }

  // The candidates whose outputs this one uses.
  std::set<size_t> ProducersFor(size_t index) const {
    std::set<size_t> producers;
    for (const size_t need : candidates_[index].satisfied_by) {
      if (needs_[need].producer != kNone) producers.insert(needs_[need].producer);
    }
    return producers;
  }

  // By start, then priority, then id; but never before a step whose outputs are used.
  std::vector<size_t> Ordered(const std::set<size_t>& used) const {
    std::map<size_t, size_t> missing;
    std::map<size_t, std::vector<size_t>> followers;
    std::set<std::tuple<Moment, int, ServiceId, size_t>> next;
    const auto put = [&](size_t index) {
      const Candidate& candidate = candidates_[index];
      next.emplace(candidate.start, -candidate.service->priority, candidate.service->id, index);
    };
    for (const size_t index : used) {
      const std::set<size_t> producers = ProducersFor(index);
      missing[index] = producers.size();
      for (const size_t producer : producers) followers[producer].push_back(index);
      if (producers.empty()) put(index);
    }
    std::vector<size_t> ordered;
    while (!next.empty()) {
      const size_t index = std::get<size_t>(*next.begin());
      next.erase(next.begin());
      ordered.push_back(index);
      for (const size_t follower : followers[index]) {
        if (--missing[follower] == 0) put(follower);
      }
    }
    KSTATI_CHECK(ordered.size() == used.size());
    return ordered;
  }

  ChainStep StepOf(size_t index) const {
    const Candidate& candidate = candidates_[index];
    ChainStep step;
    step.service = candidate.service->id;
    step.start = candidate.start.day;
    if (!candidate.finish.unknown) step.finish = candidate.finish.day;
    std::set<ServiceId> after;
    for (const size_t producer : ProducersFor(index)) {
      after.insert(candidates_[producer].service->id);
    }
    step.after.assign(after.begin(), after.end());
    std::set<AttributeId> bring;
    for (const size_t need : candidate.satisfied_by) {
      if (needs_[need].origin == Origin::kBrought) bring.insert(needs_[need].id);
    }
    step.bring.assign(bring.begin(), bring.end());
    step.undetermined = candidate.undetermined;
    step.visits = candidate.regulation->visits;
    return step;
  }

  std::optional<Date> LastFinish(const std::set<size_t>& used) const {
    Moment last;
    for (const size_t index : used) last = std::max(last, candidates_[index].finish);
    return used.empty() || last.unknown ? std::nullopt : std::optional(last.day);
  }

  const ServiceGraph& graph_;
  const ChainRequest& request_;
  std::vector<Need> needs_;
  std::map<AttributeId, size_t> need_of_;
  std::set<size_t> explored_;
  std::vector<Candidate> candidates_;
  std::set<ServiceId> considered_;
  std::set<std::tuple<int, Moment, int, int, ServiceId, size_t>> ready_;
};

}  // namespace

Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request) {
  KSTATI_CHECK(request.situation != nullptr && request.standing && request.state_holds);
  return ChainBuilder(graph, request).Build();
}

}  // namespace kstati::graph
