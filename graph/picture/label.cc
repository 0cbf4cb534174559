// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/label.h"

#include <algorithm>

namespace kstati::graph::picture {
namespace {

constexpr std::string_view kEllipsis = "…";

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The first code points of a text.
std::string_view Start(std::string_view text, size_t count) {
  size_t end = 0;
  while (end < text.size()) {
    if (!IsContinuation(text[end]) && count-- == 0) break;
    ++end;
  }
  return text.substr(0, end);
}

std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char byte) { return !IsContinuation(byte); }));
}

std::vector<std::string> WrapLabel(std::string_view text, size_t columns, size_t lines) {
  std::vector<std::string> wrapped;
  for (std::string_view word : WordsOf(text)) {
    const size_t length = CountCodePoints(word);
    const bool fits = !wrapped.empty() && CountCodePoints(wrapped.back()) + 1 + length <= columns;
    if (fits) {
      wrapped.back().append(" ").append(word);
      continue;
    }
    while (CountCodePoints(word) > columns) {
      const std::string_view part = Start(word, columns);
      wrapped.emplace_back(part);
      word.remove_prefix(part.size());
    }
    if (!word.empty()) wrapped.emplace_back(word);
  }
  if (wrapped.size() <= lines) return wrapped;
  wrapped.resize(lines);
  std::string& last = wrapped.back();
  last = std::string(Start(last, columns - 1)).append(kEllipsis);
  return wrapped;
}

std::string EscapeXml(std::string_view text) {
  std::string escaped;
  for (const char byte : text) {
    switch (byte) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F ? ' ' : byte;
    }
  }
  return escaped;
}

}  // namespace kstati::graph::picture
