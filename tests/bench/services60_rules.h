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

// T, F, or U for unknown; null is the standard's way not to know.
char Letter(const eligibility::feel::Value& value);

// The workload's rules in the product's own engine, all of them in one set.
class Rules {
 public:
  explicit Rules(const Workload& workload);
  ~Rules();

  // Letters of decisions, one text per citizen.
  std::vector<std::string> Decide(const std::vector<Citizen>& citizens, Missing missing);
  struct Completed {
    std::vector<std::string> letters;
    size_t turned = 0;   // decisions that were unknown and became definite
    size_t refuted = 0;  // of those, ones that enumerating all completions does not confirm
  };
  // Unknown facts with a short list of possible values are decided by completion: true or false,
  // or one of the words that other citizens have.
  Completed DecideByCompletion(const std::vector<Citizen>& citizens);
  // The same from each service's criteria, every one of which is evaluated with the facts it read.
  std::vector<std::string> DecideExplained(const std::vector<Citizen>& citizens);

 private:
  std::unique_ptr<const eligibility::feel::RuleSet> services_;
  std::unique_ptr<const eligibility::feel::RuleSet> criteria_;
  std::vector<std::vector<eligibility::feel::Value>> domains_;  // by slot; empty: too many
  std::vector<size_t> first_criterion_;  // of each service; one more at the end
};

}  // namespace kstati::bench
