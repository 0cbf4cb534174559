// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eligibility/dmn/decision_model.h"
#include "tests/bench/services60_rules.h"
#include "tests/bench/services60_workload.h"

namespace kstati::bench {

// The workload's services as one decision model with a decision for each.
class ModelRules {
 public:
  ModelRules(const std::filesystem::path& path, const Workload& workload);

  // Letters of decisions, one text per citizen.
  std::vector<std::string> Decide(const std::vector<Citizen>& citizens, Missing missing) const;

 private:
  std::unique_ptr<const eligibility::dmn::DecisionModel> model_;
  std::vector<std::optional<uint32_t>>
      inputs_;                       // slot of each attribute; the model may not have it
  std::vector<uint32_t> decisions_;  // slot of each service
};

}  // namespace kstati::bench
