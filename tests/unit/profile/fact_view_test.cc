// SPDX-License-Identifier: Apache-2.0
#include "profile/fact.h"

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char kIncome[] = "person.income";

// A history built from events recorded one after the other.
class HistoryOf {
 public:
  explicit HistoryOf(CitizenId citizen) { history_.citizen = citizen; }
  HistoryOf& Records(const RegistryEvent& event, int64_t second) {
    history_ = WithEvent(std::move(history_), event, At(second));
    return *this;
  }
  const History& history() const { return history_; }
  std::string Shows(int64_t day, int64_t second, const std::string& attribute = kIncome) const {
    return Holding(history_, attribute, {Day(day), At(second)});
  }

 private:
  History history_;
};

// Since when it is known what holds; 0 when nothing does.
int64_t KnownSince(const HistoryOf& person, int64_t day, int64_t second) {
  const FactView view(person.history(), {Day(day), At(second)});
  const Fact* fact = view.Find(AttributeId(kIncome));
  return fact == nullptr ? 0 : (fact->known_at.micros - At(0).micros) / 1'000'000;
}

FactValue Text(const char* text) { return FactValue(std::string(text)); }

TEST(FactView, NothingRecordedIsNull) { EXPECT_EQ(HistoryOf(kAnna).Shows(0, 0), "-"); }

TEST(FactView, FactHoldsOnBothEndsOfItsIntervalOnceItIsKnown) {
  const HistoryOf anna =
      HistoryOf(kAnna).Records(Event("e1").Fact(kAnna, kIncome, Text("low"), Between(5, 9)), 100);
  EXPECT_EQ(anna.Shows(4, 100), "-");
  EXPECT_EQ(anna.Shows(5, 100), "low");
  EXPECT_EQ(anna.Shows(9, 100), "low");
  EXPECT_EQ(anna.Shows(10, 100), "-");
  EXPECT_EQ(anna.Shows(5, 99), "-");
}

TEST(FactView, OfSeveralValidRecordsTheOneRecordedLastHolds) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("low")), 100)
          .Records(Event("e2").Fact(kAnna, kIncome, Text("high"), Between(3, 4)), 200);
  EXPECT_EQ(anna.Shows(3, 150), "low");
  EXPECT_EQ(anna.Shows(3, 200), "high");
  EXPECT_EQ(anna.Shows(5, 200), "low");
}

TEST(FactView, OfRecordsOfOneMomentTheLaterInTheEventHolds) {
  const HistoryOf anna = HistoryOf(kAnna).Records(
      Event("e1").Fact(kAnna, kIncome, Text("low")).Fact(kAnna, kIncome, Text("high")), 100);
  EXPECT_EQ(anna.Shows(0, 100), "high");
}

TEST(FactView, WhatCameLateDoesNotTakeThePlaceOfWhatBeganLater) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("moved"), Since(20)), 100)
          .Records(Event("e2").Fact(kAnna, kIncome, Text("before"), Since(5)), 200);
  EXPECT_EQ(anna.Shows(30, 300), "moved");
  EXPECT_EQ(anna.Shows(10, 300), "before");
  EXPECT_EQ(anna.Shows(10, 150), "-");
}

TEST(FactView, WhatIsToldAgainWithItsEndEnds) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("low"), Since(5)), 100)
          .Records(Event("e2").Fact(kAnna, kIncome, Text("low"), Between(5, 9)), 200);
  EXPECT_EQ(anna.Shows(10, 150), "low");
  EXPECT_EQ(anna.Shows(9, 300), "low");
  EXPECT_EQ(anna.Shows(10, 300), "-");
}

