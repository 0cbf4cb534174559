// SPDX-License-Identifier: Apache-2.0
#include "profile/household.h"

#include <map>

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

// Histories as a store would give them, without one.
class Town {
 public:
  Town& Records(const RegistryEvent& event, int64_t second) {
    for (const CitizenId citizen : ConcernedBy(event)) {
      histories_[citizen].citizen = citizen;
      histories_[citizen] = WithEvent(histories_[citizen], event, At(second));
    }
    return *this;
  }
  Result<Household> HouseholdOf(CitizenId citizen, AsOf as_of) {
    return LoadHousehold(citizen, as_of, [this](CitizenId wanted) -> Result<History> {
      ++reads_[wanted];
      History history = histories_[wanted];
      history.citizen = wanted;
      return history;
    });
  }
  std::map<CitizenId, int> reads_;

 private:
  std::map<CitizenId, History> histories_;
};

std::vector<uint64_t> NumbersOf(const std::vector<std::shared_ptr<const FactView>>& members) {
  std::vector<uint64_t> numbers;
  for (const auto& member : members) numbers.push_back(member->citizen().number());
  return numbers;
}

TEST(Household, PersonWithoutProfileIsNotFound) {
  EXPECT_THAT(Town().HouseholdOf(kAnna, {Day(0), At(0)}), FailsWith(ErrorCode::kNotFound));
}

TEST(Household, NamesChildrenParentsSpousesAndWardsAsOfTheInstant) {
  Town town;
  town.Records(Event("e1").Relation(kAnna, RelationKind::kSpouse, kBoris, Between(0, 50)), 1)
      .Records(Event("e2")
                   .About(kVera)
                   .Relation(kAnna, RelationKind::kParent, kVera, Since(10))
                   .Relation(kBoris, RelationKind::kParent, kVera, Since(10)),
               2)
      .Records(Event("e3").Relation(CitizenId(3), RelationKind::kParent, kAnna), 3)
      .Records(Event("e4").Relation(kAnna, RelationKind::kGuardian, CitizenId(40)), 4);
  const Result<Household> now = town.HouseholdOf(kAnna, {Day(20), At(4)});
  ASSERT_THAT(now, IsOk());
  EXPECT_THAT(NumbersOf(now->children), ElementsAre(19));
  EXPECT_THAT(NumbersOf(now->parents), ElementsAre(3));
  EXPECT_THAT(NumbersOf(now->spouses), ElementsAre(18));
  EXPECT_THAT(NumbersOf(now->wards), ElementsAre(40));
  EXPECT_EQ(now->Find(kVera), now->children[0]);
  EXPECT_EQ(now->Find(CitizenId(99)), nullptr);

  const Result<Household> before = town.HouseholdOf(kAnna, {Day(5), At(4)});
  EXPECT_TRUE(before->children.empty());
  const Result<Household> divorced = town.HouseholdOf(kAnna, {Day(51), At(4)});
  EXPECT_TRUE(divorced->spouses.empty());
}

TEST(Household, MembersHaveTheirRolesAsOfTheInstants) {
  History anna;
  anna.citizen = kAnna;
  const auto records = [&anna](const Event& event, int64_t second) {
    anna = WithEvent(std::move(anna), event, At(second));
  };
  records(Event("e1").Relation(kBoris, RelationKind::kSpouse, kAnna, Between(0, 50)), 1);
  records(Event("e2").Relation(kAnna, RelationKind::kParent, kVera, Since(10)), 2);
  records(Event("e3").Relation(CitizenId(3), RelationKind::kGuardian, kAnna), 3);
  records(Event("e4").Relation(kAnna, RelationKind::kGuardian, CitizenId(40)), 4);
  records(Event("e5").Relation(CitizenId(5), RelationKind::kParent, kAnna), 5);
  records(Event("e6").Relation(kAnna, RelationKind::kHousehold, CitizenId(6)), 6);
  records(Event("e7").Supersedes("e3"), 7);
  const auto members = [&anna](int64_t day, int64_t second) {
    const FactView view(anna, {Day(day), At(second)});
    std::vector<std::string> told;
    for (const Member& member : MembersOf(view)) {
      told.push_back(std::string(NameOf(member.role)) + " " +
                     std::to_string(member.citizen.number()) + " by " +
                     member.relation->reported_by->id.text());
    }
    return told;
  };
  EXPECT_THAT(members(20, 6), ElementsAre("guardian 3 by e3", "parent 5 by e5", "spouse 18 by e1",
                                          "child 19 by e2", "ward 40 by e4", "household 6 by e6"));
  EXPECT_THAT(members(60, 7), ElementsAre("parent 5 by e5", "child 19 by e2", "ward 40 by e4",
                                          "household 6 by e6"));
  EXPECT_THAT(members(5, 2), ElementsAre("spouse 18 by e1"));
}

TEST(Household, ReadsEachCitizenOnceAndReportsEveryHistoryItRead) {
  Town town;
  town.Records(Event("e1")
                   .Relation(kAnna, RelationKind::kSpouse, kBoris)
                   .Relation(kAnna, RelationKind::kGuardian, kBoris),
               1);
  const Result<Household> household = town.HouseholdOf(kAnna, {Day(0), At(1)});
  EXPECT_EQ(town.reads_[kBoris], 1);
  std::vector<CitizenId> read;
  for (const History& history : household->histories) read.push_back(history.citizen);
  EXPECT_THAT(read, UnorderedElementsAre(kAnna, kBoris));
}

TEST(Household, FailureToReadAMemberIsTheFailureOfTheHousehold) {
  History anna;
  anna.citizen = kAnna;
  anna.version = 1;
  anna = WithEvent(anna, Event("e1").Relation(kAnna, RelationKind::kParent, kVera), At(1));
  const auto load = [&](CitizenId citizen) -> Result<History> {
    if (citizen == kAnna) return anna;
    return Fail(ErrorCode::kUnavailable, "the disk is gone");
  };
  EXPECT_THAT(LoadHousehold(kAnna, {Day(0), At(1)}, load), FailsWith(ErrorCode::kUnavailable));
}

}  // namespace
}  // namespace kstati::profile
