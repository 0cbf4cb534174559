// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kstati {

// The candidate with the smallest edit distance to a misspelt word, when that is at most a third of
// its length (at least 2); empty otherwise.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace kstati
