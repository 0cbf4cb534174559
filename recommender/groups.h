// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/time.h"
#include "profile/fact.h"

namespace kstati::recommender {

inline constexpr const char* kUnknownGroup = "?";

// The groups of a person by which people are set side by side: "age" ("0-17", "18-34", "35-59",
// "60+"), "sex", "region" and "portal" (the level of the portal's account); "?" where it is not
// known.
std::map<std::string, std::string> GroupsOf(const profile::FactView& person, Date on);

}  // namespace kstati::recommender
