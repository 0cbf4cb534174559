// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/pattern_reader.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

#include <set>
#include <vector>

namespace kstati::certificate_verifier {
namespace {

using Characters = std::vector<UChar32>;
using Set = icu::UnicodeSet;

// Leaves the reading; caught where it began.
struct NoPattern {};

// As far as the language of rules reads a pattern.
constexpr size_t kCharactersMax = 4096;
constexpr size_t kBytesMax = 1 << 20;
constexpr int kDepthMax = 50;
constexpr UChar32 kRepetitionsMax = 65535;

constexpr UChar32 kEnd = -1;

std::string Written(UChar32 character) {
  return fmt::format("\\x{{{:X}}}", static_cast<uint32_t>(character));
}

// Half a character of UTF-16 is in no text.
std::string Written(Set set) {
  set.remove(0xD800, 0xDFFF);
  if (set.isEmpty()) return "(?!)";
  std::string written = "[";
  for (int32_t i = 0; i < set.getRangeCount(); ++i) {
    written += Written(set.getRangeStart(i));
    if (set.getRangeEnd(i) != set.getRangeStart(i)) written += "-" + Written(set.getRangeEnd(i));
  }
  return written + "]";
}

Set WithProperty(UProperty property, int32_t value) {
  UErrorCode status = U_ZERO_ERROR;
  Set set;
  set.applyIntPropertyValue(property, value, status);
  if (value == UCHAR_INVALID_CODE || U_FAILURE(status)) throw NoPattern();
  return set;
}

// Blocks that XML Schema names as Unicode 3.1 did.
Set Block(std::string name) {
  if (name == "Greek") name = "GreekandCoptic";
  if (name == "CombiningMarksforSymbols") name = "CombiningDiacriticalMarksforSymbols";
  if (name == "PrivateUse") name = "PrivateUseArea";
  return WithProperty(UCHAR_BLOCK, u_getPropertyValueEnum(UCHAR_BLOCK, name.c_str()));
}

// XML Schema, part 2, F.1.1: one or two letters, in this case only.
Set Category(const std::string& name) {
  static const std::set<std::string> kNames{"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc",
                                            "Me", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Ps",
                                            "Pe", "Pi", "Pf", "Po", "Z",  "Zs", "Zl", "Zp", "S",
                                            "Sm", "Sc", "Sk", "So", "C",  "Cc", "Cf", "Co", "Cn"};
  if (!kNames.contains(name)) throw NoPattern();
  return WithProperty(UCHAR_GENERAL_CATEGORY_MASK,
                      u_getPropertyValueEnum(UCHAR_GENERAL_CATEGORY_MASK, name.c_str()));
}

Set OfText(const char16_t* notation) {
  UErrorCode status = U_ZERO_ERROR;
  return Set(icu::UnicodeString(notation), status);
}

// XML 1.0, 2.3: what a name begins with, and what it goes on with.
Set NameStart() {
  return OfText(
      u"[\\:A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF"
      u"\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF"
      u"\\uFDF0-\\uFFFD\\U00010000-\\U000EFFFF]");
}

Set NameCharacter() {
  Set set = OfText(u"[\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040]");
  set.addAll(NameStart());
  return set;
}

// What a letter after the backslash stands for; nullopt when for no set.
std::optional<Set> OfLetter(UChar32 letter) {
  Set set;
  switch (letter) {
    case 's':
    case 'S': set = OfText(u"[\\u0009\\u000A\\u000D\\u0020]"); break;
    case 'i':
    case 'I': set = NameStart(); break;
    case 'c':
    case 'C': set = NameCharacter(); break;
    case 'd':
    case 'D': set = Category("Nd"); break;
    case 'w':
    case 'W':
      for (const char* each : {"P", "Z", "C"}) set.addAll(Category(each));
      set.complement();
      break;
    default: return std::nullopt;
  }
  if (letter < 'a') set.complement();
  return set;
}

bool IsDigit(UChar32 character) { return character >= '0' && character <= '9'; }

class Reader {
 public:
  Reader(const Characters& text, const PatternFlags& flags)
      : text_(text), dot_is_all_(flags.dot_is_all), any_case_(flags.any_case) {}

