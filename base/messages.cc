// SPDX-License-Identifier: Apache-2.0
#include "base/messages.h"

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/timezone.h>

#include <set>
#include <utility>

#include "base/internal/message_file.h"

namespace kstati {
namespace {

constexpr double kMillisPerDay = 86'400'000;
constexpr Language kLanguages[] = {Language::kRussian, Language::kEnglish};

size_t IndexOf(Language language) { return language == Language::kRussian ? 0 : 1; }

const icu::Locale& LocaleOf(Language language) {
  static const icu::Locale russian("ru", "RU");
  static const icu::Locale english("en", "GB");  // the day before the month, as in Russian
  return language == Language::kRussian ? russian : english;
}

// The moment that formatters show as this day: noon in the zone they use, the process's own.
UDate NoonOf(Date date) {
  const double noon = (static_cast<double>(date.days) + 0.5) * kMillisPerDay;
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createDefault());
  int32_t standard_offset = 0;
  int32_t summer_offset = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone->getOffset(noon, true, standard_offset, summer_offset, status);
  return noon - standard_offset - summer_offset;
}

icu::Formattable ToFormattable(const Messages::Argument& argument) {
  if (const auto* whole = std::get_if<int64_t>(&argument)) return icu::Formattable(*whole);
  if (const auto* number = std::get_if<double>(&argument)) return icu::Formattable(*number);
  if (const auto* date = std::get_if<Date>(&argument)) {
    return icu::Formattable(NoonOf(*date), icu::Formattable::kIsDate);
  }
  return icu::Formattable(icu::UnicodeString::fromUTF8(std::get<std::string>(argument)));
}

// Why the pattern cannot be used; empty when it can.
std::string WhyBroken(const std::string& pattern, Language language) {
  UParseError where{};
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(icu::UnicodeString::fromUTF8(pattern), LocaleOf(language), where,
                                  status);
  if (U_SUCCESS(status)) return {};
  std::string before;
  icu::UnicodeString(where.preContext).toUTF8String(before);
  return std::string(u_errorName(status)) + (before.empty() ? "" : " after \"" + before + "\"");
}

// The names of a pattern's arguments, also of those inside plurals. Numbers ("{0}") are names too.
std::set<std::string> ArgumentsOf(const std::string& pattern) {
  std::set<std::string> names;
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessagePattern parsed(icu::UnicodeString::fromUTF8(pattern), nullptr, status);
  if (U_FAILURE(status)) return names;
  for (int32_t i = 0; i < parsed.countParts(); ++i) {
    const icu::MessagePattern::Part& part = parsed.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME &&
        part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER) {
      continue;
    }
    std::string name;
    parsed.getSubstring(part).toUTF8String(name);
    names.insert(std::move(name));
  }
  return names;
}

void CheckPattern(const MessageEntry& entry, Language language, std::vector<Issue>& issues) {
  const auto report = [&](std::string text, std::string hint) {
    issues.push_back(Issue{Severity::kError, entry.where,
                           "message \"" + entry.key + "\": " + std::move(text), std::move(hint)});
  };
  if (const std::string why = WhyBroken(entry.pattern, language); !why.empty()) {
    return report("the pattern is broken: " + why, "look for a brace that is not closed");
  }
  for (const std::string& name : ArgumentsOf(entry.pattern)) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    report("the argument {" + name + "} has no name", "write it as {count} or {name}");
  }
}

// Both languages must say the same: the same keys with the same arguments.
void CompareLanguages(const std::vector<MessageEntry>& entries, Language other,
                      const std::map<std::string, std::string, std::less<>>& other_patterns,
                      std::vector<Issue>& issues) {
  for (const MessageEntry& entry : entries) {
    const auto twin = other_patterns.find(entry.key);
    std::string text;
    if (twin == other_patterns.end()) {
      text = "has no text in " + std::string(CodeOf(other)) + ".json";
    } else if (ArgumentsOf(entry.pattern) != ArgumentsOf(twin->second)) {
      text = "has other arguments in " + std::string(CodeOf(other)) + ".json";
    } else {
      continue;
    }
    issues.push_back(
        Issue{Severity::kError, entry.where, "message \"" + entry.key + "\" " + text, {}});
  }
}

}  // namespace

Messages Messages::Load(const std::string& folder, std::vector<Issue>& issues) {
  Messages messages;
  std::vector<MessageEntry> entries[2];
  for (const Language language : kLanguages) {
    const std::string path = folder + "/" + std::string(CodeOf(language)) + ".json";
    std::vector<MessageEntry>& own = entries[IndexOf(language)];
    own = ReadMessageFile(path, issues);
    for (const MessageEntry& entry : own) {
      CheckPattern(entry, language, issues);
      messages.patterns_[IndexOf(language)].emplace(entry.key, entry.pattern);
    }
  }
  for (const Language language : kLanguages) {
    const Language other = language == Language::kRussian ? Language::kEnglish : Language::kRussian;
    CompareLanguages(entries[IndexOf(language)], other, messages.patterns_[IndexOf(other)], issues);
  }
  return messages;
}

std::string Messages::Format(Language language, std::string_view key,
                             const std::map<std::string, Argument>& arguments) const {
  const auto& patterns = patterns_[IndexOf(language)];
  const auto pattern = patterns.find(key);
  if (pattern == patterns.end()) return std::string(key);

  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : arguments) {
    names.push_back(icu::UnicodeString::fromUTF8(name));
    values.push_back(ToFormattable(value));
  }
  // Made anew for each call: a MessageFormat changes itself while it formats, so threads may not
  // share one.
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(icu::UnicodeString::fromUTF8(pattern->second), LocaleOf(language),
                                  status);
  icu::UnicodeString filled;
  format.format(names.data(), values.data(), static_cast<int32_t>(names.size()), filled, status);
  if (U_FAILURE(status)) return std::string(key);
  std::string text;
  return filled.toUTF8String(text);
}

bool Messages::Has(Language language, std::string_view key) const {
  return patterns_[IndexOf(language)].contains(key);
}

}  // namespace kstati
