// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace kstati::eligibility::feel {

// What a table gives when several rules match: DMN 1.5, 8.2.10.
enum class HitPolicy : uint8_t {
  kUnique,
  kFirst,
  kPriority,
  kAny,
  kCollect,
  kRuleOrder,
  kOutputOrder,
};

enum class Aggregation : uint8_t { kNone, kSum, kCount, kMin, kMax };

// A decision table inside a program. Node indexes are of that program; kAbsent where nothing is.
struct DecisionTable {
  static constexpr uint32_t kAbsent = std::numeric_limits<uint32_t>::max();

  struct Input {
    uint32_t value = kAbsent;  // evaluated once, into frame[local]
    uint16_t local = 0;
    uint32_t valid = kAbsent;  // what every value of the input must pass
  };
  struct Output {
    std::string name;
    uint32_t priorities = kAbsent;  // a list, the highest priority first
    uint32_t default_value = kAbsent;
  };
  struct Rule {
    std::vector<uint32_t> tests;  // one per input; true, false or unknown
    std::vector<uint32_t> outputs;
  };

  HitPolicy hit_policy = HitPolicy::kUnique;
  Aggregation aggregation = Aggregation::kNone;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

}  // namespace kstati::eligibility::feel
