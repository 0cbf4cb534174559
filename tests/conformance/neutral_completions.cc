// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/neutral_completions.h"

#include <algorithm>
#include <map>
#include <random>

#include "eligibility/feel/operators.h"

namespace kstati::neutral {
namespace {

using eligibility::feel::Kind;
using eligibility::feel::Value;
using nlohmann::json;

constexpr size_t kMostSubsetCodes = 10;
constexpr size_t kMostSeenLists = 30;
constexpr uint64_t kSeed = 20240701;

using Literals = std::map<std::string, std::vector<json>>;

// The values that rules compare each name with, be it a fact or a field of a list's member.
void Collect(const json& rule, Literals& literals) {
  for (const char* key : {"all", "any"}) {
    for (const json& part : rule.value(key, json::array())) Collect(part, literals);
  }
  if (rule.contains("not")) Collect(rule["not"], literals);
  if (rule.contains("where")) Collect(rule["where"], literals);
  if (rule.contains("count") && rule["count"].is_object()) Collect(rule["count"], literals);
  if (!rule.contains("fact") || !rule.contains("value")) return;
  const json& value = rule["value"];
  std::vector<json>& of_fact = literals[TextOf(rule["fact"])];
  for (const json& each : value.is_array() ? value : json::array({value})) of_fact.push_back(each);
}

// A value between two neighbours, or beyond one when the other is null.
Value Between(const Value& low, const Value& high) {
  const Value& one = low.is_null() ? high : low;
  const int step = low.is_null() ? -1 : 1;
  if (one.is(Kind::kDate)) return Value::OfDate(one.date().AddDays(step));
  if (one.is(Kind::kString)) return Value::String(low.is_null() ? "" : low.string() + "\x01");
  if (!one.is(Kind::kNumber)) return Value::Null();
  if (low.is_null() || high.is_null()) {
    return Value::Number(one.number().Add(step).value_or(one.number()));
  }
  const Decimal sum = low.number().Add(high.number()).value_or(low.number());
  return Value::Number(sum.Divide(2).value_or(low.number()));
}

std::vector<Value> Points(const Fact& fact, const std::vector<json>& literals) {
  std::vector<Value> sorted;
  for (const json& literal : literals) {
    if (auto value = ValueOf(fact, literal)) sorted.push_back(*std::move(value));
  }
  const auto order = [](const Value& a, const Value& b) {
    return eligibility::feel::Order(a, b).value_or(0);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](const Value& a, const Value& b) { return order(a, b) < 0; });
  const auto same = [&](const Value& a, const Value& b) { return order(a, b) == 0; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  std::vector<Value> points{Value::Null()};
  for (size_t i = 0; i < sorted.size(); ++i) {
    points.push_back(Between(i == 0 ? Value::Null() : sorted[i - 1], sorted[i]));
    points.push_back(sorted[i]);
  }
  if (!sorted.empty()) points.push_back(Between(sorted.back(), Value::Null()));
  return points;
}

Value Subset(const std::vector<std::string>& codes, uint64_t chosen) {
  std::vector<Value> items;
  for (size_t i = 0; i < codes.size(); ++i) {
    if ((chosen >> i & 1U) != 0) items.push_back(Value::String(codes[i]));
  }
  return Value::List(std::move(items));
}

Domain SetDomain(const std::vector<std::string>& codes) {
  Domain domain{{Value::Null()}, codes.size() <= kMostSubsetCodes};
  if (domain.whole) {
    const uint64_t subsets = uint64_t{1} << codes.size();
    for (uint64_t i = 0; i < subsets; ++i) domain.values.push_back(Subset(codes, i));
    return domain;
  }
  domain.values.push_back(Subset(codes, 0));
  for (const std::string& code : codes) domain.values.push_back(Subset({code}, 1));
  std::vector<Value> all;
  all.reserve(codes.size());
  for (const std::string& code : codes) all.push_back(Value::String(code));
  domain.values.push_back(Value::List(std::move(all)));
  return domain;
}

Domain SeenDomain(uint32_t slot, const std::vector<Person>& persons) {
  std::map<std::string, Value> seen;
  for (const Person& person : persons) {
    if (seen.size() >= kMostSeenLists) break;
    if (person.given[slot]) seen.emplace(ToSource(person.values[slot]), person.values[slot]);
  }
  Domain domain{{Value::Null(), Value::List({})}, false};
  for (auto& [text, value] : seen) domain.values.push_back(std::move(value));
  return domain;
}

Domain DomainOf(const Fact& fact, uint32_t slot, const Literals& literals,
                const std::vector<Person>& persons) {
  Domain domain{{Value::Null()}};
  const auto compared = literals.find(fact.name);
  switch (fact.form) {
    case Fact::Form::kBoolean:
      domain.values = {Value::Null(), Value::Boolean(false), Value::Boolean(true)};
      return domain;
    case Fact::Form::kSet:
      return fact.values.empty() ? SeenDomain(slot, persons) : SetDomain(fact.values);
    case Fact::Form::kCode:
      for (const std::string& code : fact.values) domain.values.push_back(Value::String(code));
      if (!fact.values.empty()) return domain;
      [[fallthrough]];
    case Fact::Form::kNumber:
    case Fact::Form::kString:
    case Fact::Form::kDate:
      if (compared != literals.end()) domain.values = Points(fact, compared->second);
      return domain;
    case Fact::Form::kList:
    case Fact::Form::kAny: break;
  }
  return SeenDomain(slot, persons);
}

// Adds what the expression gives for `known`.
void Note(const eligibility::feel::Expression& expression, KnownFacts& known, Outcomes& outcomes) {
  const Value answer = Evaluate(expression, known);
  ++outcomes.evaluated;
  outcomes.any_true = outcomes.any_true || answer.is_true();
  outcomes.any_false = outcomes.any_false || answer.is_false();
  outcomes.any_other = outcomes.any_other || !answer.is(Kind::kBoolean);
}

// How many completions there are, or `most` + 1 when more than that.
uint64_t CountOf(const std::vector<uint32_t>& missing, const std::vector<Domain>& domains,
                 uint64_t most) {
  uint64_t count = 1;
  for (const uint32_t slot : missing) {
    count *= domains[slot].values.size();
    if (count > most) return most + 1;
  }
  return count;
}

}  // namespace

std::vector<Domain> DomainsOf(const Catalogue& catalogue, const std::vector<Person>& persons) {
  Literals literals;
  for (const Service& service : catalogue.services) Collect(service.rule, literals);
  std::vector<Domain> domains;
  for (const Fact& fact : catalogue.facts.all()) {
    const auto slot = static_cast<uint32_t>(domains.size());
    domains.push_back(DomainOf(fact, slot, literals, persons));
  }
  return domains;
}

Outcomes Complete(const eligibility::feel::Expression& expression,
                  const std::vector<uint32_t>& missing, const std::vector<Domain>& domains,
                  uint64_t most, KnownFacts& known) {
  const uint64_t count = CountOf(missing, domains, most);
  std::mt19937_64 random(kSeed);
  Outcomes outcomes;
  for (uint64_t i = 0; i < std::min(count, most) && !outcomes.open(); ++i) {
    uint64_t rest = i;
    for (const uint32_t slot : missing) {
      const std::vector<Value>& values = domains[slot].values;
      known.values[slot] = values[(count > most ? random() : rest) % values.size()];
      rest /= values.size();
    }
    Note(expression, known, outcomes);
  }
  const bool whole = std::all_of(missing.begin(), missing.end(),
                                 [&](uint32_t slot) { return domains[slot].whole; });
  outcomes.proven = outcomes.open() || (whole && count <= most);
  return outcomes;
}

}  // namespace kstati::neutral
