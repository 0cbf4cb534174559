// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "profile/dictionary.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char kRegistries[] = R"(registries:
  - id: fns_erns
    name: {ru: Реестр, en: Register}
    owner: {ru: ФНС, en: FTS}
)";

const char kBirthDate[] = R"(attributes:
  - id: person.birth_date
    type: date
    name: {ru: Дата рождения, en: Date of birth}
    registry: fns_erns
    category: identity
    completeness: complete
    askable: true
    verification: from_knowledge
)";

// A catalogue folder with the given attributes after person.birth_date.
class Catalogue {
 public:
  explicit Catalogue(const std::string& more_attributes = {}) {
    Write("registries.yaml", kRegistries);
    std::filesystem::create_directories(folder_ / "attributes");
    Write("attributes/person.yaml", kBirthDate + more_attributes);
  }
  void Write(const std::string& file, const std::string& text) {
    std::ofstream(folder_ / file) << text;
  }
  Dictionary Load() {
    issues_.clear();
    return LoadDictionary(folder_.path(), issues_);
  }
  // "line:column text; hint" of every problem.
  std::vector<std::string> Problems() {
    Load();
    std::vector<std::string> problems;
    for (const Issue& issue : issues_) {
      EXPECT_FALSE(issue.where.file.empty());
      problems.push_back(std::to_string(issue.where.line) + ":" +
                         std::to_string(issue.where.column) + " " + issue.text + "; " + issue.hint);
    }
    return problems;
  }
  const std::vector<Issue>& issues() const { return issues_; }

 private:
  TemporaryFolder folder_;
  std::vector<Issue> issues_;
};

TEST(LoadDictionary, CategoriesAreReadAndAttributesNameOneOfThem) {
  Catalogue catalogue;
  EXPECT_TRUE(catalogue.Load().categories().empty()) << "the file is optional";
  catalogue.Write("categories.yaml",
                  "categories:\n  - {id: identity, name: {ru: Личность, en: Identity}}\n");
  const Dictionary dictionary = catalogue.Load();
  EXPECT_TRUE(catalogue.issues().empty());
  ASSERT_NE(dictionary.FindCategory("identity"), nullptr);
  EXPECT_EQ(dictionary.FindCategory("identity")->name.en, "Identity");
  EXPECT_EQ(dictionary.FindCategory("health"), nullptr);
  catalogue.Write("categories.yaml",
                  "categories:\n  - {id: identyty, name: {ru: Личность, en: Identity}}\n");
  EXPECT_THAT(catalogue.Problems(), ElementsAre(HasSubstr("unknown data category identity; did "
                                                          "you mean identyty?")));
}

TEST(LoadDictionary, ReadsEveryFieldOfAReportedAttribute) {
  Catalogue catalogue;
  const Dictionary dictionary = catalogue.Load();
  EXPECT_TRUE(catalogue.issues().empty());
  const Attribute* const attribute = dictionary.Find(AttributeId("person.birth_date"));
  ASSERT_NE(attribute, nullptr);
  EXPECT_EQ(attribute->type, ValueType::kDate);
  EXPECT_EQ(attribute->role, "person");
  EXPECT_EQ(attribute->holder(), "person");
  EXPECT_EQ(attribute->name.en, "Date of birth");
  EXPECT_EQ(attribute->registry.text(), "fns_erns");
  EXPECT_EQ(attribute->category, "identity");
  EXPECT_EQ(attribute->completeness, Completeness::kComplete);
  EXPECT_TRUE(attribute->askable);
  EXPECT_EQ(attribute->location.line, 2);
  EXPECT_EQ(&dictionary.at(attribute->index), attribute);
  ASSERT_NE(dictionary.FindRegistry(RegistryId("fns_erns")), nullptr);
  EXPECT_EQ(dictionary.FindRegistry(RegistryId("fns_erns"))->owner.en, "FTS");
  EXPECT_EQ(dictionary.NearestAttribute("person.birthdate"), "person.birth_date");
}

TEST(LoadDictionary, ReadsWhatAPersonChanges) {
  Catalogue catalogue(
      "  - {id: person.years, type: number, name: {ru: a, en: b}, registry: fns_erns, category: "
      "identity, changes: by_person, only: up}\n"
      "  - {id: person.born, type: date, name: {ru: a, en: b}, registry: fns_erns, category: "
      "identity}\n");
  const Dictionary dictionary = catalogue.Load();
  EXPECT_TRUE(catalogue.issues().empty());
  const Attribute* const years = dictionary.Find(AttributeId("person.years"));
  ASSERT_NE(years, nullptr);
  EXPECT_TRUE(years->changed_by_person);
  EXPECT_EQ(years->direction, Direction::kUp);
  EXPECT_FALSE(dictionary.Find(AttributeId("person.born"))->changed_by_person);
}

