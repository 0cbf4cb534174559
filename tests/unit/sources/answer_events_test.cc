// SPDX-License-Identifier: Apache-2.0
#include "sources/answer_events.h"

#include <gtest/gtest.h>

#include "tests/unit/sources/small_dictionary.h"

namespace kstati::sources {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const CitizenId kAnna(17);
const AttributeId kEmployed("person.employed");
const AttributeId kIncome("person.income");
const Date kToday = Date::Of(2026, 3, 15);
const Date kJanuary = Date::Of(2026, 1, 15);

class AnswerEventsTest : public testing::Test {
 protected:
  AnswerEventsTest() {
    history_.citizen = kAnna;
    history_.version = 1;
  }

  static Reply Says(Answer answer, std::string source = "mart") {
    return {std::move(source), RegistryId("sfr"), {kAnna, {kEmployed, kIncome}}, std::move(answer)};
  }
  static AnsweredFact Employed(bool yes, std::optional<Date> until = std::nullopt) {
    return {kEmployed, yes, {kJanuary, until}};
  }
  // The registry reports by itself.
  static profile::RegistryEvent Told(const char* id, bool employed) {
    profile::RegistryEvent told;
    told.key = {RegistryId("sfr"), EventId(id)};
    told.type = EventTypeId(std::string(profile::kFactsOnly));
    told.subject = kAnna;
    told.occurred_on = kToday;
    told.facts.push_back({kAnna, kEmployed, employed, {kJanuary, std::nullopt}});
    return told;
  }
  std::vector<profile::RegistryEvent> Events(const Reply& reply) const {
    return EventsOf(reply, history_, kToday);
  }
  // What they say is recorded, a minute after what came before.
  void Record(const std::vector<profile::RegistryEvent>& events) {
    now_.micros += 60'000'000;
    for (const profile::RegistryEvent& event : events) {
      ASSERT_TRUE(profile::Validate(event, SmallDictionary(), kToday));
      history_ = profile::WithEvent(std::move(history_), event, now_);
      if (event.supersedes) {
        profile::AppendSupersession({{event.key.source, *event.supersedes}, now_, event.key.id},
                                    history_);
      }
    }
  }
  const profile::Fact* HeldOn(Date day) {
    view_.emplace(history_, profile::AsOf{day, now_});
    return view_->Find(kEmployed);
  }

  profile::History history_;
  std::optional<profile::FactView> view_;
  Instant now_ = *Instant::Parse("2026-03-15T09:00:00Z");
};

TEST_F(AnswerEventsTest, EachAttributeIsAnEventOfTheRegistry) {
  const auto events = Events(Says({Employed(true), {kIncome, Decimal(7), {kToday, std::nullopt}}}));
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].key.ToString(), "sfr/answer-mart-000000000017-person.employed-1");
  EXPECT_EQ(events[1].key.ToString(), "sfr/answer-mart-000000000017-person.income-1");
  EXPECT_EQ(events[0].type.text(), profile::kFactsOnly);
  EXPECT_EQ(events[0].subject, kAnna);
}

TEST_F(AnswerEventsTest, TheSameAnswerIsTheSameEventUntilItIsRecordedAndNoneAfterwards) {
  const Reply reply = Says({Employed(true)});
  const auto once = Events(reply);
  const auto again = Events(reply);
  ASSERT_THAT(once, SizeIs(1));
  EXPECT_EQ(profile::CanonicalBytes(once[0]), profile::CanonicalBytes(again[0]));
  Record(once);
  EXPECT_THAT(Events(reply), IsEmpty());
}

// A source says "since January", then "from January to February": nothing holds in March.
TEST_F(AnswerEventsTest, ANewAnswerTakesThePlaceOfTheOneBefore) {
  Record(Events(Says({Employed(true)})));
  ASSERT_NE(HeldOn(kToday), nullptr);
  Record(Events(Says({Employed(true, Date::Of(2026, 2, 28))})));
  EXPECT_EQ(HeldOn(kToday), nullptr);
  ASSERT_NE(HeldOn(Date::Of(2026, 2, 1)), nullptr);
  Record(Events(Says({Employed(true)})));
  const profile::Fact* back = HeldOn(kToday);
  ASSERT_NE(back, nullptr) << "what was said first is said again";
  EXPECT_EQ(back->reported_by->id.text(), "answer-mart-000000000017-person.employed-3");
}

TEST_F(AnswerEventsTest, TheSameOnBetterEvidenceIsNew) {
  AnsweredFact stated = Employed(true);
  stated.evidence = std::make_shared<const profile::Evidence>(profile::Evidence{
      profile::EvidenceKind::kElectronicDocument, profile::Assurance::kDocumentary, "contract 7"});
  const auto first = Events(Says({stated}));
  ASSERT_THAT(first, SizeIs(1));
  ASSERT_NE(first[0].evidence, nullptr);
  Record(first);
  EXPECT_THAT(Events(Says({stated})), IsEmpty());
  const auto better = Events(Says({Employed(true)}));
  ASSERT_THAT(better, SizeIs(1));
  EXPECT_EQ(better[0].evidence, nullptr) << "the registry's own record";
  EXPECT_EQ(better[0].supersedes, first[0].key.id);
}

TEST_F(AnswerEventsTest, WhatTheRegistryReportedByItselfStandsAndIsNotSaidTwice) {
  Record({Told("42", true)});
  EXPECT_THAT(Events(Says({Employed(true)})), IsEmpty());
  const auto other = Events(Says({Employed(false)}));
  ASSERT_THAT(other, SizeIs(1));
  EXPECT_FALSE(other[0].supersedes);
}

TEST_F(AnswerEventsTest, WhatIsSaidAgainAgainstALaterReportIsRecordedAgain) {
  const Reply reply = Says({Employed(true)});
  Record(Events(reply));
  Record({Told("42", true)});
  EXPECT_THAT(Events(reply), IsEmpty()) << "the report says the same";
  Record({Told("43", false)});
  const auto again = Events(reply);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].key.id.text(), "answer-mart-000000000017-person.employed-2");
  EXPECT_TRUE(again[0].supersedes);
  Record(again);
  EXPECT_EQ(HeldOn(kToday)->value, profile::FactValue(true));
  EXPECT_THAT(Events(reply), IsEmpty());
}

TEST_F(AnswerEventsTest, AReportThatALaterOneContradictsDoesNotStandForAnAnswer) {
  Record({Told("42", true)});
  Record({Told("43", false)});
  EXPECT_THAT(Events(Says({Employed(true)})), SizeIs(1));
  EXPECT_THAT(Events(Says({Employed(false)})), IsEmpty());
}

TEST_F(AnswerEventsTest, SourcesDoNotCorrectEachOther) {
  Record(Events(Says({Employed(true)}, "mart")));
  const auto other = Events(Says({Employed(false)}, "office"));
  ASSERT_THAT(other, SizeIs(1));
  EXPECT_FALSE(other[0].supersedes);
}

TEST_F(AnswerEventsTest, SilenceChangesNothing) {
  Record(Events(Says({Employed(true)})));
  EXPECT_THAT(Events(Says({})), IsEmpty());
}

}  // namespace
}  // namespace kstati::sources
