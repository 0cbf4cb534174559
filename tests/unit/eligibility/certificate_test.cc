// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "eligibility/certificate_verifier/verifier.h"
#include "eligibility/feel/builtin.h"
#include "small_world.h"

namespace kstati::eligibility {
namespace {

using certificate_verifier::WhyRejected;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kToday = "2026-03-15";
constexpr uint64_t kMother = 1;
constexpr uint64_t kSon = 2;

std::string Sha256(const std::string& bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::string text;
  for (const char byte : digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

// As a forger would: every hash fits the changed content again.
std::string Sealed(json content) {
  content["law_sha256"] = Sha256(content["law"].dump());
  for (const char* list : {"facts", "relations", "parameters"}) {
    for (json& record : content[list]) {
      record.erase("sha256");
      record["sha256"] = Sha256(content["salt"].get<std::string>() + record.dump());
    }
  }
  const std::string hash = Sha256(content.dump());
  return json{{"certificate", std::move(content)}, {"sha256", hash}}.dump();
}

class Certificate : public testing::Test {
 protected:
  Certificate() { WithPeople(catalogue_); }

  void Rules(const std::vector<Requirement>& criteria, const std::string& about = "person") {
    catalogue_.Service("benefit", about, criteria);
    program_ = &catalogue_.Compile();
    for (const Issue& issue : catalogue_.issues()) ADD_FAILURE() << issue.text;
  }

  Result<std::string> Certified(std::optional<uint64_t> about = std::nullopt) {
    household_ = records_.HouseholdOf(kMother, kToday);
    Subject subject{&household_, nullptr, std::nullopt};
    if (about) subject.about = records_.ViewOf(*about, kToday);
    const CertificateTerms terms{[](CitizenId citizen) { return "p" + citizen.ToString(); }, "5a"};
    return program_->Certify(catalogue_.service("benefit"), subject, terms);
  }

  json Content(std::optional<uint64_t> about = std::nullopt) {
    const Result<std::string> certificate = Certified(about);
    EXPECT_TRUE(certificate) << certificate.error().ToString();
    EXPECT_EQ(WhyRejected(*certificate), std::nullopt);
    return json::parse(*certificate)["certificate"];
  }

  // A refusal because of the age, which follows from the birth date.
  json Refusal() {
    Rules({{"adult", "person.age_years >= 18"}, {"female", "person.sex = \"female\"", "rg_age"}});
    records_.Know(kMother, "person.birth_date", Day("2010-01-01"))
        .Know(kMother, "person.sex", "female", "2026-02-01");
    return Content();
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(Certificate, TellsTheDecisionWithItsFactsAndArticles) {
  const json content = Refusal();
  EXPECT_EQ(content["verdict"], "not eligible");
  EXPECT_EQ(content["grounds"], json::array({"rg_criteria"}));
  EXPECT_EQ(content["founded_at"], "2026-02-01T12:00:00Z");
  EXPECT_EQ(content["rests_on_unconfirmed"], true);
  EXPECT_EQ(content["law"]["criteria"][0]["rule"], "person.age_years >= 18");
  EXPECT_EQ(content["criteria"][0]["outcome"], "fails");
  const json& fact = content["facts"][content["criteria"][0]["facts"][0].get<size_t>()];
  EXPECT_EQ(fact["attribute"], "person.birth_date");
  EXPECT_EQ(fact["value"], (json{{"date", "2010-01-01"}}));
  EXPECT_EQ(fact["known_at"], "2026-01-10T12:00:00Z");
}

TEST_F(Certificate, IsRejectedAfterAnyChangedByte) {
  Refusal();
  const std::string certificate = *Certified();
  std::string changed = certificate;
  for (size_t i = 0; i < certificate.size(); ++i) {
    changed[i] = static_cast<char>(certificate[i] ^ (1 << (i % 8)));
    ASSERT_NE(WhyRejected(changed), std::nullopt) << "byte " << i;
    changed[i] = certificate[i];
  }
  EXPECT_NE(WhyRejected(certificate + " "), std::nullopt);
  EXPECT_NE(WhyRejected(certificate.substr(1)), std::nullopt);
}

TEST_F(Certificate, IsRejectedWhenTheVerdictIsForged) {
  json content = Refusal();
  content["verdict"] = "eligible";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("verdict"));
  content = Content();
  content["grounds"].push_back("rg_age");
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("grounds"));
  content = Content();
  content["criteria"][0]["outcome"] = "holds";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("adult comes out otherwise"));
}

TEST_F(Certificate, IsRejectedWhenAFactIsForged) {
  json content = Refusal();
  EXPECT_EQ(WhyRejected(Sealed(content)), std::nullopt);
  for (json& fact : content["facts"]) {
    if (fact["attribute"] == "person.birth_date") fact["value"]["date"] = "1990-01-01";
  }
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("does not follow"));
  content = Content();
  content["facts"][0]["known_at"] = "2040-01-01T00:00:00Z";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("was not known yet"));
  content = Content();
  content["facts"][0]["citizen"] = "p2";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("another fact"));
}

