// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/neutral_translation.h"

#include <set>
#include <string_view>

#include "eligibility/feel/value.h"

namespace kstati::neutral {
namespace {

using eligibility::feel::ToSource;
using nlohmann::json;

const std::set<std::string, std::less<>> kOrders{"<", "<=", ">", ">="};

// What a leaf speaks about: its FEEL text and what values it has.
struct Subject {
  std::string text;
  Fact fact;
  bool applicable = false;  // it is never null
};

bool IsMany(const Fact& fact) {
  return fact.form == Fact::Form::kSet || fact.form == Fact::Form::kList;
}

class Translator {
 public:
  explicit Translator(const Facts& facts) : facts_(facts) {}

  // `list` is what the enclosing "count" counts the members of; nullptr outside of one.
  Result<std::string> Rule(const json& rule, const Fact* list) const {
    if (!rule.is_object()) return Wrong("a rule must be an object", rule);
    if (rule.contains("all")) return Joined(rule["all"], " and ", "true", list);
    if (rule.contains("any")) return Joined(rule["any"], " or ", "false", list);
    if (rule.contains("not")) {
      KSTATI_TRY(const std::string inner, Rule(rule["not"], list));
      return "not(" + inner + ")";
    }
    if (!rule.contains("op") || !rule["op"].is_string() || !rule.contains("value")) {
      return Wrong("a rule needs \"all\", \"any\", \"not\", or \"op\" with \"value\"", rule);
    }
    if (rule.contains("count")) return Count(rule, list);
    KSTATI_TRY(const Subject subject, SubjectOf(rule.value("fact", json()), list));
    return Leaf(subject, rule);
  }

 private:
  static tl::unexpected<Error> Wrong(std::string message, const json& rule) {
    return Fail(ErrorCode::kInvalidArgument, std::move(message), rule.dump());
  }

  Result<std::string> Joined(const json& rules, std::string_view word, std::string_view empty,
                             const Fact* list) const {
    if (!rules.is_array()) return Wrong("\"all\" and \"any\" need a list of rules", rules);
    if (rules.empty()) return std::string(empty);
    std::string text;
    for (const json& rule : rules) {
      KSTATI_TRY(const std::string part, Rule(rule, list));
      text += (text.empty() ? std::string_view() : word);
      text += part;
    }
    return rules.size() == 1 ? text : "(" + text + ")";
  }

  Result<Subject> SubjectOf(const json& name, const Fact* list) const {
    if (name.is_null() && list != nullptr) return Subject{"item", list->member()};
    if (!name.is_string()) return Wrong("a rule must name a fact", name);
    const auto text = name.get<std::string>();
    if (list != nullptr) {
      const Fact* field = list->FindField(text);
      if (field != nullptr) return Subject{"item." + field->feel_name, *field};
    }
    const auto slot = facts_.Find(text);
    // Members without declared fields may have the entry or not; a bare name is theirs if they do.
    const bool open = list != nullptr && list->fields.empty() && list->form != Fact::Form::kSet;
    if (open) return Subject{(slot ? "" : "item.") + FeelName(text), Fact{.name = text}};
    if (slot) return Subject{facts_.all()[*slot].feel_name, facts_.all()[*slot]};
    return Fail(ErrorCode::kNotFound, "there is no such fact", text);
  }

  // A list that is not applicable has no members: null[true] is [].
  Result<std::string> Count(const json& rule, const Fact* outer) const {
    const json& count = rule["count"];
    const json& holder = count.is_object() ? count : rule;
    const json name = count.is_object() ? count.value("fact", json()) : count;
    KSTATI_TRY(const Subject list, SubjectOf(name, outer));
    if (!IsMany(list.fact) && list.fact.form != Fact::Form::kAny) {
      return Wrong("\"count\" needs a fact with members", rule);
    }
    std::string condition = "true";
    if (holder.contains("where")) {
      KSTATI_TRY(condition, Rule(holder["where"], &list.fact));
    }
    const std::string members = "count(" + list.text + "[" + condition + "])";
    return Leaf({members, {.form = Fact::Form::kNumber}, true}, rule);
  }

  static Result<std::string> Literal(const Fact& fact, const json& value) {
    const auto literal = ValueOf(fact, value);
    if (!literal || literal->is_null()) {
      return Wrong("the value is not one of fact \"" + fact.name + "\"", value);
    }
    return ToSource(*literal);
  }

  // (test, test, ...); a single value counts as a list of one.
  static Result<std::string> Tests(const Fact& fact, const json& value) {
    std::string text;
    for (const json& each : value.is_array() ? value : json::array({value})) {
      KSTATI_TRY(const std::string literal, Literal(fact, each));
      text += (text.empty() ? "(" : ", ") + literal;
    }
    return text + ")";
  }

  static Result<std::string> Leaf(const Subject& subject, const json& rule) {
    const auto op = rule["op"].get<std::string>();
    const json& value = rule["value"];
    if (op == "in" || op == "intersects") return Membership(subject, op, value, rule);
    if (IsMany(subject.fact)) return Wrong("the operator does not fit a fact with members", rule);
    KSTATI_TRY(const std::string literal, Literal(subject.fact, value));
    // Between values of different types, which only undeclared facts may have, = gives null.
    const bool total = subject.fact.form != Fact::Form::kAny;
    const std::string equal = subject.text + " = " + literal;
    if (op == "=") return total ? equal : "((" + equal + ") = true)";
    if (op == "!=") return "not(" + (total ? equal : "(" + equal + ") = true") + ")";
    if (!kOrders.contains(op)) return Wrong("unknown operator", rule);
    const std::string ordered = subject.text + " " + op + " " + literal;
    return subject.applicable ? ordered : "((" + ordered + ") = true)";
  }

  static Result<std::string> Membership(const Subject& subject, const std::string& op,
                                        const json& value, const json& rule) {
    if (value.is_array() && value.empty()) return std::string("false");
    const bool any = subject.fact.form == Fact::Form::kAny;
    if (!IsMany(subject.fact) && (op == "in" || !any)) {
      KSTATI_TRY(const std::string tests, Tests(subject.fact, value));
      return subject.text + " in " + tests;
    }
    if (op == "in") return Wrong("the operator does not fit a fact with members", rule);
    KSTATI_TRY(const std::string tests, Tests(subject.fact.member(), value));
    return "((some each in " + subject.text + " satisfies each in " + tests + ") = true)";
  }

  const Facts& facts_;
};

}  // namespace

Result<std::string> Translate(const json& rule, const Facts& facts) {
  return Translator(facts).Rule(rule, nullptr);
}

}  // namespace kstati::neutral
