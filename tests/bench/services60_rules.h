// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "eligibility/feel/rule_set.h"
#include "tests/bench/services60_workload.h"

namespace kstati::bench {

// What a missing fact is.
enum class Missing { kNull, kUnknown };

// The workload's rules in the product's own engine, all of them in one set.
class Rules {
 public:
  explicit Rules(const Workload& workload);
  ~Rules();

  // Letters of decisions, one text per citizen.
  std::vector<std::string> Decide(const std::vector<Citizen>& citizens, Missing missing);
  // The same from each service's criteria, every one of which is evaluated with the facts it read.
  std::vector<std::string> DecideExplained(const std::vector<Citizen>& citizens);

 private:
  class Person;

  std::unique_ptr<const eligibility::feel::RuleSet> services_;
  std::unique_ptr<const eligibility::feel::RuleSet> criteria_;
  std::vector<size_t> first_criterion_;  // of each service; one more at the end
};

}  // namespace kstati::bench