TEST_F(Certificate, CoversChildrenRelationsAndAbsentRecords) {
  Rules({{"two", "count(children[item.age_years < 18 and item.alive]) = 1"},
         {"parent", "relation.parent_of_child"},
         {"young", "child.age_years < 7 and not(person.student)"}},
        "child");
  records_.Parent(kMother, kSon)
      .Know(kSon, "person.alive", true)
      .Know(kSon, "person.birth_date", Day("2024-05-01"));
  json content = Content(kSon);
  EXPECT_EQ(content["verdict"], "eligible");
  EXPECT_EQ(content["relations"].size(), 1u);
  content["relations"][0]["from"] = "p3";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("relation"));
  content = Content(kSon);
  for (json& fact : content["facts"]) {
    if (fact.contains("absent")) fact["value"] = true;
  }
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("assumed absent"));
}

TEST_F(Certificate, NoneOfASupposedDay) {
  Rules({{"adult", "person.age_years >= 18"}});
  records_.Know(kMother, "person.birth_date", Day("1991-07-23"));
  household_ = records_.HouseholdOf(kMother, kToday);
  Subject subject{&household_, nullptr, std::nullopt};
  subject.today = Day("2030-01-01");
  const CertificateTerms terms{[](CitizenId citizen) { return "p" + citizen.ToString(); }, "5a"};
  const auto certificate = program_->Certify(catalogue_.service("benefit"), subject, terms);
  ASSERT_FALSE(certificate);
  EXPECT_EQ(certificate.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Certificate, NamesWhatIsMissing) {
  Rules({{"adult", "person.age_years >= 18 or person.student"}});
  records_.Know(kMother, "person.sex", "female");
  json content = Content();
  EXPECT_EQ(content["verdict"], "undetermined");
  ASSERT_EQ(content["missing"].size(), 1u);
  EXPECT_EQ(content["missing"][0]["attribute"], "person.birth_date");
  content["missing"] = json::array();
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("misses something else"));
  content["criteria"][0]["missing"] = json::array();
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("missing fact is not named"));
}

// What the verifier computes by itself, each a criterion that holds.
class LanguageCertificate : public Certificate {
 protected:
  LanguageCertificate() {
    records_.Know(kMother, "person.birth_date", Day("1990-05-17"))
        .Know(kMother, "person.sex", "female")
        .Know(kMother, "person.income", Number("12.5"));
  }

  static std::string Argument(const feel::Type& type) {
    if (type.is_any()) return "person.income";
    switch (type.kind()) {
      case feel::Kind::kBoolean: return "person.student";
      case feel::Kind::kString: return "person.sex";
      case feel::Kind::kDate: return "person.birth_date";
      case feel::Kind::kList: return "[person.income]";
      case feel::Kind::kContext: return "{a: person.income}";
      case feel::Kind::kRange: return "[person.income..20]";
      case feel::Kind::kFunction: return "function(x, y) x < y";
      default: return "person.income";
    }
  }

