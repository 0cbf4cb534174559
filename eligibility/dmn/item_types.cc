// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/item_types.h"

#include <algorithm>
#include <set>

#include "base/text_distance.h"
#include "eligibility/feel/composer.h"
#include "eligibility/feel/conversion.h"
#include "eligibility/feel/scope.h"

namespace kstati::eligibility::dmn {
namespace {

using feel::Type;
using feel::Value;

// The names of clause 10.3.1.2 and those that DMN 1.1 took from XML Schema.
const std::map<std::string, Type, std::less<>>& BuiltInTypes() {
  static const auto* const types = new std::map<std::string, Type, std::less<>>{
      {"Any", Type::Any()},
      {"Null", Type::Null()},
      {"boolean", Type::Boolean()},
      {"number", Type::Number()},
      {"string", Type::String()},
      {"date", Type::Date()},
      {"time", Type::Of(feel::Kind::kTime)},
      {"date and time", Type::Of(feel::Kind::kDateTime)},
      {"dateTime", Type::Of(feel::Kind::kDateTime)},
      {"years and months duration", Type::Of(feel::Kind::kMonthsDuration)},
      {"yearMonthDuration", Type::Of(feel::Kind::kMonthsDuration)},
      {"days and time duration", Type::Of(feel::Kind::kTimeDuration)},
      {"dayTimeDuration", Type::Of(feel::Kind::kTimeDuration)},
      {"context", Type::Of(feel::Kind::kContext)},
      {"list", Type::Of(feel::Kind::kList)},
      {"range", Type::Of(feel::Kind::kRange)},
      {"function", Type::Of(feel::Kind::kFunction)},
  };
  return *types;
}

std::string_view WithoutPrefix(std::string_view name) {
  return name.starts_with("feel:") ? name.substr(5) : name;
}

// The value under test is slot 0; tests see it as "?" and nothing else of the model.
class NoNames final : public feel::Scope {
 public:
  std::optional<feel::Binding> Resolve(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> Names() const override { return {}; }
};

class Tester final : public feel::Environment {
 public:
  explicit Tester(Value value) : value_(std::move(value)) {}
  Value Load(uint32_t) override { return value_; }

