// SPDX-License-Identifier: Apache-2.0
// Certificates of decisions about random people by the catalogue that ships: the verifier accepts
// every one but those that only completion decides, and none of which a byte was changed.
// KSTATI_TEST_SCALE multiplies the ten thousand decisions.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <set>

#include "eligibility/certificate_verifier/verifier.h"
#include "eligibility/known_attributes.h"
#include "eligibility/program.h"
#include "graph/catalogue.h"

namespace kstati::eligibility {
namespace {

using certificate_verifier::WhyRejected;
using profile::FactValue;
using profile::RelationKind;

constexpr int64_t kMicrosPerDay = 86'400'000'000;
constexpr uint64_t kApplicant = 1;
constexpr uint64_t kPeople = 5;  // the applicant, two children, a spouse, a parent
constexpr size_t kDecisions = 10'000;

size_t Decisions() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return kDecisions * (scale == nullptr ? 1 : std::max(1UL, std::strtoul(scale, nullptr, 10)));
}

class Certificates : public testing::Test {
 protected:
  Certificates() {
    const std::string folder = KSTATI_DATA "/catalogue";
    dictionary_ = profile::LoadDictionary(folder, issues_);
    catalogue_ = graph::LoadCatalogue(folder, KnownAttributesOf(dictionary_), issues_);
    program_ = std::make_unique<Program>(catalogue_, dictionary_, issues_);
  }

  int64_t Any(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }
  bool Chance(int percent) { return Any(1, 100) <= percent; }

  FactValue AnyValue(const profile::Attribute& attribute) {
    switch (attribute.type) {
      case profile::ValueType::kBoolean:
      case profile::ValueType::kDocument:
      case profile::ValueType::kEvent: return Chance(50);
      case profile::ValueType::kNumber: return Decimal(Any(0, 70));
      case profile::ValueType::kMoney:
      case profile::ValueType::kPayment: return *Decimal(Any(0, 6'000'000)).Divide(100);
      case profile::ValueType::kText: return std::string(Chance(50) ? "77" : "кв. \"5\"\\\n");
      case profile::ValueType::kDate: return Date{today_.days - Any(0, 30'000)};
      case profile::ValueType::kCode:
        return attribute.values.empty()
                   ? std::string("77")
                   : attribute.values[static_cast<size_t>(
                         Any(0, static_cast<int64_t>(attribute.values.size()) - 1))];
    }
    return profile::NotApplicable{};
  }

  profile::EventKey AnyEvent() {
    return {RegistryId("egr_zags"), EventId(std::to_string(Any(1, 999)))};
  }
  Instant AnyInstant() { return Instant{(today_.days - Any(0, 100)) * kMicrosPerDay + Any(0, 9)}; }

  std::shared_ptr<const profile::FactView> AnyPerson(uint64_t number, int filled) {
    profile::History history;
    history.citizen = CitizenId(number);
    for (const profile::Attribute& attribute : dictionary_.attributes()) {
      const bool stated = made_up_ && !attribute.derive.empty() && Chance(10);
      if (!stated && (!attribute.is_reported() || !Chance(filled))) continue;
      profile::Fact fact{attribute.id, AnyValue(attribute), {}, AnyInstant(), AnyEvent()};
      if (Chance(2)) fact.value = profile::NotApplicable{};
      fact.valid = {Date{today_.days - Any(0, 999)}, std::nullopt};
      if (Chance(20)) fact.valid.to = Date{today_.days + Any(0, 999)};
      history.facts.push_back(std::move(fact));
    }
    for (const profile::Relation& relation : relations_) {
      if (relation.from == history.citizen || relation.to == history.citizen) {
        history.relations.push_back(relation);
      }
    }
    return std::make_shared<profile::FactView>(history, profile::AsOf{today_, now_});
  }

  void Relate(uint64_t from, RelationKind kind, uint64_t to) {
    if (!Chance(70)) return;
    relations_.push_back(
        {CitizenId(from), kind, CitizenId(to), {Date{0}, std::nullopt}, AnyInstant(), AnyEvent()});
  }

  // People who may be anything, on some day of the calendars.
  void MakePeople() {
    today_ = Date{Date::Of(2024, 1, 15).days + Any(0, 1000)};
    now_ = Instant{(today_.days + 1) * kMicrosPerDay};
    made_up_ = Chance(20);
    relations_.clear();
    Relate(kApplicant, RelationKind::kParent, 2);
    Relate(kApplicant, Chance(80) ? RelationKind::kParent : RelationKind::kGuardian, 3);
    Relate(4, RelationKind::kSpouse, kApplicant);
    Relate(5, RelationKind::kParent, kApplicant);
    household_ = {};
    const int filled = Chance(50) ? 95 : 40;
    household_.person = AnyPerson(kApplicant, filled);
    if (Chance(90)) household_.children.push_back(AnyPerson(2, filled));
    household_.children.push_back(AnyPerson(3, filled));
    household_.spouses.push_back(AnyPerson(4, filled));
    household_.parents.push_back(AnyPerson(5, filled));
    event_date_.reset();
    if (Chance(80)) event_date_ = Date{today_.days - Any(0, 400)};
  }

  Subject AnySubject() {
    Subject subject{&household_, nullptr, event_date_, made_up_};
    if (Chance(90)) {
      const CitizenId about(static_cast<uint64_t>(Any(2, kPeople)));
      subject.about = household_.Find(about);
    }
    return subject;
  }

  std::vector<Issue> issues_;
  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  std::unique_ptr<Program> program_;
  std::mt19937_64 random_{20260315};
  Date today_;
  Instant now_;
  bool made_up_ = false;
  std::vector<profile::Relation> relations_;
  profile::Household household_;
  std::optional<Date> event_date_;
};

TEST_F(Certificates, AreAcceptedAndWithAChangedByteRejected) {
  ASSERT_FALSE(HasErrors(issues_));
  const CertificateTerms terms{[](CitizenId citizen) { return "p" + citizen.ToString(); }, "5a17"};
  const auto services = catalogue_.services();
  std::set<Verdict> verdicts;
  size_t by_completion = 0;
  for (size_t done = 0; done < Decisions(); ++done) {
    if (done % services.size() == 0) MakePeople();
    const graph::Service& service = services[done % services.size()];
    const Subject subject = AnySubject();
    Result<std::string> certificate = program_->Certify(service, subject, terms);
    ASSERT_TRUE(certificate) << certificate.error().ToString();
    if (!program_->Decide(service, subject, false).completed.empty()) ++by_completion;
    const auto reason = WhyRejected(*certificate);
    ASSERT_EQ(reason, std::nullopt) << *reason << "\n" << *certificate;
    verdicts.insert(program_->Decide(service, subject, false).verdict);
    char& changed =
        (*certificate)[static_cast<size_t>(Any(0, static_cast<int64_t>(certificate->size()) - 1))];
    changed = static_cast<char>(changed ^ Any(1, 255));
    ASSERT_NE(WhyRejected(*certificate), std::nullopt) << *certificate;
  }
  EXPECT_EQ(verdicts.size(), 4u);  // every verdict occurs
  EXPECT_GT(by_completion, 0u);
}

}  // namespace
}  // namespace kstati::eligibility