  void ExpectHolds(const std::vector<std::string>& rules) {
    std::vector<Requirement> criteria;
    for (const std::string& rule : rules) {
      criteria.push_back({"c" + std::to_string(criteria.size()), rule});
    }
    Rules(criteria);
    const json content = Content();
    for (size_t i = 0; i < rules.size(); ++i) {
      EXPECT_EQ(content["criteria"][i]["outcome"], "holds") << rules[i];
    }
  }
};

TEST_F(LanguageCertificate, OfRegularExpressions) {
  ExpectHolds({R"f(matches(person.sex, "^FE(ma|x)LE$", "i"))f",
               R"f(replace(person.sex, "([aeiou])(.)", "<$2$1>") = "f<me><la>e")f",
               R"f(split(person.sex, "[a-z-[aeiou]]") = ["", "e", "a", "e"])f",
               R"f(matches(string(person.income), "\\d+\\.\\d") and )f"
               R"f(not(matches(person.sex, "(.)\\1|\\p{Lu}|\\P{IsBasicLatin}|[^\\i]")))f",
               R"f(replace(person.sex, "m.l", "$", "q") = person.sex)f",
               R"f(replace(person.sex, "m a . ", "\\$$0", "x") = "fe$male")f",
               R"f(matches(person.sex, "(") = null and replace(person.sex, "x*", "y") = null)f"});
}

TEST_F(LanguageCertificate, OfTimesOfDay) {
  ExpectHolds({R"f(date and time(person.birth_date, @"10:00:00+03:00") < )f"
               R"f(date and time(person.birth_date, @"07:00:01Z"))f",
               R"f(time(person.income - 0.5, 30, 1.25) - @"12:00:00" = duration("PT30M1.25S"))f",
               R"f(date and time(person.birth_date, @"23:30:00") + duration("PT45M") = )f"
               R"f(@"1990-05-18T00:15:00")f",
               R"f(date and time(person.birth_date, @"10:00:00@Europe/Moscow").time offset = )f"
               R"f(duration("PT4H"))f",
               R"f(now() > date and time(person.birth_date, @"00:00:00") and now().hour = 0)f",
               R"f((@"08:00:00" < time(person.birth_date)) = null)f",
               R"f(string(time(person.birth_date)) = "00:00:00Z")f",
               R"f(week of year(date and time(person.birth_date, @"10:00:00")) = 20)f",
               R"f(date and time(person.birth_date, @"10:00:00") instance of date and time)f"});
}

TEST_F(LanguageCertificate, OfNumbersWithoutAnExactValue) {
  ExpectHolds({"exp(person.income) > 268337 and exp(person.income) < 268338",
               "log(person.income) > 2.525 and log(person.income) < 2.526",
               "log(0 - person.income) = null and exp(person.income ** 9) = null",
               R"f(number("1 0" + string(person.income) + ",5", " ", ",") = null)f",
               R"f(number("1 " + person.sex, " ") = null or person.income = 12.5)f",
               R"f(number("1.0" + string(person.income * 2) + ",5", ".", ",") = 1025.5)f",
               R"f(abs(person.birth_date - today()) = today() - person.birth_date)f"});
}

TEST_F(LanguageCertificate, OfContexts) {
  ExpectHolds({R"f(context put({a: {b: 1}}, ["a", "b"], person.income).a.b = 12.5)f",
               R"f(context merge([{a: person.income}, {a: 1, b: 2}]) = {a: 1, b: 2})f",
               R"f(context([{key: person.sex, value: 3}]).female = 3)f",
               R"f(get entries({a: person.income}) = [{key: "a", value: 12.5}])f",
               R"f(get value({a: {b: person.income}}, ["a", "b"]) = 12.5)f",
               R"f(get value(m: {a: person.income}, keys: ["a"]) = 12.5)f"});
}

TEST_F(LanguageCertificate, OfRangesAndNamedArguments) {
  ExpectHolds(
      {"before([1..12.5), [person.income..20]) and not(meets([1..12.5), [person.income..20]))",
       "meets([1..person.income], [12.5..20]) and overlaps([1..person.income], [12..20])",
       "after(person.income, [1..12.5)) and before(point1: 12, point2: person.income)",
       "during(person.income, (12..13)) and includes(range: [1..12.5], point: person.income)",
       "finishes(person.income, (1..12.5]) and starts([person.income..13), [12.5..13])",
       "coincides([1..person.income], [1..12.5]) and before(person.income, person.sex) = null",
       "before(point: person.income, range: 20) = null and [1..person.income] instance of "
       "range<number>",
       "(function(a, b) a - b)(b: person.income, a: 20) = 7.5",
       "list replace(list: [1, person.income], match: function(x, y) x < y, newItem: 12) = [12, "
       "12.5]",
       "date(day: 17, year: 1977.5 + person.income, month: 5) = person.birth_date"});
}

TEST_F(Certificate, OfAnOperationWithoutNotationIsRefused) {
  Rules({{"many", R"f(count(children) = 0 or 1 in range("[1.." + person.sex + "]"))f"}});
  records_.Know(kMother, "person.sex", "female");
  const Result<std::string> certificate = Certified();
  ASSERT_FALSE(certificate);
  EXPECT_EQ(certificate.error().code, ErrorCode::kUnsupported);
}

// Every function that rules may call, but for ranges of texts, whatever it is given.
TEST_F(LanguageCertificate, OfEveryFunction) {
  std::vector<std::string> rules;
  for (const feel::Builtin& builtin : feel::Builtins()) {
    if (builtin.name == "range") continue;
    std::string call(builtin.name);
    const feel::Signature& signature = builtin.signatures.front();
    for (size_t i = 0; i < signature.size(); ++i) {
      call += (i == 0 ? "(" : ", ") + Argument(signature[i].type);
    }
    rules.push_back(call + (signature.empty() ? "()" : ")") + " = null or person.income = 12.5");
  }
  ExpectHolds(rules);
}

// Nobody is both: refused, whatever the sex turns out to be.
class CompletionCertificate : public Certificate {
 protected:
  CompletionCertificate() {
    Rules({{"adult", "person.age_years >= 18"},
           {"both", "person.sex = \"male\" and person.sex = \"female\"", "rg_age"}});
    records_.Know(kMother, "person.birth_date", Day("1990-01-01"));
  }

  // As a forger would seal it.
  static std::optional<std::string> WhyRejectedSealed(const json& content) {
    const std::string hash = Sha256(content.dump());
    return WhyRejected(json{{"certificate", content}, {"sha256", hash}}.dump());
  }
};

TEST_F(CompletionCertificate, CarriesEveryWayTheFactMayTurnOut) {
  const json content = Content();
  EXPECT_EQ(content["verdict"], "not eligible");
  EXPECT_EQ(content["grounds"], json::array({"rg_age"}));
  EXPECT_EQ(content["completes"][0]["name"], "person.sex");
  EXPECT_EQ(content["ways"].size(), content["completes"][0]["values"].size());
  EXPECT_EQ(WhyRejectedSealed(content), std::nullopt);
}

TEST_F(CompletionCertificate, IsRejectedWhenAWayIsLeftOut) {
  json content = Content();
  content["ways"].erase(content["ways"].begin());
  EXPECT_THAT(*WhyRejectedSealed(content), HasSubstr("a combination of values is left out"));
  content["ways"] = json::array();
  EXPECT_THAT(*WhyRejectedSealed(content), HasSubstr("no way"));
}

TEST_F(CompletionCertificate, IsRejectedWhenItsOutcomeIsForged) {
  json content = Content();
  content["verdict"] = "eligible";
  EXPECT_THAT(*WhyRejectedSealed(content), HasSubstr("come out differently"));
  content = Content();
  content["grounds"] = json::array({"rg_income"});
  EXPECT_THAT(*WhyRejectedSealed(content), HasSubstr("grounds"));
  content = Content();
  content["founded_at"] = nullptr;
  EXPECT_THAT(*WhyRejectedSealed(content), HasSubstr("foundation"));
}

TEST_F(CompletionCertificate, IsRejectedWhenAKnownFactIsSupposed) {
  json content = Content();
  content["completes"].push_back(
      {{"name", "person.birth_date"},
       {"citizen", "p" + CitizenId(kMother).ToString()},
       {"values", {{{"date", "1990-01-01"}}, {{"date", "1950-01-01"}}}}});
  for (json& way : content["ways"]) {
    for (json& cell : way["cells"]) {
      if (cell["name"] != "person.birth_date") continue;
      cell.erase("fact");
      cell["assumed"] = "p" + CitizenId(kMother).ToString();
    }
  }
  EXPECT_THAT(*WhyRejectedSealed(content), HasSubstr("person.birth_date is known and supposed"));
}

TEST_F(CompletionCertificate, IsRejectedWhenAnOrdinaryOneSupposes) {
  const json content = Content();
  EXPECT_THAT(*WhyRejectedSealed(content["ways"][0]), HasSubstr("supposed without need"));
}

// Women and men have their own criteria, and one region another age.
class VariantCertificate : public Certificate {
 protected:
  VariantCertificate() {
    catalogue_
        .Service("benefit", "person", {{"alive", "person.alive = true", "rg_medical"}},
                 "    open_to_regions: [criteria]\n    variants:\n" + Variant("female", "55") +
                     Variant("male", "60"))
        .Regional("77", "benefit",
                  "criteria:\n  - {id: poor, rule: person.income < 100, text: {ru: Б, en: P}, "
                  "ground: rg_age, act: law, article: ст. 7, verification: from_knowledge}\n");
    program_ = &catalogue_.Compile();
    Know("1969-01-01");
    records_.Know(kMother, "person.sex", "female").Know(kMother, "person.region_code", "50");
  }

  // Nothing but this and what is not asked about categories and regions.
  Records& Know(const char* birth) {
    records_ = Records();
    return records_.Know(kMother, "person.birth_date", Day(birth))
        .Know(kMother, "person.alive", true)
        .Know(kMother, "person.income", Number("500"));
  }

  static std::string Variant(const std::string& sex, const std::string& age) {
    return "      - id: " + sex +
           "\n        name: {ru: К, en: C}\n        applies: person.sex = \"" + sex +
           "\"\n        act: law\n        article: ст. 3\n        verification: confirmed\n" +
           "        sources: [page]\n        criteria:\n          - {id: old, rule: "
           "person.age_years >= " +
           age +
           ", text: {ru: С, en: O}, ground: rg_age, act: law, article: ст. 4, verification: "
           "from_knowledge}\n";
  }
};

TEST_F(VariantCertificate, TellsTheCategoryAndItsCriteria) {
  const json content = Content();
  EXPECT_EQ(content["verdict"], "eligible");
  EXPECT_EQ(content["variant"], "female");
  EXPECT_EQ(content["categories"][1]["outcome"], "fails");
  EXPECT_EQ(content["law"]["not_of_regions"], json::array({"77"}));
  records_.Know(kMother, "person.region_code", "77", "2026-01-11");
  const json regional = Content();
  EXPECT_EQ(regional["law"]["region"], "77");
  EXPECT_EQ(regional["grounds"], json::array({"rg_age"}));
}

TEST_F(VariantCertificate, IsRejectedUnderAnotherCategorysOrRegionsLaw) {
  json content = Content();
  content["variant"] = "male";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("another category's"));
  content = Content();
  content["law"]["not_of_regions"].push_back("50");
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("a law of its own"));
  content = Content();
  content["law"].erase("not_of_regions");
  content["law"]["region"] = "77";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("another region's"));
}

