// SPDX-License-Identifier: Apache-2.0
// The configuration in three written forms.
#include "cli/config.h"

namespace kstati::cli {
namespace {

std::string_view SectionOf(const Setting& setting) {
  return setting.key.substr(0, setting.key.find('.'));
}

std::string_view NameOf(const Setting& setting) {
  return setting.key.substr(setting.key.find('.') + 1);
}

std::string TomlValue(const Setting& setting, const std::string& text) {
  return setting.kind == Setting::Kind::kNumber ? text : "\"" + text + "\"";
}

std::string Range(const Setting& setting) {
  if (setting.kind == Setting::Kind::kNumber) {
    return std::to_string(setting.least) + " to " + std::to_string(setting.most);
  }
  std::string words(setting.words);
  for (size_t at = words.find('|'); at != std::string::npos; at = words.find('|', at + 2)) {
    words.replace(at, 1, ", ");
  }
  if (!words.empty()) return words;
  return setting.kind == Setting::Kind::kPath ? "path" : "text";
}

// Writes sections in order, each line by `line`.
template <class Line>
std::string WriteSections(const Line& line) {
  std::string text;
  std::string_view section;
  for (const Setting& setting : Settings()) {
    if (SectionOf(setting) != section) {
      section = SectionOf(setting);
      text += (text.empty() ? "[" : "\n[") + std::string(section) + "]\n";
    }
    text += line(setting);
  }
  return text;
}

}  // namespace

std::string Print(const Config& config) {
  return WriteSections([&](const Setting& setting) {
    std::string text = setting.kind == Setting::Kind::kNumber
                           ? std::to_string(config.Number(setting.key))
                           : config.Text(setting.key);
    if (setting.secret && !text.empty()) text = "(hidden)";
    return std::string(NameOf(setting)) + " = " + TomlValue(setting, text) + "  # " +
           config.source(setting.key) + "\n";
  });
}

std::string DefaultFile() {
  return "# The configuration of Kstati with its default values. Paths are relative to this file.\n"
         "# `kstati check kstati.toml` checks it, `kstati serve --print-config` shows what is in "
         "force.\n\n" +
         WriteSections([](const Setting& setting) {
           return "# " + std::string(setting.explanation) + "\n" + std::string(NameOf(setting)) +
                  " = " + TomlValue(setting, std::string(setting.otherwise)) + "\n";
         });
}

std::string ConfigurationReference() {
  std::string text =
      "# Configuration\n\n"
      "Written by `kstati __reference configuration`; a test keeps it up to date.\n\n"
      "`kstati.toml` of the current folder, or the file given with `--config`. Every key has a "
      "default; an "
      "unknown key is\nan error. Paths are relative to the file.\n\n"
      "| key | default | values | meaning |\n|---|---|---|---|\n";
  for (const Setting& setting : Settings()) {
    text += "| `" + std::string(setting.key) + "` | `" +
            TomlValue(setting, std::string(setting.otherwise)) + "` | " + Range(setting) + " | " +
            std::string(setting.explanation) + " |\n";
  }
  return text +
         "\n## Tokens\n\n"
         "`security.tokens_file` is a TOML file that holds the SHA-256 of every token, never a "
         "token:\n\n"
         "```toml\n[[token]]\nname = \"civil registry gateway\"\n"
         "sha256 = \"...\"                      # printf %s TOKEN | sha256sum\n"
         "scopes = [\"registry:egr_zags\"]\n```\n\n"
         "`purposes = [\"service_on_request\"]` lists for what the bearer may use data of people "
         "for "
         "whom it does not speak:\nids of legal bases (`kstati consent bases`) and purposes of "
         "consents. Every such call names one of them\n(`purpose` of its context, `--purpose`) and "
         "is "
         "refused otherwise; the person is told of both.\n\n"
         "| scope | lets its bearer |\n|---|---|\n"
         "| `registry:ID` | submit events of that registry and no other |\n"
         "| `official:<authority>` | see and decide cases of the services of one authority |\n"
         "| `portal` | make every call about every citizen, but submit no events |\n"
         "| `citizen:NUMBER` | the same about one citizen |\n"
         "| `operator` | make every call; for the people who run the system |\n";
}

}  // namespace kstati::cli
