// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kstati::eligibility::feel {

// The flags of XPath's regular expressions: Functions and Operators 3.1, 5.6.2.
struct RegexFlags {
  bool dot_all = false;       // s
  bool multiline = false;     // m
  bool ignore_case = false;   // i
  bool free_spacing = false;  // x
  bool literal = false;       // q
};

// nullopt when a letter is none of the flags.
std::optional<RegexFlags> ParseRegexFlags(std::string_view letters);

// A pattern in the notation of PCRE2 with the options UTF, DOLLAR_ENDONLY, MATCH_UNSET_BACKREF and,
// by the flags, CASELESS and MULTILINE.
struct TranslatedRegex {
  std::string pattern;
  int groups = 0;  // that capture
};

struct RegexProblem {
  std::string text;
};

// Translates a regular expression of XPath 3.1, which is that of XML Schema with anchors, reluctant
// quantifiers, back references and groups that do not capture. Classes, their subtraction, blocks
// and categories are computed as sets of code points, so nothing depends on PCRE2's own notions.
// nullopt, and what is wrong in `problem`, when it is none.
std::optional<TranslatedRegex> TranslateRegex(std::string_view pattern, const RegexFlags& flags,
                                              RegexProblem& problem);

}  // namespace kstati::eligibility::feel