// What every possible category decides, and the ground that they share.
TEST_F(VariantCertificate, CarriesEveryCategoryWhileItIsOpen) {
  Know("1990-01-01").Know(kMother, "person.region_code", "50");
  json content = Content();
  EXPECT_EQ(content["verdict"], "not eligible");
  EXPECT_EQ(content["grounds"], json::array({"rg_age"}));
  EXPECT_FALSE(content.contains("variant"));
  EXPECT_EQ(content["variants"].size(), 2u);
  EXPECT_EQ(content["categories"][0]["outcome"], "unknown");
  content["variant"] = "male";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("category is not settled"));
  content.erase("variant");
  content["variants"].erase("male");
  EXPECT_NE(WhyRejected(Sealed(content)), std::nullopt);
}

TEST_F(VariantCertificate, NamesWhatWouldSettleTheCategory) {
  Know("1968-01-01").Know(kMother, "person.region_code", "50");
  const json content = Content();
  EXPECT_EQ(content["verdict"], "undetermined");
  EXPECT_EQ(content["missing"][0]["attribute"], "person.sex");
}

TEST_F(VariantCertificate, OfAnOpenRegionRefusesNobody) {
  Know("1969-01-01").Know(kMother, "person.sex", "female");
  records_.Know(kMother, "person.alive", false, "2026-01-11");
  json content = Content();
  EXPECT_EQ(content["verdict"], "undetermined");
  EXPECT_EQ(content["criteria"][0]["outcome"], "fails");
  EXPECT_EQ(content["missing"][0]["attribute"], "person.region_code");
  content["verdict"] = "not eligible";
  content["grounds"] = {"rg_medical"};
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("verdict"));
}

