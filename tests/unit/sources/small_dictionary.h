// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "profile/dictionary.h"

namespace kstati::sources {

// Three attributes of the registry `sfr`: person.employed, person.income, person.status (a code).
inline const profile::Dictionary& SmallDictionary() {
  static const profile::Dictionary dictionary = [] {
    const auto attribute = [](const char* id, profile::ValueType type) {
      profile::Attribute made;
      made.id = AttributeId(id);
      made.type = type;
      made.registry = RegistryId("sfr");
      return made;
    };
    std::vector<profile::Attribute> all{attribute("person.employed", profile::ValueType::kBoolean),
                                        attribute("person.income", profile::ValueType::kMoney),
                                        attribute("person.status", profile::ValueType::kCode)};
    all[2].codes.emplace_back().code = "pensioner";
    profile::Registry registry;
    registry.id = RegistryId("sfr");
    return profile::Dictionary(std::move(all), {registry});
  }();
  return dictionary;
}

MATCHER_P(FailsWith, code, "") {
  if (arg.has_value()) return false;
  *result_listener << arg.error().ToString();
  return arg.error().code == code;
}

}  // namespace kstati::sources
