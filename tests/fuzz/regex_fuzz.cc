// SPDX-License-Identifier: Apache-2.0
// Any bytes as flags, a pattern and a text, one per line: matching, replacing and splitting end in
// a value or a problem, and the parts of a split with one separator are what the text was.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "eligibility/feel/lexer.h"
#include "eligibility/feel/regex/regex.h"

namespace kstati::eligibility::feel {
namespace {

std::string_view TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto c = DecodeAt(text, at);
    if (!c) return false;
    at += c->length;
  }
  return true;
}

void Run(std::string_view bytes) {
  if (!IsUtf8(bytes)) return;  // strings of the language are UTF-8
  const std::string_view flags = TakeLine(bytes);
  const std::string_view pattern = TakeLine(bytes);
  const auto matches = RegexMatches(bytes, pattern, flags);
  KSTATI_CHECK(matches.value.has_value() == matches.problem.empty());
  const auto same = RegexReplace(bytes, pattern, "$0", flags);
  if (same.value && flags.find('q') == std::string_view::npos) KSTATI_CHECK(*same.value == bytes);
  const auto parts = RegexSplit(bytes, pattern);
  if (!parts.value) return;
  size_t total = 0;
  for (const std::string& part : *parts.value) total += part.size();
  KSTATI_CHECK(total <= bytes.size());
}

}  // namespace
}  // namespace kstati::eligibility::feel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kstati::eligibility::feel::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
