// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/timeline.h"

#include <algorithm>
#include <utility>

namespace kstati::graph::picture {
namespace {

constexpr int kLeft = 24;
constexpr int kTop = 44;   // below the dates
constexpr int kRow = 52;   // a name above a bar
constexpr int kName = 24;  // room for the name
constexpr int kBar = 18;
constexpr int kWidth = 760;  // of all days together
constexpr int kLeastBar = 8;
constexpr int kTicksMax = 6;

std::optional<size_t> Find(const std::vector<TimelineStep>& steps, const std::string& id) {
  const auto found = std::ranges::find(steps, id, &TimelineStep::id);
  if (found == steps.end()) return std::nullopt;
  return static_cast<size_t>(found - steps.begin());
}

class Scale {
 public:
  explicit Scale(const std::vector<TimelineStep>& steps) {
    first_ = steps.front().start;
    last_ = first_;
    for (const TimelineStep& step : steps) {
      first_ = std::min(first_, step.start);
      last_ = std::max(last_, std::max(step.start, step.finish.value_or(step.start)));
    }
    days_ = std::max<int64_t>(1, last_.days - first_.days);
  }

  int XOf(Date day) const {
    return kLeft + static_cast<int>((day.days - first_.days) * kWidth / days_);
  }

  std::vector<Tick> Ticks() const {
    const int64_t count = std::min<int64_t>(kTicksMax, days_ + 1);
    std::vector<Tick> ticks;
    for (int64_t i = 0; i < count; ++i) {
      Date day = first_;
      day.days += static_cast<int32_t>(count == 1 ? 0 : i * days_ / (count - 1));
      ticks.push_back({day, XOf(day)});
    }
    return ticks;
  }

 private:
  Date first_;
  Date last_;
  int64_t days_ = 1;
};

}  // namespace

DrawnTimeline Draw(Timeline timeline) {
  DrawnTimeline drawn;
  const std::vector<TimelineStep>& steps = timeline.steps;
  drawn.width = 2 * kLeft + kWidth;
  drawn.height = kTop + kRow;
  if (!steps.empty()) {
    const Scale scale(steps);
    drawn.ticks = scale.Ticks();
    for (size_t i = 0; i < steps.size(); ++i) {
      Bar bar;
      bar.x = std::min(scale.XOf(steps[i].start), kLeft + kWidth - kLeastBar);
      bar.y = kTop + static_cast<int>(i) * kRow + kName;
      bar.open = !steps[i].finish;
      const int end = bar.open ? kLeft + kWidth : scale.XOf(*steps[i].finish);
      bar.width = std::max(kLeastBar, end - bar.x);
      drawn.bars.push_back(bar);
    }
    for (size_t i = 0; i < steps.size(); ++i) {
      for (const std::string& id : steps[i].after) {
        const std::optional<size_t> before = Find(steps, id);
        if (!before || *before == i) continue;
        const Bar& from = drawn.bars[*before];
        const Bar& to = drawn.bars[i];
        const int x = std::min(from.x + from.width, to.x + kLeastBar) - kLeastBar / 2;
        const bool below = to.y > from.y;
        drawn.arrows.push_back(
            {{x, below ? from.y + kBar : from.y}, {x, below ? to.y : to.y + kBar}});
        drawn.arrow_is_critical.push_back(steps[i].critical && steps[*before].critical);
      }
    }
    drawn.height = kTop + static_cast<int>(steps.size()) * kRow + kLeft;
  }
  drawn.timeline = std::move(timeline);
  return drawn;
}

}  // namespace kstati::graph::picture
