// SPDX-License-Identifier: Apache-2.0
// What the services of a situation ask beyond the standard that it is held to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "eligibility/lint.h"
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
};

class AStandard : public testing::Test {
 protected:
  // What is found among these services of one situation. Witnesses are put into the file of the
  // first service that a finding names, and must come out as entitled.
  std::vector<Finding> Found(const std::vector<Benefit>& benefits, const std::string& standard) {
    std::unique_ptr<SmallCatalogue> catalogue = Describe(benefits, standard, {});
    const Program& program = catalogue->Compile();
    EXPECT_THAT(catalogue->issues(), IsEmpty());
    std::vector<Finding> findings = Lint(program, Day("2026-03-15")).findings;
    for (const Finding& finding : findings) {
      EXPECT_EQ(finding.check, "beyond-standard");
      EXPECT_EQ(finding.of, "birth");
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
                          "(law, п. 8)"));
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
  EXPECT_THAT(Texts(findings), ElementsAre(HasSubstr("one asks 3 visits")));
  EXPECT_EQ(findings.front().witness->facts.size(), 2u) << "the rule's and the category's";
  EXPECT_THAT(
      Texts(Found({{"one", "person.student = true", 1, "[doc.note]", variants}}, kDocuments)),
      ElementsAre(HasSubstr("one asks 2 documents")));
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
