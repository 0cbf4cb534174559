// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/text.h"

#include <cstddef>

namespace kstati::ledger_verifier {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct ShortEscape {
  char letter;
  char meaning;
};

constexpr ShortEscape kShortEscapes[] = {{'"', '"'},  {'\\', '\\'}, {'b', '\b'}, {'t', '\t'},
                                         {'n', '\n'}, {'f', '\f'},  {'r', '\r'}};

bool HasShortEscape(char c) {
  for (const ShortEscape& escape : kShortEscapes) {
    if (escape.meaning == c) return true;
  }
  return false;
}

// Bytes of the code point that begins with `lead`, and the least value that needs so many; zero
// bytes when none begins so.
struct Utf8Form {
  size_t bytes;
  uint32_t bits;
  uint32_t least;
};

Utf8Form FormOf(unsigned char lead) {
  if (lead < 0x80) return {1, lead, 0};
  if (lead >= 0xC0 && lead < 0xE0) return {2, lead & 0x1Fu, 0x80};
  if (lead >= 0xE0 && lead < 0xF0) return {3, lead & 0x0Fu, 0x800};
  if (lead >= 0xF0 && lead < 0xF8) return {4, lead & 0x07u, 0x10000};
  return {};
}

// Bytes of the valid code point at the start of `text`; zero when there is none.
size_t CodePointBytes(std::string_view text) {
  if (text.empty()) return 0;
  const Utf8Form form = FormOf(static_cast<unsigned char>(text.front()));
  if (form.bytes == 0 || form.bytes > text.size()) return 0;
  uint32_t point = form.bits;
  for (const char byte : text.substr(1, form.bytes - 1)) {
    const auto bits = static_cast<unsigned char>(byte);
    if (bits >> 6 != 2) return 0;
    point = point << 6 | (bits & 0x3Fu);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < form.least || surrogate || point > 0x10FFFF ? 0 : form.bytes;
}

}  // namespace

std::optional<std::string> DecodeHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    const size_t high = kHexDigits.find(text[i]);
    const size_t low = kHexDigits.find(text[i + 1]);
    if (high == kHexDigits.npos || low == kHexDigits.npos) return std::nullopt;
    bytes.push_back(static_cast<char>(16 * high + low));
  }
  return bytes;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;  // of bits that are not in `bytes` yet
  for (const char c : text) {
    const size_t digit = kBase64Digits.find(c);
    if (digit == kBase64Digits.npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count));
    bits &= (1u << count) - 1;
  }
  return bits == 0 ? std::optional(bytes) : std::nullopt;
}

std::optional<uint64_t> ParseNumber(std::string_view text) {
  constexpr uint64_t kMost = INT64_MAX;
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (number > (kMost - digit) / 10) return std::nullopt;
    number = 10 * number + digit;
  }
  return number;
}

bool Cursor::Take(std::string_view literal) {
  if (!rest_.starts_with(literal)) return false;
  rest_.remove_prefix(literal.size());
  return true;
}

std::optional<std::string_view> Cursor::TakeUntil(char end) {
  const size_t length = rest_.find(end);
  if (length == rest_.npos) return std::nullopt;
  const std::string_view found = rest_.substr(0, length);
  rest_.remove_prefix(length + 1);
  return found;
}

std::optional<std::string> Cursor::TakeJsonString() {
  if (!Take("\"")) return std::nullopt;
  std::string value;
  while (!Take("\"")) {
    if (!(Take("\\") ? TakeEscape(value) : TakePlain(value))) return std::nullopt;
  }
  return value;
}

bool Cursor::TakePlain(std::string& value) {
  const size_t bytes = CodePointBytes(rest_);
  if (bytes == 0 || static_cast<unsigned char>(rest_.front()) < ' ') return false;
  value += rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return true;
}

bool Cursor::TakeEscape(std::string& value) {
  for (const ShortEscape& escape : kShortEscapes) {
    if (Take({&escape.letter, 1})) {
      value.push_back(escape.meaning);
      return true;
    }
  }
  if (!Take("u00") || rest_.size() < 2) return false;
  const auto byte = DecodeHex(rest_.substr(0, 2));
  rest_.remove_prefix(2);
  if (!byte || static_cast<unsigned char>(byte->front()) >= ' ' || HasShortEscape(byte->front())) {
    return false;
  }
  value += *byte;
  return true;
}

}  // namespace kstati::ledger_verifier
