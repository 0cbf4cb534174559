// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iostream>

#include "base/text_distance.h"
#include "cli/commands/commands.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "kstati_rpc/kstati_types.h"
#include "thrift/failure.h"

namespace kstati::cli {
namespace {

std::vector<std::string> WordsOf(std::string_view path) {
  std::vector<std::string> words;
  for (size_t start = 0; start < path.size();) {
    const size_t end = std::min(path.find(' ', start), path.size());
    words.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

// The command with the longest path that the arguments start with; null when there is none.
Command* FindCommand(const CommandList& commands, const std::vector<std::string>& arguments) {
  Command* found = nullptr;
  for (const auto& command : commands) {
    const std::vector<std::string> words = WordsOf(command->path());
    if (words.size() > arguments.size()) continue;
    if (!std::equal(words.begin(), words.end(), arguments.begin())) continue;
    if (found == nullptr || command->path().size() > found->path().size()) found = command.get();
  }
  return found;
}

bool WantsHelp(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word == "--help" || word == "-h"; });
}

// Commands of a group that was named without saying which: "consent".
std::vector<std::string> MembersOf(const CommandList& commands, const std::string& group) {
  std::vector<std::string> members;
  for (const auto& command : commands) {
    if (command->path().starts_with(group + " ")) members.emplace_back(command->path());
  }
  return members;
}

int ReportUnknown(const CommandList& commands, const std::vector<std::string>& arguments,
                  const Terminal& terminal) {
  const std::vector<std::string> members = MembersOf(commands, arguments.front());
  if (!members.empty()) {
    const bool none = arguments.size() == 1 || arguments[1].starts_with("-");
    if (none) {
      terminal.err << "error: `" << arguments[0] << "` needs one more word\n";
    } else {
      const std::string given = arguments[0] + " " + arguments[1];
      const std::string nearest = Nearest(given, members);
      terminal.err << "error: unknown command `" << given << "`\n";
      if (!nearest.empty()) {
        terminal.err << "  hint: did you mean `kstati " << nearest << "`?\n";
        return kExitUsage;
      }
    }
    terminal.err << "  hint: use one of:";
    for (const std::string& member : members) terminal.err << "\n    kstati " << member;
    terminal.err << "\n";
    return kExitUsage;
  }
  std::vector<std::string> names;
  for (const auto& command : commands) {
    if (!command->hidden()) names.push_back(WordsOf(command->path()).front());
  }
  const std::string nearest = Nearest(arguments.front(), names);
  terminal.err << "error: unknown command `" << arguments.front() << "`\n  hint: "
               << (nearest.empty() ? "`kstati --help` lists the commands"
                                   : "did you mean `kstati " + nearest + "`?")
               << "\n";
  return kExitUsage;
}

int ReportUsage(const Error& error, const Command& command, const Terminal& terminal) {
  terminal.err << "error: " << (error.place.empty() ? "" : error.place + ": ") << error.message
               << "\n";
  if (!error.remedy.empty()) terminal.err << "  hint: " << error.remedy << "\n";
  terminal.err << "  `kstati " << command.path() << " --help` shows all options\n";
  return kExitUsage;
}

int ReportFailed(const Error& error, const Terminal& terminal) {
  terminal.err << "error: " << error.message << "\n";
  if (!error.place.empty()) terminal.err << "  at: " << error.place << "\n";
  if (!error.remedy.empty()) terminal.err << "  hint: " << error.remedy << "\n";
  return KindOf(error.code).exit_code;
}

int RunCommand(Command& command, const std::vector<std::string>& words, const Terminal& terminal) {
  Options options;
  command.Declare(options);
  if (WantsHelp(words)) {
    terminal.out << HelpOf(command, options);
    return kExitFine;
  }
  if (const Result<void> parsed = ParseOptions(words, options.specs()); !parsed) {
    return ReportUsage(parsed.error(), command, terminal);
  }
  try {
    const Result<int> code = command.Run(terminal);
    errno = 0;
    if (!terminal.out.flush() && errno == EPIPE) return kExitFine;  // the reader had enough
    if (!terminal.out) {
      return ReportFailed({ErrorCode::kUnavailable, "the output cannot be written",
                           "standard output", "check the free space of where it goes"},
                          terminal);
    }
    return code ? *code : ReportFailed(code.error(), terminal);
  } catch (const rpc::Failure& failure) {
    return ReportFailed(thrift::FromFailure(failure), terminal);
  } catch (const std::exception& bug) {
    return ReportFailed({ErrorCode::kInternal, bug.what(), "kstati " + std::string(command.path()),
                         "this is a bug: report it with the command line"},
                        terminal);
  }
}

}  // namespace

Terminal Terminal::OfThisProcess() {
  std::ios::sync_with_stdio(false);
  const char* refused = std::getenv("NO_COLOR");
  return {std::cin, std::cout, std::cerr, isatty(STDOUT_FILENO) == 1,
          refused != nullptr && *refused != '\0'};
}

int RunCommandLine(const std::vector<std::string>& arguments, const Terminal& terminal) {
  const CommandList commands = MakeCommands();
  if (arguments.empty()) {
    terminal.err << ShortOverview(commands);
    return kExitUsage;
  }
  const std::string& first = arguments.front();
  if (first == "--help" || first == "-h" || first == "help") {
    terminal.out << Overview(commands);
    return kExitFine;
  }
  if (first == "--version") return RunCommandLine({"version", "--format", "table"}, terminal);
  if (first == "__complete") {
    // The shell's words, among them half an option: no command could parse them.
    for (const std::string& word :
         CompletionsFor(commands, {arguments.begin() + 1, arguments.end()}, NamesOfCatalogue)) {
      terminal.out << word << "\n";
    }
    return kExitFine;
  }
  Command* command = FindCommand(commands, arguments);
  if (command == nullptr) return ReportUnknown(commands, arguments, terminal);
  const auto skipped = static_cast<std::ptrdiff_t>(WordsOf(command->path()).size());
  return RunCommand(*command, {arguments.begin() + skipped, arguments.end()}, terminal);
}

}  // namespace kstati::cli
