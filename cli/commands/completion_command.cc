// SPDX-License-Identifier: Apache-2.0
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

void AddCompletion(CommandList& commands) {
  commands.push_back(std::make_unique<CompletionCommand>());
}

}  // namespace kstati::cli
