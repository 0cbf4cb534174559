// SPDX-License-Identifier: Apache-2.0
// What this program writes, as files: for the verifier in the browser, which has tests of its own
// on them, and for the command line. KSTATI_REFRESH_GOLDEN=1 writes them anew; review the
// difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/ledger/small_log.h"

namespace kstati::profile::ledger {
namespace {

using nlohmann::json;

constexpr uint64_t kSize = 11;

std::string Vectors(const SmallLog& log) {
  json vectors{{"key", TestKey().public_key().ToString()},
               {"other_key", SigningKey::FromSeed("ledger.example/1", {})->public_key().ToString()},
               {"forked", SignCheckpoint({4, LeafHash("another log")}, TestKey())}};
  for (uint64_t size = 0; size <= kSize; ++size) {
    vectors["checkpoints"].push_back(log.Checkpoint(size));
    for (uint64_t first = 0; first <= size; ++first) {
      vectors["consistency"][std::to_string(first) + "-" + std::to_string(size)] =
          log.Consistency(first, size);
    }
  }
  for (uint64_t index = 0; index < kSize; ++index) {
    vectors["receipts"].push_back(*ToJson(log.ReceiptOf(index, kSize)));
    vectors["kinds"].push_back(NameOf(log.entry(index).kind));
    vectors["moments"].push_back(log.entry(index).at.ToString());
    vectors["numbers"].push_back(std::to_string(log.entry(index).number));
    vectors["contents"].push_back(SmallLog::ContentOf(index));
  }
  return vectors.dump(1) + "\n";
}

std::map<std::string, std::string> Files() {
  const SmallLog log(kSize);
  std::string lines;
  for (const std::string& line : log.Lines()) lines += line;
  return {{"vectors.json", Vectors(log)},
          {"ledger.pub", TestKey().public_key().ToString() + "\n"},
          {"receipt.json", *ToJson(log.ReceiptOf(6, kSize))},
          {"consistency.json", log.Consistency(6, kSize)},
          {"checkpoint", log.Checkpoint(kSize)},
          {"log.jsonl", lines}};
}

TEST(LedgerVectors, AreWhatThisProgramWrites) {
  for (const auto& [name, content] : Files()) {
    const std::string path = KSTATI_LEDGER_TESTS "/golden/" + name;
    if (std::getenv("KSTATI_REFRESH_GOLDEN") != nullptr) std::ofstream(path) << content;
    std::ifstream file(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content) << name;
  }
}

}  // namespace
}  // namespace kstati::profile::ledger
