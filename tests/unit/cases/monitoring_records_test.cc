// SPDX-License-Identifier: Apache-2.0
// The file of records that only grows, and what stands in it.
#include "cases/monitoring/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cases/monitoring/change_request.h"
#include "cases/monitoring/feedback.h"
#include "cases/monitoring/incident.h"

namespace kstati::cases::monitoring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Instant At(const std::string& day) { return Instant::Parse(day + "T09:00:00Z").value(); }

class Recorded : public ::testing::Test {
 protected:
  Recorded() { std::filesystem::remove(path_); }
  ~Recorded() override { std::filesystem::remove(path_); }

  Result<Record> Append(const std::string& kind, std::map<std::string, std::string> fields = {}) {
    return AppendRecord(path_, [&](const auto&) -> Result<Record> {
      return Record{0, At("2026-03-02"), kind, fields};
    });
  }

  std::vector<std::string> Kinds() const {
    std::vector<std::string> kinds;
    const auto records = ReadRecords(path_);
    if (!records) return {std::string(KindOf(records.error().code).name)};
    for (const Record& record : *records) kinds.push_back(record.kind);
    return kinds;
  }

  std::string Text() const {
    std::ostringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
  }

  void Write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

  const std::string path_ =
      ::testing::TempDir() + "records-" + std::to_string(::getpid()) + ".monitor";
};

TEST_F(Recorded, RecordsAreReadBackAsTheyWereWritten) {
  EXPECT_THAT(Kinds(), IsEmpty()) << "there is no file yet";
  EXPECT_EQ(Append("a", {{"text", "two\nlines, \"quoted\", и по-русски"}})->number, 1U);
  EXPECT_EQ(Append("b")->number, 2U);
  const auto records = ReadRecords(path_);
  ASSERT_EQ(records->size(), 2U);
  EXPECT_EQ((*records)[0].Get("text"), "two\nlines, \"quoted\", и по-русски");
  EXPECT_EQ((*records)[0].at, At("2026-03-02"));
  EXPECT_EQ((*records)[1].Get("text"), "");
}

