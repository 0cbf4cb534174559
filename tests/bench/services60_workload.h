// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::bench {

struct Attribute {
  std::string name;
  eligibility::feel::Type type;
};

struct ServiceRule {
  std::string id;
  std::string feel;
  nlohmann::json criteria;
};

// One value per attribute; null where the fact is missing.
using Citizen = std::vector<eligibility::feel::Value>;

// Decisions are one letter per service: T, F, or U for unknown.
struct Workload {
  std::vector<Attribute> attributes;
  std::vector<ServiceRule> services;
  std::vector<Citizen> complete;
  std::vector<std::string> expected;
  std::vector<Citizen> incomplete;
  std::vector<std::string> expected_feel;
  std::vector<std::string> expected_kleene;
};

Workload ReadWorkload(const std::filesystem::path& folder);

}  // namespace kstati::bench
