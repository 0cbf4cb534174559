// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/completion.h"

#include <optional>
#include <unordered_map>

namespace kstati::eligibility::feel {
namespace {

// The environment with some missing inputs assumed.
class Assuming final : public Environment {
 public:
  explicit Assuming(Environment& environment) : environment_(environment) {
    today = environment.today;
    now = environment.now;
    budget = environment.budget;
  }

  Value Load(uint32_t slot) override {
    Value value = environment_.Load(slot);
    if (!value.is_unknown() || value.missing().size() != 1) return value;
    const auto assumed = assumed_.find(value.missing().front());
    return assumed == assumed_.end() ? value : assumed->second;
  }
  Value Call(uint32_t function, std::span<const Value> arguments) override {
    return environment_.Call(function, arguments);
  }
  std::optional<std::span<const std::string>> ParametersOf(uint32_t function) override {
    return environment_.ParametersOf(function);
  }

  void Assume(InputId input, const Value& value) { assumed_[input] = value; }
  void Forget(InputId input) { assumed_.erase(input); }
  bool Assumes(InputId input) const { return assumed_.contains(input); }

 private:
  Environment& environment_;
  std::unordered_map<InputId, Value> assumed_;
};

class Search {
 public:
  Search(const Evaluable& evaluate, Assuming& environment, const DomainOf& domain_of,
         const CompletionLimits& limits)
      : evaluate_(evaluate), environment_(environment), domain_of_(domain_of), limits_(limits) {}

  // What every completion of `value`'s inputs gives; nullopt when they differ or cannot be listed.
  std::optional<Value> Agreed(Value value) {
    if (!value.is_unknown()) return value;
    const auto input = Choose(value);
    if (!input) return std::nullopt;
    std::optional<Value> agreed;
    for (const Value& possible : domain_of_(*input)) {
      environment_.Assume(*input, possible);
      const std::optional<Value> one = AgreedHere();
      const bool same = one && (!agreed || Identical(*agreed, *one));
      agreed = same ? one : std::nullopt;
      if (!same) break;
    }
    environment_.Forget(*input);
    return agreed;
  }

 private:
  std::optional<Value> AgreedHere() {
    if (++evaluations_ > limits_.max_evaluations) return std::nullopt;
    return Agreed(evaluate_(environment_));
  }

  // The first missing input with a domain that is not assumed yet.
  std::optional<InputId> Choose(const Value& value) const {
    for (const InputId input : value.missing()) {
      if (!environment_.Assumes(input) && !domain_of_(input).empty()) return input;
    }
    return std::nullopt;
  }

  const Evaluable& evaluate_;
  Assuming& environment_;
  const DomainOf& domain_of_;
  const CompletionLimits& limits_;
  size_t evaluations_ = 0;
};

}  // namespace

Value EvaluateByCompletion(const Evaluable& evaluate, Environment& environment,
                           const DomainOf& domain_of, const CompletionLimits& limits) {
  Value value = evaluate(environment);
  if (!value.is_unknown()) return value;
  Assuming assuming(environment);
  const std::optional<Value> agreed = Search(evaluate, assuming, domain_of, limits).Agreed(value);
  return agreed.value_or(value);
}

}  // namespace kstati::eligibility::feel
