// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kstati {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstLine{1};
constexpr seconds kPlainLines{10};
constexpr std::chrono::milliseconds kRewrites{200};
constexpr size_t kUsualWidth = 80;

// The columns of the terminal on stderr; the usual ones when it does not say.
size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualWidth;
  return size.ws_col;
}

std::string Duration(double total_seconds) {
  const auto whole =
      static_cast<int64_t>(std::min(std::ceil(total_seconds), 359'999.0));  // 99:59:59
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string ProgressLine(const std::string& what, uint64_t done, uint64_t total,
                         std::chrono::duration<double> elapsed) {
  const double passed = elapsed.count();
  const double rate = passed > 0 ? static_cast<double>(done) / passed : 0;
  std::string line = fmt::format("{}: {}", what, done);
  if (total > 0) {
    const double share = 100.0 * static_cast<double>(done) / static_cast<double>(total);
    line += fmt::format(" of {} ({:.0f}%)", total, share);
  }
  line += fmt::format(", {:.{}f}/s", rate, rate < 10 ? 1 : 0);
  if (total > done && rate > 0) {
    line += fmt::format(", {} left", Duration(static_cast<double>(total - done) / rate));
  }
  return line;
}

Progress::Progress(std::string what, uint64_t total)
    : what_(std::move(what)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      started_(Steady::now()),
      next_show_(started_ + (terminal_ ? kFirstLine : kPlainLines)) {}

Progress::~Progress() {
  if (!shown_) return;
  Show(Steady::now());
  if (terminal_) std::fputc('\n', stderr);
}

void Progress::Advance(uint64_t count) {
  const std::lock_guard lock(mutex_);
  done_ += count;
  const Steady::time_point now = Steady::now();
  if (now >= next_show_) Show(now);
}

void Progress::Show(Steady::time_point now) {
  shown_ = true;
  next_show_ = now + (terminal_ ? Steady::duration(kRewrites) : Steady::duration(kPlainLines));
  std::string line = ProgressLine(what_, done_, total_, now - started_);
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  // One column stays free, since some terminals wrap after the last one.
  if (line.size() >= TerminalWidth()) line.resize(TerminalWidth() - 1);
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());  // to the start of the line; erase its rest
  std::fflush(stderr);
}

}  // namespace kstati
