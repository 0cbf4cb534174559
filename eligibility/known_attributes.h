// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/catalogue.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {

// What the catalogue's loader must know of the dictionary, which the module `graph` may not see.
// The dictionary must outlive it.
inline graph::KnownAttributes KnownAttributesOf(const profile::Dictionary& dictionary) {
  return {[&](const AttributeId& id) { return dictionary.Find(id) != nullptr; },
          [&](std::string_view id) { return dictionary.NearestAttribute(id); },
          [&](std::string_view id) {
            return dictionary.FindRegistry(RegistryId(std::string(id))) != nullptr;
          },
          [&](std::string_view id) {
            return dictionary.categories().empty() || dictionary.FindCategory(id) != nullptr;
          }};
}

}  // namespace kstati::eligibility