  std::string Read() {
    Alternatives(0);
    if (Peek() != kEnd) throw NoPattern();
    return written_;
  }

 private:
  UChar32 Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : kEnd;
  }
  UChar32 Next() {
    if (at_ == text_.size()) throw NoPattern();
    return text_[at_++];
  }
  bool Take(UChar32 character) {
    if (Peek() != character) return false;
    ++at_;
    return true;
  }
  void Need(UChar32 character) {
    if (!Take(character)) throw NoPattern();
  }
  void Write(const std::string& part) {
    written_ += part;
    if (written_.size() > kBytesMax) throw NoPattern();
  }

  void Alternatives(int depth) {
    if (depth > kDepthMax) throw NoPattern();
    while (true) {
      while (Peek() != kEnd && Peek() != '|' && Peek() != ')') Piece(depth);
      if (!Take('|')) return;
      Write("|");
    }
  }

  // An anchor, or an atom and how often it stands there.
  void Piece(int depth) {
    if (Take('^')) return Write("^");
    if (Take('$')) return Write("$");
    Atom(depth);
    if (Peek() == '?' || Peek() == '*' || Peek() == '+') {
      Write(std::string(1, static_cast<char>(Next())));
    } else if (Take('{')) {
      Times();
    } else {
      return;
    }
    if (Take('?')) Write("?");
  }

  void Atom(int depth) {
    if (Peek() == '[') return WriteSet(Class(depth));
    const UChar32 character = Next();
    switch (character) {
      case '(': return Group(depth);
      case '.': return Write(dot_is_all_ ? "(?s:.)" : "[^\\n\\r]");
      case '\\': return Escape();
      case '?':
      case '*':
      case '+':
      case '{':
      case '}':
      case ']': throw NoPattern();
      default: Write(Written(character));
    }
  }

  void Group(int depth) {
    if (Take('?')) {
      Need(':');
      Write("(?:");
      Alternatives(depth + 1);
    } else {
      const int number = ++groups_;
      Write("(");
      Alternatives(depth + 1);
      closed_.insert(number);
    }
    Need(')');
    Write(")");
  }

  UChar32 Number() {
    if (!IsDigit(Peek())) throw NoPattern();
    UChar32 number = 0;
    while (IsDigit(Peek())) {
      number = number * 10 + (Next() - '0');
      if (number > kRepetitionsMax) throw NoPattern();
    }
    return number;
  }

  // After the brace: n} or n,} or n,m}
  void Times() {
    const UChar32 least = Number();
    std::string times = "{" + std::to_string(least);
    if (Take(',')) {
      times += ",";
      if (Peek() != '}') {
        const UChar32 most = Number();
        if (most < least) throw NoPattern();
        times += std::to_string(most);
      }
    }
    Need('}');
    Write(times + "}");
  }

  void Escape() {
    if (IsDigit(Peek())) return Write(fmt::format("(?:\\g{{{}}})", ClosedGroup()));
    if (const std::optional<Set> set = SetEscape()) return WriteSet(*set);
    Write(Written(SingleEscape()));
  }

  // As many digits as name a group that is closed.
  int ClosedGroup() {
    int group = Next() - '0';
    while (IsDigit(Peek()) && closed_.contains(group * 10 + (Peek() - '0'))) {
      group = group * 10 + (Next() - '0');
    }
    if (!closed_.contains(group)) throw NoPattern();
    return group;
  }

  // After the backslash; takes nothing when it is no escape of a set.
  std::optional<Set> SetEscape() {
    if (Peek() == 'p' || Peek() == 'P') {
      const bool negated = Next() == 'P';
      Set set = Property();
      if (negated) set.complement();
      return set;
    }
    std::optional<Set> set = OfLetter(Peek());
    if (set) ++at_;
    return set;
  }

