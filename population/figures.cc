// SPDX-License-Identifier: Apache-2.0
#include "population/figures.h"

#include <variant>

namespace kstati::population {

std::optional<int64_t> SumInForce(const graph::Catalogue& catalogue, const char* parameter, Date on,
                                  const std::string& region) {
  const graph::Parameter* found = catalogue.FindParameter(ParameterId(parameter));
  const graph::ParameterValue* value = found == nullptr ? nullptr : found->On(on, region);
  const Decimal* amount = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  if (amount == nullptr) return std::nullopt;
  const auto kopecks = amount->Multiply(100);
  return kopecks ? kopecks->ToInt64() : std::nullopt;
}

std::optional<int64_t> PensionAge(const graph::Catalogue& catalogue, Date on, Sex sex,
                                  int64_t birth_year) {
  const graph::Parameter* parameter = catalogue.FindParameter(ParameterId("pension_age"));
  if (parameter == nullptr) return std::nullopt;
  const std::string word = sex == Sex::kFemale ? "female" : "male";
  const auto* value = parameter->On(on, "RU", {{"sex", word}, {"birth_year", birth_year}});
  const Decimal* years = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  return years == nullptr ? std::nullopt : years->ToInt64();
}

}  // namespace kstati::population
