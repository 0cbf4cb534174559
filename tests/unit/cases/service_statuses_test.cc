// SPDX-License-Identifier: Apache-2.0
#include "cases/service_statuses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/messages.h"

namespace kstati::cases {
namespace {

using graph::ProcedureKind;
using ::testing::Contains;
using ::testing::Not;

graph::Course CourseWith(std::vector<ProcedureKind> kinds) {
  graph::Course course;
  for (const ProcedureKind kind : kinds) course.procedures.emplace_back().kind = kind;
  return course;
}

TEST(ServiceStatusesTest, AProcedureBringsItsStatus) {
  const graph::Regulation regulation;
  const std::map<ProcedureKind, Status> expected{
      {ProcedureKind::kAdditionalInformation, Status::kInformationAsked},
      {ProcedureKind::kSuspension, Status::kSuspended},
      {ProcedureKind::kAssessment, Status::kBeingAssessed},
      {ProcedureKind::kDistribution, Status::kWaitingForPlace}};
  const graph::Course none = CourseWith({});
  for (const auto& [kind, status] : expected) {
    const graph::Course course = CourseWith({kind});
    EXPECT_THAT(StatusesOf(regulation, &course), Contains(status));
    EXPECT_THAT(StatusesOf(regulation, &none), Not(Contains(status)));
    EXPECT_THAT(StatusesOf(regulation, nullptr), Not(Contains(status)));
  }
}

TEST(ServiceStatusesTest, TheModeSaysHowItBegins) {
  graph::Regulation regulation;
  EXPECT_THAT(StatusesOf(regulation, nullptr), Not(Contains(Status::kDeclined)));
  regulation.mode = graph::Mode::kProactiveInform;
  EXPECT_EQ(StatusesOf(regulation, nullptr).front(), Status::kAnnounced);
  regulation.mode = graph::Mode::kProactiveAct;
  EXPECT_EQ(StatusesOf(regulation, nullptr).front(), Status::kOffered);
  EXPECT_THAT(StatusesOf(regulation, nullptr), Contains(Status::kDeclined));
}

// Wherever the table of states leads from what the set has is in the set, too: but for where only a
// procedure that the course does not have could lead.
TEST(ServiceStatusesTest, NoStepLeadsOutOfTheSetOfACourseWithEverything) {
  const graph::Course course =
      CourseWith({ProcedureKind::kAdditionalInformation, ProcedureKind::kSuspension,
                  ProcedureKind::kAssessment, ProcedureKind::kDistribution});
  graph::Regulation regulation;
  regulation.mode = graph::Mode::kProactivePrepare;
  const std::vector<Status> statuses = StatusesOf(regulation, &course);
  for (const Status status : statuses) {
    for (size_t action = 0; action < kActionCount; ++action) {
      const auto next = Next(status, static_cast<Action>(action));
      if (next) {
        EXPECT_THAT(statuses, Contains(*next)) << NameOf(status);
      }
    }
  }
}

TEST(ServiceStatusesTest, EveryStatusIsToldInBothLanguages) {
  std::vector<Issue> issues;
  const Messages messages = Messages::Load(KSTATI_DATA "/messages", issues);
  ASSERT_FALSE(HasErrors(issues));
  for (const Language language : {Language::kRussian, Language::kEnglish}) {
    for (size_t i = 0; i < kStatusCount; ++i) {
      const std::string name(NameOf(static_cast<Status>(i)));
      const std::string text =
          messages.Format(language, "case.told." + name, {{"service", "Alpha"}});
      EXPECT_NE(text.find("Alpha"), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace kstati::cases
