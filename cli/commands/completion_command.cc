// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "cli/command_line.h"
#include "cli/commands/commands.h"

namespace kstati::cli {
namespace {

constexpr const char* kBash = R"(_kstati() {
  local IFS=$'\n'
  COMPREPLY=($(kstati __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _kstati kstati
)";

constexpr const char* kZsh = R"(#compdef kstati
_kstati() {
  local -a candidates
  candidates=("${(@f)$(kstati __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $candidates || _files
}
compdef _kstati kstati
)";

class CompletionCommand final : public Command {
 public:
  std::string_view path() const override { return "completion"; }
  std::string_view summary() const override { return "Prints completions for a shell."; }
  std::string_view examples() const override {
    return "source <(kstati completion bash)\n"
           "kstati completion zsh > ~/.zfunc/_kstati";
  }
  void Declare(Options& options) override { options.Argument("SHELL", shell_, "bash or zsh"); }
  Result<int> Run(const Terminal& terminal) override {
    if (shell_ != "bash" && shell_ != "zsh") {
      return Fail(ErrorCode::kNotFound, "there are no completions for this shell", shell_,
                  "they exist for bash and zsh");
    }
    terminal.out << (shell_ == "bash" ? kBash : kZsh);
    return kExitFine;
  }

 private:
  std::string shell_;
};

}  // namespace

std::vector<std::string> CompletionsFor(const CommandList& commands,
                                        const std::vector<std::string>& words) {
  std::set<std::string> candidates;
  const std::string unfinished = words.empty() ? "" : words.back();
  std::string line;
  for (size_t i = 0; i + 1 < words.size(); ++i) line += words[i] + " ";
  for (const auto& command : commands) {
    if (command->hidden()) continue;
    const std::string path = std::string(command->path()) + " ";
    if (path.starts_with(line)) {
      const std::string rest = path.substr(line.size());
      if (!rest.empty()) candidates.insert(rest.substr(0, rest.find(' ')));
    }
    if (!line.starts_with(path)) continue;
    Options options;
    command->Declare(options);
    for (const OptionSpec& spec : options.specs()) {
      const bool value_wanted = words.size() > 1 && words[words.size() - 2] == spec.name;
      if (value_wanted) candidates.insert(spec.words.begin(), spec.words.end());
      if (!spec.positional()) candidates.insert(spec.name);
    }
  }
  std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(unfinished); });
  return {candidates.begin(), candidates.end()};
}

void AddCompletion(CommandList& commands) {
  commands.push_back(std::make_unique<CompletionCommand>());
}

}  // namespace kstati::cli
