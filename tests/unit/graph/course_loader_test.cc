// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/courses.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kFile = "courses.yaml";
constexpr const char* kService = "services/snils_newborn.yaml";

constexpr const char* kCourses = R"(courses:
  - id: proactive
    name: {ru: Без заявления, en: Without a request}
    default_for: [on-request, proactive]
    new_version: better_for_person
    pre_check_holds: {value: 30, unit: calendar_days}
    procedures:
      - kind: proactive_start
        takes: [facts]
        gives: registration
        starts: facts_arrived
        ends: start_decided
        norm: {value: 1, unit: minutes}
        by: machine
      - kind: acceptance
        takes: [application]
        gives: registration
        starts: filed
        ends: acceptance_decided
        norm: {value: 1, unit: minutes}
        by: machine
      - kind: suspension
        takes: [registration]
        gives: resumption
        starts: ground_arose
        ends: ground_ended
        norm: {value: 30, unit: calendar_days}
        by: official
        on_time_out: refer
      - kind: decision
        takes: [registration]
        gives: decision
        starts: nothing_awaited
        ends: decided
        norm: {value: 1, unit: working_days}
        by: official
      - kind: result
        takes: [decision]
        gives: result
        starts: decided
        ends: result_recorded
        norm: {value: 15, unit: minutes}
        by: machine
)";

std::vector<std::string> After(const std::string& old_text, const std::string& new_text) {
  SmallCatalogue files;
  files.Write(kFile, kCourses);
  files.Replace(kFile, old_text, new_text);
  files.Load();
  return files.Problems();
}

TEST(CourseLoaderTest, ACatalogueWithoutCoursesHasNone) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  EXPECT_THAT(files.Problems(), IsEmpty());
  const Service& service = catalogue.services().front();
  EXPECT_EQ(files.courses().Of(service, service.regulations.front()), nullptr);
}

TEST(CourseLoaderTest, ARegulationThatNamesNoneHasTheDefaultOfItsMode) {
  SmallCatalogue files;
  files.Write(kFile, kCourses);
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Service& service = catalogue.services().front();
  const Course* course = files.courses().Of(service, service.regulations.front());
  ASSERT_NE(course, nullptr);
  EXPECT_EQ(course->id, "proactive");
  ASSERT_EQ(course->procedures.size(), 5u);
  EXPECT_EQ(course->procedures[2].kind, ProcedureKind::kSuspension);
  EXPECT_EQ(course->procedures[2].on_time_out, TimeOut::kRefer);
  EXPECT_EQ(course->Find(ProcedureKind::kDecision)->by, Performer::kOfficial);
  EXPECT_TRUE(IsConditional(course->procedures[2]));
  EXPECT_EQ(course->new_version, NewVersion::kBetterForPerson);
  EXPECT_EQ(course->pre_check_holds.value, 30);
}

TEST(CourseLoaderTest, ARegulationMayHaveACourseOfItsOwn) {
  SmallCatalogue files;
  files.Write(kFile, kCourses);
  files.Replace(kService, "    mode: proactive-act\n", R"(    course:
      new_version: pinned
      pre_check_holds: {value: 1, unit: working_days}
      procedures:
        - {kind: proactive_start, takes: [facts], gives: registration,
           starts: facts_arrived, ends: start_decided,
           norm: {value: 1, unit: minutes}, by: machine}
        - {kind: decision, takes: [registration], gives: decision,
           starts: nothing_awaited, ends: decided, norm: {value: 1, unit: minutes}, by: official}
        - {kind: result, takes: [decision], gives: result,
           starts: decided, ends: result_recorded, norm: {value: 1, unit: minutes}, by: machine}
    mode: proactive-act
)");
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Service& service = catalogue.services().front();
  const Course* course = files.courses().Of(service, service.regulations.front());
  ASSERT_NE(course, nullptr);
  EXPECT_EQ(course->new_version, NewVersion::kPinned);
  EXPECT_EQ(course->procedures.size(), 3u);
}