TEST(LoadDictionary, ReadsDerivedAndRoleAttributes) {
  Catalogue catalogue(R"(  - id: person.age_years
    type: number
    name: {ru: Возраст, en: Age}
    unit: years
    derive: years and months duration(person.birth_date, today()).years
  - id: child.birth_date
    type: date
    name: {ru: Дата, en: Date}
    same_as: person.birth_date
)");
  const Dictionary dictionary = catalogue.Load();
  EXPECT_THAT(catalogue.Problems(), ElementsAre());
  const Attribute* const age = dictionary.Find(AttributeId("person.age_years"));
  EXPECT_THAT(age->derive, HasSubstr("today()"));
  EXPECT_EQ(age->derive_location.line, 14);
  EXPECT_EQ(age->unit, "years");
  EXPECT_FALSE(age->is_reported());
  const Attribute* const child = dictionary.Find(AttributeId("child.birth_date"));
  EXPECT_EQ(child->same_as.text(), "person.birth_date");
  EXPECT_EQ(child->holder(), "child");
}

TEST(LoadDictionary, DocumentMayBeHeldByWhomTheServiceIsAbout) {
  Catalogue catalogue(R"(  - id: doc.birth_record
    type: document
    name: {ru: Запись, en: Record}
    registry: fns_erns
    category: identity
    holder: about
)");
  EXPECT_EQ(catalogue.Load().Find(AttributeId("doc.birth_record"))->holder(), "about");
  EXPECT_THAT(catalogue.Problems(), ElementsAre());
}

TEST(LoadDictionary, CodesOfARoleAttributeAreThoseOfItsTarget) {
  Catalogue catalogue(R"(  - id: person.sex
    type: code
    name: {ru: Пол, en: Sex}
    registry: fns_erns
    category: identity
    values: [female, male]
  - id: child.sex
    type: code
    name: {ru: Пол, en: Sex}
    same_as: person.sex
)");
  const Dictionary dictionary = catalogue.Load();
  EXPECT_THAT(catalogue.Problems(), ElementsAre());
  EXPECT_THAT(dictionary.Find(AttributeId("child.sex"))->AllCodes(), ElementsAre("female", "male"));
}

TEST(LoadDictionary, CodesMayHoldForATime) {
  Catalogue catalogue(R"(  - id: person.group
    type: code
    name: {ru: Группа, en: Group}
    registry: fns_erns
    category: identity
    values:
      - other
      - {code: old, until: 2025-12-31, successor: new}
      - {code: new, from: 2026-01-01}
)");
  const Dictionary dictionary = catalogue.Load();
  EXPECT_THAT(catalogue.Problems(), ElementsAre());
  const Attribute& group = *dictionary.Find(AttributeId("person.group"));
  const Date last = *Date::Parse("2025-12-31");
  EXPECT_THAT(group.AllCodes(), ElementsAre("other", "old", "new"));
  EXPECT_THAT(group.CodesOn(last), ElementsAre("other", "old"));
  EXPECT_THAT(group.CodesOn(last.AddDays(1)), ElementsAre("other", "new"));
  EXPECT_THAT(group.CodesUntil(last.AddDays(1)), ElementsAre("other", "old", "new"));
  EXPECT_EQ(group.FindCode("old")->successor, "new");
}

// One attribute with one fault; the fault's text.
struct FaultCase {
  const char* name;
  const char* attribute;
  const char* problem;
};

class FaultyAttribute : public testing::TestWithParam<FaultCase> {};

TEST_P(FaultyAttribute, IsReportedOnceWithItsPlace) {
  Catalogue catalogue(GetParam().attribute);
  EXPECT_THAT(catalogue.Problems(), ElementsAre(HasSubstr(GetParam().problem)));
}