TEST(FactView, ToldAgainItIsNoNews) {
  const HistoryOf anna = HistoryOf(kAnna)
                             .Records(Event("e1").Fact(kAnna, kIncome, Text("low"), Since(1)), 100)
                             .Records(Event("e2").Fact(kAnna, kIncome, Text("low"), Since(1)), 200)
                             .Records(Event("e3").Fact(kAnna, kIncome, Text("low"), Since(3)), 300);
  EXPECT_EQ(KnownSince(anna, 5, 300), 100);
  EXPECT_EQ(KnownSince(anna, 5, 250), 100);
  EXPECT_EQ(KnownSince(anna, 0, 300), 0);
}

TEST(FactView, WhatWasKnownToBeOtherwiseMeanwhileIsNewsAgain) {
  const HistoryOf anna = HistoryOf(kAnna)
                             .Records(Event("e1").Fact(kAnna, kIncome, Text("low"), Since(1)), 100)
                             .Records(Event("e2").Fact(kAnna, kIncome, Text("high"), Since(2)), 200)
                             .Records(Event("e3").Fact(kAnna, kIncome, Text("low"), Since(3)), 300);
  EXPECT_EQ(KnownSince(anna, 5, 300), 300);
  EXPECT_EQ(KnownSince(anna, 5, 250), 200);
}

TEST(FactView, AnErrorThatWasTakenBackMakesNothingNews) {
  const HistoryOf anna = HistoryOf(kAnna)
                             .Records(Event("e1").Fact(kAnna, kIncome, Text("low"), Since(1)), 100)
                             .Records(Event("e2").Fact(kAnna, kIncome, Text("high"), Since(2)), 200)
                             .Records(Event("e3").Supersedes("e2"), 300)
                             .Records(Event("e4").Fact(kAnna, kIncome, Text("low"), Since(3)), 400);
  EXPECT_EQ(KnownSince(anna, 5, 250), 200);
  EXPECT_EQ(KnownSince(anna, 5, 400), 100);
}

TEST(FactView, CorrectionCountsFromTheMomentItIsKnown) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("low")), 100)
          .Records(Event("e2").Supersedes("e1").Fact(kAnna, kIncome, Text("none"), Since(7)), 200);
  EXPECT_EQ(anna.Shows(0, 199), "low");
  EXPECT_EQ(anna.Shows(0, 200), "-");
  EXPECT_EQ(anna.Shows(7, 200), "none");
}

TEST(FactView, AnnulmentLeavesWhatWasKnownBefore) {
  const HistoryOf anna = HistoryOf(kAnna)
                             .Records(Event("e1").Fact(kAnna, kIncome, Text("low")), 100)
                             .Records(Event("e2").Fact(kAnna, kIncome, Text("high")), 200)
                             .Records(Event("e3").Supersedes("e2"), 300);
  EXPECT_EQ(anna.Shows(0, 250), "high");
  EXPECT_EQ(anna.Shows(0, 300), "low");
}

TEST(FactView, EventsOfAnotherSourceWithTheSameIdStay) {
  const HistoryOf anna = HistoryOf(kAnna)
                             .Records(Event("e1", "sfr_ils").Fact(kAnna, kIncome, Text("low")), 100)
                             .Records(Event("e2", "fns_erns").Supersedes("e1"), 200);
  EXPECT_EQ(anna.Shows(0, 200), "low");
}

TEST(FactView, SupersedingTheCorrectionDoesNotReviveTheOriginal) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("low")), 100)
          .Records(Event("e2").Supersedes("e1").Fact(kAnna, kIncome, Text("high")), 200)
          .Records(Event("e3").Supersedes("e2"), 300);
  EXPECT_EQ(anna.Shows(0, 300), "-");
}

TEST(FactView, APersonsOwnWordHoldsOnlyWhereNothingSurerDoes) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("record"), Between(5, 9)), 100)
          .Records(Event("e2").Rests(kOwnWord).Fact(kAnna, kIncome, Text("word"), Since(7)), 200);
  EXPECT_EQ(anna.Shows(6, 300), "record");
  EXPECT_EQ(anna.Shows(8, 300), "record") << "although the word was given later, of a later day";
  EXPECT_EQ(anna.Shows(10, 300), "word") << "nothing else is known";
  EXPECT_EQ(anna.Shows(10, 150), "-");
}

