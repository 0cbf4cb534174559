// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/lexer.h"

#include <algorithm>
#include <array>

namespace kstati::eligibility::feel {
namespace {

constexpr std::array<std::string_view, 18> kKeywords{
    "and", "between",  "else", "every", "external", "false",     "for",  "function", "if",
    "in",  "instance", "null", "or",    "return",   "satisfies", "some", "then",     "true"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsBlank(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         c == 0x180E || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

struct Interval {
  char32_t first;
  char32_t last;
};

// FEEL grammar rule 28, name start char.
constexpr std::array<Interval, 17> kNameStart{{
    {'?', '?'},
    {'A', 'Z'},
    {'_', '_'},
    {'a', 'z'},
    {0xC0, 0xD6},
    {0xD8, 0xF6},
    {0xF8, 0x2FF},
    {0x370, 0x37D},
    {0x37F, 0x1FFF},
    {0x200C, 0x200D},
    {0x2070, 0x218F},
    {0x2C00, 0x2FEF},
    {0x3001, 0xD7FF},
    {0xF900, 0xFDCF},
    {0xFDF0, 0xFFFD},
    {0x10000, 0xEFFFF},
    {0x2190, 0x2BFF},  // arrows and signs, beyond the rule: emoji such as U+26A1 live here
}};

// Rule 29, name part char, beyond the start characters.
constexpr std::array<Interval, 4> kNamePart{
    {{'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};

template <size_t n>
bool InAny(const std::array<Interval, n>& intervals, char32_t c) {
  return std::any_of(intervals.begin(), intervals.end(), [c](const Interval& interval) {
    return c >= interval.first && c <= interval.last;
  });
}

bool StartsName(char32_t c) { return !IsBlank(c) && InAny(kNameStart, c); }
bool ContinuesName(char32_t c) { return StartsName(c) || InAny(kNamePart, c); }

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `count` hexadecimal digits at `position`; moves past them.
std::optional<char32_t> TakeHex(std::string_view text, size_t& position, size_t count) {
  if (position + count > text.size()) return std::nullopt;
  char32_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    const int digit = HexDigit(text[position + i]);
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  position += count;
  return value;
}

bool IsHighSurrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool IsLowSurrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

// The code point of an escape after "\u" or "\U"; surrogate pairs count as one.
std::optional<char32_t> TakeUnicodeEscape(std::string_view text, size_t& position, char letter) {
  auto value = TakeHex(text, position, letter == 'u' ? 4 : 6);
  if (!value) return std::nullopt;
  if (IsHighSurrogate(*value) && text.substr(position).starts_with("\\u")) {
    size_t next = position + 2;
    const auto low = TakeHex(text, next, 4);
    if (low && IsLowSurrogate(*low)) {
      position = next;
      return 0x10000 + ((*value - 0xD800) << 10) + (*low - 0xDC00);
    }
  }
  if (IsHighSurrogate(*value) || IsLowSurrogate(*value) || *value > 0x10FFFF) return std::nullopt;
  return value;
}

std::optional<char> SimpleEscape(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"': return '"';
    case '\'': return '\'';
    case '\\': return '\\';
    default: return std::nullopt;
  }
}

}  // namespace

bool IsKeyword(std::string_view word) {
  return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end();
}

std::optional<CodePoint> DecodeAt(std::string_view text, size_t offset) {
  if (offset >= text.size()) return std::nullopt;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || offset + length > text.size()) return std::nullopt;
  char32_t value = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return std::nullopt;
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return CodePoint{value, length};
}

void AppendUtf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::optional<std::string> Unescape(std::string_view token, std::optional<size_t>& unknown_escape) {
  const std::string_view body = token.substr(1, token.size() - 2);
  std::string out;
  size_t position = 0;
  while (position < body.size()) {
    const char c = body[position++];
    if (c != '\\' || position == body.size()) {
      out += c;
      continue;
    }
    const size_t backslash = position;  // its offset in the token, which has a quote before
    const char letter = body[position++];
    if (letter == 'u' || letter == 'U') {
      const auto code_point = TakeUnicodeEscape(body, position, letter);
      if (!code_point) {
        unknown_escape = backslash;
        return std::nullopt;
      }
      AppendUtf8(*code_point, out);
    } else if (const auto simple = SimpleEscape(letter)) {
      out += *simple;
    } else {
      if (!unknown_escape) unknown_escape = backslash;
      out += c;
      out += letter;
    }
  }
  return out;
}

Token Lexer::Make(TokenKind kind, size_t begin, size_t end) const {
  return {kind, begin, end, text_.substr(begin, end - begin)};
}

Token Lexer::Fail(size_t begin, size_t end, std::string message) {
  message_ = std::move(message);
  return Make(TokenKind::kError, begin, end);
}

size_t Lexer::SkipBlanks(size_t offset) {
  while (offset < text_.size()) {
    const std::string_view rest = text_.substr(offset);
    if (rest.starts_with("//")) {
      const size_t end = rest.find('\n');
      offset = end == std::string_view::npos ? text_.size() : offset + end;
    } else if (rest.starts_with("/*")) {
      const size_t end = rest.find("*/", 2);
      if (end == std::string_view::npos) return offset;
      offset += end + 2;
    } else {
      const auto c = DecodeAt(text_, offset);
      if (!c || !IsBlank(c->value)) return offset;
      offset += c->length;
    }
  }
  return offset;
}

Token Lexer::Read(size_t offset) {
  const size_t begin = SkipBlanks(offset);
  if (begin >= text_.size()) return Make(TokenKind::kEnd, text_.size(), text_.size());
  const char c = text_[begin];
  const bool digit_follows = begin + 1 < text_.size() && IsDigit(text_[begin + 1]);
  if (IsDigit(c) || (c == '.' && digit_follows)) return ReadNumber(begin);
  if (c == '"') return ReadString(begin);
  if (c == '@') return Make(TokenKind::kAt, begin, begin + 1);
  const auto code_point = DecodeAt(text_, begin);
  if (!code_point) return Fail(begin, begin + 1, "the text is not valid UTF-8");
  if (StartsName(code_point->value)) return ReadWord(begin);
  return ReadSymbol(begin);
}

// "12", "12.5", ".5", "1e-3"; the point must not begin "..".
Token Lexer::ReadNumber(size_t begin) {
  size_t end = begin;
  const auto skip_digits = [&] {
    while (end < text_.size() && IsDigit(text_[end])) ++end;
  };
  skip_digits();
  if (end + 1 < text_.size() && text_[end] == '.' && IsDigit(text_[end + 1])) {
    ++end;
    skip_digits();
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    size_t exponent = end + 1;
    if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
    if (exponent < text_.size() && IsDigit(text_[exponent])) {
      end = exponent;
      skip_digits();
    }
  }
  return Make(TokenKind::kNumber, begin, end);
}

Token Lexer::ReadString(size_t begin) {
  size_t end = begin + 1;
  while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') {
    if (text_[end] == '\\' && end + 1 < text_.size() && text_[end + 1] != '\n') {
      end += 2;
      continue;
    }
    const auto c = DecodeAt(text_, end);
    if (!c) return Fail(end, end + 1, "the text is not valid UTF-8");
    end += c->length;
  }
  if (end >= text_.size() || text_[end] != '"') {
    return Fail(begin, end, "a string is not closed");
  }
  return Make(TokenKind::kString, begin, end + 1);
}

Token Lexer::ReadWord(size_t begin) {
  size_t end = begin;
  while (const auto c = DecodeAt(text_, end)) {
    if (!ContinuesName(c->value)) break;
    end += c->length;
  }
  return Make(TokenKind::kWord, begin, end);
}

Token Lexer::ReadSymbol(size_t begin) {
  constexpr std::array<std::string_view, 6> kTwoCharacters{"**", "<=", ">=", "!=", "..", "->"};
  const std::string_view rest = text_.substr(begin);
  for (const std::string_view symbol : kTwoCharacters) {
    if (rest.starts_with(symbol)) return Make(TokenKind::kSymbol, begin, begin + 2);
  }
  if (rest.starts_with("==") || rest.starts_with("&&") || rest.starts_with("||")) {
    const std::string meant = rest[0] == '=' ? "=" : rest[0] == '&' ? "and" : "or";
    return Fail(begin, begin + 2,
                "\"" + std::string(rest.substr(0, 2)) + "\" is not FEEL; write " + meant);
  }
  if (rest.starts_with("/*")) return Fail(begin, begin + 2, "a comment is not closed");
  if (std::string_view("+-*/=<>()[]{},:.'").find(rest[0]) != std::string_view::npos) {
    return Make(TokenKind::kSymbol, begin, begin + 1);
  }
  const auto c = DecodeAt(text_, begin);
  return Fail(begin, begin + (c ? c->length : 1), "this character has no meaning here");
}

}  // namespace kstati::eligibility::feel
