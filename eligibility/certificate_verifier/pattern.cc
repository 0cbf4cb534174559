// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstdint>
#include <optional>

#include "eligibility/certificate_verifier/pattern_reader.h"

namespace kstati::certificate_verifier {
namespace {

// What the language of rules lets a match cost; beyond it there is no result.
constexpr uint32_t kStepsMax = 1'000'000;
constexpr uint32_t kHeapKilobytesMax = 16 * 1024;

PCRE2_SPTR BytesOf(const std::string& text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

std::optional<PatternFlags> FlagsOf(const std::string& letters) {
  PatternFlags flags;
  for (const char letter : letters) {
    switch (letter) {
      case 's': flags.dot_is_all = true; break;
      case 'm': flags.by_lines = true; break;
      case 'i': flags.any_case = true; break;
      case 'x': flags.skips_blanks = true; break;
      case 'q': flags.is_text = true; break;
      default: return std::nullopt;
    }
  }
  return flags;
}

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(pcre2_code* made)
      : code(made),
        data(pcre2_match_data_create_from_pattern(made, nullptr)),
        context(pcre2_match_context_create(nullptr)) {
    pcre2_set_match_limit(context, kStepsMax);
    pcre2_set_heap_limit(context, kHeapKilobytesMax);
  }
  ~Compiled() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  pcre2_code* code;
  pcre2_match_data* data;
  pcre2_match_context* context;
};

Pattern::Pattern(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}

Pattern::~Pattern() = default;

std::unique_ptr<Pattern> Pattern::Of(const std::string& text, const std::string& letters) {
  const std::optional<PatternFlags> flags = FlagsOf(letters);
  const auto notation = flags ? InNotationOfPcre(text, *flags) : std::nullopt;
  if (!notation) return nullptr;
  uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF;
  if (flags->any_case) options |= PCRE2_CASELESS;
  if (flags->by_lines) options |= PCRE2_MULTILINE;
  int error = 0;
  PCRE2_SIZE place = 0;
  pcre2_code* const code =
      pcre2_compile(BytesOf(*notation), notation->size(), options, &error, &place, nullptr);
  if (code == nullptr) return nullptr;
  return std::unique_ptr<Pattern>(new Pattern(std::make_unique<Compiled>(code)));
}

Pattern::Found Pattern::Find(const std::string& text, size_t from) {
  const int count = pcre2_match(compiled_->code, BytesOf(text), text.size(), from, 0,
                                compiled_->data, compiled_->context);
  if (count == PCRE2_ERROR_NOMATCH) return Found::kNo;
  if (count < 0) return Found::kTooCostly;
  const PCRE2_SIZE* const places = pcre2_get_ovector_pointer(compiled_->data);
  groups_.assign(pcre2_get_ovector_count(compiled_->data), {});
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (places[2 * i] == PCRE2_UNSET) continue;
    groups_[i] = std::string_view(text).substr(places[2 * i], places[2 * i + 1] - places[2 * i]);
  }
  begin_ = places[0];
  return Found::kYes;
}

}  // namespace kstati::certificate_verifier
