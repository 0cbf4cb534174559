// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "eligibility/feel/temporal.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// Why a part of an expression gave null. Never contains a fact's value.
struct Diagnostic {
  uint32_t offset = 0;  // byte of the expression's text
  std::string text;
};

struct Diagnostics {
  std::vector<Diagnostic> items;  // in the order met; at most Limits::max_diagnostics
  bool limit_exceeded = false;    // the evaluation was cut short; its result says nothing
};

// What an evaluation touched. Give it to the environment to have it filled.
struct Trace {
  struct Step {
    uint32_t offset = 0;  // the part of the expression's text that was evaluated
    uint32_t length = 0;
    Value value;
  };
  std::vector<uint32_t> slots;  // every slot read, once each, in the order first met
  // A rule of a decision table that matched for certain.
  struct Match {
    std::string table;  // empty unless whoever evaluates knows its name
    uint32_t rule = 0;  // counted from 1
  };
  std::vector<Match> matches;  // in the order met
  bool record_steps = false;
  std::vector<Step> steps;  // innermost first
};

// What evaluations that share it have spent.
struct Budget {
  uint64_t steps = 0;
  std::optional<std::chrono::steady_clock::time_point> since;  // when time was first looked at
  bool out_of_time = false;
};

// The world an expression is evaluated in: one per evaluation or person, used by one thread.
class Environment {
 public:
  virtual ~Environment() = default;

  // The value of a slot of the Scope that compiled the expression, Value::Unknown(slot) when the
  // fact is missing. Called whenever the slot is needed, so loading should be cheap when repeated.
  virtual Value Load(uint32_t slot) = 0;
  // A function of the Scope. Arguments may be or hold unknowns.
  virtual Value Call(uint32_t function, std::span<const Value> arguments);
  // The names of its parameters, so that it can be called with named arguments; nullopt: it cannot.
  virtual std::optional<std::span<const std::string>> ParametersOf(uint32_t function);

  Date today;                          // today()
  DateTime now;                        // now()
  Diagnostics* diagnostics = nullptr;  // optional
  Trace* trace = nullptr;              // optional
  Budget* budget = nullptr;            // optional: shared by evaluations that call each other
  bool is_timed = false;               // Limits::max_time holds
};

}  // namespace kstati::eligibility::feel
