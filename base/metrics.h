// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace kstati::metrics {

// The process's metrics in Prometheus form. Names: kstati_<module>_<noun>_<unit>[_total].
// Safe from any thread; getting a counter or histogram by name is a locked look-up, so hot paths
// keep the reference (it lives as long as the process).
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Add(double amount = 1) = 0;
};

class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

// `label` and `label_value` may be empty: no label.
Counter& CounterOf(std::string_view name, std::string_view help, std::string_view label = {},
                   std::string_view label_value = {});
// Buckets suit seconds from 10 us to 10 s.
Histogram& SecondsOf(std::string_view name, std::string_view help, std::string_view label = {},
                     std::string_view label_value = {});

// The text exposition format (version 0.0.4) of everything.
std::string Exposition();

}  // namespace kstati::metrics
