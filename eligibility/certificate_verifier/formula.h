// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.h"
#include "eligibility/feel/value.h"

namespace kstati::certificate_verifier {

using eligibility::feel::Kind;
using eligibility::feel::Value;

// Leaves the verification; caught where it began.
struct Rejected : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void Require(bool condition, const std::string& otherwise) {
  if (!condition) throw Rejected(otherwise);
}

// A value as certificates write it.
Value ValueOf(const nlohmann::json& form);

// What a comparison of the two says, null when they have no common order; nullopt for another sign.
std::optional<Value> Compared(const std::string& sign, const Value& a, const Value& b);
Value And(const Value& a, const Value& b);
// A function of one list, or of its items.
Value OfItems(const std::string& name, std::vector<Value> arguments);
// The value as the type has it; nullopt when it is not of that type.
std::optional<Value> Converted(const Value& value, const nlohmann::json& type);

// What a formula may ask.
class World {
 public:
  virtual ~World() = default;
  virtual Value Read(const std::string& name) = 0;
  // `dimensions` is null when the formula gives none.
  virtual Value Parameter(const std::string& id, const Value* dimensions) = 0;
  virtual Date today() const = 0;
};

// Computes formulas in the notation of docs/reference/certificate.md, with three outcomes for every
// question: yes, no, and unknown with the inputs that are missing.
class Formula {
 public:
  explicit Formula(World& world) : world_(world) {}

  // Throws Rejected, or an exception of the JSON library, when the formula is malformed.
  Value Compute(const nlohmann::json& formula);

 private:
  using Form = nlohmann::json;

  Value In(const Form& formula);
  Value If(const Form& formula);
  Value Context(const Form& formula);
  Value Entry(const Form& formula);
  Value Filter(const Form& formula);
  Value Quantified(const Form& formula, bool some);
  Value Call(const Form& formula);
  Value Operation(const std::string& word, const Form& formula);
  // What a test of "in" says of the value.
  Value Test(const Value& value, const Form& test);
  Value Within(const Value& value, const Form& range);
  // Of decision models.
  Value List(const Form& formula);
  Value Let(const Form& formula);
  Value Apply(const Form& formula);
  Value Tested(const Form& formula);
  Value Table(const Form& table);
  bool TakeInputs(const Form& table);
  Value Match(const Form& rule);
  Value OutputOf(const Form& table, const Form& rule);
  Value DefaultOf(const Form& table);
  Value ByPriority(const Form& table, std::vector<Value> outputs);

  World& world_;
  std::map<int64_t, Value> locals_;
  uint64_t steps_ = 0;
};

}  // namespace kstati::certificate_verifier
