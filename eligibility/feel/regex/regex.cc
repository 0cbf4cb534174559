// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/regex/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstdint>
#include <functional>
#include <list>
#include <utility>

#include "base/check.h"
#include "eligibility/feel/regex/translator.h"

namespace kstati::eligibility::feel {
namespace {

// Steps of one match: some milliseconds. A pattern that needs more is a trap.
constexpr uint32_t kMostSteps = 1'000'000;
constexpr uint32_t kMostHeapKilobytes = 16 * 1024;
constexpr size_t kPatternsKept = 32;
constexpr size_t kLongestResult = 16 * 1024 * 1024;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

PCRE2_SPTR BytesOf(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

// A compiled pattern with what a match of it needs. For one thread.
class Pattern {
 public:
  static std::unique_ptr<Pattern> Compile(std::string_view text, const RegexFlags& flags,
                                          std::string& problem) {
    RegexProblem found;
    const auto translated = TranslateRegex(text, flags, found);
    if (!translated) {
      problem = std::move(found.text);
      return nullptr;
    }
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF;
    if (flags.ignore_case) options |= PCRE2_CASELESS;
    if (flags.multiline) options |= PCRE2_MULTILINE;
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* code = pcre2_compile(BytesOf(translated->pattern), translated->pattern.size(),
                                     options, &error, &offset, nullptr);
    if (code == nullptr) {
      problem = "the pattern is too large or too deep";
      return nullptr;
    }
    return std::unique_ptr<Pattern>(new Pattern(code, translated->groups));
  }

  int groups() const { return groups_; }

  enum class Found { kYes, kNo, kTooCostly };
  // The first match at or after byte `from`.
  Found Find(std::string_view input, size_t from) {
    const int outcome = pcre2_match(code_.get(), BytesOf(input), input.size(), from, 0, data_.get(),
                                    context_.get());
    if (outcome == PCRE2_ERROR_NOMATCH) return Found::kNo;
    return outcome < 0 ? Found::kTooCostly : Found::kYes;
  }
  size_t begin() const { return pcre2_get_ovector_pointer(data_.get())[0]; }
  size_t end() const { return pcre2_get_ovector_pointer(data_.get())[1]; }
  std::string_view Group(std::string_view input, int group) const {
    const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data_.get()) + 2 * group;
    if (group > groups_ || places[0] == PCRE2_UNSET) return {};
    return input.substr(places[0], places[1] - places[0]);
  }

 private:
  Pattern(pcre2_code* code, int groups)
      : code_(code),
        data_(pcre2_match_data_create_from_pattern(code, nullptr)),
        context_(pcre2_match_context_create(nullptr)),
        groups_(groups) {
    KSTATI_CHECK(data_ != nullptr && context_ != nullptr);
    pcre2_set_match_limit(context_.get(), kMostSteps);
    pcre2_set_heap_limit(context_.get(), kMostHeapKilobytes);
  }

  std::unique_ptr<pcre2_code, FreeCode> code_;
  std::unique_ptr<pcre2_match_data, FreeData> data_;
  std::unique_ptr<pcre2_match_context, FreeContext> context_;
  int groups_;
};

// The patterns this thread used last, the latest first.
class PatternCache {
 public:
  Pattern* Get(std::string_view text, std::string_view flags, std::string& problem) {
    for (auto at = kept_.begin(); at != kept_.end(); ++at) {
      if (at->text != text || at->flags != flags) continue;
      kept_.splice(kept_.begin(), kept_, at);
      return kept_.front().pattern.get();
    }
    const auto parsed = ParseRegexFlags(flags);
    if (!parsed) {
      problem = "the flags are s, m, i, x and q";
      return nullptr;
    }
    auto pattern = Pattern::Compile(text, *parsed, problem);
    if (pattern == nullptr) return nullptr;
    kept_.push_front({std::string(text), std::string(flags), std::move(pattern)});
    if (kept_.size() > kPatternsKept) kept_.pop_back();
    return kept_.front().pattern.get();
  }

