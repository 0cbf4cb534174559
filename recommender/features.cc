// SPDX-License-Identifier: Apache-2.0
#include "recommender/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/check.h"
#include "recommender/chain_places.h"
#include "recommender/internal/digest.h"
#include "recommender/ranker.h"

namespace kstati::recommender {
namespace {

using profile::FactView;
using profile::Household;

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Raise when the meaning of a column changes while its name stays.
constexpr uint64_t kFeaturesVersion = 3;
constexpr int64_t kMicrosADay = 86'400'000'000;

enum Column : int {
  kPersonAge,
  kPersonFemale,
  kRegionBand0,
  kRegionBand1,
  kRegionBand2,
  kRegionBand3,
  kMinorChildren,
  kYoungestChildAge,
  kHouseholdSize,
  kMarried,
  kEmployed,
  kSelfEmployed,
  kStudent,
  kPensioner,
  kDisability,
  kIncomeToSubsistence,
  kOwnsHousing,
  kPortalAccount,
  kVerdictEligible,
  kVerdictLikely,
  kVerdictUndetermined,
  kMode,
  kPriority,
  kServicePositionA,
  kServicePositionB,
  kServicePositionC,
  kRegionalService,
  kAboutChild,
  kAboutDeceased,
  kAboutAge,
  kInSituation,
  kSituationDays,
  kVisits,
  kFee,
  kPays,
  kPaysMonthly,
  kBenefitToSubsistence,
  kTermDays,
  kDaysLeftToApply,
  kChainBefore,
  kChainAfter,
  kEase,
  kAssociation,
  kSegmentShare,
  kBaseScore,
  kServicesTaken,
  kDaysSinceTaken,
  kTimesTaken,
  kDaysSinceTakenThis,
  kTakenWithoutVisit,
  kLastWithoutVisit,
  kTimesDeclined,
  kDaysSinceDeclined,
  kDeclinedAnything,
  kEstimates,  // one for each kind of event that is not sensitive
  kColumnCount = kEstimates + 3,
};

constexpr std::array<std::string_view, kColumnCount> kNames{
    "person_age_years",
    "person_female",
    "region_band_0",
    "region_band_1",
    "region_band_2",
    "region_band_3",
    "minor_children",
    "youngest_child_age_years",
    "household_size",
    "married",
    "employed",
    "self_employed",
    "student",
    "pensioner",
    "disability_degree",
    "income_to_subsistence",
    "owns_housing",
    "portal_account_level",
    "verdict_eligible",
    "verdict_likely",
    "verdict_undetermined",
    "mode",
    "service_priority",
    "service_position_a",
    "service_position_b",
    "service_position_c",
    "service_regional",
    "about_child",
    "about_deceased",
    "about_age_years",
    "in_situation",
    "situation_days",
    "visits",
    "fee_roubles",
    "pays",
    "pays_monthly",
    "benefit_to_subsistence",
    "term_days",
    "days_left_to_apply",
    "chain_steps_before",
    "chain_steps_after",
    "ease_score",
    "association_score",
    "segment_share",
    "base_score",
    "services_taken",
    "days_since_taken",
    "times_taken_this",
    "days_since_taken_this",
    "share_taken_without_visit",
    "last_taken_without_visit",
    "times_declined_this",
    "days_since_declined_this",
    "times_declined",
    "estimated_moved",
    "estimated_left_home",
    "estimated_married",
};

using Row = std::array<float, kColumnCount>;

template <class T>
const T* ValueOf(const FactView& person, const AttributeId& attribute) {
  const profile::Fact* fact = person.Find(attribute);
  return fact == nullptr ? nullptr : std::get_if<T>(&fact->value);
}

float FlagOf(const FactView& person, const AttributeId& attribute) {
  const bool* flag = ValueOf<bool>(person, attribute);
  return flag == nullptr ? kMissing : *flag ? 1.0f : 0.0f;
}

float YearsOld(const FactView& person, Date on) {
  static const AttributeId kBirthDate("person.birth_date");
  const Date* born = ValueOf<Date>(person, kBirthDate);
  return born == nullptr ? kMissing : static_cast<float>(MonthsBetween(*born, on)) / 12.0f;
}

bool MayBeAlive(const FactView& person) {
  static const AttributeId kAlive("person.alive");
  const bool* alive = ValueOf<bool>(person, kAlive);
  return alive == nullptr || *alive;
}

// 0 none, 1 to 3 from the mildest group to the gravest, 2 for a child (no groups are set for
// children).
float DisabilityDegree(const FactView& person) {
  static const AttributeId kGroup("person.disability_group");
  const std::string* group = ValueOf<std::string>(person, kGroup);
  if (group == nullptr) return kMissing;
  if (*group == "I") return 3;
  if (*group == "II" || *group == "child") return 2;
  return *group == "III" ? 1.0f : 0.0f;
}

float PortalAccountLevel(const FactView& person) {
  static const AttributeId kLevel("person.esia_level");
  const std::string* level = ValueOf<std::string>(person, kLevel);
  if (level == nullptr) return kMissing;
  if (*level == "confirmed") return 2;
  return *level == "standard" ? 1.0f : 0.0f;
}

float IsPensioner(const FactView& person) {
  static const AttributeId kStatus("status.pensioner");
  static const AttributeId kType("person.pension_type");
  const float status = FlagOf(person, kStatus);
  const std::string* type = ValueOf<std::string>(person, kType);
  if (type == nullptr) return status;
  return *type != "none" ? 1.0f : 0.0f;
}

// Either form of working for oneself.
float IsSelfEmployed(const FactView& person) {
  static const AttributeId kSelfEmployedFact("person.self_employed");
  static const AttributeId kTrader("person.ip_active");
  const float self_employed = FlagOf(person, kSelfEmployedFact);
  const float trader = FlagOf(person, kTrader);
  if (std::isnan(self_employed)) return trader;
  return std::isnan(trader) ? self_employed : std::max(self_employed, trader);
}

// The subsistence minimum per head, in roubles; missing when the catalogue has none for that day.
float SubsistenceMinimum(const FactView& person, Date on, const graph::Catalogue& catalogue) {
  static const AttributeId kRegion("person.region_code");
  static const ParameterId kMinimum("pm_per_capita");
  const graph::Parameter* parameter = catalogue.FindParameter(kMinimum);
  if (parameter == nullptr) return kMissing;
  const std::string* region = ValueOf<std::string>(person, kRegion);
  const graph::ParameterValue* value = parameter->On(on, region == nullptr ? "RU" : *region);
  const Decimal* amount = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  return amount == nullptr ? kMissing : static_cast<float>(amount->ToDouble());
}

void FillRegion(const FactView& person, Row& row) {
  static const AttributeId kRegion("person.region_code");
  const std::string* region = ValueOf<std::string>(person, kRegion);
  for (int band = 0; band < 4; ++band)
    row[kRegionBand0 + band] = region == nullptr ? kMissing : 0.0f;
  if (region == nullptr) return;
  const uint64_t band = internal::Spread(internal::Digest(*region)) % 4;
  row[kRegionBand0 + static_cast<int>(band)] = 1;
}

void FillFamily(const Household& household, Date on, Row& row) {
  float minors = 0;
  float youngest = kMissing;
  for (const auto* children : {&household.children, &household.wards}) {
    for (const auto& child : *children) {
      const float age = YearsOld(*child, on);
      if (std::isnan(age) || age >= 18 || !MayBeAlive(*child)) continue;
      ++minors;
      youngest = std::isnan(youngest) ? age : std::min(youngest, age);
    }
  }
  float spouses = 0;
  for (const auto& spouse : household.spouses) spouses += MayBeAlive(*spouse) ? 1.0f : 0.0f;
  row[kMinorChildren] = minors;
  row[kYoungestChildAge] = youngest;
  row[kHouseholdSize] = 1 + spouses + minors;
}

// The day in UTC, the same wherever a model is trained and served.
float DaysSince(Instant moment, Date on) {
  return static_cast<float>(on.days - (moment.micros / kMicrosADay));
}

// Whether the service asks for no visit on the day: the only trace that is kept of the channel by
// which somebody took it up. Missing where the catalogue no longer has it.
float IsWithoutVisit(const ServiceId& id, Date on, const graph::Catalogue& catalogue) {
  const graph::Service* service = catalogue.FindService(id);
  const graph::Regulation* regulation = service == nullptr ? nullptr : service->RegulationOn(on);
  if (regulation == nullptr) return kMissing;
  return regulation->visits == 0 ? 1.0f : 0.0f;
}

// What the person did with services at all.
void FillPast(const Past& past, Date on, const graph::Catalogue& catalogue, Row& row) {
  float without_visit = 0;
  float known = 0;
  float declined = 0;
  std::optional<Instant> last;
  for (const Dealing& dealing : past.dealings()) {
    declined += static_cast<float>(dealing.declined.size());
    if (dealing.taken.empty()) continue;
    const float is_without = IsWithoutVisit(dealing.service, on, catalogue);
    if (!std::isnan(is_without)) {
      const auto times = static_cast<float>(dealing.taken.size());
      without_visit += is_without * times;
      known += times;
    }
    if (last && *last >= dealing.taken.back()) continue;
    last = dealing.taken.back();
    row[kLastWithoutVisit] = is_without;
  }
  row[kServicesTaken] = static_cast<float>(past.Taken().size());
  row[kDeclinedAnything] = declined;
  if (last) row[kDaysSinceTaken] = DaysSince(*last, on);
  if (known > 0) row[kTakenWithoutVisit] = without_visit / known;
}

// What the person did with this service, and declined of it about this one.
void FillDealings(const Past& past, const Candidate& candidate, Date on, Row& row) {
  float taken = 0;
  float declined = 0;
  std::optional<Instant> last_taken;
  std::optional<Instant> last_declined;
  for (const Dealing& dealing : past.dealings()) {
    if (dealing.service != candidate.service->id) continue;
    taken += static_cast<float>(dealing.taken.size());
    if (!dealing.taken.empty()) {
      last_taken = std::max(last_taken.value_or(dealing.taken.back()), dealing.taken.back());
    }
    const bool is_about = dealing.about == candidate.about || dealing.about.number() == 0;
    if (!is_about || dealing.declined.empty()) continue;
    declined += static_cast<float>(dealing.declined.size());
    last_declined =
        std::max(last_declined.value_or(dealing.declined.back()), dealing.declined.back());
  }
  row[kTimesTaken] = taken;
  row[kTimesDeclined] = declined;
  if (last_taken) row[kDaysSinceTakenThis] = DaysSince(*last_taken, on);
  if (last_declined) row[kDaysSinceDeclined] = DaysSince(*last_declined, on);
}

// Missing without a history: how many people take a service up at all is no feature, since what the
// other folds say of it tells of a fold's own answers.
void FillUses(const UseModels* uses, std::span<const models::ItemIndex> taken,
              const ServiceId& service, Row& row) {
  if (uses == nullptr || taken.empty()) return;
  const auto opinion = uses->Of(service, taken);
  if (!opinion) return;
  row[kEase] = opinion->ease;
  row[kAssociation] = opinion->association;
}

// The order before any tree: the share of the segment counts as much as one service that the person
// took up, what those say counts by their number, and of that EASE the more the more there are,
// since it is weak on one or two.
float BaseScoreOf(float share, float ease, float association, float signals) {
  constexpr float kEaseFrom = 2;
  if (std::isnan(association)) return share;
  const float of_ease = signals / (signals + kEaseFrom);
  const float history = of_ease * ease + (1 - of_ease) * association;
  return (share + signals * history) / (1 + signals);
}

// The columns that are the same for all candidates of one person.
Row PersonRow(const Household& household, Date on, const graph::Catalogue& catalogue,
              const Background& background) {
  static const AttributeId kSex("person.sex");
  static const AttributeId kMarriedFact("person.married");
  static const AttributeId kEmployedFact("person.employed");
  static const AttributeId kStudentFact("person.full_time_student");
  static const AttributeId kIncome("family.income_per_capita_month");
  static const AttributeId kHousing("person.owner_of_housing");
  const FactView& person = *household.person;
  Row row;
  row.fill(kMissing);
  row[kPersonAge] = YearsOld(person, on);
  if (const std::string* sex = ValueOf<std::string>(person, kSex)) {
    row[kPersonFemale] = *sex == "female" ? 1.0f : 0.0f;
  }
  FillRegion(person, row);
  FillFamily(household, on, row);
  row[kMarried] = FlagOf(person, kMarriedFact);
  row[kEmployed] = FlagOf(person, kEmployedFact);
  row[kSelfEmployed] = IsSelfEmployed(person);
  row[kStudent] = FlagOf(person, kStudentFact);
  row[kPensioner] = IsPensioner(person);
  row[kDisability] = DisabilityDegree(person);
  if (const Decimal* income = ValueOf<Decimal>(person, kIncome)) {
    const float minimum = SubsistenceMinimum(person, on, catalogue);
    row[kIncomeToSubsistence] = static_cast<float>(income->ToDouble()) / minimum;
  }
  row[kOwnsHousing] = FlagOf(person, kHousing);
  row[kPortalAccount] = PortalAccountLevel(person);
  FillPast(background.past, on, catalogue, row);
  int column = kEstimates;
  for (const inference::EventKind kind : inference::kEventKinds) {
    if (inference::IsSensitive(kind)) continue;
    row[static_cast<size_t>(column++)] = background.estimates.of[static_cast<size_t>(kind)];
  }
  return row;
}

float DaysOf(const Term& term) {
  const float value = static_cast<float>(term.value);
  switch (term.unit) {
    case TermUnit::kMinutes: return 0;
    case TermUnit::kWorkingDays: return value * 7 / 5;
    case TermUnit::kCalendarDays: return value;
    case TermUnit::kMonths: return value * 30;
  }
  return kMissing;
}

// The sum of the benefit's figures in roubles; missing when a figure has no value or needs
// dimensions.
float BenefitAmount(const graph::Benefit& benefit, const std::string& region, Date on,
                    const graph::Catalogue& catalogue) {
  if (benefit.parameters.empty()) return kMissing;
  float sum = 0;
  for (const ParameterId& id : benefit.parameters) {
    const graph::Parameter* parameter = catalogue.FindParameter(id);
    if (parameter == nullptr || !parameter->dimensions.empty()) return kMissing;
    const graph::ParameterValue* value = parameter->On(on, region);
    const Decimal* amount = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
    if (amount == nullptr) return kMissing;
    sum += static_cast<float>(amount->ToDouble());
  }
  return sum;
}

void FillBenefit(const graph::Regulation& regulation, const FactView& person, Date on,
                 const graph::Catalogue& catalogue, Row& row) {
  static const AttributeId kRegion("person.region_code");
  row[kPays] = regulation.benefit ? 1.0f : 0.0f;
  if (!regulation.benefit) return;
  const bool monthly = regulation.benefit->period == graph::AmountPeriod::kMonth;
  row[kPaysMonthly] = monthly ? 1.0f : 0.0f;
  const std::string* region = ValueOf<std::string>(person, kRegion);
  const float amount =
      BenefitAmount(*regulation.benefit, region == nullptr ? "RU" : *region, on, catalogue);
  row[kBenefitToSubsistence] = amount / SubsistenceMinimum(person, on, catalogue);
}

void FillRegulation(const Candidate& candidate, const FactView& person, Date on,
                    const graph::Catalogue& catalogue, Row& row) {
  const graph::Regulation* regulation = candidate.service->RegulationOn(on);
  if (regulation == nullptr) return;
  row[kMode] = static_cast<float>(regulation->mode);
  row[kVisits] = static_cast<float>(regulation->visits);
  if (regulation->fee.amount) row[kFee] = static_cast<float>(regulation->fee.amount->ToDouble());
  row[kTermDays] = DaysOf(regulation->term);
  if (regulation->apply_within && candidate.situation_since) {
    const Date last = regulation->apply_within->period.After(*candidate.situation_since);
    row[kDaysLeftToApply] = static_cast<float>(last.days - on.days);
  }
  FillBenefit(*regulation, person, on, catalogue, row);
}

// Where the service's name falls in [0, 1): stable when the catalogue changes, and two splits of a
// tree single a service out.
float PositionOf(const ServiceId& service, uint64_t salt) {
  const uint64_t digest = internal::Spread(internal::Digest(service.text()) ^ salt);
  return static_cast<float>(digest >> 40) / static_cast<float>(1 << 24);
}

void FillCandidate(const Candidate& candidate, const Household& household, Date on, Row& row) {
  using eligibility::Verdict;
  row[kVerdictEligible] = candidate.verdict == Verdict::kEligible ? 1.0f : 0.0f;
  row[kVerdictLikely] = candidate.verdict == Verdict::kLikely ? 1.0f : 0.0f;
  row[kVerdictUndetermined] = candidate.verdict == Verdict::kUndetermined ? 1.0f : 0.0f;
  const graph::Service& service = *candidate.service;
  row[kPriority] = static_cast<float>(service.priority);
  row[kServicePositionA] = PositionOf(service.id, 1);
  row[kServicePositionB] = PositionOf(service.id, 2);
  row[kServicePositionC] = PositionOf(service.id, 3);
  row[kRegionalService] = service.level == "federal" ? 0.0f : 1.0f;
  row[kAboutChild] = service.about == graph::About::kChild ? 1.0f : 0.0f;
  row[kAboutDeceased] = service.about == graph::About::kDeceased ? 1.0f : 0.0f;
  if (candidate.about != household.person->citizen()) {
    if (const auto about = household.Find(candidate.about)) row[kAboutAge] = YearsOld(*about, on);
  }
  row[kInSituation] = candidate.situation.empty() ? 0.0f : 1.0f;
  if (candidate.situation_since) {
    row[kSituationDays] = static_cast<float>(on.days - candidate.situation_since->days);
  }
}

}  // namespace

std::span<const std::string_view> FeatureNames() { return kNames; }

uint64_t FeatureSchema() {
  uint64_t digest = internal::Digest(std::to_string(kFeaturesVersion));
  for (const std::string_view name : kNames) digest = internal::Digest(name, digest ^ 0xff);
  return digest;
}

FeatureMatrix BuildFeatures(const Household& household, std::span<const Candidate> candidates,
                            Date on, const graph::Catalogue& catalogue,
                            const Background& background, const Learned& learned) {
  const UseModels* uses = learned.uses;
  FeatureMatrix matrix(static_cast<Eigen::Index>(candidates.size()), kColumnCount);
  const FactView& person = *household.person;
  const Row person_row = PersonRow(household, on, catalogue, background);
  ChainPlaces chains(catalogue, on, person);
  std::vector<models::ItemIndex> taken;
  if (uses != nullptr) taken = uses->IndicesOf(background.past.Taken());
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    Row row = person_row;
    FillCandidate(candidate, household, on, row);
    FillRegulation(candidate, person, on, catalogue, row);
    if (!candidate.situation.empty()) {
      const ChainPlace place = chains.Of(candidate.situation, candidate.service->id);
      row[kChainBefore] = static_cast<float>(place.before);
      row[kChainAfter] = static_cast<float>(place.after);
    }
    FillDealings(background.past, candidate, on, row);
    FillUses(uses, taken, candidate.service->id, row);
    matrix.row(static_cast<Eigen::Index>(i)) =
        Eigen::Map<const Eigen::RowVectorXf>(row.data(), kColumnCount);
  }
  if (learned.popularity != nullptr) {
    PutShares(learned.popularity->Scores(household, candidates, on), matrix);
  }
  return matrix;
}

void PutShares(std::span<const double> shares,
               Eigen::Ref<FeatureMatrix, 0, Eigen::OuterStride<>> rows) {
  KSTATI_CHECK(rows.cols() == kColumnCount && std::ssize(shares) == rows.rows());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const auto share = static_cast<float>(shares[static_cast<size_t>(i)]);
    rows(i, kSegmentShare) = share;
    rows(i, kBaseScore) =
        BaseScoreOf(share, rows(i, kEase), rows(i, kAssociation), rows(i, kServicesTaken));
  }
}

}  // namespace kstati::recommender
