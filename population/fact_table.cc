// SPDX-License-Identifier: Apache-2.0
#include "population/fact_table.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/check.h"
#include "population/figures.h"
#include "population/random.h"

namespace kstati::population {
namespace {

using profile::FactValue;
using Value = std::optional<FactValue>;

// A newborn's documents take that long when nobody acts by themselves.
constexpr int64_t kDaysUntilDocuments = 90;

FactValue Flag(bool value) { return FactValue(value); }
FactValue Code(std::string_view code) { return FactValue(std::string(code)); }
FactValue Number(int64_t value) { return FactValue(Decimal(value)); }

// Kopecks as exact roubles.
FactValue Roubles(int64_t kopecks) {
  const auto roubles = Decimal(kopecks).Divide(100);
  KSTATI_CHECK(roubles.has_value());
  return FactValue(*roubles);
}

// The quotient rounded to two digits; nullopt without a divisor.
Value Share(int64_t part, int64_t whole) {
  const auto quotient = Decimal(part).Divide(whole);
  const auto rounded = quotient ? quotient->Round(2, Rounding::kHalfEven) : std::nullopt;
  return rounded ? Value(FactValue(*rounded)) : std::nullopt;
}

Value When(bool holds, FactValue value) { return holds ? Value(std::move(value)) : std::nullopt; }
Value WhenTrue(bool holds) { return holds ? Value(Flag(true)) : std::nullopt; }
Value WhenPaid(bool paid, int64_t kopecks) { return paid ? Value(Roubles(kopecks)) : std::nullopt; }

Value DayOfDeath(const Person& person) {
  return person.death ? Value(*person.death) : std::nullopt;
}

// A lasting inclination of one person: true for that share of people.
bool Tends(const Person& person, std::string_view what, double share) {
  return Fraction(Mix(person.id.number(), DigestOf(what))) < share;
}

bool IsMinor(const Person& person, const Setting& setting) { return person.AgeOn(setting.on) < 18; }
bool IsAdult(const Person& person, const Setting& setting) { return !IsMinor(person, setting); }

// Old enough that what parents usually arrange has been arranged.
bool HasDocuments(const Person& person, const Setting& setting) {
  return setting.on.days - person.birth.days > kDaysUntilDocuments;
}

bool IsSmallWithDocuments(const Person& person, const Setting& setting) {
  return person.AgeOn(setting.on) < 14 && HasDocuments(person, setting);
}

int64_t IncomeOf(const Person& person) { return person.earnings_month + person.pension_month; }

int64_t HomeIncome(const Person& person, const Setting& setting) {
  int64_t sum = 0;
  for (const CitizenId member : setting.population.home_of(person).members) {
    sum += IncomeOf(setting.population.at(member));
  }
  return sum;
}

int64_t IncomePerHead(const Person& person, const Setting& setting) {
  const Home& home = setting.population.home_of(person);
  if (home.income_per_head_month) return *home.income_per_head_month;
  if (home.members.empty()) return 0;
  return HomeIncome(person, setting) / static_cast<int64_t>(home.members.size());
}

bool IsLowIncome(const Person& person, const Setting& setting) {
  const auto minimum = SumInForce(setting.catalogue, "pm_per_capita", setting.on,
                                  setting.population.home_of(person).region);
  return minimum && IncomePerHead(person, setting) <= *minimum;
}

// Of able adults of the home, in minimum wages.
Value SmallestIncome(const Person& person, const Setting& setting) {
  const auto wage = SumInForce(setting.catalogue, "mrot", setting.on, "RU");
  if (!wage) return std::nullopt;
  std::optional<int64_t> smallest;
  for (const CitizenId id : setting.population.home_of(person).members) {
    const Person& member = setting.population.at(id);
    const bool able =
        IsAdult(member, setting) && member.pension == Pension::kNone && !member.student;
    if (able) smallest = std::min(smallest.value_or(IncomeOf(member)), IncomeOf(member));
  }
  return smallest ? Share(*smallest, *wage) : std::nullopt;
}

std::vector<const Person*> MinorChildren(const Person& person, const Setting& setting) {
  std::vector<const Person*> minors;
  for (const CitizenId id : setting.population.ChildrenOf(person.id)) {
    const Person& child = setting.population.at(id);
    if (IsMinor(child, setting)) minors.push_back(&child);
  }
  return minors;
}

// A mother who had a child long enough ago to have the certificate.
bool HasMaternityCapital(const Person& person, const Setting& setting) {
  if (person.sex != Sex::kFemale) return false;
  for (const CitizenId id : setting.population.ChildrenOf(person.id)) {
    const Person& child = setting.population.at(id);
    if (child.birth >= Date::Of(2020, 1, 1) && HasDocuments(child, setting)) return true;
  }
  return false;
}

bool NearsPension(const Person& person, const Setting& setting) {
  const auto age = PensionAge(setting.catalogue, setting.on, person.sex, person.birth.parts().year);
  return age && person.pension == Pension::kNone && person.AgeOn(setting.on) >= *age - 5;
}

std::string_view DisabilityCode(Disability disability) {
  switch (disability) {
    case Disability::kNone: return "none";
    case Disability::kGroupI: return "I";
    case Disability::kGroupII: return "II";
    case Disability::kGroupIII: return "III";
    case Disability::kChild: return "child";
  }
  return "none";
}

std::string_view PensionCode(Pension pension) {
  switch (pension) {
    case Pension::kNone: return "none";
    case Pension::kOldAge: return "old_age_insurance";
    case Pension::kDisability: return "disability_insurance";
    case Pension::kSurvivor: return "survivor_insurance";
  }
  return "none";
}

std::string_view BenefitCategory(const Person& person, const Setting& setting) {
  switch (person.disability) {
    case Disability::kGroupI: return "disabled_I";
    case Disability::kGroupII: return "disabled_II";
    case Disability::kGroupIII: return "disabled_III";
    case Disability::kChild: return "disabled_child";
    case Disability::kNone: break;
  }
  if (person.labour_veteran) return "veteran_labour";
  if (person.pension != Pension::kNone) return "pensioner";
  if (MinorChildren(person, setting).size() >= 3) return "large_family";
  return "none";
}

std::string_view StatusAtDeath(const Person& person, const Setting& setting) {
  if (IsMinor(person, setting)) return "child_of_insured";
  if (person.pension != Pension::kNone) return "pensioner_sfr";
  return person.insurance_years > 0 ? "insured" : "not_insured";
}

int64_t RaisedToEight(const Person& person, const Setting& setting) {
  int64_t count = 0;
  for (const CitizenId id : setting.population.ChildrenOf(person.id)) {
    count += setting.population.at(id).AgeOn(setting.on) >= 8 ? 1 : 0;
  }
  return count;
}

bool IsAccountable(const Person& person, const Setting& setting) {
  return person.sex == Sex::kMale && person.citizen_of_russia && person.AgeOn(setting.on) >= 17 &&
         person.AgeOn(setting.on) < 50;
}

#define KSTATI_FACT(expression)                                                                 \
  []([[maybe_unused]] const Person& person, [[maybe_unused]] const Setting& setting) -> Value { \
    return expression;                                                                          \
  }

// Sums of payments under way are round figures: how much somebody gets is no input of a rule.
// tidy: table
constexpr auto kMakers = std::to_array<FactMaker>({
    {"person.birth_date", Since::kBirth, KSTATI_FACT(FactValue(person.birth)), true},
    {"person.sex", Since::kBirth, KSTATI_FACT(Code(person.sex == Sex::kFemale ? "female" : "male")),
     true},
    {"person.alive", Since::kDeath, KSTATI_FACT(Flag(person.alive())), true},
    {"person.death_date", Since::kDeath, KSTATI_FACT(DayOfDeath(person)), true},
    {"doc.death_record", Since::kDeath, KSTATI_FACT(WhenTrue(!person.alive())), true},
    {"doc.birth_record", Since::kBirth, KSTATI_FACT(Flag(true)), true},
    {"person.citizenship_rf", Since::kBirth, KSTATI_FACT(Flag(person.citizen_of_russia)), true},
    {"person.region_code", Since::kSettled, KSTATI_FACT(Code(person.region)), true},
    {"person.registered_at_residence", Since::kSettled,
     KSTATI_FACT(Flag(person.registered_at_home)), true},
    {"deceased.pension_status", Since::kDeath,
     KSTATI_FACT(When(!person.alive(), Code(StatusAtDeath(person, setting)))), true},
    {"deceased.insurance_record_days", Since::kDeath,
     KSTATI_FACT(When(!person.alive(), Number(365 * person.insurance_years))), true},
    {"deceased.pension_savings", Since::kDeath,
     KSTATI_FACT(When(!person.alive(), Flag(Tends(person, "savings", 0.3)))), true},
    {"deceased.pension_accrued_unpaid", Since::kDeath,
     KSTATI_FACT(When(!person.alive(),
                      Flag(person.pension != Pension::kNone && Tends(person, "unpaid", 0.6)))),
     true},

    {"person.lives_in_rf", Since::kBirth, KSTATI_FACT(Flag(true))},
    {"person.capable", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting), Flag(!Tends(person, "incapable", 0.004))))},
    {"person.married", Since::kSettled,
     KSTATI_FACT(
         When(IsAdult(person, setting),
              Flag(person.spouse.number() != 0 && setting.population.at(person.spouse).alive())))},
    {"person.tax_resident", Since::kSettled, KSTATI_FACT(Flag(!Tends(person, "abroad", 0.02)))},
    {"person.esia_level", Since::kSettled,
     KSTATI_FACT(
         When(person.AgeOn(setting.on) >= 14, Code(person.portal_level == 2   ? "confirmed"
                                                   : person.portal_level == 1 ? "standard"
                                                                              : "simple")))},
    {"person.passport_valid", Since::kSettled,
     KSTATI_FACT(When(person.AgeOn(setting.on) >= 15 && person.citizen_of_russia,
                      Flag(!Tends(person, "passport", 0.02))))},
    {"person.benefit_category", Since::kSettled,
     KSTATI_FACT(Code(BenefitCategory(person, setting)))},
    {"person.military_accountable", Since::kSettled,
     KSTATI_FACT(Flag(IsAccountable(person, setting)))},
    {"person.children_raised_to_8", Since::kSettled,
     KSTATI_FACT(When(person.sex == Sex::kFemale && IsAdult(person, setting),
                      Number(RaisedToEight(person, setting))))},
    {"person.driver_medical_ok", Since::kSettled,
     KSTATI_FACT(When(person.drives, Flag(!Tends(person, "driver_health", 0.05))))},
    {"person.owner_of_housing", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting), Flag(setting.population.home_of(person).owned)))},
    {"person.lone_or_unable_self_service", Since::kSettled,
     KSTATI_FACT(When(person.AgeOn(setting.on) >= 70,
                      Flag(setting.population.home_of(person).members.size() == 1 &&
                           Tends(person, "lone", 0.5))))},

    {"person.employed", Since::kWork,
     KSTATI_FACT(When(person.AgeOn(setting.on) >= 16, Flag(person.employed)))},
    {"person.insured_maternity", Since::kWork,
     KSTATI_FACT(When(IsAdult(person, setting), Flag(person.employed)))},
    {"person.full_time_student", Since::kSettled,
     KSTATI_FACT(When(person.AgeOn(setting.on) >= 15 && person.AgeOn(setting.on) < 30,
                      Flag(person.student || IsMinor(person, setting))))},
    {"person.self_employed", Since::kSettled, KSTATI_FACT(WhenTrue(person.self_employed))},
    {"person.ip_active", Since::kSettled, KSTATI_FACT(WhenTrue(person.trader))},
    {"person.income_ytd", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting),
                      Roubles(person.earnings_month*(setting.on.parts().month - 1))))},

    {"person.insurance_record_years", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting), Number(person.insurance_years)))},
    {"person.long_service_record_years", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting), Number(std::max(0, person.insurance_years - 2))))},
    {"person.ipk", Since::kSettled,
     KSTATI_FACT(IsAdult(person, setting) ? Share(person.insurance_years * 13, 4) : std::nullopt)},
    {"person.pension_type", Since::kSettled, KSTATI_FACT(Code(PensionCode(person.pension)))},
    {"person.pension_amount_month", Since::kSettled,
     KSTATI_FACT(WhenPaid(person.pension != Pension::kNone, person.pension_month))},
    {"person.working_pensioner", Since::kSettled,
     KSTATI_FACT(When(person.pension != Pension::kNone, Flag(person.employed)))},
    {"person.labour_awards", Since::kSettled,
     KSTATI_FACT(When(person.pension != Pension::kNone,
                      Flag(person.labour_veteran || Tends(person, "awards", 0.05))))},
    {"person.disability_group", Since::kSettled,
     KSTATI_FACT(
         When(person.disability != Disability::kNone, Code(DisabilityCode(person.disability))))},
    {"person.disability_from_childhood", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.disability != Disability::kNone && IsAdult(person, setting) &&
                          Tends(person, "childhood", 0.1)))},
    {"mse.persistent_disorder", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.disability != Disability::kNone))},
    {"mse.life_limitation", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.disability != Disability::kNone))},
    {"mse.need_of_rehab", Since::kSettled,
     KSTATI_FACT(
         When(person.disability != Disability::kNone, Flag(Tends(person, "rehabilitation", 0.8))))},

    {"family.income_per_capita_month", Since::kSettled,
     KSTATI_FACT(Roubles(IncomePerHead(person, setting)))},
    {"family.min_adult_income_mrot", Since::kSettled, KSTATI_FACT(SmallestIncome(person, setting))},
    {"family.zero_income_excuse", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting), Flag(Tends(person, "excuse", 0.3))))},
    {"family.property_within_limits", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting),
                      Flag(setting.population.home_of(person).within_property_limits)))},
    {"family.reasons_independent", Since::kSettled,
     KSTATI_FACT(When(IsLowIncome(person, setting), Flag(Tends(person, "reasons", 0.7))))},
    {"family.matcap_right_used", Since::kSettled,
     KSTATI_FACT(WhenTrue(HasMaternityCapital(person, setting)))},
    {"family.matcap_balance", Since::kSettled,
     KSTATI_FACT(WhenPaid(HasMaternityCapital(person, setting),
                          Tends(person, "matcap_spent", 0.5) ? 0 : 50'000'000))},
    {"household.utility_share", Since::kSettled,
     KSTATI_FACT(IsAdult(person, setting)
                     ? Share(100 * setting.population.home_of(person).utilities_month,
                             HomeIncome(person, setting))
                     : std::nullopt)},
    {"household.utility_debt_court", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsAdult(person, setting) && Tends(person, "utility_debt", 0.03)))},

    {"doc.snils", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.AgeOn(setting.on) >= 14 || HasDocuments(person, setting)))},
    {"doc.snils_child", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsSmallWithDocuments(person, setting)))},
    {"doc.inn", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsAdult(person, setting) && Tends(person, "inn", 0.93)))},
    {"doc.inn_child", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsSmallWithDocuments(person, setting) && Tends(person, "inn", 0.6)))},
    {"doc.oms_policy", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.AgeOn(setting.on) >= 14 && Tends(person, "oms", 0.97)))},
    {"doc.oms_policy_child", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsSmallWithDocuments(person, setting)))},
    {"doc.clinic_attachment", Since::kSettled,
     KSTATI_FACT(WhenTrue(HasDocuments(person, setting) && Tends(person, "clinic", 0.85)))},
    {"doc.passport_rf", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.citizen_of_russia&& person.AgeOn(setting.on) >= 15))},
    {"doc.residence_registration", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.registered_at_home&& person.AgeOn(setting.on) >= 14))},
    {"doc.residence_registration_child", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.registered_at_home&& IsSmallWithDocuments(person, setting)))},
    {"doc.military_registration", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsAccountable(person, setting) && IsAdult(person, setting)))},
    {"doc.driving_license", Since::kSettled, KSTATI_FACT(WhenTrue(person.drives))},
    {"doc.etk", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.employed&& Tends(person, "work_record", 0.7)))},
    {"doc.marriage_record", Since::kSettled, KSTATI_FACT(WhenTrue(person.spouse.number() != 0))},
    {"doc.family_composition", Since::kSettled, KSTATI_FACT(WhenTrue(IsAdult(person, setting)))},
    {"doc.income_data", Since::kSettled, KSTATI_FACT(WhenTrue(IsAdult(person, setting)))},
    {"doc.property_data", Since::kSettled, KSTATI_FACT(WhenTrue(IsAdult(person, setting)))},
    {"doc.egrn_right", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsAdult(person, setting) && setting.population.home_of(person).owned))},
    {"doc.bank_details", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsAdult(person, setting) && person.portal_level == 2))},
    {"doc.esia_confirmed", Since::kSettled, KSTATI_FACT(WhenTrue(person.portal_level == 2))},
    {"doc.mse_certificate", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.disability != Disability::kNone))},
    {"doc.ipra", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.disability != Disability::kNone && Tends(person, "ipra", 0.8)))},
    {"doc.pension_decision", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.pension != Pension::kNone))},
    {"doc.labour_veteran_card", Since::kSettled, KSTATI_FACT(WhenTrue(person.labour_veteran))},
    {"doc.matcap_certificate", Since::kSettled,
     KSTATI_FACT(WhenTrue(HasMaternityCapital(person, setting)))},
    {"doc.kindergarten_queue_place", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.AgeOn(setting.on) < 7 && person.AgeOn(setting.on) >= 1 &&
                          Tends(person, "kindergarten", 0.7)))},
    {"doc.school_enrolment_order", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.AgeOn(setting.on) >= 7 && IsMinor(person, setting)))},
    {"doc.pushkin_card", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.AgeOn(setting.on) >= 14 && person.AgeOn(setting.on) < 23 &&
                          Tends(person, "pushkin", 0.5)))},
    {"doc.social_card", Since::kSettled,
     KSTATI_FACT(
         WhenTrue(person.pension == Pension::kOldAge && Tends(person, "social_card", 0.6)))},

    {"status.insured_oms", Since::kSettled, KSTATI_FACT(WhenTrue(HasDocuments(person, setting)))},
    {"status.unemployed", Since::kWork, KSTATI_FACT(WhenTrue(person.unemployed_status))},
    {"status.pre_pensioner", Since::kSettled,
     KSTATI_FACT(When(IsAdult(person, setting), Flag(NearsPension(person, setting))))},
    {"status.pensioner", Since::kSettled, KSTATI_FACT(Flag(person.pension != Pension::kNone))},
    {"status.disabled", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.disability != Disability::kNone))},
    {"status.labour_veteran", Since::kSettled, KSTATI_FACT(Flag(person.labour_veteran))},
    {"status.military_registered", Since::kSettled,
     KSTATI_FACT(WhenTrue(IsAccountable(person, setting) && IsAdult(person, setting)))},
    {"status.proactive_consent", Since::kSettled,
     KSTATI_FACT(WhenTrue(person.portal_level == 2 && Tends(person, "subscribed", 0.25)))},

    {"pay.old_age_pension", Since::kSettled,
     KSTATI_FACT(WhenPaid(person.pension == Pension::kOldAge, person.pension_month))},
    {"pay.disability_pension", Since::kSettled,
     KSTATI_FACT(WhenPaid(person.pension == Pension::kDisability, person.pension_month))},
    {"pay.edv", Since::kSettled,
     KSTATI_FACT(
         WhenPaid(person.disability != Disability::kNone && Tends(person, "edv", 0.85), 300'000))},
    {"pay.birth_lump_sum", Since::kSettled,
     KSTATI_FACT(WhenPaid(IsMinor(person, setting) && HasDocuments(person, setting) &&
                              Tends(person, "lump_sum", 0.9),
                          2'500'000))},
    {"pay.unified_child", Since::kSettled,
     KSTATI_FACT(WhenPaid(IsMinor(person, setting) && HasDocuments(person, setting) &&
                              IsLowIncome(person, setting) && Tends(person, "unified", 0.6),
                          1'200'000))},
    {"pay.zhku_50", Since::kSettled,
     KSTATI_FACT(WhenPaid((person.disability != Disability::kNone || person.labour_veteran) &&
                              Tends(person, "zhku", 0.5),
                          200'000))},
    {"pay.labour_veteran", Since::kSettled,
     KSTATI_FACT(WhenPaid(person.labour_veteran&& Tends(person, "veteran_pay", 0.7), 120'000))},
    {"pay.unemployment", Since::kWork,
     KSTATI_FACT(WhenPaid(person.unemployed_status&& Tends(person, "benefit", 0.6), 1'500'000))},
});
#undef KSTATI_FACT

}  // namespace

std::span<const FactMaker> FactMakers() { return kMakers; }

}  // namespace kstati::population
