// SPDX-License-Identifier: Apache-2.0
#include "base/plain_text.h"

namespace kstati {
namespace {

// The length of a well-formed UTF-8 character at `position`, 0 when it is not one.
size_t CharacterLength(std::string_view text, size_t position) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[position + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || position + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool too_large = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

// The first place that is not text in UTF-8: foreign bytes or a control character.
std::optional<Location> FirstBadCharacter(const std::string& path, std::string_view text) {
  Location at{path, 1, 1};
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterLength(text, i);
    if (length == 0) return at;
    at.column += static_cast<int>(length);
    if (text[i] == '\n') at = Location{path, at.line + 1, 1};
    i += length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Issue> NotPlainText(const std::string& path, std::string_view text) {
  const auto bad = FirstBadCharacter(path, text);
  if (!bad) return std::nullopt;
  return Issue{Severity::kError, *bad, "not a character of UTF-8 text",
               "save the file as UTF-8 without control characters"};
}

}  // namespace kstati
