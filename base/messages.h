// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bilingual.h"
#include "base/issue.h"
#include "base/time.h"

namespace kstati {

// The texts of server and console: ICU MessageFormat patterns under dotted keys, one JSON file per
// language (data/messages/ru.json, en.json). Arguments have names; a date needs a form in its
// pattern, as in {day, date, long}. Immutable after loading; safe from any thread.
class Messages {
 public:
  using Argument = std::variant<int64_t, double, std::string, Date>;

  // A broken pattern, an argument without a name, and a key or an argument that only one language
  // has are issues that name the key.
  static Messages Load(const std::string& folder, std::vector<Issue>& issues);

  // Fills the pattern. An unknown key gives the key itself and a missing argument stays in braces,
  // so that both are visible.
  std::string Format(Language language, std::string_view key,
                     const std::map<std::string, Argument>& arguments = {}) const;
  bool Has(Language language, std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> patterns_[2];
};

}  // namespace kstati
