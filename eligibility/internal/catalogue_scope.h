// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "eligibility/feel/scope.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {

// The one function rules have beside the language's own.
inline constexpr uint32_t kParameterFunction = 0;

// "decision.SERVICE" names what is decided of a service about the same people.
inline constexpr std::string_view kDecisionPrefix = "decision.";

// The names a rule may use: attributes, builtins, decisions of services and parameter(). Slots as
// Rulebook numbers them.
class CatalogueScope final : public feel::Scope {
 public:
  // `member` is the type of the elements of children, parents and spouses.
  CatalogueScope(const profile::Dictionary& dictionary, const graph::Catalogue& catalogue,
                 feel::Type member);

  std::optional<feel::Binding> Resolve(std::string_view name) const override;
  std::optional<feel::NativeFunction> ResolveFunction(std::string_view name) const override;
  std::vector<std::string> Names() const override;

 private:
  const profile::Dictionary& dictionary_;
  const graph::Catalogue& catalogue_;
  std::unordered_map<std::string, feel::Binding> others_;  // builtins and decisions
};

}  // namespace kstati::eligibility
