// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace kstati::thrift {
namespace {

using testing::HasSubstr;

class AccessTest : public testing::Test {
 protected:
  ~AccessTest() override { std::filesystem::remove(path_); }

  AccessList Read(const std::string& text) {
    std::ofstream(path_) << text;
    return AccessList::Load(path_, issues_);
  }

  Caller Bearing(const AccessList& list, const std::string& token) {
    const Result<Caller> caller = list.Identify(token);
    EXPECT_TRUE(caller) << token;
    return caller.value_or(Caller("nobody", {}));
  }

  static std::string Entry(const std::string& token, const std::string& scopes) {
    return "[[token]]\nname = \"" + token + "\"\nsha256 = \"" + Sha256Hex(token) +
           "\"\nscopes = [" + scopes + "]\n";
  }

  const CitizenId anna_{17};
  const CitizenId boris_{18};
  const RegistryId zags_{"egr_zags"};
  const RegistryId passports_{"mvd_pass"};
  std::string path_ = testing::TempDir() + "/kstati-tokens-" + std::to_string(getpid()) + ".toml";
  std::vector<Issue> issues_;
};

TEST_F(AccessTest, DigestIsTheOneThatSha256sumPrints) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(AccessTest, WithoutTokensEverybodyMayDoEverything) {
  const Caller caller = Bearing(AccessList(), "");
  EXPECT_TRUE(caller.MaySubmitFrom(zags_));
  EXPECT_TRUE(caller.MayActFor(anna_));
}

TEST_F(AccessTest, RegistrySubmitsOnlyItsOwnAndAsksNothing) {
  const AccessList list = Read(Entry("r", "\"registry:egr_zags\""));
  const Caller caller = Bearing(list, "r");
  EXPECT_TRUE(caller.MaySubmit());
  EXPECT_TRUE(caller.MaySubmitFrom(zags_));
  EXPECT_FALSE(caller.MaySubmitFrom(passports_));
  EXPECT_FALSE(caller.MayActFor(anna_));
  EXPECT_FALSE(caller.MayOperate());
}

TEST_F(AccessTest, ForeignBytesAreNamedWithTheirPlace) {
  Read("[[token]]\n'\xFF\xFF'\xFF\xFF");
  ASSERT_EQ(issues_.size(), 1U);
  EXPECT_EQ(issues_[0].where.line, 2);
  EXPECT_FALSE(issues_[0].hint.empty());
}

TEST_F(AccessTest, PortalActsForEverybodyAndSubmitsNothing) {
  const Caller caller = Bearing(Read(Entry("p", "\"portal\"")), "p");
  EXPECT_TRUE(caller.MayActFor(anna_));
  EXPECT_FALSE(caller.MaySubmit());
}

TEST_F(AccessTest, CitizenActsForOneCitizen) {
  const Caller caller = Bearing(Read(Entry("c", "\"citizen:17\"")), "c");
  EXPECT_TRUE(caller.MayActFor(anna_));
  EXPECT_FALSE(caller.MayActFor(boris_));
}

TEST_F(AccessTest, OfficialDecidesForOneAuthorityAndActsForNobody) {
  const AccessList list =
      Read(Entry("desk", "\"official:sfr\"") + Entry("both", "\"official:sfr\", \"official:fns\""));
  ASSERT_TRUE(issues_.empty());
  const Caller desk = Bearing(list, "desk");
  EXPECT_TRUE(desk.MayDecideFor("sfr"));
  EXPECT_FALSE(desk.MayDecideFor("fns"));
  EXPECT_FALSE(desk.MayDecideFor(""));
  EXPECT_FALSE(desk.MayActFor(anna_));
  EXPECT_FALSE(desk.MaySubmit());
  EXPECT_EQ(desk.authority(), "sfr");
  EXPECT_EQ(Bearing(list, "both").authority(), "") << "it has to be named";
  EXPECT_FALSE(Scope::Parse("official:"));
}

TEST_F(AccessTest, ScopesOfOneTokenAddUp) {
  const Caller caller = Bearing(Read(Entry("b", "\"registry:egr_zags\", \"citizen:18\"")), "b");
  EXPECT_TRUE(caller.MaySubmitFrom(zags_));
  EXPECT_TRUE(caller.MayActFor(boris_));
  EXPECT_FALSE(caller.MayActFor(anna_));
}

TEST_F(AccessTest, AbsentAndUnknownTokensAreNotTheSame) {
  const AccessList list = Read(Entry("p", "\"portal\""));
  EXPECT_THAT(list.Identify("").error().message, HasSubstr("carries no token"));
  EXPECT_THAT(list.Identify("q").error().message, HasSubstr("unknown"));
  EXPECT_EQ(list.Identify("q").error().code, ErrorCode::kUnauthenticated);
}

TEST_F(AccessTest, FileHoldsNoTokenThatWouldWorkAsOne) {
  const AccessList list = Read(Entry("p", "\"portal\""));
  EXPECT_FALSE(list.Identify(Sha256Hex("p")));
}

TEST_F(AccessTest, EveryProblemOfAFileHasItsLine) {
  Read("[[token]]\nname = 5\nsha256 = \"xyz\"\nscopes = [\"root\"]\ntoken = \"plain\"\n");
  std::vector<int> lines;
  for (const Issue& issue : issues_) lines.push_back(issue.where.line);
  EXPECT_THAT(lines, testing::UnorderedElementsAre(2, 3, 4, 5));
}

TEST_F(AccessTest, PurposesAreThoseThatTheTokenLists) {
  const std::string listed =
      Entry("p", "\"portal\"") + "purposes = [\"service_on_request\", \"proactive-start\"]\n";
  const AccessList list = Read(listed + Entry("o", "\"operator\""));
  ASSERT_TRUE(issues_.empty());
  EXPECT_THAT(Bearing(list, "p").purposes(),
              testing::ElementsAre("proactive-start", "service_on_request"));
  EXPECT_TRUE(Bearing(list, "o").purposes().empty()) << "nobody has any unless it is said";
  EXPECT_EQ(list.Purposes().size(), 2u);
  Read(Entry("p", "\"portal\"") + "purposes = \"service_on_request\"\n");
  ASSERT_EQ(issues_.size(), 1u);
  EXPECT_EQ(issues_[0].where.line, 5);
}

TEST_F(AccessTest, BrokenFileIsAnIssueAndGivesNobodyAccess) {
  const AccessList list = Read("[[token]\n");
  EXPECT_TRUE(HasErrors(issues_));
  EXPECT_EQ(list.size(), 0U);
}

}  // namespace
}  // namespace kstati::thrift
