// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kstati::eligibility::feel {

enum class TokenKind {
  kEnd,
  kNumber,
  kString,  // the text between the quotes is unescaped by Unescape
  kAt,      // @ before a string
  kWord,    // one word of a name, or a keyword
  kSymbol,  // operators and punctuation
  kError,   // `message` of the lexer says why
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t begin = 0;
  size_t end = 0;
  std::string_view text;

  bool Is(std::string_view symbol_or_word) const {
    return (kind == TokenKind::kWord || kind == TokenKind::kSymbol) && text == symbol_or_word;
  }
};

// Cuts FEEL text into tokens, from any place: which words form a name depends on what is in
// scope, so the parser may go back and read on from an earlier offset.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // The token at or after `offset`, past blanks and comments.
  Token Read(size_t offset);
  std::string_view text() const { return text_; }
  // Why the last token of kind kError could not be read.
  const std::string& message() const { return message_; }

 private:
  size_t SkipBlanks(size_t offset);
  Token ReadNumber(size_t begin);
  Token ReadString(size_t begin);
  Token ReadWord(size_t begin);
  Token ReadSymbol(size_t begin);
  Token Make(TokenKind kind, size_t begin, size_t end) const;
  Token Fail(size_t begin, size_t end, std::string message);

  std::string_view text_;
  std::string message_;
};

// The code point at `offset` and its length in bytes; nullopt where the bytes are not UTF-8.
struct CodePoint {
  char32_t value = 0;
  size_t length = 0;
};
std::optional<CodePoint> DecodeAt(std::string_view text, size_t offset);
void AppendUtf8(char32_t code_point, std::string& out);

// The value of a string token (with its quotes). An unknown escape such as "\d" stands for itself
// and sets `unknown_escape` to its offset inside the token; a broken \u or \U is nullopt and sets
// it too.
std::optional<std::string> Unescape(std::string_view token, std::optional<size_t>& unknown_escape);

// Words that cannot start a name by themselves.
bool IsKeyword(std::string_view word);

}  // namespace kstati::eligibility::feel
