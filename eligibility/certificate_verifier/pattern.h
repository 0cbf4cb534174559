// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kstati::certificate_verifier {

// What the flags of XPath's regular expressions ask for.
struct PatternFlags {
  bool dot_is_all = false;    // s
  bool by_lines = false;      // m
  bool any_case = false;      // i
  bool skips_blanks = false;  // x
  bool is_text = false;       // q
};

// A regular expression of XPath and XQuery Functions and Operators 3.1 (5.6.1), on UTF-8.
class Pattern {
 public:
  // nullptr when the text is no pattern, or has flags that there are not.
  static std::unique_ptr<Pattern> Of(const std::string& text, const std::string& flags);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  enum class Found { kYes, kNo, kTooCostly };
  // Looks for the first match at or after a byte. The text must live as long as its groups.
  Found Find(const std::string& text, size_t from);
  // Of the last match: the whole, then its groups, empty where one took no part.
  const std::vector<std::string_view>& groups() const { return groups_; }
  // The byte where the last match begins.
  size_t begin() const { return begin_; }

 private:
  struct Compiled;
  explicit Pattern(std::unique_ptr<Compiled> compiled);

  std::unique_ptr<Compiled> compiled_;
  std::vector<std::string_view> groups_;
  size_t begin_ = 0;
};

}  // namespace kstati::certificate_verifier
