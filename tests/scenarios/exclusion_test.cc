// SPDX-License-Identifier: Apache-2.0
//
// Benefits of which the law gives only so many together: an event starts one of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/openings.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::TriggerReason;
using ::testing::ElementsAre;

constexpr const char* kInsurance = "disability_pension_insurance";
constexpr const char* kSocial = "disability_pension_social";

class ExclusionTest : public ::testing::Test {
 protected:
  // Entitled to a pension of insurance where there is a record, to a social one where the
  // disability is from childhood, and to both where there is both.
  void Disabled(const std::string& name, const std::string& record_years,
                const std::string& from_childhood) {
    town.Settled(name, "1990-02-01");
    town.Report(name, {{"doc.snils", "true"},
                       {"doc.ils_statement", "true"},
                       {"doc.mse_certificate", "true"},
                       {"person.disability_group", "II"},
                       {"person.disability_from_childhood", from_childhood},
                       {"person.insurance_record_years", record_years}});
  }

  // The latest that was decided about starting the service.
  std::optional<cases::TriggerDecision> NoteOn(const std::string& name,
                                               const std::string& service) {
    std::optional<cases::TriggerDecision> latest;
    const auto records = town.world().store->Records(town.Number(name), cases::kTriggerRecord);
    for (const auto& [key, bytes] : *records) {
      const auto decisions = cases::DecodeTriggers(bytes);
      for (const cases::TriggerDecision& each : *decisions) {
        if (each.service.text() == service) latest = each;
      }
    }
    return latest;
  }

  // No case came of the service, and it is noted that the other one takes its place.
  void ExpectLeftOutFor(const std::string& name, const std::string& service,
                        const std::string& other) {
    EXPECT_EQ(town.StatusOf(name, service), "none");
    const auto note = NoteOn(name, service);
    ASSERT_TRUE(note);
    EXPECT_EQ(note->reason, cases::TriggerReason::kExcluded);
    EXPECT_THAT(note->details, ::testing::ElementsAre(other));
  }

  void Exclude(std::vector<ServiceId> services, uint32_t at_most = 1,
               graph::ExclusionScope scope = graph::ExclusionScope::kApplicant) {
    graph::Exclusion exclusion;
    exclusion.services = std::move(services);
    exclusion.at_most = at_most;
    exclusion.scope = scope;
    town.world().exclusions = std::make_shared<const std::vector<graph::Exclusion>>(1, exclusion);
  }

  Town town{"2026-03-16"};
};

TEST_F(ExclusionTest, OfTwoPensionsTheBetterStartsByItselfAndTheOtherIsNoted) {
  Disabled("adult", "6", "true");
  town.Consents("adult");
  ASSERT_EQ(town.VerdictOf("adult", kInsurance), "eligible");
  ASSERT_EQ(town.VerdictOf("adult", kSocial), "eligible");
  town.Happens("event.disability_established", "adult", {{"person", "adult"}});
  EXPECT_EQ(town.StatusOf("adult", kInsurance), "started");
  ExpectLeftOutFor("adult", kSocial, kInsurance);
}

TEST_F(ExclusionTest, OfTwoPensionsOneIsOfferedWithoutConsent) {
  Disabled("adult", "6", "true");
  town.Happens("event.disability_established", "adult", {{"person", "adult"}});
  EXPECT_EQ(town.StatusOf("adult", kInsurance), "offered");
  EXPECT_EQ(town.StatusOf("adult", kSocial), "none");
}

TEST_F(ExclusionTest, BesideOneThatWasStartedNoOtherStartsByItself) {
  Disabled("adult", "0", "true");
  town.Consents("adult");
  town.Happens("event.disability_established", "adult", {{"person", "adult"}});
  ASSERT_EQ(town.StatusOf("adult", kSocial), "started");
  town.Report("adult", {{"person.insurance_record_years", "6"}});
  ASSERT_EQ(town.VerdictOf("adult", kInsurance), "eligible");
  const auto better = town.CaseFor("adult", kInsurance);
  ASSERT_TRUE(better);
  EXPECT_EQ(better->status, cases::Status::kOffered) << "the person chooses";
  EXPECT_EQ(better->history.back().reason, "case.reason.offered_beside_started");
  EXPECT_TRUE(better->consent.empty() && better->categories.empty() && !better->due);
}

TEST_F(ExclusionTest, BesideOneThatWasStartedALesserIsNotEvenOffered) {
  Disabled("adult", "6", "false");
  town.Consents("adult");
  town.Happens("event.disability_established", "adult", {{"person", "adult"}});
  ASSERT_EQ(town.StatusOf("adult", kInsurance), "started");
  town.Report("adult", {{"person.disability_from_childhood", "true"}});
  ASSERT_EQ(town.VerdictOf("adult", kSocial), "eligible");
  ExpectLeftOutFor("adult", kSocial, kInsurance);
}

TEST_F(ExclusionTest, ABetterOneIsOfferedBesideAnOfferAndALesserIsNot) {
  Disabled("first", "0", "true");
  Disabled("second", "6", "false");
  for (const char* adult : {"first", "second"}) {
    town.Happens("event.disability_established", adult, {{"person", adult}});
  }
  ASSERT_EQ(town.StatusOf("first", kSocial), "offered");
  ASSERT_EQ(town.StatusOf("second", kInsurance), "offered");
  town.Report("first", {{"person.insurance_record_years", "6"}});
  town.Report("second", {{"person.disability_from_childhood", "true"}});
  EXPECT_EQ(town.StatusOf("first", kInsurance), "offered");
  EXPECT_EQ(town.StatusOf("second", kSocial), "none");
  EXPECT_THAT(NoteOn("second", kSocial)->details, ElementsAre(kInsurance));
}

TEST_F(ExclusionTest, AsManyStartAsTheLawGives) {
  Exclude({ServiceId(kInsurance), ServiceId(kSocial), ServiceId("edv_disabled")}, 2);
  Disabled("adult", "0", "true");
  town.Consents("adult");
  town.Happens("event.disability_established", "adult", {{"person", "adult"}});
  EXPECT_EQ(town.StatusOf("adult", kSocial), "started");
  EXPECT_EQ(town.StatusOf("adult", "edv_disabled"), "started");
  town.Report("adult", {{"person.insurance_record_years", "6"}});
  EXPECT_EQ(town.StatusOf("adult", kInsurance), "offered");
}

TEST_F(ExclusionTest, ForOneChildOnlyOneStartsWhicheverParentApplies) {
  const std::set<std::string> pair{"snils_newborn", "inn_newborn"};
  Exclude({ServiceId("snils_newborn"), ServiceId("inn_newborn")}, 1, graph::ExclusionScope::kAbout);
  for (const char* parent : {"mother", "father"}) {
    town.Settled(parent, "1993-02-11");
    town.Consents(parent);
  }
  for (const char* child : {"son", "daughter"}) {
    town.Birth(child, "mother", "father");
    std::vector<std::string> opened;
    for (const char* parent : {"mother", "father"}) {
      const auto cases = town.desk().Cases(town.Number(parent));
      for (const cases::Case& c : *cases) {
        const bool counts = pair.contains(c.service.text()) && c.about == town.Number(child);
        if (counts) opened.push_back(c.service.text());
      }
    }
    EXPECT_EQ(opened.size(), 1U) << child;
  }
}

}  // namespace
}  // namespace kstati::scenarios
