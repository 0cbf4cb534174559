// SPDX-License-Identifier: Apache-2.0
// What services ask beyond the approved standards that they are held to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "eligibility/lint.h"
#include "graph/standard.h"
#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kVisits =
    "standard: {visits: 2, act: law, article: п. 8, verification: from_knowledge}\n";
constexpr const char* kDocuments =
    "standard: {documents: 1, act: law, article: п. 9, verification: from_knowledge}\n";

struct Benefit {
  std::string id;
  std::string rule;
  int visits = 0;
  std::string inputs = "[]";
  std::string more = {};
  std::string outputs = "[]";
  int days = 5;
};

class AStandard : public testing::Test {
 protected:
  // What is found among these services of one situation. Witnesses are put into the file of the
  // first service that a finding names, and must come out as entitled. `standard` is the
  // situation's own; `dated` are entries of standards.yaml.
  std::vector<Finding> Found(const std::vector<Benefit>& benefits, const std::string& standard,
                             const std::string& dated = {}) {
    std::unique_ptr<SmallCatalogue> catalogue = Describe(benefits, standard, {});
    WriteCalendars(catalogue->folder());
    if (!dated.empty()) {
      std::ofstream(catalogue->folder() + "/standards.yaml") << "standards:\n" << dated;
    }
    const Program& program = catalogue->Compile();
    EXPECT_THAT(catalogue->issues(), IsEmpty());
    std::vector<Issue> issues;
    const std::vector<graph::ApprovedStandard> standards =
        graph::LoadStandards(catalogue->folder(), catalogue->catalogue(), issues);
    for (const Issue& issue : issues) ADD_FAILURE() << issue.text;
    std::vector<Finding> findings = Lint(program, Day("2026-03-15"), standards).findings;
    for (const Finding& finding : findings) {
      EXPECT_EQ(finding.check, "beyond-standard");
      if (finding.witness) CheckEntitled(benefits, standard, finding);
    }
    return findings;
  }

  static std::vector<std::string> Texts(const std::vector<Finding>& findings) {
    std::vector<std::string> texts;
    for (const Finding& finding : findings) texts.push_back(finding.text);
    return texts;
  }

 private:
  static void WriteCalendars(const std::string& folder) {
    for (const char* year : {"2025", "2026"}) {
      std::ofstream(folder + "/calendars/" + year + ".yaml")
          << "year: " << year << "\nverification: from_knowledge\ndays_off: []\n"
          << "working_saturdays: []\nshortened_days: []\nworking_days_total: 261\n";
    }
  }

  // Puts the benefit's outputs and term in the place of those that every service of a small
  // catalogue has.
  static void Amend(const std::string& folder, const Benefit& benefit) {
    const std::string path = folder + "/services/" + benefit.id + ".yaml";
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    std::string amended = text.str();
    for (const auto& [part, instead] :
         {std::pair<std::string, std::string>{"outputs: []", "outputs: " + benefit.outputs},
          {"value: 5, unit: working_days",
           "value: " + std::to_string(benefit.days) + ", unit: working_days"}}) {
      amended.replace(amended.find(part), part.size(), instead);
    }
    std::ofstream(path) << amended;
  }

  static std::unique_ptr<SmallCatalogue> Describe(const std::vector<Benefit>& benefits,
                                                  const std::string& standard,
                                                  const Finding* shown) {
    auto catalogue = std::make_unique<SmallCatalogue>();
    WithPeople(*catalogue);
    for (const char* document : {"doc.note", "doc.receipt"}) {
      catalogue->Attribute("id: " + std::string(document) +
                           ", type: document, name: {ru: С, en: N}, registry: declared, category: "
                           "documents, completeness: open, askable: true, verification: "
                           "from_knowledge");
    }
    std::string services;
    for (const Benefit& benefit : benefits) {
      services += (services.empty() ? "" : ", ") + benefit.id;
      std::string examples;
      if (shown != nullptr && shown->service.text() == benefit.id) {
        examples = "examples:\n";
        std::istringstream lines(ToYaml(*shown->witness));
        for (std::string line; std::getline(lines, line);) examples += "  " + line + "\n";
      }
      catalogue->Asks(benefit.visits, benefit.inputs)
          .Service(benefit.id, "person", {{"rule", benefit.rule}}, benefit.more, examples);
      Amend(catalogue->folder(), benefit);
    }
    catalogue->Situation("birth", "person", "[" + services + "]", standard);
    return catalogue;
  }

