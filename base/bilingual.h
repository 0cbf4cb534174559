// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kstati {

enum class Language { kRussian, kEnglish };

// A text in both languages.
struct Bilingual {
  std::string ru;
  std::string en;

  const std::string& in(Language language) const {
    return language == Language::kRussian ? ru : en;
  }
};

inline std::string_view CodeOf(Language language) {
  return language == Language::kRussian ? "ru" : "en";
}

}  // namespace kstati
