// SPDX-License-Identifier: Apache-2.0
#include "delivery/file_channel.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/unit/delivery/a_message.h"

namespace kstati::delivery {
namespace {

class FileChannelTest : public testing::Test {
 protected:
  FileChannelTest() : path_(testing::TempDir() + "messages-" + std::to_string(getpid())) {
    std::filesystem::remove(path_);
  }
  ~FileChannelTest() override { std::filesystem::remove(path_); }

  std::vector<std::string> Lines() const {
    std::ifstream file(path_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  const std::string path_;
};

TEST_F(FileChannelTest, WritesALineOfJsonForItsOwnerAlone) {
  const auto channel = MakeFileChannel(path_);
  EXPECT_EQ(channel->Deliver(AMessage("two\nlines")).reception, Reception::kAccepted);
  ASSERT_EQ(Lines().size(), 1u);
  const auto written = nlohmann::json::parse(Lines().front());
  EXPECT_EQ(written["key"], AMessage().key);
  EXPECT_EQ(written["citizen"], "000000000017");
  EXPECT_EQ(written["title"], "two\nlines");
  struct stat status{};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(FileChannelTest, ALineThatWasCutShortSpoilsNoOther) {
  std::ofstream(path_) << R"({"key": "cut)";
  EXPECT_EQ(MakeFileChannel(path_)->Deliver(AMessage()).reception, Reception::kAccepted);
  ASSERT_EQ(Lines().size(), 2u);
  EXPECT_EQ(nlohmann::json::parse(Lines().back())["key"], AMessage().key);
}

TEST_F(FileChannelTest, AFileThatCannotBeWrittenIsLater) {
  const auto channel = MakeFileChannel(path_ + "/within/a/file");
  EXPECT_EQ(channel->Deliver(AMessage()).reception, Reception::kLater);
  EXPECT_FALSE(channel->Reach(std::chrono::milliseconds(10)));
  EXPECT_TRUE(MakeFileChannel(path_)->Reach(std::chrono::milliseconds(10)));
}

TEST_F(FileChannelTest, ThreadsDoNotMixTheirLines) {
  const auto channel = MakeFileChannel(path_);
  const auto other = MakeFileChannel(path_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) (i % 2 == 0 ? channel : other)->Deliver(AMessage());
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(Lines().size(), 80u);
  for (const std::string& line : Lines()) EXPECT_TRUE(nlohmann::json::accept(line));
}

}  // namespace
}  // namespace kstati::delivery
