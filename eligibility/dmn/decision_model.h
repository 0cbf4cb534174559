// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/item_types.h"
#include "eligibility/dmn/model.h"
#include "eligibility/feel/environment.h"
#include "eligibility/feel/expression.h"

namespace kstati::eligibility::dmn {

enum class ElementKind { kInput, kDecision, kKnowledge, kService };

// One element of a decision model, compiled. Its slot is its position among all of them.
struct Element {
  ElementKind kind = ElementKind::kInput;
  std::string name;
  std::string name_space;
  std::string id;
  Location where;
  ItemTypePointer type;                   // of its value; null: any
  std::optional<feel::Expression> logic;  // of a decision or knowledge; absent: none, or broken
  std::vector<uint32_t> required;         // slots it may read
  std::vector<uint32_t> parameters;       // of a service: slots, in order
  std::vector<std::string> parameter_names;
  std::vector<uint32_t> outputs;                    // of a service: slots of decisions
  std::shared_ptr<const feel::Type> function_type;  // of a service
};

// Decision models compiled once: a main one with those it imports. Immutable; shared by threads.
class DecisionModel {
 public:
  // Compiles `models`, the first of which is the main one. Every problem is an issue with its
  // place; an element with errors has no logic and is null.
  DecisionModel(const std::vector<Model>& models, std::vector<Issue>& issues,
                const feel::CompileOptions& options = {.strict = false});

  const std::vector<Element>& elements() const { return elements_; }
  const std::string& name_space() const { return name_space_; }
  // By name, in the main model or in the one of the namespace given.
  std::optional<uint32_t> Find(std::string_view name, std::string_view name_space = {}) const;

 private:
  class Linker;

  std::string name_space_;
  std::vector<Element> elements_;
};

// One evaluation of a model: given values, everything else computed once when first asked for.
// Timed, as an author's model is; who decides by it says otherwise.
// For one thread; the model must outlive it.
class ModelEvaluation final : public feel::Environment {
 public:
  // What an input is that nobody gave: null as the standard says, or unknown under its slot.
  enum class Absent { kNull, kUnknown };

  ModelEvaluation(const DecisionModel& model, Absent absent) : ModelEvaluation(model, absent, 0) {}

  // The value of an input, or of a decision instead of its logic; converted to its type.
  void Give(uint32_t slot, const feel::Value& value);
  // The value of any element; knowledge and services are functions.
  feel::Value Load(uint32_t slot) override;
  // Calls a decision service.
  feel::Value Call(uint32_t slot, std::span<const feel::Value> arguments) override;
  std::optional<std::span<const std::string>> ParametersOf(uint32_t slot) override;

 private:
  enum class State : uint8_t { kOpen, kComputing, kDone };

  ModelEvaluation(const DecisionModel& model, Absent absent, int depth);
  feel::Value Compute(uint32_t slot);
  void NameMatches(const std::string& name);

  const DecisionModel& model_;
  const Absent absent_;
  const int depth_;     // services calling services
  feel::Budget steps_;  // of everything this evaluation computes, services included
  std::vector<feel::Value> values_;
  std::vector<State> states_;
};

}  // namespace kstati::eligibility::dmn