INSTANTIATE_TEST_SUITE_P(
    LoadDictionary, FaultyAttribute,
    testing::Values(
        FaultCase{
            "Duplicate",
            "  - {id: person.birth_date, type: date, name: {ru: a, en: b}, derive: today()}\n",
            "10:10 the attribute person.birth_date is described twice; the first"},
        FaultCase{"UnknownType",
                  "  - {id: person.x, type: datum, name: {ru: a, en: b}, derive: today()}\n",
                  "10:"},
        FaultCase{"UnknownRole",
                  "  - {id: persom.x, type: date, name: {ru: a, en: b}, derive: today()}\n",
                  "10:10 unknown role persom; did you mean person?"},
        FaultCase{"NoRole", "  - {id: x, type: date, name: {ru: a, en: b}, derive: today()}\n",
                  "10:10 not an attribute id"},
        FaultCase{"UnknownRegistry",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, registry: fns_ern, "
                  "category: c}\n",
                  "unknown registry fns_ern; did you mean fns_erns?"},
        FaultCase{"NoOrigin", "  - {id: person.x, type: date, name: {ru: a, en: b}}\n",
                  "10:5 nothing says where the attribute comes from"},
        FaultCase{"TwoOrigins",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, derive: today(), "
                  "same_as: person.birth_date}\n",
                  "10:5 the attribute has more than one origin"},
        FaultCase{
            "SameAsUnknown",
            "  - {id: child.x, type: date, name: {ru: a, en: b}, same_as: person.birthdate}\n",
            "unknown attribute person.birthdate; did you mean person.birth_date?"},
        FaultCase{"SameAsOtherType",
                  "  - {id: child.x, type: text, name: {ru: a, en: b}, same_as: "
                  "person.birth_date}\n",
                  "person.birth_date has another type; make the type date"},
        FaultCase{"CodeWithoutValues",
                  "  - {id: person.x, type: code, name: {ru: a, en: b}, derive: '1'}\n",
                  "10:5 person.x is a code without a list of values"},
        FaultCase{
            "ValuesOnDate",
            "  - {id: person.x, type: date, name: {ru: a, en: b}, derive: '1', values: [a]}\n",
            "only an attribute of type code has a list of values"},
        FaultCase{"DuplicateCode",
                  "  - {id: person.x, type: code, name: {ru: a, en: b}, derive: '1', values: [a, "
                  "a]}\n",
                  "the code a is listed twice"},
        FaultCase{"CodeThatEndsFirst",
                  "  - {id: person.x, type: code, name: {ru: a, en: b}, derive: '1', values: "
                  "[{code: a, from: 2026-01-02, until: 2026-01-01}]}\n",
                  "it ends before it begins"},
        FaultCase{"SuccessorOfALastingCode",
                  "  - {id: person.x, type: code, name: {ru: a, en: b}, derive: '1', values: [b, "
                  "{code: a, successor: b}]}\n",
                  "only a code that ends has a successor"},
        FaultCase{"UnknownSuccessor",
                  "  - {id: person.x, type: code, name: {ru: a, en: b}, derive: '1', values: [b, "
                  "{code: a, until: 2026-01-01, successor: c}]}\n",
                  "the list has no code c"},
        FaultCase{"SuccessorThatComesLate",
                  "  - {id: person.x, type: code, name: {ru: a, en: b}, derive: '1', values: "
                  "[{code: b, from: 2026-02-01}, {code: a, until: 2026-01-01, successor: b}]}\n",
                  "the code b does not hold when this one has ended; let it hold from 2026-01-02"},
        FaultCase{"MissingCategory",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, registry: fns_erns}\n",
                  "category"},
        FaultCase{"AskableDerived",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, derive: '1', askable: "
                  "true}\n",
                  "only an attribute with a registry has this key"},
        FaultCase{"ChangedByNobodyKnown",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, registry: fns_erns, "
                  "category: identity, changes: with_time}\n",
                  "by_person"},
        FaultCase{"ChangesDerived",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, derive: '1', changes: "
                  "by_person}\n",
                  "only an attribute with a registry has this key"},
        FaultCase{"DirectionOfWhatNeverChanges",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, registry: fns_erns, "
                  "category: identity, only: up}\n",
                  "only what a person changes has a direction"},
        FaultCase{"DirectionWithoutOrder",
                  "  - {id: person.x, type: boolean, name: {ru: a, en: b}, registry: fns_erns, "
                  "category: identity, changes: by_person, only: up}\n",
                  "only numbers, money and dates have a direction"},
        FaultCase{"HolderOfARole",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, derive: '1', holder: "
                  "about}\n",
                  "only doc.* and pay.* have a holder"},
        FaultCase{"UnknownKey",
                  "  - {id: person.x, type: date, name: {ru: a, en: b}, derive: '1', untit: y}\n",
                  "untit"},
        FaultCase{"OneLanguage", "  - {id: person.x, type: date, name: {ru: a}, derive: '1'}\n",
                  "en"}),
    [](const testing::TestParamInfo<FaultCase>& each) { return each.param.name; });

TEST(LoadDictionary, ReportsAllProblemsInOneRunAndKeepsWhatItCouldRead) {
  Catalogue catalogue(
      "  - {id: x, type: date, name: {ru: a, en: b}, derive: today()}\n"
      "  - {id: person.y, type: nothing, name: {ru: a, en: b}, derive: today()}\n");
  const Dictionary dictionary = catalogue.Load();
  EXPECT_EQ(catalogue.issues().size(), 2u);
  EXPECT_EQ(dictionary.attributes().size(), 1u);
}

TEST(LoadDictionary, RegistryListedTwiceIsAProblem) {
  Catalogue catalogue;
  catalogue.Write("registries.yaml",
                  std::string(kRegistries) + "  - {id: fns_erns, name: {ru: a, en: b}}\n");
  EXPECT_THAT(catalogue.Problems(), ElementsAre(HasSubstr("5:10 the registry fns_erns is listed")));
}

TEST(LoadDictionary, FolderWithoutAttributesIsAProblem) {
  TemporaryFolder folder;
  std::vector<Issue> issues;
  LoadDictionary(folder.path(), issues);
  EXPECT_TRUE(HasErrors(issues));
}

TEST(LoadDictionary, ShippedCatalogueLoadsWithoutProblems) {
  std::vector<Issue> issues;
  const Dictionary dictionary = LoadDictionary(KSTATI_DATA "/catalogue", issues);
  for (const Issue& issue : issues) {
    ADD_FAILURE() << Render(issue, ReadSourceLine(issue.where.file, issue.where.line));
  }
  EXPECT_GT(dictionary.attributes().size(), 50u);
}

}  // namespace
}  // namespace kstati::profile
