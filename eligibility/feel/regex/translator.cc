// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/regex/translator.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "eligibility/feel/lexer.h"
#include "eligibility/feel/regex/code_point_set.h"

namespace kstati::eligibility::feel {
namespace {

constexpr size_t kLongestPattern = 4096;      // code points; an authored pattern is a line
constexpr int kDeepestGroup = 50;             // groups and classes inside each other: both recurse
constexpr uint32_t kMostRepetitions = 65535;  // PCRE2's own bound
constexpr size_t kLongestOutput = 1 << 20;

std::string Hexadecimal(char32_t c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[c & 0xF]);
    c >>= 4;
  } while (c != 0);
  return "\\x{" + digits + "}";
}

bool IsSurrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

void AppendInterval(char32_t first, char32_t last, std::string& out) {
  out += Hexadecimal(first);
  if (first != last) out += "-" + Hexadecimal(last);
}

// A class of PCRE2; surrogates are no characters of a string and may not be an end of an interval.
std::string ClassOf(const CodePointSet& set) {
  std::string out = "[";
  for (const CodePointSet::Interval& each : set.intervals()) {
    const char32_t first = IsSurrogate(each.first) ? 0xE000 : each.first;
    const char32_t last = IsSurrogate(each.last) ? 0xD7FF : each.last;
    if (first <= last) AppendInterval(first, last, out);
  }
  return out.size() == 1 ? "(?!)" : out + "]";
}

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

class Translator {
 public:
  Translator(std::u32string pattern, const RegexFlags& flags, RegexProblem& problem)
      : pattern_(std::move(pattern)), flags_(flags), problem_(problem) {}

  std::optional<TranslatedRegex> Run() {
    Alternatives(0);
    if (!failed_ && at_ < pattern_.size()) Fail("a parenthesis is closed that was not opened");
    if (failed_) return std::nullopt;
    return TranslatedRegex{std::move(out_), groups_};
  }

 private:
  bool done() const { return failed_ || at_ >= pattern_.size(); }
  char32_t peek(size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : 0;
  }
  bool Take(char32_t c) {
    if (done() || peek() != c) return false;
    ++at_;
    return true;
  }
  void Fail(std::string text) {
    if (!failed_) problem_.text = std::move(text);
    failed_ = true;
  }
  void Emit(std::string_view text) {
    out_ += text;
    if (out_.size() > kLongestOutput) Fail("the pattern is too large");
  }

  void Alternatives(int depth) {
    if (depth > kDeepestGroup) return Fail("groups are nested too deeply");
    Branch(depth);
    while (Take('|')) {
      Emit("|");
      Branch(depth);
    }
  }

  void Branch(int depth) {
    while (!done() && peek() != '|' && peek() != ')') {
      if (Take('^')) {
        Emit("^");
      } else if (Take('$')) {
        Emit("$");
      } else {
        Atom(depth);
        Quantifier();
      }
    }
  }

  void Atom(int depth) {
    const char32_t c = peek();
    if (Take('(')) return Group(depth);
    if (Take('.')) return Emit(flags_.dot_all ? "(?s:.)" : "[^\\n\\r]");
    if (c == '[') return Emit(AsItIs(Class(depth)));
    if (Take('\\')) return Escape();
    if (c < 0x80 && std::u32string_view(U"?*+{}]").find(c) != std::u32string_view::npos) {
      return Fail("a sign that has a meaning stands where it has none; put \\ before it");
    }
    ++at_;
    Emit(Hexadecimal(c));
  }

  void Group(int depth) {
    if (Take('?')) {
      if (!Take(':')) return Fail("only (?: may follow an opening parenthesis");
      Emit("(?:");
      Alternatives(depth + 1);
    } else {
      const int number = ++groups_;
      Emit("(");
      Alternatives(depth + 1);
      closed_.push_back(number);
    }
    if (!Take(')')) return Fail("a parenthesis is not closed");
    Emit(")");
  }