 private:
  Value value_;
};

std::optional<feel::Expression> CompileTests(const Text& text, const Type& type,
                                             std::vector<Issue>& issues) {
  feel::CompileOptions options;
  options.strict = false;
  const NoNames scope;
  feel::Composer composer(scope, options, issues);
  const auto places = [&](size_t offset) { return text.PlaceOf(offset); };
  const uint16_t local = composer.names().Reserve();
  const feel::NodeIndex value = composer.builder().Load(0, type, {});
  const feel::NodeIndex holds = composer.UnaryTests(text.text, places, local, type);
  return composer.Finish(composer.builder().LastOf({{"", value, local}, {"", holds, local}}, {}));
}

bool Passes(const Value& value, const ItemType& type);

bool PartsPass(const Value& value, const ItemType& type) {
  if (value.is(feel::Kind::kList) && type.element) {
    return std::all_of(value.list().begin(), value.list().end(),
                       [&](const Value& item) { return Passes(item, *type.element); });
  }
  if (!value.is(feel::Kind::kContext)) return true;
  return std::all_of(type.components.begin(), type.components.end(), [&](const auto& component) {
    const Value* part = value.Find(component.first);
    return part == nullptr || !component.second || Passes(*part, *component.second);
  });
}

bool Passes(const Value& value, const ItemType& type) {
  if (value.is_null() || value.is_unknown()) return true;
  Tester tester(value);
  for (const feel::Expression& test : type.tests) {
    const Value outcome = feel::Evaluate(test, tester);
    if (!outcome.is_true() && !outcome.is_unknown()) return false;
  }
  return PartsPass(value, type);
}

}  // namespace

Value Conform(const Value& value, const ItemTypePointer& type) {
  if (!type) return value;
  const std::optional<Value> converted = feel::Convert(value, type->form);
  if (!converted || !Passes(*converted, *type)) return Value::Null();
  return *converted;
}

// What is left to resolve while the types are made.
struct ItemTypes::Pending {
  std::map<std::string, const ItemDefinition*, std::less<>> items;
  std::set<std::string> open;  // being made: met again, they are a circle
  std::vector<Issue>& issues;
};

ItemTypes::ItemTypes(const Model& model, std::span<const ItemTypes* const> imported,
                     std::vector<Issue>& issues) {
  for (size_t i = 0; i < imported.size(); ++i) {
    if (imported[i] == nullptr) continue;
    const std::string& prefix = model.imports[i].name;
    for (const auto& [name, type] : imported[i]->types_) {
      if (!prefix.empty()) types_.emplace(prefix + "." + name, type);
      if (prefix.empty()) types_.emplace(name, type);
    }
  }
  Pending pending{{}, {}, issues};
  for (const ItemDefinition& item : model.items) {
    if (!pending.items.emplace(item.name, &item).second) {
      issues.push_back(
          {Severity::kError, item.where, "the type \"" + item.name + "\" is defined twice", {}});
    }
  }
  for (const ItemDefinition& item : model.items) Resolve(item.name, pending);
}

ItemTypePointer ItemTypes::Resolve(const std::string& name, Pending& pending) {
  if (const auto known = types_.find(name); known != types_.end()) return known->second;
  const ItemDefinition& item = *pending.items.find(name)->second;
  if (!pending.open.insert(name).second) {
    pending.issues.push_back(
        {Severity::kError, item.where, "the type \"" + name + "\" contains itself", {}});
    return nullptr;
  }
  ItemTypePointer type = Make(item, pending);
  pending.open.erase(name);
  types_[name] = type;
  return type;
}

ItemTypePointer ItemTypes::Refer(const TypeName& name, Pending& pending) {
  if (pending.items.contains(name.name)) return Resolve(name.name, pending);
  return Find(name, pending.issues);
}

ItemTypePointer ItemTypes::MakeFunction(const FunctionItem& function, Pending& pending) {
  auto type = std::make_shared<ItemType>();
  std::vector<Type> parameters;
  for (const Variable& parameter : function.parameters) {
    const ItemTypePointer of = Refer(parameter.type, pending);
    parameters.push_back(of ? of->form : Type::Any());
  }
  type->result = Refer(function.result, pending);
  type->form =
      Type::FunctionOf(std::move(parameters), type->result ? type->result->form : Type::Any());
  return type;
}

ItemTypePointer ItemTypes::Make(const ItemDefinition& item, Pending& pending) {
  auto one = std::make_shared<ItemType>();
  if (item.function) {
    *one = *MakeFunction(*item.function, pending);
  } else if (!item.components.empty()) {
    std::vector<Type::Field> fields;
    for (const ItemDefinition& component : item.components) {
      const ItemTypePointer of = Make(component, pending);
      fields.push_back({component.name, of->form});
      one->components.emplace_back(component.name, of);
    }
    one->form = Type::ContextOf(std::move(fields));
  } else if (const ItemTypePointer of = Refer(item.type, pending)) {
    *one = *of;
  }
  if (item.allowed_values) {
    one->allowed = item.allowed_values->text;
    if (auto test = CompileTests(*item.allowed_values, one->form, pending.issues)) {
      one->tests.push_back(*std::move(test));
    }
  }
  if (item.is_collection) {
    auto many = std::make_shared<ItemType>();
    many->form = Type::ListOf(one->form);
    many->allowed = one->allowed;
    many->element = std::move(one);
    one = std::move(many);
  }
  if (item.type_constraint) {
    if (auto test = CompileTests(*item.type_constraint, one->form, pending.issues)) {
      one->tests.push_back(*std::move(test));
    }
  }
  return one;
}

ItemTypePointer ItemTypes::Find(const TypeName& name, std::vector<Issue>& issues) const {
  if (name.empty()) return nullptr;
  if (const auto found = types_.find(name.name); found != types_.end()) return found->second;
  const auto built_in = BuiltInTypes().find(WithoutPrefix(name.name));
  if (built_in == BuiltInTypes().end()) {
    const std::string nearest = Nearest(name.name, Names());
    issues.push_back({Severity::kError, name.where, "unknown type \"" + name.name + "\"",
                      nearest.empty() ? std::string() : "did you mean \"" + nearest + "\"?"});
    return nullptr;
  }
  if (built_in->second.is_any()) return nullptr;
  auto type = std::make_shared<ItemType>();
  type->form = built_in->second;
  return type;
}

std::optional<Type> ItemTypes::FormOf(std::string_view name) const {
  const auto found = types_.find(name);
  if (found == types_.end()) return std::nullopt;
  return found->second ? found->second->form : Type::Any();
}

std::vector<std::string> ItemTypes::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, type] : types_) names.push_back(name);
  for (const auto& [name, type] : BuiltInTypes()) names.push_back(name);
  return names;
}

}  // namespace kstati::eligibility::dmn
