// SPDX-License-Identifier: Apache-2.0
// Certificates of decisions about random people, by the catalogue that ships and by random ones
// with decision models, categories, regions, services that ask for each other, and what FEEL says
// of lists, functions and days: the verifier accepts every one, and none of which a byte was
// changed. KSTATI_TEST_SCALE multiplies the decisions.
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <set>

#include "eligibility/certificate_verifier/verifier.h"
#include "eligibility/known_attributes.h"
#include "graph/catalogue.h"
#include "random_catalogue.h"
#include "random_people.h"
#include "random_rules.h"

namespace kstati::eligibility {
namespace {

using certificate_verifier::WhyRejected;

class Certificates : public RandomPeople {
 protected:
  // Of the next random subject; false when the test failed.
  bool HoldsFor(const Program& program, const graph::Service& service) {
    const Subject subject = AnySubject();
    const CertificateTerms terms{[](CitizenId citizen) { return "p" + citizen.ToString(); },
                                 "5a17"};
    Result<std::string> certificate = program.Certify(service, subject, terms);
    if (!certificate) {
      ADD_FAILURE() << certificate.error().ToString();
      return false;
    }
    const Decision decision = program.Decide(service, subject, false);
    if (!decision.completed.empty()) ++by_completion_;
    verdicts_.insert(decision.verdict);
    for (const char* kind : kKinds) {
      if (certificate->find(kind) != std::string::npos) kinds_.insert(kind);
    }
    if (const auto reason = WhyRejected(*certificate)) {
      ADD_FAILURE() << *reason << "\n" << *certificate;
      return false;
    }
    const auto said = "\"verdict\":\"" + std::string(NameOf(decision.verdict)) + "\"";
    EXPECT_NE(certificate->find(said), std::string::npos);
    const auto last = static_cast<int64_t>(certificate->size()) - 1;
    char& changed = (*certificate)[static_cast<size_t>(Any(0, last))];
    changed = static_cast<char>(changed ^ Any(1, 255));
    EXPECT_NE(WhyRejected(*certificate), std::nullopt) << *certificate;
    if (++accepted_ % kToldEvery == 0) std::cout << accepted_ << " accepted so far\n" << std::flush;
    return !HasFailure();
  }

  void TearDown() override {
    std::cout << accepted_ << " certificates accepted, and each rejected with a byte changed; "
              << by_completion_ << " of them by completion\n";
  }

  static constexpr size_t kToldEvery = 10'000;
  static constexpr std::array<const char*, 24> kKinds{
      R"("decided":)",    R"("variants":{)",  R"("table")",        R"("serve")",
      R"("knowledge")",   R"("conform")",     R"("for")",          R"("function")",
      R"("position")",    R"("days")",        R"("matches")",      R"("replace")",
      R"("split")",       R"("time")",        R"("moment")",       R"("date and time")",
      R"("now")",         R"("exp")",         R"("log")",          R"("includes")",
      R"("context put")", R"("get entries")", R"("call by name")", R"("invoke by name")"};
  std::set<Verdict> verdicts_;
  std::set<std::string> kinds_;
  size_t by_completion_ = 0;
  size_t accepted_ = 0;
};

TEST_F(Certificates, AreAcceptedAndWithAChangedByteRejected) {
  const std::string folder = KSTATI_DATA "/catalogue";
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::Catalogue catalogue =
      graph::LoadCatalogue(folder, KnownAttributesOf(dictionary), issues);
  const Program program(catalogue, dictionary, issues);
  ASSERT_FALSE(HasErrors(issues));
  const auto services = catalogue.services();
  for (size_t done = 0; done < Scaled(10'000); ++done) {
    if (done % services.size() == 0) MakePeople(dictionary);
    ASSERT_TRUE(HoldsFor(program, services[done % services.size()]));
  }
  EXPECT_EQ(verdicts_.size(), 4u);  // every verdict occurs
  EXPECT_GT(by_completion_, 0u);
}

TEST_F(Certificates, OfModelsCategoriesRegionsAndOtherServicesAreAcceptedToo) {
  constexpr int kDecisionsEach = 150;
  for (unsigned seed = 1; seed <= Scaled(40); ++seed) {
    RandomCatalogue random(seed);
    const Program& program = random.catalogue().Compile();
    ASSERT_FALSE(HasErrors(random.catalogue().issues()))
        << Render(random.catalogue().issues().front(), "");
    for (int done = 0; done < kDecisionsEach; ++done) {
      if (done % RandomCatalogue::kServices == 0) MakePeople(program.dictionary());
      const std::string id = RandomCatalogue::ServiceId(done % RandomCatalogue::kServices);
      ASSERT_TRUE(HoldsFor(program, random.catalogue().service(id))) << "catalogue " << seed;
    }
  }
  for (const char* kind : kKinds) EXPECT_TRUE(kinds_.contains(kind)) << kind << " never occurs";
  EXPECT_GT(by_completion_, 0u);
}

}  // namespace
}  // namespace kstati::eligibility
