// SPDX-License-Identifier: Apache-2.0
#include "population/need_model.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <variant>

#include "population/figures.h"
#include "population/random.h"

namespace kstati::population {
namespace {

// On average people take up little of what they are shown, and what they need decides more than
// chance.
constexpr double kReluctance = 2.6;
constexpr double kDecisiveness = 1.6;

using profile::FactView;
using profile::Household;

template <class T>
const T* ValueOf(const FactView& person, const char* attribute) {
  const profile::Fact* fact = person.Find(AttributeId(attribute));
  return fact == nullptr ? nullptr : std::get_if<T>(&fact->value);
}

double YearsOld(const FactView& person, Date on, double otherwise) {
  const Date* birth = ValueOf<Date>(person, "person.birth_date");
  return birth == nullptr ? otherwise : static_cast<double>(MonthsBetween(*birth, on)) / 12;
}

std::string RegionOf(const FactView& person) {
  const std::string* region = ValueOf<std::string>(person, "person.region_code");
  return region == nullptr ? "RU" : *region;
}

// From 0 (never) to 1 (always) doing things online.
double DigitalHabit(const FactView& person, double age) {
  const std::string region = RegionOf(person);
  const std::string* account = ValueOf<std::string>(person, "person.esia_level");
  const double city = region == "77" || region == "78" ? 8 : 0;
  const double confirmed = account != nullptr && *account == "confirmed" ? 6 : 0;
  return 1 / (1 + std::exp((age - 52 - city - confirmed) / 7));
}

// Income per head over the subsistence minimum; 2 when unknown.
double IncomeRatio(const FactView& person, Date on, const graph::Catalogue& catalogue) {
  const Decimal* income = ValueOf<Decimal>(person, "family.income_per_capita_month");
  const auto minimum = SumInForce(catalogue, "pm_per_capita", on, RegionOf(person));
  if (income == nullptr || !minimum) return 2;
  return 100 * income->ToDouble() / static_cast<double>(*minimum);
}

int SmallChildren(const Household& household, Date on) {
  int count = 0;
  for (const auto& child : household.children) count += YearsOld(*child, on, 99) < 7 ? 1 : 0;
  return count;
}

// A lasting property of the service itself, in [0, 1).
double Property(const ServiceId& service, const char* what) {
  return Fraction(Mix(DigestOf(service.text()), DigestOf(what)));
}

// Money matters most below the minimum and hardly at all above three times it.
double WorthOfMoney(const graph::Regulation& regulation, double income_ratio) {
  if (!regulation.benefit) return 0;
  const double pressing = 1 / (1 + std::exp((income_ratio - 1.3) / 0.25));
  const bool lasting = regulation.benefit->period == graph::AmountPeriod::kMonth;
  return (lasting ? 3.4 : 2.6) * pressing - 0.9;
}

double Burden(const graph::Regulation& regulation, double digital, int small_children) {
  const double online = regulation.visits == 0 ? 2.4 * (digital - 0.5) : 0;
  const double trips = regulation.visits * (0.5 + 0.9 * digital + 0.35 * small_children);
  const double waiting = regulation.term.unit == TermUnit::kMonths ? 0.4 : 0;
  return online - std::min(trips, 3.0) - waiting;
}

// A life event presses at first, then less and less; people who are well off wait longer.
double Urgency(const recommender::Candidate& candidate, Date on, double income_ratio) {
  if (!candidate.situation_since) return -0.8;
  const auto days = static_cast<double>(on.days - candidate.situation_since->days);
  const double patience = income_ratio < 1.5 ? 35 : 110;
  return 2.8 * std::exp(-days / patience) - 0.4;
}

// Each service has an age at which people care for it most.
double FitOfAge(const ServiceId& service, double age) {
  const double peak = 20 + 55 * Property(service, "age");
  const double width = 9 + 8 * Property(service, "width");
  return 1.3 * std::exp(-std::pow((age - peak) / width, 2)) - 0.4;
}

}  // namespace

double TakeUpProbability(const Household& household, const recommender::Candidate& candidate,
                         Date on, const graph::Catalogue& catalogue) {
  const graph::Regulation* regulation = candidate.service->RegulationOn(on);
  if (regulation == nullptr) return 0;
  const FactView& person = *household.person;
  const double age = YearsOld(person, on, 45);
  const double income_ratio = IncomeRatio(person, on, catalogue);
  const int small_children = SmallChildren(household, on);
  double need = 1.2 * (Property(candidate.service->id, "fame") - 0.5);
  need += FitOfAge(candidate.service->id, age);
  need += WorthOfMoney(*regulation, income_ratio);
  need += Urgency(candidate, on, income_ratio);
  need += Burden(*regulation, DigitalHabit(person, age), small_children);
  if (candidate.service->about == graph::About::kChild) {
    const auto child = household.Find(candidate.about);
    const double child_age = child == nullptr ? 10 : YearsOld(*child, on, 10);
    need += child_age < 1.5 ? 1.0 : child_age < 3 ? 0.4 : -0.4;
  }
  if (candidate.verdict == eligibility::Verdict::kUndetermined) need -= 0.7;
  return 1 / (1 + std::exp(kReluctance - kDecisiveness * need));
}

double CompletionProbability(const Household& household, const recommender::Candidate& candidate,
                             Date on) {
  const graph::Regulation* regulation = candidate.service->RegulationOn(on);
  if (regulation == nullptr) return 0;
  const double age = YearsOld(*household.person, on, 45);
  const double digital = DigitalHabit(*household.person, age);
  const double burden = Burden(*regulation, digital, SmallChildren(household, on));
  const double ease = 1.6 + burden + 2 * (Property(candidate.service->id, "clarity") - 0.5);
  return 1 / (1 + std::exp(-ease));
}

}  // namespace kstati::population
