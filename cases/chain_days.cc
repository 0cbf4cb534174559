// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_days.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "graph/schedule/chain_tasks.h"
#include "graph/schedule/days.h"
#include "graph/schedule/fees.h"

namespace kstati::cases {
namespace {

using graph::schedule::Schedule;
using graph::schedule::Scheduled;
using graph::schedule::Task;

// The last day to apply for what the decision grants.
std::optional<Date> LastDayToApply(const eligibility::Decision& decision,
                                   const graph::Situation& situation, const Viewpoint& own) {
  if (decision.regulation == nullptr || !own.event_date) return std::nullopt;
  const std::optional<graph::ApplyWithin>& within = decision.regulation->apply_within;
  if (!within) return std::nullopt;
  if (std::ranges::find(situation.triggers, within->event) == situation.triggers.end()) {
    return std::nullopt;
  }
  return within->period.After(*own.event_date);
}

template <class T>
std::vector<T> Arranged(std::vector<T> items, const std::vector<size_t>& order) {
  std::vector<T> arranged;
  for (const size_t place : order) arranged.push_back(std::move(items[place]));
  return arranged;
}

void Arrange(const std::vector<size_t>& order, DecidedChain& whole) {
  whole.chain.steps = Arranged(std::move(whole.chain.steps), order);
  whole.decisions = Arranged(std::move(whole.decisions), order);
}

void Arrange(const std::vector<size_t>& order, Schedule& schedule) {
  std::vector<uint32_t> place_of(order.size());
  for (uint32_t place = 0; place < order.size(); ++place) place_of[order[place]] = place;
  schedule.tasks = Arranged(std::move(schedule.tasks), order);
  for (Scheduled& task : schedule.tasks) {
    if (task.waits_for) task.waits_for = place_of[*task.waits_for];
  }
  for (graph::schedule::Trip& trip : schedule.trips) {
    for (uint32_t& task : trip.tasks) task = place_of[task];
    std::ranges::sort(trip.tasks);
  }
  for (graph::schedule::Lapse& lapse : schedule.lapses) {
    lapse.giver = place_of[lapse.giver];
    lapse.taker = place_of[lapse.taker];
  }
  for (uint32_t& task : schedule.late) task = place_of[task];
  if (schedule.bottleneck) schedule.bottleneck = place_of[*schedule.bottleneck];
}

const UnderWay* FindUnderWay(const SoFar& so_far, const eligibility::Decision& decision) {
  const auto found = so_far.under_way.find({decision.service, decision.about});
  return found == so_far.under_way.end() ? nullptr : &found->second;
}

// Whether the result may be there after the day that the search took for granted: another way may
// be sooner.
bool IsLater(const UnderWay& under_way, const graph::ChainStep& step) {
  return !under_way.due || !step.finish || *under_way.due > *step.finish;
}

// What is left of a step that was applied for. Where nobody knows the day, all of its term.
void GoOn(const UnderWay& under_way, Date start, graph::ChainStep& step, Task& task) {
  step.visits = task.visits = 0;
  step.fee = 0;
  step.fee_known = true;
  step.after.clear();
  step.behind.clear();
  task.needs.clear();
  task.begin_by.reset();
  task.done_on = under_way.due ? std::max(*under_way.due, start).days
                               : graph::schedule::EndOf(task, start.days);
}

// Of steps behind those of other people the search knew nothing: where one begins later by it, or
// two wait for each other, another way may ask less.
bool WaitsForOthers(const std::vector<graph::ChainStep>& steps, const graph::Catalogue& catalogue) {
  for (size_t step = 0; step < steps.size(); ++step) {
    for (const graph::Ahead& ahead : steps[step].behind) {
      for (const size_t first : graph::schedule::StepsOf(steps, step, ahead.service, catalogue)) {
        const graph::ChainStep& other = steps[first];
        if (other.part == steps[step].part) continue;
        const std::optional<Date> met = ahead.finished ? other.finish : std::optional(other.start);
        if (first > step || !met || *met > steps[step].start) return true;
      }
    }
  }
  return false;
}

// On other days another way may ask less.
void ForgetWhatIsKnown(graph::Chain& chain) {
  chain.proven = false;
  chain.least_burden = 0;
}

}  // namespace

void PutOnDays(const World& world, const graph::Situation& situation, const Viewpoint& own,
               Date start, const SoFar& so_far, DecidedChain& whole) {
  const graph::Catalogue& catalogue = world.catalogue();
  Arrange(graph::schedule::SequenceOf(whole.chain.steps, catalogue), whole);
  std::vector<Task> tasks = graph::schedule::TasksOf(whole.chain.steps, catalogue);
  for (size_t step = 0; step < tasks.size(); ++step) {
    const auto last = LastDayToApply(whole.decisions[step], situation, own);
    std::optional<Date>& by = tasks[step].begin_by;
    if (last && (!by || *last < *by)) by = last;
    const UnderWay* under_way = FindUnderWay(so_far, whole.decisions[step]);
    if (under_way == nullptr) continue;
    if (IsLater(*under_way, whole.chain.steps[step])) whole.chain.proven = false;
    if (under_way->due && *under_way->due < start) whole.overdue.push_back({step, *under_way->due});
    GoOn(*under_way, start, whole.chain.steps[step], tasks[step]);
  }
  if (WaitsForOthers(whole.chain.steps, catalogue)) whole.chain.proven = false;
  whole.schedule = graph::schedule::MakeSchedule(tasks, start);
  whole.last_safe_start = graph::schedule::LastSafeStart(tasks, start, std::nullopt);
  bool has_moved = false;
  for (size_t step = 0; step < tasks.size(); ++step) {
    graph::ChainStep& put = whole.chain.steps[step];
    has_moved = has_moved || put.start != whole.schedule.tasks[step].start;
    put.start = whole.schedule.tasks[step].start;
    put.finish = whole.schedule.tasks[step].finish;
    const UnderWay* under_way = FindUnderWay(so_far, whole.decisions[step]);
    if (under_way == nullptr) {
      graph::schedule::PayOn(catalogue, put, whole.chain);
    } else {
      put.start = under_way->since;
    }
  }
  if (has_moved && whole.chain.fees_vary) ForgetWhatIsKnown(whole.chain);
  whole.chain.finish = whole.schedule.finish;
  const std::vector<size_t> by_start = graph::schedule::SequenceOf(whole.chain.steps, catalogue);
  Arrange(by_start, whole);
  Arrange(by_start, whole.schedule);
}

}  // namespace kstati::cases
