// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/rocksdb_row_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace kstati::profile {
namespace {

RowChange Addition(uint64_t version, std::string_view profile) {
  return {{version, Instant{1}}, std::nullopt, false, profile};
}

// What RocksDB makes of the changes, one merged into the other.
std::string Merged(const std::vector<RowChange>& changes) {
  const auto merge = RowMerge();
  std::string row = Encode(changes.front());
  for (size_t i = 1; i < changes.size(); ++i) {
    const std::string addition = Encode(changes[i]);
    const rocksdb::Slice existing(row);
    std::deque<rocksdb::Slice> operands{existing, rocksdb::Slice(addition)};
    std::string both;
    EXPECT_TRUE(merge->PartialMergeMulti("row", operands, &both, nullptr));
    row = both;
  }
  return row;
}

TEST(RowForm, AdditionsStandOneAfterAnotherUnderTheLastStamp) {
  const std::string bytes =
      Merged({{{1, Instant{1}}, "key", false, "a"}, Addition(2, ""), Addition(3, "b")});
  const std::optional<RowChange> row = DecodeRowChange(bytes);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->stamp.version, 3u);
  EXPECT_EQ(row->sealed_key, "key");
  EXPECT_EQ(row->profile, "ab");
}

TEST(RowForm, WholeProfileReplacesWhatCameBefore) {
  const std::string bytes = Merged(
      {{{1, Instant{1}}, "key", false, "a"}, {{2, Instant{1}}, {}, true, "B"}, Addition(3, "c")});
  const std::optional<RowChange> row = DecodeRowChange(bytes);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->sealed_key, "key");
  EXPECT_EQ(row->profile, "Bc");
}

TEST(RowForm, ErasureLeavesNeitherKeyNorProfile) {
  const std::string bytes =
      Merged({{{1, Instant{1}}, "key", false, "a"}, {{2, Instant{1}}, "", true, ""}});
  const std::optional<RowChange> row = DecodeRowChange(bytes);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->sealed_key, "");
  EXPECT_EQ(row->profile, "");
}

// RocksDB may put the later changes together before it meets the row.
TEST(RowForm, ItDoesNotMatterWhichChangesAreMergedFirst) {
  const std::vector<RowChange> kinds{Addition(7, "x"),
                                     Addition(7, ""),
                                     {{7, Instant{1}}, "k", false, "y"},
                                     {{7, Instant{1}}, {}, true, "z"},
                                     {{7, Instant{1}}, "", true, ""}};
  for (const RowChange& first : kinds) {
    for (const RowChange& second : kinds) {
      for (const RowChange& third : kinds) {
        const std::string late = Merged({second, third});
        EXPECT_EQ(Merged({first, second, third}), Merged({first, *DecodeRowChange(late)}));
      }
    }
  }
}

TEST(RowForm, BytesOfAnotherFormAreRefused) {
  const std::string row = Encode({{1, Instant{1}}, "key", true, ""});
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeRowChange(std::string_view(row).substr(0, size))) << size;
  }
  std::string unknown = row;
  unknown[kStampBytes] = 4;
  EXPECT_FALSE(DecodeRowChange(unknown));
}

}  // namespace
}  // namespace kstati::profile