  static void CheckEntitled(const std::vector<Benefit>& benefits, const std::string& standard,
                            const Finding& finding) {
    EXPECT_EQ(finding.witness->expect, "eligible");
    std::unique_ptr<SmallCatalogue> again = Describe(benefits, standard, &finding);
    for (const Issue& issue : RunExamples(again->Compile())) {
      if (issue.severity == Severity::kError) ADD_FAILURE() << issue.text << " " << issue.hint;
    }
  }
};

TEST_F(AStandard, OfVisitsIsExceededByOneService) {
  const std::vector<Finding> findings =
      Found({{"one", "person.student = true", 3}, {"other", "person.alive = true", 2}}, kVisits);
  EXPECT_THAT(Texts(findings),
              ElementsAre("one asks 3 visits, and 2 is the most in the situation birth "
                          "(law, п. 8, not confirmed)"));
  EXPECT_THAT(findings.front().where.file, HasSubstr("services/one.yaml"));
  EXPECT_TRUE(findings.front().witness);
}

TEST_F(AStandard, OfVisitsIsExceededByServicesTogether) {
  const std::vector<Finding> findings = Found({{"one", "person.student = true", 1},
                                               {"other", "person.alive = true", 2},
                                               {"none", "person.income < 5", 0}},
                                              kVisits);
  EXPECT_THAT(Texts(findings), ElementsAre(HasSubstr("other, one ask one person 3 visits, and 2 "
                                                     "is the most")));
  EXPECT_THAT(findings.front().where.file, HasSubstr("situations/birth.yaml"));
  ASSERT_TRUE(findings.front().witness);
  EXPECT_EQ(findings.front().witness->facts.size(), 2u) << "of both services";
}

TEST_F(AStandard, IsNotExceededByServicesThatNobodyGetsTogether) {
  EXPECT_THAT(
      Found({{"one", "person.student = true", 1}, {"other", "person.student = false", 2}}, kVisits),
      IsEmpty());
}

TEST_F(AStandard, OfDocumentsIsExceededByWhatThePersonMustBring) {
  const std::vector<Finding> findings =
      Found({{"one", "person.student = true", 0, "[doc.note, doc.receipt]"}}, kDocuments);
  EXPECT_THAT(Texts(findings), ElementsAre(HasSubstr("one asks 2 documents, and 1 is the most")));
  EXPECT_TRUE(findings.front().witness);
}

TEST_F(AStandard, IsNotExceededByWhatARegistryHolds) {
  EXPECT_THAT(Found({{"one", "person.student = true", 9,
                      "[doc.note, {any_of: [doc.receipt, person.income]}, person.birth_date]"}},
                    kDocuments),
              IsEmpty());
}

TEST_F(AStandard, BindsEveryCategoryOfApplicants) {
  const auto variant = [](const std::string& id, const std::string& applies,
                          const std::string& more) {
    return "      - {id: " + id + ", name: {ru: К, en: C}, applies: '" + applies +
           "', act: law, article: ст. 3, verification: from_knowledge" + more + "}\n";
  };
  const std::string variants = "    variants:\n" +
                               variant("woman", "person.sex = \"female\"", ", visits: 3") +
                               variant("man", "person.sex = \"male\"", ", inputs: [doc.receipt]");
  const std::vector<Finding> findings =
      Found({{"one", "person.student = true", 1, "[doc.note]", variants}}, kVisits);
  EXPECT_THAT(Texts(findings), ElementsAre(HasSubstr("one for woman asks 3 visits")));
  EXPECT_EQ(findings.front().witness->facts.size(), 2u) << "the rule's and the category's";
  EXPECT_THAT(
      Texts(Found({{"one", "person.student = true", 1, "[doc.note]", variants}}, kDocuments)),
      ElementsAre(HasSubstr("one for man asks 2 documents")));
}

std::string Dated(const std::string& figures, const std::string& of = "situation: birth",
                  const std::string& days = "from: 2026-01-01") {
  return "  - {" + of + ", " + days + ", " + figures +
         ", act: law, article: п. 9, verification: from_knowledge}\n";
}

TEST_F(AStandard, OfOneServiceBindsItAlone) {
  const std::vector<Benefit> benefits{{"one", "person.student = true", 3},
                                      {"other", "person.alive = true", 2}};
  EXPECT_THAT(Texts(Found(benefits, {}, Dated("visits: 1", "service: other"))),
              ElementsAre("other asks 2 visits, and 1 is the most of the service other "
                          "(law, п. 9, not confirmed)"));
}

