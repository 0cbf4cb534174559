// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kstati::ledger_verifier {

// Every reader here accepts one spelling of a value and no other, so that two texts that mean the
// same are the same.

std::optional<std::string> DecodeHex(std::string_view text);     // lower case
std::optional<std::string> DecodeBase64(std::string_view text);  // padded, unused bits zero
std::optional<uint64_t> ParseNumber(std::string_view text);      // decimal, below 2^63

// Walks over a text from its start.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }
  // Steps over `literal` when it comes next.
  bool Take(std::string_view literal);
  // The text before the next `end`, which is stepped over; nullopt when there is none.
  std::optional<std::string_view> TakeUntil(char end);
  // A JSON string in the spelling of RFC 8785: valid UTF-8, escaped only where JSON must.
  std::optional<std::string> TakeJsonString();

 private:
  // One code point of valid UTF-8 that is neither a quote, a backslash nor a control character.
  bool TakePlain(std::string& value);
  bool TakeEscape(std::string& value);

  std::string_view rest_;
};

}  // namespace kstati::ledger_verifier
