// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "graph/picture/layered_layout.h"

namespace kstati::graph::picture {

// A step of a chain with its dates.
struct TimelineStep {
  std::string id;  // unique
  std::string name;
  Date start;
  std::optional<Date> finish;      // absent: not known
  std::vector<std::string> after;  // ids of steps
  bool critical = false;           // a day more here is a day more in all
};

struct Timeline {
  std::string title;
  std::string description;
  std::vector<TimelineStep> steps;
};

// A bar, in pixels.
struct Bar {
  int x = 0;
  int y = 0;
  int width = 0;
  bool open = false;  // it has no known end
};

struct Tick {
  Date day;
  int x = 0;
};

// The steps as bars over days, one below the other, each under its name.
struct DrawnTimeline {
  Timeline timeline;
  std::vector<Bar> bars;  // by step
  std::vector<Tick> ticks;
  // By step and by what it is after, where that is among the steps: from the end of the one to the
  // start of the other.
  std::vector<std::vector<Point>> arrows;
  std::vector<bool> arrow_is_critical;
  int width = 0;
  int height = 0;
};

DrawnTimeline Draw(Timeline timeline);

}  // namespace kstati::graph::picture