TEST(FactView, WhatARegistryTellsLaterTakesThePlaceOfAPersonsWord) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("w1", "declared").Fact(kAnna, kIncome, Text("word"), Since(7)), 100)
          .Records(Event("e1").Fact(kAnna, kIncome, Text("record"), Since(2)), 200);
  EXPECT_EQ(anna.Shows(8, 150), "word");
  EXPECT_EQ(anna.Shows(8, 200), "record");
}

TEST(FactView, APersonsLaterWordTakesThePlaceOfTheEarlier) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("w1", "declared").Fact(kAnna, kIncome, Text("first"), Since(1)), 100)
          .Records(Event("w2", "declared").Fact(kAnna, kIncome, Text("second"), Since(4)), 200);
  EXPECT_EQ(anna.Shows(3, 200), "first");
  EXPECT_EQ(anna.Shows(4, 200), "second");
}

TEST(FactView, FactsAreOrderedByAttribute) {
  const HistoryOf anna = HistoryOf(kAnna).Records(
      Event("e1").Fact(kAnna, "b.x", Text("1")).Fact(kAnna, "a.x", Text("2")), 100);
  const FactView view(anna.history(), {Day(0), At(100)});
  ASSERT_EQ(view.facts().size(), 2u);
  EXPECT_EQ(view.facts()[0].attribute.text(), "a.x");
  EXPECT_EQ(view.citizen(), kAnna);
}

TEST(FactView, ParentRelationHasADirection) {
  const Event birth = Event("e1").Relation(kAnna, RelationKind::kParent, kVera);
  const History anna = HistoryOf(kAnna).Records(birth, 100).history();
  const History vera = HistoryOf(kVera).Records(birth, 100).history();
  const AsOf as_of{Day(0), At(100)};
  EXPECT_THAT(FactView(anna, as_of).ToWhom(RelationKind::kParent), ElementsAre(kVera));
  EXPECT_THAT(FactView(anna, as_of).WhoAre(RelationKind::kParent), IsEmpty());
  EXPECT_THAT(FactView(vera, as_of).WhoAre(RelationKind::kParent), ElementsAre(kAnna));
  EXPECT_THAT(FactView(vera, as_of).ToWhom(RelationKind::kGuardian), IsEmpty());
}

TEST(FactView, SpousesAreSpousesWhicheverIsNamedFirst) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Relation(kBoris, RelationKind::kSpouse, kAnna), 100)
          .Records(Event("e2").Relation(kAnna, RelationKind::kSpouse, kBoris), 200);
  const FactView view(anna.history(), {Day(0), At(200)});
  EXPECT_THAT(view.ToWhom(RelationKind::kSpouse), ElementsAre(kBoris));
  EXPECT_THAT(view.WhoAre(RelationKind::kSpouse), ElementsAre(kBoris));
  EXPECT_EQ(view.relations().size(), 1u);
}

TEST(FactView, AnnulledRelationDoesNotCount) {
  const HistoryOf anna =
      HistoryOf(kAnna)
          .Records(Event("e1").Relation(kAnna, RelationKind::kParent, kVera), 100)
          .Records(Event("e2").Supersedes("e1"), 200);
  EXPECT_THAT(FactView(anna.history(), {Day(0), At(200)}).ToWhom(RelationKind::kParent), IsEmpty());
}

TEST(RelationKind, NamesReadBack) {
  for (const char* name : {"parent", "spouse", "guardian", "household"}) {
    const Result<RelationKind> kind = ParseRelationKind(name);
    ASSERT_THAT(kind, IsOk());
    EXPECT_EQ(NameOf(*kind), name);
  }
  EXPECT_THAT(ParseRelationKind("cousin"), FailsWith(ErrorCode::kInvalidArgument));
}

}  // namespace
}  // namespace kstati::profile
