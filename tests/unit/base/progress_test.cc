// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace kstati {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ProgressLineTest, TellsCountShareRateAndRemainingTime) {
  EXPECT_EQ(ProgressLine("sweep", 120, 400, seconds(2)),
            "sweep: 120 of 400 (30%), 60/s, 0:05 left");
  EXPECT_EQ(ProgressLine("sweep", 1, 7'201, seconds(1)),
            "sweep: 1 of 7201 (0%), 1.0/s, 2:00:00 left");
}

TEST(ProgressLineTest, AnUnknownTotalHasNoRemainingTime) {
  EXPECT_EQ(ProgressLine("ingest", 5'000, 0, seconds(4)), "ingest: 5000, 1250/s");
}

TEST(ProgressLineTest, NeitherNothingDoneNorNoTimePassedNorMoreThanAllDoneIsAProblem) {
  EXPECT_EQ(ProgressLine("sweep", 0, 10, seconds(3)), "sweep: 0 of 10 (0%), 0.0/s");
  EXPECT_EQ(ProgressLine("sweep", 5, 10, seconds(0)), "sweep: 5 of 10 (50%), 0.0/s");
  EXPECT_EQ(ProgressLine("sweep", 12, 10, seconds(1)), "sweep: 12 of 10 (120%), 12/s");
}

// Runs `work` in a child whose stderr `redirect` prepared; its exit status, -1 when it crashed.
int RunChild(const std::function<void()>& redirect, const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    redirect();
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void WorkForOverASecond() {
  Progress progress("sweep", 3);
  progress.Advance();
  std::this_thread::sleep_for(milliseconds(1'050));
  progress.Advance(2);
}

TEST(ProgressTest, ShortWorkShowsNothing) {
  ::testing::internal::CaptureStderr();
  {
    Progress progress("sweep", 10);
    for (int i = 0; i < 10; ++i) progress.Advance();
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), IsEmpty());
}

TEST(ProgressTest, WorksWithStderrClosed) {
  EXPECT_EQ(RunChild([] { close(STDERR_FILENO); }, WorkForOverASecond), 0);
}

// What `work` shows on a terminal that does not know its width.
std::string ShownOnTerminal(const std::function<void()>& work) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_GE(terminal, 0);
  EXPECT_EQ(grantpt(terminal), 0);
  EXPECT_EQ(unlockpt(terminal), 0);
  const int other_end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  EXPECT_GE(other_end, 0);
  EXPECT_EQ(RunChild([&] { dup2(other_end, STDERR_FILENO); }, work), 0);
  std::array<char, 4'096> buffer{};
  const ssize_t size = read(terminal, buffer.data(), buffer.size());
  close(other_end);
  close(terminal);
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(size, 0))};
}

TEST(ProgressTest, ATerminalThatDoesNotKnowItsWidthGetsALineThatRewritesItself) {
  const std::string shown = ShownOnTerminal(WorkForOverASecond);
  EXPECT_THAT(shown, StartsWith("\rsweep: 3 of 3 (100%)"));
  EXPECT_THAT(shown, HasSubstr("\x1b[K"));
  EXPECT_THAT(shown, EndsWith("\n"));
}

TEST(ProgressTest, AdvancesOfSeveralThreadsAddUp) {
  const std::string shown = ShownOnTerminal([] {
    Progress progress("sweep", 40'000);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&progress] {
        for (int count = 0; count < 10'000; ++count) progress.Advance();
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::this_thread::sleep_for(milliseconds(1'050));
    progress.Advance(0);
  });
  EXPECT_THAT(shown, HasSubstr("sweep: 40000 of 40000 (100%)"));
}

}  // namespace
}  // namespace kstati
