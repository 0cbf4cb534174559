// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace kstati::cli {
namespace {

constexpr size_t kColumn = 28;

std::string Padded(std::string text) {
  if (text.size() >= kColumn) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n" + std::string(kColumn, ' ');
  }
  text.append(kColumn - text.size(), ' ');
  return text;
}

std::string Indented(std::string_view lines) {
  std::string text = "  ";
  for (const char c : lines) {
    text += c;
    if (c == '\n') text += "  ";
  }
  return text + "\n";
}

std::string UsageLine(const Command& command, const Options& options) {
  std::string line = "kstati " + std::string(command.path());
  for (const OptionSpec& spec : options.specs()) {
    if (!spec.positional()) continue;
    line += " " + (spec.required ? spec.name : "[" + spec.name + "]") + (spec.many ? "..." : "");
  }
  for (const OptionSpec& spec : options.specs()) {
    if (!spec.positional() && spec.required) line += " " + spec.name + " " + spec.value_name;
  }
  return line + " [options]";
}

std::string Line(const OptionSpec& spec) {
  std::string left = "  " + spec.name;
  if (!spec.positional() && !spec.value_name.empty()) left += " " + spec.value_name;
  std::string right = spec.help;
  if (!spec.otherwise.empty()) right += " (default " + spec.otherwise + ")";
  return Padded(left + " ") + right + "\n";
}

std::string LineOf(const Command& command) {
  return Padded("  " + std::string(command.path()) + " ") + std::string(command.summary()) + "\n";
}

}  // namespace

std::string HelpOf(const Command& command, const Options& options) {
  std::string text = std::string(command.summary()) + "\n\nusage: " + UsageLine(command, options) +
                     "\n\nexamples:\n" + Indented(command.examples());
  std::string arguments;
  std::string rest;
  for (const OptionSpec& spec : options.specs()) {
    (spec.positional() ? arguments : rest) += Line(spec);
  }
  if (!arguments.empty()) text += "\narguments:\n" + arguments;
  return text + "\noptions:\n" + rest + Padded("  --help ") + "shows this page\n";
}

std::string ShortOverview(const CommandList& commands) {
  constexpr std::array<std::string_view, 8> kUsedMost{
      "init", "serve", "check", "doctor", "event ingest", "suggest", "explain", "case list"};
  std::string text = "usage: kstati COMMAND [options]\n\nused most:\n";
  for (const std::string_view path : kUsedMost) {
    const auto command = std::ranges::find(commands, path, [](const auto& c) { return c->path(); });
    KSTATI_CHECK(command != commands.end());
    text += LineOf(**command);
  }
  return text +
         "\n`kstati --help` lists all commands, `kstati COMMAND --help` the options of one.\n";
}

std::string Overview(const CommandList& commands) {
  std::string text =
      "kstati tells people in time what the state owes them.\n\n"
      "usage: kstati COMMAND [options]\n\n"
      "examples:\n"
      "  kstati check data/catalogue\n"
      "  kstati serve\n"
      "  kstati suggest 000000000017 --server 127.0.0.1:9090\n\n"
      "commands:\n";
  for (const auto& command : commands) {
    if (command->hidden()) continue;
    text += LineOf(*command);
  }
  return text + "\n`kstati COMMAND --help` shows the options and examples of a command.\n";
}

std::string CommandReference(const CommandList& commands) {
  std::string text =
      "# Command line\n\n"
      "Written by `kstati __reference cli`; a test keeps it up to date.\n\n"
      "Data goes to standard output, everything else to standard error. Exit codes: 0 fine, 1 it "
      "ran and "
      "found\nproblems, 2 wrong usage, 3 it found warnings under --strict, 4 invalid input, 5 not "
      "found, 6 consent or permission "
      "missing, 7 "
      "unavailable, 70 our bug.\n";
  for (const auto& command : commands) {
    if (command->hidden()) continue;
    Options options;
    command->Declare(options);
    text += "\n## kstati " + std::string(command->path()) + "\n```text\n" +
            HelpOf(*command, options) + "```\n";
  }
  return text;
}

}  // namespace kstati::cli