TEST(CourseLoaderTest, ACourseThatIsNotThereIsAProblem) {
  SmallCatalogue files;
  files.Write(kFile, kCourses);
  files.Replace(kService, "    mode: proactive-act\n",
                "    course: other\n    mode: proactive-act\n");
  files.Load();
  EXPECT_THAT(files.Problems(), ElementsAre(HasSubstr("there is no course \"other\"")));
}

TEST(CourseLoaderTest, AProcedureThatIsNeverReachedIsAProblem) {
  EXPECT_THAT(After("        takes: [decision]", "        takes: [decision, findings]"),
              ElementsAre(HasSubstr("result is never reached: nothing before it gives findings")));
}

TEST(CourseLoaderTest, ACourseWithoutADecisionIsAProblem) {
  const std::string decision = R"(      - kind: decision
        takes: [registration]
        gives: decision
        starts: nothing_awaited
        ends: decided
        norm: {value: 1, unit: working_days}
        by: official
)";
  EXPECT_THAT(After(decision, ""), ElementsAre(HasSubstr("no procedure of the kind decision"),
                                               HasSubstr("result is never reached")));
}

TEST(CourseLoaderTest, ASuspensionWithoutAnEndIsAProblem) {
  EXPECT_THAT(After("        ends: ground_ended\n", ""),
              ElementsAre(HasSubstr("suspension has no criterion by which it ends")));
}

TEST(CourseLoaderTest, AKindThatDoesNotExistIsAProblem) {
  EXPECT_THAT(After("kind: suspension", "kind: waiting"), ElementsAre(HasSubstr("waiting")));
}

TEST(CourseLoaderTest, WhatAKindTakesGivesAndIsStartedByIsChecked) {
  EXPECT_THAT(After("        gives: resumption", "        gives: result"),
              ElementsAre(HasSubstr("the kind suspension gives resumption")));
  EXPECT_THAT(After("        takes: [application]", "        takes: [facts]"),
              ElementsAre(HasSubstr("the kind acceptance takes application")));
  EXPECT_THAT(After("starts: ground_arose", "starts: filed"),
              ElementsAre(HasSubstr("does not start by this criterion")));
  EXPECT_THAT(After("ends: ground_ended", "ends: informed"),
              ElementsAre(HasSubstr("does not end by this criterion")));
}

TEST(CourseLoaderTest, WhoWaitsSaysWhatComesWhenTheTimeIsOver) {
  EXPECT_THAT(After("        on_time_out: refer\n", ""), ElementsAre(HasSubstr("on_time_out")));
  EXPECT_THAT(
      After("        takes: [decision]", "        on_time_out: refer\n        takes: [decision]"),
      ElementsAre(HasSubstr("waits for nobody")));
}

TEST(CourseLoaderTest, AProcedureThatStandsTwiceIsAProblem) {
  EXPECT_THAT(After("kind: suspension\n        takes: [registration]\n        gives: resumption\n"
                    "        starts: ground_arose\n        ends: ground_ended\n"
                    "        norm: {value: 30, unit: calendar_days}\n        by: official\n"
                    "        on_time_out: refer",
                    "kind: decision\n        takes: [registration]\n        gives: decision\n"
                    "        starts: nothing_awaited\n        ends: decided\n"
                    "        norm: {value: 30, unit: calendar_days}\n        by: official"),
              ElementsAre(HasSubstr("decision stands twice")));
}

TEST(CourseLoaderTest, AServiceThatStartsByItselfNeedsAStart) {
  EXPECT_THAT(After(R"(      - kind: proactive_start
        takes: [facts]
        gives: registration
        starts: facts_arrived
        ends: start_decided
        norm: {value: 1, unit: minutes}
        by: machine
)",
                    ""),
              ElementsAre(HasSubstr("its course has no proactive_start")));
}

TEST(CourseLoaderTest, SomebodyMustAssessWhatNoMachineEvaluates) {
  EXPECT_THAT(After("        norm: {value: 1, unit: working_days}\n        by: official",
                    "        norm: {value: 1, unit: working_days}\n        by: machine"),
              ElementsAre(HasSubstr("nobody assesses the conditions")));
}

}  // namespace
}  // namespace kstati::graph
