// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kstati::recommender::models {

using ItemIndex = uint32_t;

// What each person has taken up: one history a person, each item at most once, in the order of the
// source. `items` names what the indices stand for.
struct Histories {
  std::vector<std::string> items;
  std::vector<std::vector<ItemIndex>> people;
};

}  // namespace kstati::recommender::models
