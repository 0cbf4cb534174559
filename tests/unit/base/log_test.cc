// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <type_traits>

#include "base/pii.h"
#include "base/time.h"

namespace kstati::log {
namespace {

// What `write` logs, one JSON object per line.
template <class Write>
std::vector<nlohmann::json> Lines(Write write) {
  ::testing::internal::CaptureStderr();
  write();
  std::istringstream text(::testing::internal::GetCapturedStderr());
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST(LogTest, ALineIsOneJsonObject) {
  const auto lines = Lines(
      [] { Warning("event_rejected", {{"code", "conflict"}, {"facts", 3}, {"seconds", 0.5}}); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("level"), "warning");
  EXPECT_EQ(lines[0].at("event"), "event_rejected");
  EXPECT_EQ(lines[0].at("code"), "conflict");
  EXPECT_EQ(lines[0].at("facts"), 3);
  EXPECT_EQ(lines[0].at("seconds"), 0.5);
  EXPECT_TRUE(Instant::Parse(lines[0].at("time").get<std::string>()));
}

TEST(LogTest, TextIsQuotedSoThatNoLineCanBeForged) {
  const std::string nasty = "a\"b\\c\nd\te\x01{%v}{}Ж";
  const auto lines = Lines([&] { Info("start", {{"path", nasty}}); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("path"), nasty);
}

TEST(LogTest, AnInfiniteNumberIsNull) {
  const auto lines =
      Lines([] { Info("rate", {{"value", std::numeric_limits<double>::infinity()}}); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].at("value").is_null());
}

TEST(LogTest, LinesBelowTheLevelAreLeftOut) {
  EXPECT_EQ(Lines([] { Write(Level::kDebug, "detail"); }).size(), 0u);
  SetLevel(Level::kError);
  EXPECT_EQ(Lines([] { Warning("warned"); }).size(), 0u);
  EXPECT_EQ(Lines([] { Failure("failed"); }).size(), 1u);
  SetLevel(Level::kDebug);
  EXPECT_EQ(Lines([] { Write(Level::kDebug, "detail"); }).size(), 1u);
  SetLevel(Level::kInfo);
}

TEST(LogTest, LinesOfSeveralThreadsDoNotMix) {
  const auto lines = Lines([] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) Info("tick", {{"text", std::string(200, 'x')}});
      });
    }
  });
  EXPECT_EQ(lines.size(), 400u);
}

TEST(LogTest, ACitizenCannotBeLogged) {
  EXPECT_FALSE((std::is_constructible_v<Field, std::string_view, CitizenId>));
  EXPECT_FALSE((std::is_constructible_v<Field, std::string_view, Pii<std::string>>));
}

}  // namespace
}  // namespace kstati::log