TEST_F(Recorded, ATextThatIsNoTextIsRefusedAndNothingIsWritten) {
  const auto refused = Append("a", {{"text", "\xFF"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Text(), "");
}

TEST_F(Recorded, WhatFailsToBeMadeIsNotAppended) {
  ASSERT_TRUE(Append("a"));
  const std::string before = Text();
  EXPECT_FALSE(AppendRecord(path_, [](const auto&) -> Result<Record> {
    return Fail(ErrorCode::kConflict, "no", {}, "no");
  }));
  EXPECT_EQ(Text(), before);
}

// Every byte of every line, each time to another value.
TEST_F(Recorded, NothingInTheFileCanBeChangedUnseen) {
  for (const char* kind : {"a", "b", "c"}) ASSERT_TRUE(Append(kind, {{"f", "v"}}));
  const std::string whole = Text();
  const size_t last_line = whole.rfind('\n', whole.size() - 2) + 1;
  for (size_t place = 0; place < last_line; ++place) {
    std::string changed = whole;
    changed[place] = changed[place] == 'x' ? 'y' : 'x';
    Write(changed);
    EXPECT_THAT(Kinds(), ElementsAre("corrupt")) << "byte " << place;
  }
}

TEST_F(Recorded, NoLineCanBeTakenOutOrPutElsewhere) {
  for (const char* kind : {"a", "b", "c"}) ASSERT_TRUE(Append(kind));
  std::vector<std::string> lines;
  std::istringstream stream(Text());
  for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
  Write(lines[1] + lines[2]);
  EXPECT_THAT(Kinds(), ElementsAre("corrupt"));
  Write(lines[0] + lines[2]);
  EXPECT_THAT(Kinds(), ElementsAre("corrupt"));
  Write(lines[1] + lines[0] + lines[2]);
  EXPECT_THAT(Kinds(), ElementsAre("corrupt"));
}

// As after a loss of power in the middle of a write, at every byte.
TEST_F(Recorded, AHalfWrittenRecordIsNoneAndTheNextTakesItsPlace) {
  ASSERT_TRUE(Append("a"));
  const size_t first = Text().size();
  ASSERT_TRUE(Append("b"));
  const std::string whole = Text();
  for (size_t length = first; length < whole.size(); ++length) {
    Write(whole.substr(0, length));
    EXPECT_THAT(Kinds(), ElementsAre("a")) << length;
    EXPECT_EQ(Append("c")->number, 2U);
    EXPECT_THAT(Kinds(), ElementsAre("a", "c")) << length;
  }
}

TEST_F(Recorded, SeveralAppendAtOnceOneAfterTheOther) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int round = 0; round < 25; ++round) EXPECT_TRUE(Append("a"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ReadRecords(path_)->size(), 100U);
}

// Incidents.
class AnIncident : public Recorded {
 protected:
  std::string Opened() {
    Incident incident;
    incident.opened_at = At("2026-03-02");
    incident.opened_by = "petrova";
    incident.severity = Severity::kHigh;
    incident.what = "the form is empty";
    incident.service = "snils";
    incident.version = "2024-01-01";
    incident.owner = "service_owner";
    incident.affected = 7;
    const auto record = AppendRecord(path_, [&](const auto&) { return Open(incident); });
    return record ? "I-" + std::to_string(record->number) : record.error().ToString();
  }

  std::string Step(const std::string& id, IncidentStep step, const std::string& text) {
    const auto gone = AppendRecord(path_, [&](const auto& records) {
      return Go(records, id, {step, At("2026-03-03"), "ivanov", text});
    });
    return gone ? "" : std::string(KindOf(gone.error().code).name);
  }

  Incident Only() const { return IncidentsIn(*ReadRecords(path_))->front(); }
};

TEST_F(AnIncident, GoesFromItsOpeningToItsClose) {
  const std::string id = Opened();
  EXPECT_EQ(id, "I-1");
  EXPECT_EQ(Only().status(), "open");
  EXPECT_EQ(Only().affected, 7U);
  EXPECT_EQ(Only().version, "2024-01-01");
  EXPECT_EQ(Step(id, IncidentStep::kEscalate, "head"), "");
  EXPECT_EQ(Only().owner, "head");
  EXPECT_EQ(Step(id, IncidentStep::kExplain, "a registry was down"), "");
  EXPECT_EQ(Step(id, IncidentStep::kRecover, "counted again"), "");
  EXPECT_EQ(Only().status(), "recovered");
  EXPECT_EQ(Step(id, IncidentStep::kClose, "asked for R-2"), "");
  const Incident closed = Only();
  EXPECT_EQ(closed.status(), "closed");
  EXPECT_EQ(closed.cause, "a registry was down");
  EXPECT_EQ(closed.entries.size(), 4U);
}

TEST_F(AnIncident, IsNotClosedBeforeItIsRecoveredFromAndExplained) {
  const std::string id = Opened();
  EXPECT_EQ(Step(id, IncidentStep::kClose, "done"), "conflict");
  EXPECT_EQ(Step(id, IncidentStep::kRecover, "counted again"), "");
  EXPECT_EQ(Step(id, IncidentStep::kClose, "done"), "conflict") << "why is not known";
  EXPECT_EQ(Step(id, IncidentStep::kRecover, "again"), "conflict");
  EXPECT_EQ(Step(id, IncidentStep::kExplain, "a registry"), "");
  EXPECT_EQ(Step(id, IncidentStep::kClose, "done"), "");
  EXPECT_EQ(Step(id, IncidentStep::kExplain, "another"), "conflict") << "it is closed";
  EXPECT_EQ(Step("I-9", IncidentStep::kExplain, "x"), "not_found");
  EXPECT_EQ(Only().entries.size(), 3U);
}

TEST_F(AnIncident, SaysWhoseQualityAndWhoAnswers) {
  Incident incident;
  EXPECT_FALSE(Open(incident));
  incident.service = "snils";
  incident.what = "x";
  incident.opened_by = "x";
  EXPECT_THAT(Open(incident).error().ToString(), HasSubstr("without an owner"));
  const std::string id = Opened();
  EXPECT_EQ(Step(id, IncidentStep::kExplain, ""), "invalid_argument");
}

// Change requests.
class AChange : public Recorded {
 protected:
  static ChangeRequest Wish() {
    ChangeRequest request;
    request.proposed_at = At("2026-03-02");
    request.author = "petrova";
    request.why = "one day less";
    request.service = "snils";
    request.before = "2024-01-01";
    request.version = "2026-04-01";
    request.catalogue = "c1";
    request.diff = {"term 2 working_days becomes 1 working_days", "visits 1 becomes 0"};
    request.examples = 3;
    request.impact = "{\"people\":9}";
    return request;
  }

  std::string Proposed(const ChangeRequest& request) {
    const auto record = AppendRecord(path_, [&](const auto&) { return Propose(request); });
    return record ? "R-" + std::to_string(record->number) : record.error().ToString();
  }

  // The kind of error, and empty when it went well.
  std::string Decided(const std::string& id, bool approves, const std::string& by,
                      const std::string& catalogue = "c1") {
    const auto decided = AppendRecord(path_, [&](const auto& records) {
      return Decide(records, id, {approves, by, approves ? "" : "no", catalogue, At("2026-03-03")});
    });
    error_ = decided ? "" : decided.error().ToString();
    return decided ? "" : std::string(KindOf(decided.error().code).name);
  }

  ChangeRequest Only() const { return ChangeRequestsIn(*ReadRecords(path_))->front(); }

  std::string error_;
};

TEST_F(AChange, IsProposedApprovedByAnotherAndAssessed) {
  const std::string id = Proposed(Wish());
  EXPECT_EQ(Only().status(), "proposed");
  EXPECT_EQ(Only().diff, Wish().diff);
  EXPECT_EQ(Decided(id, true, "petrova"), "denied") << "her own";
  EXPECT_EQ(Decided(id, true, "ivanov"), "");
  EXPECT_EQ(Only().status(), "approved");
  EXPECT_EQ(Only().decided_by, "ivanov");
  EXPECT_EQ(Decided(id, false, "sidorov"), "conflict") << "it was decided on";
  ASSERT_TRUE(AppendRecord(
      path_, [&](const auto& records) { return Assess(records, id, "[]", At("2026-06-01")); }));
  EXPECT_EQ(Only().status(), "assessed");
  EXPECT_EQ(Only().outcomes.front().second, "[]");
}

TEST_F(AChange, MayNotBePublishedWhileAnythingIsInTheWay) {
  const auto refused = [&](void (*spoil)(ChangeRequest&)) {
    ChangeRequest request = Wish();
    spoil(request);
    EXPECT_EQ(Decided(Proposed(request), true, "ivanov"), "conflict");
    return error_;
  };
  EXPECT_THAT(refused([](ChangeRequest& r) { r.errors = 2; }), HasSubstr("2 errors"));
  EXPECT_THAT(refused([](ChangeRequest& r) { r.beyond_standard = 1; }),
              HasSubstr("beyond an approved standard"));
  EXPECT_THAT(refused([](ChangeRequest& r) { r.examples = 0; }), HasSubstr("no examples"));
  EXPECT_THAT(refused([](ChangeRequest& r) { r.impact.clear(); }), HasSubstr("no impact report"));
  const auto requests = ChangeRequestsIn(*ReadRecords(path_));
  for (const ChangeRequest& request : *requests) {
    EXPECT_EQ(request.status(), "proposed") << request.id;
  }
}

TEST_F(AChange, IsApprovedOnlyAsItWasChecked) {
  const std::string id = Proposed(Wish());
  EXPECT_EQ(Decided(id, true, "ivanov", "c2"), "conflict");
  EXPECT_THAT(error_, HasSubstr("has changed since"));
  EXPECT_EQ(Decided(id, false, "ivanov", "c2"), "");
  EXPECT_EQ(Only().status(), "rejected");
  const auto assessed = AppendRecord(
      path_, [&](const auto& records) { return Assess(records, id, "[]", At("2026-06-01")); });
  EXPECT_FALSE(assessed) << "what was rejected brought nothing";
}

TEST_F(AChange, ThatChangesNothingIsNone) {
  ChangeRequest request = Wish();
  request.diff.clear();
  EXPECT_THAT(Proposed(request), HasSubstr("nothing differs"));
}

// Feedback.
constexpr const char* kFeedback =
    "day,what,service,variant,procedure,count,score\n"
    "2026-03-02,complaint,snils,mother,decision,3,\n"
    "2026-03-03,survey.time,snils,,,10,4\n";

TEST_F(Recorded, FeedbackIsImportedOnce) {
  const auto import = [&] {
    return AppendRecord(path_, [&](const auto& records) {
      return RecordOfFeedback(records, kFeedback, "a.csv", "petrova", At("2026-03-04"));
    });
  };
  ASSERT_TRUE(import());
  EXPECT_EQ(import().error().code, ErrorCode::kConflict);
  const std::vector<Feedback> feedback = FeedbackIn(*ReadRecords(path_)).value();
  ASSERT_EQ(feedback.size(), 2U);
  EXPECT_EQ(feedback[0].count, 3U);
  EXPECT_EQ(feedback[0].variant, "mother");
  EXPECT_EQ(feedback[0].procedure, "decision");
  EXPECT_EQ(feedback[1].score, 4);
}

TEST(FeedbackTest, NamesTheLineOfWhatCannotBeRead) {
  const auto error_of = [](const std::string& lines) {
    const auto read = ReadFeedback("day,what,count,score\n" + lines);
    return read ? "read" : read.error().ToString();
  };
  EXPECT_EQ(error_of("2026-03-02,complaint,3,\n"), "read");
  EXPECT_THAT(error_of("2026-03-02,complaint,3,\nyesterday,complaint,3,\n"), HasSubstr("line 3"));
  EXPECT_THAT(error_of("2026-03-02,noise,3,\n"), HasSubstr("no kind of feedback"));
  EXPECT_THAT(error_of("2026-03-02,complaint,-3,\n"), HasSubstr("is no count"));
  EXPECT_THAT(error_of("2026-03-02,complaint,3x,\n"), HasSubstr("is no count"));
  EXPECT_THAT(error_of("2026-03-02,survey.time,3,\n"), HasSubstr("no score of this"));
  EXPECT_THAT(error_of("2026-03-02,survey.time,3,6\n"), HasSubstr("no score of this"));
  EXPECT_THAT(error_of("2026-03-02,complaint,3,5\n"), HasSubstr("no score of this"));
  EXPECT_THAT(error_of("2026-03-02,complaint\n"), HasSubstr("2 fields"));
  EXPECT_THAT(ReadFeedback("day,what\n").error().ToString(), HasSubstr("no column \"count\""));
  EXPECT_THAT(ReadFeedback("day,what,count,name\n").error().ToString(),
              HasSubstr("\"name\" is not known"));
}

}  // namespace
}  // namespace kstati::cases::monitoring
