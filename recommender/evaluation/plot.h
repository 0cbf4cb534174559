// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "recommender/evaluation/bootstrap.h"

namespace kstati::recommender::evaluation {

// A bar with its interval; the figure is in [0, 1].
struct Bar {
  std::string label;
  Estimate estimate;
};

// Horizontal bars with their intervals, as an SVG document. The same figures give the same bytes.
std::string BarPlot(const std::string& title, const std::vector<Bar>& bars);

// One line through points (forecast, happened).
struct Curve {
  std::string label;
  std::vector<std::pair<double, double>> points;
};

// Curves over the diagonal on which forecasts come true, both axes from 0 to the largest value.
std::string ReliabilityPlot(const std::string& title, const std::vector<Curve>& curves);

}  // namespace kstati::recommender::evaluation
