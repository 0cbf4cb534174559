// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/regex/code_point_set.h"

#include <unicode/uchar.h>
#include <unicode/uset.h>

#include <algorithm>
#include <memory>
#include <string>

namespace kstati::eligibility::feel {
namespace {

constexpr char32_t kLast = 0x10FFFF;

struct CloseSet {
  void operator()(USet* set) const { uset_close(set); }
};

CodePointSet FromIcu(const USet& set) {
  CodePointSet result;
  const int32_t count = uset_getItemCount(&set);
  for (int32_t i = 0; i < count; ++i) {
    UChar32 first = 0;
    UChar32 last = 0;
    UErrorCode status = U_ZERO_ERROR;
    // Zero is the length of an interval; longer items are strings, which no property has.
    if (uset_getItem(&set, i, &first, &last, nullptr, 0, &status) != 0) continue;
    result.Add(static_cast<char32_t>(first), static_cast<char32_t>(last));
  }
  return result;
}

std::optional<CodePointSet> WithProperty(UProperty property, int32_t value) {
  if (value == UCHAR_INVALID_CODE) return std::nullopt;
  const std::unique_ptr<USet, CloseSet> set(uset_openEmpty());
  UErrorCode status = U_ZERO_ERROR;
  uset_applyIntPropertyValue(set.get(), property, value, &status);
  if (U_FAILURE(status) != 0) return std::nullopt;
  return FromIcu(*set);
}

// Names that XML Schema spells unlike Unicode does today.
std::string BlockName(std::string_view name) {
  if (name == "Greek") return "GreekandCoptic";
  if (name == "CombiningMarksforSymbols") return "CombiningDiacriticalMarksforSymbols";
  if (name == "PrivateUse") return "PrivateUseArea";
  return std::string(name);
}

}  // namespace

CodePointSet CodePointSet::Of(char32_t first, char32_t last) {
  CodePointSet set;
  set.Add(first, last);
  return set;
}

CodePointSet CodePointSet::All() { return Of(0, kLast); }

void CodePointSet::Add(char32_t first, char32_t last) {
  const auto begin =
      std::lower_bound(intervals_.begin(), intervals_.end(), first,
                       [](const Interval& each, char32_t at) { return each.last + 1 < at; });
  auto end = begin;
  while (end != intervals_.end() && end->first <= last + 1) {
    first = std::min(first, end->first);
    last = std::max(last, end->last);
    ++end;
  }
  intervals_.insert(intervals_.erase(begin, end), {first, last});
}

void CodePointSet::Add(const CodePointSet& other) {
  for (const Interval& each : other.intervals_) Add(each.first, each.last);
}

CodePointSet CodePointSet::Complement() const {
  CodePointSet rest;
  char32_t next = 0;
  for (const Interval& each : intervals_) {
    if (each.first > next) rest.intervals_.push_back({next, each.first - 1});
    next = each.last + 1;
  }
  if (next <= kLast) rest.intervals_.push_back({next, kLast});
  return rest;
}

void CodePointSet::Remove(const CodePointSet& other) {
  CodePointSet rest = Complement();
  rest.Add(other);
  *this = rest.Complement();
}

std::optional<CodePointSet> PropertySet(std::string_view name) {
  if (name.starts_with("Is")) {
    const std::string block = BlockName(name.substr(2));
    return WithProperty(UCHAR_BLOCK, u_getPropertyValueEnum(UCHAR_BLOCK, block.c_str()));
  }
  const bool category = name.size() == 1 || name.size() == 2;
  if (!category || name == "Cs" || name == "LC") return std::nullopt;
  const std::string alias(name);
  const int32_t mask = u_getPropertyValueEnum(UCHAR_GENERAL_CATEGORY_MASK, alias.c_str());
  // Names are told apart by case, unlike in Unicode.
  const char* canonical =
      u_getPropertyValueName(UCHAR_GENERAL_CATEGORY_MASK, mask, U_SHORT_PROPERTY_NAME);
  if (canonical == nullptr || name != canonical) return std::nullopt;
  return WithProperty(UCHAR_GENERAL_CATEGORY_MASK, mask);
}

CodePointSet WithCaseVariants(char32_t first, char32_t last) {
  const std::unique_ptr<USet, CloseSet> set(
      uset_open(static_cast<UChar32>(first), static_cast<UChar32>(last)));
  uset_closeOver(set.get(), USET_CASE_INSENSITIVE);
  return FromIcu(*set);
}

CodePointSet EscapeSet(char letter) {
  CodePointSet set;
  switch (letter) {
    case 's':
      set.Add(0x09, 0x0A);
      set.Add(0x0D, 0x0D);
      set.Add(0x20, 0x20);
      return set;
    case 'd': return PropertySet("Nd").value_or(set);
    case 'w':
      for (const std::string_view excluded : {"P", "Z", "C"}) {
        set.Add(PropertySet(excluded).value_or(CodePointSet()));
      }
      return set.Complement();
    default: break;
  }
  // The characters of XML names: XML 1.0, 2.3.
  constexpr CodePointSet::Interval kStart[] = {
      {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
      {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
      {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
      {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
  constexpr CodePointSet::Interval kPart[] = {
      {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};
  for (const auto& each : kStart) set.Add(each.first, each.last);
  if (letter == 'c') {
    for (const auto& each : kPart) set.Add(each.first, each.last);
  }
  return set;
}

}  // namespace kstati::eligibility::feel