  void Quantifier() {
    if (Take('?')) {
      Emit("?");
    } else if (Take('*')) {
      Emit("*");
    } else if (Take('+')) {
      Emit("+");
    } else if (Take('{')) {
      Repetitions();
    } else {
      return;
    }
    if (Take('?')) Emit("?");
  }

  std::optional<uint32_t> Number() {
    if (!IsDigit(peek())) return std::nullopt;
    uint32_t value = 0;
    while (IsDigit(peek())) {
      value = value * 10 + (peek() - '0');
      if (value > kMostRepetitions) return std::nullopt;
      ++at_;
    }
    return value;
  }

  void Repetitions() {
    const auto least = Number();
    if (!least) return Fail("the number of repetitions cannot be read");
    std::string text = "{" + std::to_string(*least);
    if (Take(',')) {
      text += ",";
      if (peek() != '}') {
        const auto most = Number();
        if (!most || *most < *least) return Fail("the number of repetitions cannot be read");
        text += std::to_string(*most);
      }
    }
    if (!Take('}')) return Fail("the number of repetitions is not closed");
    Emit(text + "}");
  }

  void Escape() {
    if (IsDigit(peek())) return BackReference();
    if (const auto set = SetEscape()) return Emit(AsItIs(*set));
    if (const auto c = SingleEscape(U"\\|.-^?*+{}()[]$")) return Emit(Hexadecimal(*c));
    Fail("there is no such escape");
  }

  // As many digits as still name a group that is closed already.
  void BackReference() {
    const auto is_closed = [&](int number) {
      return std::find(closed_.begin(), closed_.end(), number) != closed_.end();
    };
    int number = static_cast<int>(peek() - '0');
    ++at_;
    while (IsDigit(peek()) && is_closed(number * 10 + static_cast<int>(peek() - '0'))) {
      number = number * 10 + static_cast<int>(peek() - '0');
      ++at_;
    }
    if (!is_closed(number)) return Fail("a back reference to a group that is not closed before");
    Emit("(?:\\g{" + std::to_string(number) + "})");
  }

  std::optional<char32_t> SingleEscape(std::u32string_view signs) {
    const char32_t c = peek();
    if (Take('n')) return '\n';
    if (Take('r')) return '\r';
    if (Take('t')) return '\t';
    if (c == 0 || signs.find(c) == std::u32string_view::npos) return std::nullopt;
    ++at_;
    return c;
  }

  // \s \S \i \I \c \C \d \D \w \W \p{..} \P{..}, after the backslash.
  std::optional<CodePointSet> SetEscape() {
    const char32_t c = peek();
    if (c == 'p' || c == 'P') {
      ++at_;
      return Property(c == 'P');
    }
    if (c == 0 || std::u32string_view(U"sicdwSICDW").find(c) == std::u32string_view::npos) {
      return std::nullopt;
    }
    ++at_;
    const bool negated = c < 'a';
    const CodePointSet set = EscapeSet(static_cast<char>(negated ? c - 'A' + 'a' : c));
    return negated ? set.Complement() : set;
  }

  CodePointSet Property(bool negated) {
    std::string name;
    if (Take('{')) {
      while (!done() && peek() != '}' && peek() < 0x80) {
        name += static_cast<char>(peek());
        ++at_;
      }
      if (!Take('}')) name.clear();
    }
    const auto set = PropertySet(name);
    if (!set) Fail("there is no category or block \"" + name + "\"");
    const CodePointSet found = set.value_or(CodePointSet());
    return negated ? found.Complement() : found;
  }

  // [...], with subtraction.
  CodePointSet Class(int depth) {
    CodePointSet set;
    if (depth > kDeepestGroup) {
      Fail("classes are nested too deeply");
      return set;
    }
    ++at_;
    const bool negated = Take('^');
    bool empty = true;
    while (!done() && peek() != ']') {
      if (peek() == '-' && peek(1) == '[') break;
      Member(empty, set);
      empty = false;
    }
    if (empty) Fail("a class is empty");
    if (negated) set = set.Complement();
    if (peek() == '-' && peek(1) == '[') {
      ++at_;
      set.Remove(Class(depth + 1));
    }
    if (!Take(']')) Fail("a class is not closed");
    return set;
  }

