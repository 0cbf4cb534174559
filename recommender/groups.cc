// SPDX-License-Identifier: Apache-2.0
#include "recommender/groups.h"

#include <array>
#include <utility>
#include <variant>

namespace kstati::recommender {
namespace {

std::string WordOf(const profile::FactView& person, const char* attribute) {
  const profile::Fact* fact = person.Find(AttributeId(attribute));
  const std::string* word = fact == nullptr ? nullptr : std::get_if<std::string>(&fact->value);
  return word == nullptr ? kUnknownGroup : *word;
}

std::string AgeGroupOf(const profile::FactView& person, Date on) {
  constexpr std::array kGroups{std::pair(60, "60+"), std::pair(35, "35-59"), std::pair(18, "18-34"),
                               std::pair(0, "0-17")};
  const profile::Fact* fact = person.Find(AttributeId("person.birth_date"));
  const Date* born = fact == nullptr ? nullptr : std::get_if<Date>(&fact->value);
  if (born == nullptr) return kUnknownGroup;
  for (const auto& [years, group] : kGroups) {
    if (born->AddMonths(years * 12) <= on) return group;
  }
  return kUnknownGroup;
}

}  // namespace

std::map<std::string, std::string> GroupsOf(const profile::FactView& person, Date on) {
  return {{"age", AgeGroupOf(person, on)},
          {"sex", WordOf(person, "person.sex")},
          {"region", WordOf(person, "person.region_code")},
          {"portal", WordOf(person, "person.esia_level")}};
}

}  // namespace kstati::recommender
