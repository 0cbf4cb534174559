// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace kstati::metrics {

// A metric that goes up and down; as metrics.h says of counters.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
};

Gauge& GaugeOf(std::string_view name, std::string_view help);

}  // namespace kstati::metrics
