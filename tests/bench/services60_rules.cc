// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/services60_rules.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/check.h"
#include "eligibility/feel/completion.h"

namespace kstati::bench {
namespace {

namespace feel = eligibility::feel;

class Facts final : public feel::Scope {
 public:
  explicit Facts(const std::vector<Attribute>& attributes) {
    for (uint32_t slot = 0; slot < attributes.size(); ++slot) {
      bindings_[attributes[slot].name] = {slot, attributes[slot].type};
    }
  }
  std::optional<feel::Binding> Resolve(std::string_view name) const override {
    const auto found = bindings_.find(name);
    if (found == bindings_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::string> Names() const override { return {}; }

 private:
  std::map<std::string, feel::Binding, std::less<>> bindings_;
};

// The parts of a conjunction: "and" outside of every bracket, but for that of "between".
std::vector<std::string> Conjuncts(const std::string& text) {
  std::vector<std::string> parts{""};
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[') ++depth;
    if (text[i] == ')' || text[i] == ']') --depth;
    if (depth == 0 && text.compare(i, 5, " and ") == 0) {
      parts.emplace_back();
      i += 4;
    } else {
      parts.back() += text[i];
    }
  }
  return parts;
}

std::unique_ptr<const feel::RuleSet> Compile(const std::vector<std::string>& texts,
                                             const feel::Scope& scope) {
  std::vector<feel::RuleText> rules;
  for (const std::string& text : texts) rules.push_back({text, {"services.json", 1, 1}});
  std::vector<Issue> issues;
  auto set = feel::RuleSet::Compile(rules, scope, issues);
  for (const Issue& issue : issues) std::fputs(Render(issue, {}).c_str(), stderr);
  KSTATI_CHECK(set.has_value());
  return std::make_unique<const feel::RuleSet>(*std::move(set));
}

}  // namespace

char Letter(const feel::Value& value) {
  if (value.is_true()) return 'T';
  return value.is_unknown() || value.is_null() ? 'U' : 'F';
}

namespace {

// One citizen after another as the world of the rules.
class Person final : public feel::Environment {
 public:
  Person(const Citizen& citizen, Missing missing) : citizen_(&citizen), missing_(missing) {}
  void Be(const Citizen& citizen) { citizen_ = &citizen; }
  feel::Value Load(uint32_t slot) override {
    const feel::Value& value = (*citizen_)[slot];
    const bool unknown = value.is_null() && missing_ == Missing::kUnknown;
    return unknown ? feel::Value::Unknown(slot) : value;
  }

 private:
  const Citizen* citizen_;
  Missing missing_;
};

// The words that the citizens have for each attribute of words, and both values of a flag.
std::vector<std::vector<feel::Value>> DomainsOf(const Workload& workload) {
  std::vector<std::vector<feel::Value>> domains(workload.attributes.size());
  for (size_t slot = 0; slot < domains.size(); ++slot) {
    const feel::Type& type = workload.attributes[slot].type;
    if (type.is(feel::Kind::kBoolean)) {
      domains[slot] = {feel::Value::Boolean(false), feel::Value::Boolean(true)};
    }
    if (!type.is(feel::Kind::kString)) continue;
    for (const Citizen& citizen : workload.complete) {
      const auto same = [&](const feel::Value& word) { return Identical(word, citizen[slot]); };
      if (std::ranges::none_of(domains[slot], same)) domains[slot].push_back(citizen[slot]);
    }
  }
  return domains;
}

}  // namespace

Rules::Rules(const Workload& workload) {
  const Facts scope(workload.attributes);
  std::vector<std::string> services;
  std::vector<std::string> criteria;
  for (const ServiceRule& service : workload.services) {
    services.push_back(service.feel);
    first_criterion_.push_back(criteria.size());
    for (std::string& part : Conjuncts(service.feel)) criteria.push_back(std::move(part));
  }
  first_criterion_.push_back(criteria.size());
  services_ = Compile(services, scope);
  criteria_ = Compile(criteria, scope);
  domains_ = DomainsOf(workload);
}

Rules::~Rules() = default;

std::vector<std::string> Rules::Decide(const std::vector<Citizen>& citizens, Missing missing) {
  Person person(citizens.front(), missing);
  feel::RuleEvaluation evaluation(*services_, person);
  std::vector<std::string> letters(citizens.size(), std::string(services_->size(), 'F'));
  for (size_t i = 0; i < citizens.size(); ++i) {
    person.Be(citizens[i]);
    evaluation.Restart();
    for (size_t s = 0; s < services_->size(); ++s) letters[i][s] = Letter(evaluation.Evaluate(s));
  }
  return letters;
}

namespace {

// Whether the rule gives `answer` in every completion of the citizen's listable missing facts,
// found by trying them all.
bool Confirmed(const feel::RuleSet& rules, size_t rule, Citizen citizen, const feel::Value& answer,
               const std::vector<std::vector<feel::Value>>& domains) {
  for (uint32_t slot = 0; slot < citizen.size(); ++slot) {
    if (!citizen[slot].is_null() || domains[slot].empty()) continue;
    for (const feel::Value& value : domains[slot]) {
      citizen[slot] = value;
      if (!Confirmed(rules, rule, citizen, answer, domains)) return false;
    }
    return true;
  }
  Person person(citizen, Missing::kUnknown);
  feel::RuleEvaluation evaluation(rules, person);
  return Identical(evaluation.Evaluate(rule), answer);
}

}  // namespace

Rules::Completed Rules::DecideByCompletion(const std::vector<Citizen>& citizens) {
  Completed completed;
  Person person(citizens.front(), Missing::kUnknown);
  feel::RuleEvaluation evaluation(*services_, person);
  const auto domain_of = [&](feel::InputId slot) {
    return std::span<const feel::Value>(domains_[slot]);
  };
  for (const Citizen& citizen : citizens) {
    person.Be(citizen);
    evaluation.Restart();
    std::string letters;
    for (size_t s = 0; s < services_->size(); ++s) {
      feel::Value value = evaluation.Evaluate(s);
      if (value.is_unknown()) {
        value = EvaluateByCompletion(
            [&](feel::Environment& environment) {
              return feel::RuleEvaluation(*services_, environment).Evaluate(s);
            },
            person, domain_of);
        const bool turned = !value.is_unknown();
        completed.turned += turned;
        completed.refuted += turned && !Confirmed(*services_, s, citizen, value, domains_);
      }
      letters += Letter(value);
    }
    completed.letters.push_back(std::move(letters));
  }
  return completed;
}

std::vector<std::string> Rules::DecideExplained(const std::vector<Citizen>& citizens) {
  std::vector<std::string> letters;
  for (const Citizen& citizen : citizens) {
    Person person(citizen, Missing::kUnknown);
    feel::RuleEvaluation evaluation(*criteria_, person);
    std::string decided;
    for (size_t s = 0; s + 1 < first_criterion_.size(); ++s) {
      feel::Value all = feel::Value::Boolean(true);
      std::vector<feel::Trace> traces(first_criterion_[s + 1] - first_criterion_[s]);
      for (size_t c = first_criterion_[s]; c < first_criterion_[s + 1]; ++c) {
        person.trace = &traces[c - first_criterion_[s]];
        const feel::Value one = evaluation.Evaluate(c);
        if (one.is_false()) all = one;
        if (one.is_unknown() && !all.is_false()) all = one;
      }
      decided += Letter(all);
    }
    letters.push_back(std::move(decided));
  }
  return letters;
}

}  // namespace kstati::bench
