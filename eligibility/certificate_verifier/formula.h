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
#include "eligibility/certificate_verifier/operators.h"
#include "eligibility/feel/value.h"

namespace kstati::certificate_verifier {

// Leaves the verification; caught where it began.
struct Rejected : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void Require(bool condition, const std::string& otherwise) {
  if (!condition) throw Rejected(otherwise);
}

// A value as certificates write it.
Value ValueOf(const nlohmann::json& form);

// The kind of a type's word, such as "number".
Kind KindNamed(const std::string& word);
// Whether the value is of the type, unknown where a part of it is.
Value IsOfType(const Value& value, const nlohmann::json& type);
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
  // Calls a function value; null when it is none, or takes other arguments.
  Value Invoke(const Value& function, const std::vector<Value>& arguments);
  // Counts work beside the parts of formulas against the same bound.
  void Spend(uint64_t steps);

 private:
  using Form = nlohmann::json;

  Value In(const Form& formula);
  Value If(const Form& formula);
  Value Context(const Form& formula);
  Value Entry(const Form& formula);
  Value Filter(const Form& formula);
  Value Position(const Form& formula);
  Value For(const Form& formula);
  Value Range(const Form& formula);
  Value InstanceOf(const Form& formula);
  // A walk over nested iterators; `visit` returns false to stop.
  struct Walk;
  bool Iterate(const Form& iterators, size_t at, Walk& walk);
  bool IterateRange(const Form& iterators, size_t at, const eligibility::feel::Range& range,
                    Walk& walk);
  bool VisitItem(const Form& iterators, size_t at, Value item, Walk& walk);
  Value Quantified(const Form& formula, bool some);
  Value Call(const Form& formula);
  Value CallByName(const Form& formula);
  Value Operation(const std::string& word, const Form& formula);
  // What a test of "in" says of the value.
  Value Test(const Value& value, const Form& test);
  Value Within(const Value& value, const Form& range);
  // Of decision models.
  Value List(const Form& formula);
  Value Let(const Form& formula);
  Value Apply(const Form& formula);
  Value Serve(const Form& formula);
  Value Conformed(const Value& value, const Form& type);
  bool Passes(const Value& value, const Form& type);
  // Functions as values.
  Value Function(const Form& formula);
  Value Invoke(const Form& formula);
  Value InvokeByName(const Form& formula);
  Value Define(const Form& formula);
  Value Knowledge(const std::string& name);
  Value Table(const Form& table);
  bool TakeInputs(const Form& table);
  Value Match(const Form& rule);
  Value OutputOf(const Form& table, const Form& rule);
  Value DefaultOf(const Form& table);
  Value ByPriority(const Form& table, std::vector<Value> outputs);

  // While it lives, the computation is one deeper.
  class Deeper {
   public:
    explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    int& depth_;
  };
  // What a function value stands for.
  struct Closure {
    const Form* formula;
    std::map<int64_t, Value> captured;
  };

  World& world_;
  std::map<int64_t, Value> locals_;
  std::vector<Closure> closures_;
  const Form* definitions_ = nullptr;
  uint64_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace kstati::certificate_verifier