// The decision of another service is an input, and carries its own criteria.
class InputCertificate : public Certificate {
 protected:
  InputCertificate() {
    catalogue_.Service("pension", "person", {{"old", "person.age_years >= 60", "rg_age"}});
    Rules({{"pensioner", "decision.pension = \"eligible\""},
           {"poor", "person.income < 100", "rg_income"}});
    records_.Know(kMother, "person.birth_date", Day("1960-01-01"))
        .Know(kMother, "person.income", Number("50"));
  }
};

TEST_F(InputCertificate, CarriesTheOtherDecisionWithItsFacts) {
  const json content = Content();
  EXPECT_EQ(content["verdict"], "eligible");
  ASSERT_EQ(content["decisions"].size(), 1u);
  EXPECT_EQ(content["decisions"][0]["service"], "pension");
  EXPECT_EQ(content["decisions"][0]["verdict"], "eligible");
  EXPECT_EQ(content["law"]["decisions"]["pension"]["criteria"][0]["rule"],
            "person.age_years >= 60");
}

TEST_F(InputCertificate, IsRejectedWhenTheOtherDecisionIsForged) {
  json content = Content();
  content["decisions"][0]["verdict"] = "likely";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("verdict"));
  content = Content();
  content["law"]["decisions"]["pension"]["to"] = "2025-01-01";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("not in force"));
  content = Content();
  content["decisions"].push_back(content["decisions"][0]);
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("read by nobody"));
  content = Content();
  content["decisions"][0]["service"] = "benefit";
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("another decision is read"));
}

TEST_F(InputCertificate, PassesOnWhatTheOtherMisses) {
  records_ = Records();
  records_.Know(kMother, "person.income", Number("50"));
  json content = Content();
  EXPECT_EQ(content["verdict"], "undetermined");
  EXPECT_EQ(content["missing"][0]["attribute"], "person.birth_date");
  content["criteria"][0]["missing"] = json::array();
  EXPECT_THAT(*WhyRejected(Sealed(content)), HasSubstr("missing fact is not named"));
}

// What makes its word worth something: it knows nothing of how the engine decides.
TEST(CertificateVerifier, SharesOnlyValuesWithTheEngine) {
  const std::regex include("^#include \"([^\"]+)\"");
  const std::regex allowed(
      "base/.*|eligibility/certificate_verifier/.*|eligibility/feel/(value|temporal)\\.h");
  for (const auto& file :
       std::filesystem::directory_iterator(KSTATI_SOURCE "/eligibility/certificate_verifier")) {
    std::ifstream text(file.path());
    for (std::string line; std::getline(text, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      EXPECT_TRUE(std::regex_match(match[1].str(), allowed)) << file.path() << ": " << line;
    }
  }
}

}  // namespace
}  // namespace kstati::eligibility