  // One character, interval or escape of a class.
  void Member(bool first, CodePointSet& set) {
    if (peek() == '\\') {
      ++at_;
      if (const auto escaped = SetEscape()) return set.Add(*escaped);
      --at_;
    }
    const auto from = MemberCharacter(first);
    if (!from) return;
    const bool interval = peek() == '-' && peek(1) != ']' && peek(1) != '[' && peek(1) != 0;
    if (!interval) return AddInterval(*from, *from, set);
    ++at_;
    const auto to = MemberCharacter(false);
    if (!to) return;
    if (*to < *from) return Fail("an interval of a class ends before it starts");
    AddInterval(*from, *to, set);
  }

  void AddInterval(char32_t first, char32_t last, CodePointSet& set) const {
    if (!flags_.ignore_case) return set.Add(first, last);
    set.Add(WithCaseVariants(first, last));
  }

  // Case variants are in a set already, or must not be: the flag i leaves \p{Lu} alone, and [^q]
  // does not match Q under it.
  std::string AsItIs(const CodePointSet& set) const {
    return flags_.ignore_case ? "(?-i:" + ClassOf(set) + ")" : ClassOf(set);
  }

  std::optional<char32_t> MemberCharacter(bool first) {
    const char32_t c = peek();
    if (Take('\\')) {
      const auto escaped = SingleEscape(U"\\|.-^?*+{}()[]$");
      if (!escaped) Fail("there is no such escape");
      return escaped;
    }
    // A hyphen stands for itself at the start and the end of a class.
    if (c == '[' || (c == '-' && !first && peek(1) != ']' && peek(1) != '-')) {
      Fail("a sign of a class stands where it has no meaning; put \\ before it");
      return std::nullopt;
    }
    ++at_;
    return c;
  }

  const std::u32string pattern_;
  const RegexFlags& flags_;
  RegexProblem& problem_;
  std::string out_;
  std::vector<int> closed_;  // groups, by number
  size_t at_ = 0;
  int groups_ = 0;
  bool failed_ = false;
};

bool IsBlank(char32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The flag x removes blanks everywhere but between the brackets of a class.
std::u32string WithoutBlanks(const std::u32string& pattern) {
  std::u32string kept;
  int classes = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char32_t c = pattern[i];
    if (IsBlank(c) && classes == 0) continue;
    kept += c;
    if (c == '\\') {
      ++i;
      while (i < pattern.size() && IsBlank(pattern[i]) && classes == 0) ++i;
      if (i < pattern.size()) kept += pattern[i];
    } else if (c == '[') {
      ++classes;
    } else if (c == ']' && classes > 0) {
      --classes;
    }
  }
  return kept;
}

}  // namespace

std::optional<RegexFlags> ParseRegexFlags(std::string_view letters) {
  RegexFlags flags;
  for (const char letter : letters) {
    switch (letter) {
      case 's': flags.dot_all = true; break;
      case 'm': flags.multiline = true; break;
      case 'i': flags.ignore_case = true; break;
      case 'x': flags.free_spacing = true; break;
      case 'q': flags.literal = true; break;
      default: return std::nullopt;
    }
  }
  return flags;
}

std::optional<TranslatedRegex> TranslateRegex(std::string_view pattern, const RegexFlags& flags,
                                              RegexProblem& problem) {
  std::u32string decoded;
  for (size_t at = 0; at < pattern.size();) {
    const auto c = DecodeAt(pattern, at);
    if (!c || decoded.size() >= kLongestPattern) {
      problem.text = c ? "the pattern is too long" : "the pattern is not UTF-8";
      return std::nullopt;
    }
    decoded += c->value;
    at += c->length;
  }
  if (flags.literal) {
    TranslatedRegex literal;
    for (const char32_t c : decoded) literal.pattern += Hexadecimal(c);
    return literal;
  }
  if (flags.free_spacing) decoded = WithoutBlanks(decoded);
  return Translator(std::move(decoded), flags, problem).Run();
}

}  // namespace kstati::eligibility::feel
