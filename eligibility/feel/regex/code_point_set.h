// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace kstati::eligibility::feel {

// A set of Unicode code points: ascending intervals that neither overlap nor touch.
class CodePointSet {
 public:
  struct Interval {
    char32_t first;
    char32_t last;
  };

  CodePointSet() = default;
  static CodePointSet Of(char32_t first, char32_t last);
  static CodePointSet All();

  void Add(char32_t first, char32_t last);
  void Add(const CodePointSet& other);
  void Remove(const CodePointSet& other);
  CodePointSet Complement() const;

  const std::vector<Interval>& intervals() const { return intervals_; }

 private:
  std::vector<Interval> intervals_;
};

// The code points of a general category ("Lu", "P"), or of a block under its name in XML Schema
// ("IsBasicLatin"). nullopt when there is none of this name.
std::optional<CodePointSet> PropertySet(std::string_view name);

// An interval with the case variants of its characters: what the flag i makes of it (XPath and
// XQuery Functions and Operators 3.1, 5.6.2).
CodePointSet WithCaseVariants(char32_t first, char32_t last);

// The multi-character escapes of XML Schema, part 2, F.1.1: s, i, c, d or w.
CodePointSet EscapeSet(char letter);

}  // namespace kstati::eligibility::feel