TEST_F(AStandard, OfOneCategoryBindsItAlone) {
  const auto variant = [](const std::string& id, const std::string& sex) {
    return "      - {id: " + id + ", name: {ru: К, en: C}, applies: 'person.sex = \"" + sex +
           "\"', act: law, article: ст. 3, verification: from_knowledge, visits: 3}\n";
  };
  const std::string variants =
      "    variants:\n" + variant("woman", "female") + variant("man", "male");
  EXPECT_THAT(Texts(Found({{"one", "person.student = true", 1, "[]", variants}}, {},
                          Dated("visits: 2", "service: one, variant: man"))),
              ElementsAre(HasSubstr("one for man asks 3 visits, and 2 is the most")));
}

TEST_F(AStandard, BindsWhileItIsInForce) {
  const std::vector<Benefit> benefits{{"one", "person.student = true", 3}};
  EXPECT_THAT(
      Found(benefits, {}, Dated("visits: 1", "service: one", "from: 2025-01-01, to: 2026-03-14")),
      IsEmpty());
  EXPECT_EQ(Found(benefits, {}, Dated("visits: 1", "service: one", "from: 2027-01-01")).size(), 1u)
      << "what begins later is checked beforehand";
}

TEST_F(AStandard, OfTheTermIsExceededByALongerOne) {
  const std::vector<Benefit> benefits{{"one", "person.student = true"}};
  EXPECT_THAT(Texts(Found(benefits, {}, Dated("term: {value: 4, unit: working_days}"))),
              ElementsAre(HasSubstr("one asks to wait for 5 working days, and 4 working days is "
                                    "the most in the situation birth")));
  EXPECT_THAT(Texts(Found(benefits, {}, Dated("term: {value: 6, unit: calendar_days}"))),
              ElementsAre(HasSubstr("as when it begins on 2025-01-")));
  EXPECT_THAT(Found(benefits, {}, Dated("term: {value: 7, unit: calendar_days}")), IsEmpty());
}

TEST_F(AStandard, OfDocumentsIsExceededByServicesTogether) {
  EXPECT_THAT(Texts(Found({{"one", "person.student = true", 0, "[doc.note]"},
                           {"other", "person.alive = true", 0, "[doc.receipt]"}},
                          kDocuments)),
              ElementsAre(HasSubstr("one, other ask one person 2 documents, and 1 is the most")));
  EXPECT_THAT(Found({{"one", "person.student = true", 0, "[doc.note]"},
                     {"other", "person.alive = true", 0, "[doc.note]"}},
                    kDocuments),
              IsEmpty())
      << "the same document is brought once";
}

TEST_F(AStandard, OfTheTermIsExceededByServicesThatWaitForEachOther) {
  const std::string days = Dated("term: {value: 9, unit: working_days}");
  const Benefit first{"first", "person.student = true", 0, "[]", {}, "[doc.note]"};
  EXPECT_THAT(
      Texts(Found({first, {"second", "person.alive = true", 0, "[doc.note]"}}, {}, days)),
      ElementsAre(HasSubstr("first, second, each of which needs what the one before it gives, "
                            "take longer than 9 working days")));
  EXPECT_THAT(Found({first, {"second", "person.alive = true", 0, "[doc.receipt]"}}, {}, days),
              IsEmpty())
      << "they run side by side";
  EXPECT_THAT(Found({first, {"second", "person.student = false", 0, "[doc.note]"}}, {}, days),
              IsEmpty())
      << "nobody gets both";
  EXPECT_THAT(
      Found({first, {"second", "person.alive = true", 0, "[doc.note]", {}, "[]", 4}}, {}, days),
      IsEmpty());
}

TEST_F(AStandard, MayBeExceededWithAReason) {
  EXPECT_THAT(Found({{"one", "person.student = true", 3, "[]",
                      "    accepted: [{finding: beyond-standard, of: birth, why: a trial}]\n"}},
                    kVisits),
              IsEmpty());
}

TEST_F(AStandard, ThatIsNotStatedBindsNobody) {
  EXPECT_THAT(Found({{"one", "person.student = true", 9, "[doc.note, doc.receipt]"}}, {}),
              IsEmpty());
}

}  // namespace
}  // namespace kstati::eligibility
