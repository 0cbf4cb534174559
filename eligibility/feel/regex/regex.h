// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kstati::eligibility::feel {

// What a regular expression came to: a value, or why there is none.
template <class T>
struct RegexOutcome {
  std::optional<T> value;
  std::string problem;
};

// The functions of XPath (Functions and Operators 3.1, 5.6) on UTF-8. Patterns are compiled once
// per thread as long as they are among the last used. Time and memory of a match are limited. Any
// thread.
RegexOutcome<bool> RegexMatches(std::string_view input, std::string_view pattern,
                                std::string_view flags);
// Replaces every match; $1 is the first group, $0 the match, \$ and \\ the signs themselves.
RegexOutcome<std::string> RegexReplace(std::string_view input, std::string_view pattern,
                                       std::string_view replacement, std::string_view flags);
// What stands between the matches.
RegexOutcome<std::vector<std::string>> RegexSplit(std::string_view input, std::string_view pattern);

}  // namespace kstati::eligibility::feel