 private:
  struct Entry {
    std::string text;
    std::string flags;
    std::unique_ptr<Pattern> pattern;
  };
  std::list<Entry> kept_;
};

PatternCache& Cache() {
  thread_local PatternCache cache;
  return cache;
}

constexpr const char* kTooCostly = "the pattern takes too many steps on this text";
constexpr const char* kMatchesNothing = "the pattern matches the empty string";

// One part of a replacement: text that stands for itself, or a group.
struct Piece {
  std::string text;
  int group = -1;
};

std::optional<std::vector<Piece>> ParseReplacement(std::string_view text, int groups) {
  std::vector<Piece> pieces{{}};
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      if (at + 1 >= text.size() || (text[at + 1] != '\\' && text[at + 1] != '$')) {
        return std::nullopt;
      }
      pieces.back().text += text[++at];
    } else if (text[at] == '$') {
      const auto digit = [&](size_t i) {
        return i < text.size() && text[i] >= '0' && text[i] <= '9';
      };
      if (!digit(at + 1)) return std::nullopt;
      int group = text[++at] - '0';
      // As many digits as still name a group.
      while (digit(at + 1) && group * 10 + (text[at + 1] - '0') <= groups) {
        group = group * 10 + (text[++at] - '0');
      }
      pieces.push_back({{}, group});
      pieces.push_back({});
    } else {
      pieces.back().text += text[at];
    }
  }
  return pieces;
}

// Calls `visit` for every match, from the left; false when a match was too costly. Requires a
// pattern that does not match the empty string.
bool VisitMatches(Pattern& pattern, std::string_view input, const std::function<void()>& visit) {
  size_t from = 0;
  while (true) {
    const Pattern::Found found = pattern.Find(input, from);
    if (found == Pattern::Found::kTooCostly) return false;
    if (found == Pattern::Found::kNo) return true;
    if (pattern.end() == pattern.begin()) return true;
    visit();
    from = pattern.end();
  }
}

// A pattern for replacing and splitting; null, and why, when there is none.
Pattern* SeparatingPattern(std::string_view text, std::string_view flags, std::string& problem) {
  Pattern* pattern = Cache().Get(text, flags, problem);
  if (pattern == nullptr) return nullptr;
  if (pattern->Find("", 0) == Pattern::Found::kYes) {
    problem = kMatchesNothing;
    return nullptr;
  }
  return pattern;
}

}  // namespace

RegexOutcome<bool> RegexMatches(std::string_view input, std::string_view pattern,
                                std::string_view flags) {
  RegexOutcome<bool> outcome;
  Pattern* const compiled = Cache().Get(pattern, flags, outcome.problem);
  if (compiled == nullptr) return outcome;
  const Pattern::Found found = compiled->Find(input, 0);
  if (found == Pattern::Found::kTooCostly) {
    outcome.problem = kTooCostly;
  } else {
    outcome.value = found == Pattern::Found::kYes;
  }
  return outcome;
}

RegexOutcome<std::string> RegexReplace(std::string_view input, std::string_view pattern,
                                       std::string_view replacement, std::string_view flags) {
  RegexOutcome<std::string> outcome;
  Pattern* const compiled = SeparatingPattern(pattern, flags, outcome.problem);
  if (compiled == nullptr) return outcome;
  const bool literal = flags.find('q') != std::string_view::npos;
  std::optional<std::vector<Piece>> pieces;
  if (literal) {
    pieces = std::vector<Piece>{{std::string(replacement), -1}};
  } else {
    pieces = ParseReplacement(replacement, compiled->groups());
  }
  if (!pieces) {
    outcome.problem = "a replacement has $ before a digit, or \\ before $ or \\";
    return outcome;
  }
  std::string result;
  size_t copied = 0;
  const bool done = VisitMatches(*compiled, input, [&] {
    if (result.size() > kLongestResult) return;
    result += input.substr(copied, compiled->begin() - copied);
    for (const Piece& piece : *pieces) {
      result +=
          piece.group < 0 ? std::string_view(piece.text) : compiled->Group(input, piece.group);
    }
    copied = compiled->end();
  });
  if (!done || result.size() > kLongestResult) {
    outcome.problem = done ? "the result is too long" : kTooCostly;
    return outcome;
  }
  outcome.value = result + std::string(input.substr(copied));
  return outcome;
}

RegexOutcome<std::vector<std::string>> RegexSplit(std::string_view input,
                                                  std::string_view pattern) {
  RegexOutcome<std::vector<std::string>> outcome;
  Pattern* const compiled = SeparatingPattern(pattern, {}, outcome.problem);
  if (compiled == nullptr) return outcome;
  std::vector<std::string> parts;
  size_t begin = 0;
  const bool done = VisitMatches(*compiled, input, [&] {
    parts.emplace_back(input.substr(begin, compiled->begin() - begin));
    begin = compiled->end();
  });
  if (!done) {
    outcome.problem = kTooCostly;
    return outcome;
  }
  parts.emplace_back(input.substr(begin));
  outcome.value = std::move(parts);
  return outcome;
}

}  // namespace kstati::eligibility::feel
