// SPDX-License-Identifier: Apache-2.0
#include "base/text_distance.h"

#include <gtest/gtest.h>

namespace kstati {
namespace {

TEST(NearestTest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(Nearest("priorty", {"name", "priority", "summary"}), "priority");
  EXPECT_EQ(Nearest("person.birthdate", {"person.birth_date", "child.birth_date"}),
            "person.birth_date");
  EXPECT_EQ(Nearest("grounsd", {"grounds"}), "grounds");
}

TEST(NearestTest, GivesNothingWhenNoWordIsNear) {
  EXPECT_EQ(Nearest("fee", {"summary", "authority"}), "");
  EXPECT_EQ(Nearest("name", {}), "");
  EXPECT_EQ(Nearest("", {"a"}), "");
}

TEST(NearestTest, AShortWordMayDifferInTwoLettersButNotInAll) {
  EXPECT_EQ(Nearest("abcd", {"abxy"}), "abxy");
  EXPECT_EQ(Nearest("ab", {"xy"}), "");
}

TEST(NearestTest, ALongWordMayDifferInAThird) {
  EXPECT_EQ(Nearest("abcdefghi", {"abcdefxyz"}), "abcdefxyz");
  EXPECT_EQ(Nearest("abcdefghi", {"abcdewxyz"}), "");
}

TEST(NearestTest, TheFirstOfEquallyNearWordsWins) {
  EXPECT_EQ(Nearest("cat", {"bat", "hat"}), "bat");
}

}  // namespace
}  // namespace kstati
