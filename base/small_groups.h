// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kstati {

inline constexpr uint64_t kLeastGroup = 10;  // people; of smaller groups nothing is told

// The groups of which something may be told, by name: small ones are joined as "others", with the
// smallest of the rest where they would be too small even so, so that no difference from the whole
// tells of fewer people. Empty: all together are too few. A Sum counts `people` and adds up by +=.
template <class Sum>
std::vector<std::pair<std::string, Sum>> TellableGroups(const std::map<std::string, Sum>& groups) {
  std::vector<std::pair<std::string, Sum>> shown(groups.begin(), groups.end());
  std::ranges::stable_sort(shown, {}, [](const auto& group) { return group.second.people; });
  Sum others;
  size_t joined = 0;
  while (joined < shown.size() && (shown[joined].second.people < kLeastGroup ||
                                   (joined > 0 && others.people < kLeastGroup))) {
    others += shown[joined++].second;
  }
  shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(joined));
  std::ranges::sort(shown, {}, [](const auto& group) { return group.first; });
  if (joined > 0 && others.people >= kLeastGroup) shown.emplace_back("others", others);
  return shown;
}

}  // namespace kstati
