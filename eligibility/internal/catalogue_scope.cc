// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/catalogue_scope.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/text_distance.h"
#include "eligibility/internal/slots.h"

namespace kstati::eligibility {
namespace {

using Literals = std::vector<std::optional<feel::Value>>;

// What the parameter's values are; any when they are of several kinds.
feel::Type TypeOf(const graph::Parameter& parameter) {
  std::optional<feel::Type> type;
  for (const graph::ParameterValue& value : parameter.values) {
    const bool number = std::holds_alternative<Decimal>(value.value);
    const feel::Type one = number ? feel::Type::Number() : feel::Type::Date();
    type = type ? feel::Join(*type, one) : one;
  }
  return type.value_or(feel::Type::Any());
}

std::string NearestParameter(const graph::Catalogue& catalogue, const std::string& id) {
  std::vector<std::string> known;
  for (const graph::Parameter& parameter : catalogue.parameters()) {
    known.push_back(parameter.id.text());
  }
  const std::string nearest = Nearest(id, known);
  return nearest.empty() ? "parameters are described in parameters/*.yaml"
                         : "did you mean \"" + nearest + "\"?";
}

// The dimensions are checked after compilation, when also the keys of computed contexts are known.
std::optional<feel::ArgumentProblem> CheckCall(const graph::Catalogue& catalogue,
                                               const Literals& literals, feel::Type& result) {
  const std::optional<feel::Value>& id = literals[0];
  if (!id || !id->is(feel::Kind::kString)) {
    return feel::ArgumentProblem{0, "the id of a parameter must be written out",
                                 "write parameter(\"id\")"};
  }
  const graph::Parameter* parameter = catalogue.FindParameter(ParameterId(id->string()));
  if (parameter == nullptr) {
    return feel::ArgumentProblem{0, "there is no parameter \"" + id->string() + "\"",
                                 NearestParameter(catalogue, id->string())};
  }
  result = TypeOf(*parameter);
  return std::nullopt;
}

feel::Type BuiltinType(Builtin builtin, const feel::Type& member) {
  if (IsMemberList(builtin)) return feel::Type::ListOf(member);
  return builtin == Builtin::kEventDate ? feel::Type::Date() : feel::Type::Boolean();
}

}  // namespace

CatalogueScope::CatalogueScope(const profile::Dictionary& dictionary,
                               const graph::Catalogue& catalogue, feel::Type member)
    : dictionary_(dictionary), catalogue_(catalogue) {
  uint32_t slot = static_cast<uint32_t>(dictionary.attributes().size());
  for (uint32_t i = 0; i < kBuiltinCount; ++i) {
    const Builtin builtin = static_cast<Builtin>(i);
    others_.emplace(NameOf(builtin), feel::Binding{slot++, BuiltinType(builtin, member)});
  }
  for (const graph::Service& service : catalogue.services()) {
    others_.emplace(std::string(kDecisionPrefix) + service.id.text(),
                    feel::Binding{slot++, feel::Type::String()});
  }
}

std::optional<feel::Binding> CatalogueScope::Resolve(std::string_view name) const {
  std::string text(name);
  if (const auto found = others_.find(text); found != others_.end()) return found->second;
  const profile::Attribute* attribute = dictionary_.Find(AttributeId(std::move(text)));
  if (attribute == nullptr) return std::nullopt;
  return feel::Binding{attribute->index, eligibility::TypeOf(*attribute)};
}

std::optional<feel::NativeFunction> CatalogueScope::ResolveFunction(std::string_view name) const {
  if (name != "parameter") return std::nullopt;
  feel::NativeFunction function;
  function.function = kParameterFunction;
  function.least_arguments = 1;
  function.most_arguments = 2;
  function.check = [&catalogue = catalogue_](const Literals& literals, feel::Type& result) {
    return CheckCall(catalogue, literals, result);
  };
  return function;
}

std::vector<std::string> CatalogueScope::Names() const {
  std::vector<std::string> names{"parameter"};
  for (const auto& [name, binding] : others_) names.push_back(name);
  for (const profile::Attribute& attribute : dictionary_.attributes()) {
    names.push_back(attribute.id.text());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace kstati::eligibility