  Set Property() {
    Need('{');
    std::string name;
    while (Peek() != '}') {
      const UChar32 character = Next();
      if (character >= 0x80) throw NoPattern();
      name += static_cast<char>(character);
    }
    Need('}');
    return name.starts_with("Is") ? Block(name.substr(2)) : Category(name);
  }

  UChar32 SingleEscape() {
    static const std::set<UChar32> kSigns{'\\', '|', '.', '-', '^', '?', '*', '+',
                                          '{',  '}', '(', ')', '[', ']', '$'};
    const UChar32 character = Next();
    if (character == 'n') return '\n';
    if (character == 'r') return '\r';
    if (character == 't') return '\t';
    if (!kSigns.contains(character)) throw NoPattern();
    return character;
  }

  // [...], with another class to leave out at its end.
  Set Class(int depth) {
    if (depth > kDepthMax) throw NoPattern();
    Need('[');
    const bool negated = Take('^');
    Set set;
    bool first = true;
    while (Peek() != ']' && !(Peek() == '-' && Peek(1) == '[')) {
      AddMember(set, first);
      first = false;
    }
    if (first) throw NoPattern();
    if (negated) set.complement();
    if (Take('-')) set.removeAll(Class(depth + 1));
    Need(']');
    return set;
  }

  void AddMember(Set& set, bool first) {
    if (Take('\\')) {
      if (const std::optional<Set> escaped = SetEscape()) {
        set.addAll(*escaped);
        return;
      }
      --at_;
    }
    const UChar32 from = Member(first);
    const UChar32 after = Peek(1);
    UChar32 to = from;
    if (Peek() == '-' && after != ']' && after != '[' && after != kEnd) {
      ++at_;
      to = Member(false);
    }
    if (to < from) throw NoPattern();
    Set members(from, to);
    if (any_case_) members.closeOver(USET_CASE_INSENSITIVE).removeAllStrings();
    set.addAll(members);
  }

  // The flag i has done its work when a set is written: it reaches the characters and intervals of
  // a class before these are complemented, and no other set (Functions and Operators 3.1, 5.6.2).
  void WriteSet(const Set& set) { Write(any_case_ ? "(?-i:" + Written(set) + ")" : Written(set)); }

  // A hyphen stands for itself at the start and at the end of a class, and before another.
  UChar32 Member(bool first) {
    const UChar32 character = Next();
    if (character == '\\') return SingleEscape();
    const bool hyphen = character == '-' && !first && Peek() != ']' && Peek() != '-';
    if (character == '[' || hyphen) throw NoPattern();
    return character;
  }

  const Characters& text_;
  const bool dot_is_all_;
  const bool any_case_;
  std::string written_;
  std::set<int> closed_;  // groups, by number
  size_t at_ = 0;
  int groups_ = 0;
};

// Blanks mean nothing but in a class.
Characters WithoutBlanks(const Characters& text) {
  Characters kept;
  int classes = 0;
  bool escaped = false;
  for (const UChar32 each : text) {
    const bool blank = each == ' ' || each == '\t' || each == '\n' || each == '\r';
    if (blank && classes == 0) continue;
    kept.push_back(each);
    if (escaped) {
      escaped = false;
      continue;
    }
    escaped = each == '\\';
    if (each == '[') ++classes;
    if (each == ']' && classes > 0) --classes;
  }
  return kept;
}

}  // namespace

std::optional<std::string> InNotationOfPcre(const std::string& text, const PatternFlags& flags) {
  const icu::UnicodeString decoded = icu::UnicodeString::fromUTF8(text);
  Characters characters;
  for (int32_t i = 0; i < decoded.length(); i = decoded.moveIndex32(i, 1)) {
    characters.push_back(decoded.char32At(i));
  }
  if (characters.size() > kCharactersMax) return std::nullopt;
  std::string literal;
  for (const UChar32 each : characters) literal += Written(each);
  if (flags.is_text) return literal;
  if (flags.skips_blanks) characters = WithoutBlanks(characters);
  try {
    return Reader(characters, flags).Read();
  } catch (const NoPattern&) {
    return std::nullopt;
  }
}

}  // namespace kstati::certificate_verifier
