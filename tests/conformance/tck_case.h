// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eligibility/feel/value.h"

namespace kstati::tck {

// A value given to one node of a model, or expected of it.
struct NodeValue {
  std::string name;
  std::string name_space;  // empty: of the model itself
  eligibility::feel::Value value;
};

struct Case {
  std::string id;
  std::string service;  // the decision service to invoke; empty: decisions are evaluated
  std::vector<NodeValue> inputs;
  std::vector<NodeValue> expected;
};

// One file of cases: the kit's *-test-*.xml.
struct CaseFile {
  std::filesystem::path path;
  std::string model;  // file name of the model, in the same folder
  std::vector<Case> cases;
};

// nullopt when the file is not one of cases; what is wrong goes to stderr.
std::optional<CaseFile> ReadCases(const std::filesystem::path& path);

std::string ReadFile(const std::filesystem::path& path);

}  // namespace kstati::tck
