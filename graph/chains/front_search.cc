// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/front_search.h"

#include <algorithm>
#include <utility>

#include "graph/chains/survivor.h"

namespace kstati::graph::chains {
namespace {

constexpr size_t kFrontPartsMax = 2'000;

}  // namespace

SurvivingFront FrontSearch::Find(const std::vector<uint32_t>& without, const WorkingTime& time) {
  front_ = {};
  open_.assign(1, Terms{{}, {}, without});
  for (size_t parts = 0; !open_.empty(); ++parts) {
    if (parts == kFrontPartsMax || (parts > 0 && time.is_over())) {
      front_.proven = false;
      break;
    }
    const Terms part = std::move(open_.back());
    open_.pop_back();
    Search(part, time);
  }
  if (front_.proven && !front_.points.empty()) front_.lower = front_.points.front().cost;
  return std::move(front_);
}

void FrontSearch::Search(const Terms& part, const WorkingTime& time) {
  const FoundFront found = problem_.FindFront(part, time.left());
  const bool is_whole = part.forbidden.empty() && part.forced.empty();
  if (is_whole) front_.lower = found.lower;  // the parts are of it
  front_.proven = front_.proven && found.proven;
  for (const Choice& choice : found.choices) {
    if (IsCovered(choice.cost, choice.days)) continue;
    std::optional<Dating> dating = CarryOut(choice, part);
    if (dating) {
      SurvivingFront::Point point = PointOf(choice, *std::move(dating), part.without);
      const bool is_worse = point.cost > choice.cost || point.waits;
      Add(std::move(point));
      if (!is_worse) continue;
    } else {
      front_.proven = front_.proven && simulation_.exhausted();
    }
    // The rest of the front is among what is left.
    std::ranges::move(AllBut(choice, part, ways_), std::back_inserter(open_));
    return;
  }
}

// nullopt: no order does, or steps exclude each other.
std::optional<Dating> FrontSearch::CarryOut(const Choice& choice, const Terms& part) {
  std::optional<Dating> dating = simulation_.Run(choice, part.without);
  if (!dating || !ways_.request().go_together) return dating;
  std::vector<ServiceId> steps;
  for (const DatedAction& step : dating->steps) {
    steps.push_back(ways_.actions()[step.action].service->id);
  }
  if (!ways_.request().go_together(steps)) return std::nullopt;
  return dating;
}

bool FrontSearch::IsCovered(Cost cost, int64_t days) const {
  return std::ranges::any_of(front_.points, [&](const SurvivingFront::Point& point) {
    return point.cost <= cost && point.days <= days;
  });
}

// An order that takes longer than the search took for granted leaves a gap: another choice may keep
// the steps apart in fewer days.
SurvivingFront::Point FrontSearch::PointOf(const Choice& choice, Dating dating,
                                           const std::vector<uint32_t>& without) {
  SurvivingFront::Point point{choice, std::move(dating), choice.cost, choice.days};
  point.cost += problem_.CostBeyond(point.dating);
  const std::optional<int64_t> wait = WaitOf(ways_, choice, without);
  front_.proven = front_.proven && wait.has_value();
  point.waits = wait != 0;
  point.days += wait.value_or(0);
  if (point.dating.finish.unknown || point.dating.has_later_law) front_.proven = false;
  if (!simulation_.was_ordered()) return point;
  const std::optional<int64_t> delay = DelayOf(ways_, choice, without, point.dating);
  front_.proven = front_.proven && delay == 0 && point.cost == choice.cost;
  point.days += delay.value_or(0);
  return point;
}

void FrontSearch::Add(SurvivingFront::Point point) {
  if (IsCovered(point.cost, point.days)) return;
  std::erase_if(front_.points, [&](const SurvivingFront::Point& other) {
    return point.cost <= other.cost && point.days <= other.days;
  });
  const auto after = std::ranges::find_if(
      front_.points, [&](const SurvivingFront::Point& other) { return other.cost > point.cost; });
  front_.points.insert(after, std::move(point));
}

}  // namespace kstati::graph::chains
