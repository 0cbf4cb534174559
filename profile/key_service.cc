// SPDX-License-Identifier: Apache-2.0
#include "profile/key_service.h"

#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>

extern char** environ;

namespace kstati::profile {
namespace {

using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;

constexpr std::chrono::seconds kPatience{60};
constexpr size_t kAnswerMax = 64 << 10;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void Close() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

struct Running {
  pid_t process = 0;
  int input = -1;   // of ours, into it
  int output = -1;  // of ours, from it
};

// In a group of processes of its own, with what ends by a closed pipe ending as usual.
std::optional<Running> Start(const std::string& command) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0) return std::nullopt;
  if (pipe2(out.data(), O_CLOEXEC) != 0) {
    close(in[0]);
    close(in[1]);
    return std::nullopt;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string words = command;
  const std::array<char*, 4> arguments{shell.data(), option.data(), words.data(), nullptr};
  Running running{0, in[1], out[0]};
  const int failed = posix_spawn(&running.process, shell.c_str(), &actions, &attributes,
                                 arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (failed == 0) return running;
  close(in[1]);
  close(out[0]);
  return std::nullopt;
}

// What it prints until it ends its output; nullopt when that takes too long or is too much.
std::optional<std::string> ReadAll(int descriptor, Moment until) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    const ssize_t got = read(descriptor, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) return text;
    if (got < 0 || text.size() + static_cast<size_t>(got) > kAnswerMax) return std::nullopt;
    text.append(part.data(), static_cast<size_t>(got));
    sodium_memzero(part.data(), part.size());
  }
}

// Whether it ended by itself and says that all is well. Afterwards none of its group is left.
bool EndsWell(pid_t process, Moment until) {
  int status = -1;
  pid_t ended = 0;
  while ((ended = waitpid(process, &status, WNOHANG)) == 0 && Clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(-process, SIGKILL);
  if (ended == 0) waitpid(process, &status, 0);
  return ended == process && status == 0;
}

// The one line that the command answers; nullopt when it does not.
std::optional<std::string> Ask(const std::string& command, std::string_view line) {
  const Moment until = Clock::now() + kPatience;
  const std::optional<Running> running = Start(command);
  if (!running) return std::nullopt;
  Descriptor input(running->input);
  const Descriptor output(running->output);
  std::string text = std::string(line) + "\n";
  // A pipe takes a line at once. One that reads nothing would end this program otherwise.
  std::signal(SIGPIPE, SIG_IGN);
  const bool told =
      write(input.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  sodium_memzero(text.data(), text.size());
  input.Close();
  std::optional<std::string> answer = ReadAll(output.number(), until);
  if (!EndsWell(running->process, answer ? until : Clock::now()) || !told || !answer) {
    return std::nullopt;
  }
  if (answer->ends_with('\n')) answer->pop_back();
  if (answer->empty() || answer->find_first_of(" \t\r\n") != std::string::npos) return std::nullopt;
  return answer;
}

Result<std::string> AskOf(const std::string& command, const char* setting, std::string_view line) {
  if (command.empty()) {
    return Fail(ErrorCode::kDenied, "a master key is sealed by a key service, and none is named",
                setting, "give the command that reaches it");
  }
  std::optional<std::string> answer = Ask(command, line);
  if (answer) return std::move(*answer);
  return Fail(ErrorCode::kDenied, "the key service did not answer with one line", setting,
              "run the command by hand; its errors stand above");
}

}  // namespace

Result<std::string> KeyService::Seal(std::string_view digits) const {
  return AskOf(seal_command, "store.seal_command", digits);
}

Result<std::string> KeyService::Open(std::string_view sealed) const {
  return AskOf(open_command, "store.open_command", sealed);
}

}  // namespace kstati::profile
