// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/issue.h"
#include "base/result.h"
#include "eligibility/feel/expression.h"
#include "tests/conformance/neutral_facts.h"

namespace kstati::neutral {

struct Service {
  std::string id;
  nlohmann::json rule;
  eligibility::feel::Expression expression;  // of `rule`; always true or false, or unknown
};

// `facts.json` and `services.json` of a folder, translated and compiled.
struct Catalogue {
  Facts facts;
  std::vector<Service> services;
  std::vector<Issue> warnings;             // of the compiler
  std::vector<Error> refused;              // services whose rule cannot be translated or compiled
  std::set<std::string, std::less<>> ids;  // of all services, refused ones too
  std::string semantics;                   // what the catalogue says of absent facts; may be empty
};

struct Person {
  std::string id;
  std::vector<eligibility::feel::Value> values;  // by slot; null where absent
  std::vector<bool> given;                       // by slot
  std::set<std::string, std::less<>> expected;   // ids of the services the person is eligible for
};

// Fails when the files or the facts cannot be read.
Result<Catalogue> ReadCatalogue(const std::filesystem::path& folder);

// `persons.jsonl` with `expected.jsonl`. Facts that are not declared are left out: no rule can name
// them. Fails when a fact is not of its declared type, when a person has no expected answers, or
// when these name a service that the catalogue does not have.
Result<std::vector<Person>> ReadPersons(const std::filesystem::path& folder,
                                        const Catalogue& catalogue);

}  // namespace kstati::neutral
