// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "population/figures.h"
#include "population/population.h"
#include "population/random.h"

namespace kstati::population {
namespace {

struct Region {
  std::string_view code;
  double share;            // of homes
  double median_earnings;  // roubles a month
};

constexpr std::array<Region, 8> kRegions{{
    {"77", 0.24, 105'000},
    {"78", 0.14, 85'000},
    {"50", 0.18, 75'000},
    {"16", 0.10, 62'000},
    {"23", 0.12, 55'000},
    {"54", 0.08, 60'000},
    {"66", 0.09, 62'000},
    {"05", 0.05, 38'000},
}};

constexpr std::array<std::string_view, 8> kRegionCodes{"77", "78", "50", "16",
                                                       "23", "54", "66", "05"};

enum class HomeKind {
  kCoupleWithChildren,
  kCouple,
  kSingleParent,
  kPensionerCouple,
  kLonelyPensioner,
  kLonelyAdult,
  kStudent,
  kKindCount,
};

constexpr std::array<double, static_cast<size_t>(HomeKind::kKindCount)> kKindShares{
    0.29, 0.17, 0.10, 0.13, 0.13, 0.11, 0.07};

constexpr std::array<double, 4> kChildrenShares{0.50, 0.34, 0.12, 0.04};  // one, two, three, four

constexpr int64_t kDaysOfYear = 365;
constexpr int64_t kKopecksOfRouble = 100;
// Gaps that are left out on purpose are the business of FactSource; what is here is complete.
constexpr double kRecentlyWidowedShare = 0.12;
constexpr double kParentKnownShare = 0.6;

class Generator {
 public:
  Generator(const PopulationOptions& options, const graph::Catalogue& catalogue)
      : options_(options), catalogue_(catalogue), random_(options.seed) {}

  Population Run() {
    while (population_.people().size() < options_.citizens) {
      const uint64_t room = options_.citizens - population_.people().size();
      MakeHome(ChooseKind(room), room);
    }
    return std::move(population_);
  }

 private:
  HomeKind ChooseKind(uint64_t room) {
    const auto kind = static_cast<HomeKind>(random_.Pick(kKindShares));
    if (room >= 3) return kind;
    const bool needs_two = kind == HomeKind::kPensionerCouple || kind == HomeKind::kCouple ||
                           kind == HomeKind::kCoupleWithChildren || kind == HomeKind::kSingleParent;
    if (needs_two) return room == 2 ? HomeKind::kCouple : HomeKind::kLonelyAdult;
    return kind == HomeKind::kLonelyPensioner && room == 1 ? HomeKind::kLonelyAdult : kind;
  }

  void MakeHome(HomeKind kind, uint64_t room) {
    std::array<double, kRegions.size()> shares{};
    for (size_t i = 0; i < shares.size(); ++i) shares[i] = kRegions[i].share;
    region_ = &kRegions[random_.Pick(shares)];
    Home home;
    home.region = std::string(region_->code);
    home.owned = random_.Chance(kind == HomeKind::kStudent ? 0.05 : 0.72);
    home.within_property_limits = random_.Chance(0.86);
    home.utilities_month = random_.Between(3'000, 12'000) * kKopecksOfRouble;
    home_ = population_.AddHome(std::move(home));
    switch (kind) {
      case HomeKind::kCoupleWithChildren: MakeFamily(true, room - 2); break;
      case HomeKind::kSingleParent: MakeFamily(false, room - 1); break;
      case HomeKind::kCouple: MakeCouple(random_.Between(22, 58)); break;
      case HomeKind::kPensionerCouple: MakePensioners(true); break;
      case HomeKind::kLonelyPensioner: MakePensioners(random_.Chance(kRecentlyWidowedShare)); break;
      case HomeKind::kLonelyAdult:
        FinishAdult(MakePerson(AnySex(), random_.Between(24, 58)));
        break;
      case HomeKind::kStudent: MakeStudent(); break;
      case HomeKind::kKindCount: break;
    }
    if (kind == HomeKind::kLonelyPensioner) WidowIfCouple();
    PlaceOnThreshold();
  }

  Sex AnySex() { return random_.Chance(0.52) ? Sex::kFemale : Sex::kMale; }

  CitizenId MakePerson(Sex sex, int64_t age) {
    Person& person = population_.Add(home_);
    person.sex = sex;
    const Date birthday = options_.today.AddMonths(-12 * age);
    person.birth = birthday.AddDays(-random_.Between(0, kDaysOfYear - 1));
    person.work_since = options_.today.AddDays(-random_.Between(400, 4'000));
    person.citizen_of_russia = random_.Chance(0.975);
    person.registered_at_home = random_.Chance(0.95);
    person.portal_level = PortalLevel(age);
    return person.id;
  }

  // Young and urban people have confirmed accounts more often.
  int PortalLevel(int64_t age) {
    if (age < 14) return 0;
    const double distance = static_cast<double>(age) - 62;
    const double confirmed = 0.93 / (1 + std::exp(distance / 8));
    if (random_.Chance(confirmed)) return 2;
    return random_.Chance(0.4) ? 1 : 0;
  }

  // Work, pension, health and the rest of a grown-up.
  void FinishAdult(CitizenId id) {
    Person& person = population_.at(id);
    const int64_t age = person.AgeOn(options_.today);
    const auto pension_age =
        PensionAge(catalogue_, options_.today, person.sex, person.birth.parts().year);
    const int64_t retires_at = pension_age.value_or(person.sex == Sex::kFemale ? 60 : 65);
    const bool retired = age >= retires_at && random_.Chance(0.97);
    const bool working = random_.Chance(retired ? 0.18 : age < 60 ? 0.86 : 0.6);
    person.employed = working && random_.Chance(0.9);
    person.self_employed = working && !person.employed && random_.Chance(0.6);
    person.trader = working && !person.employed && !person.self_employed;
    if (!working && !retired && random_.Chance(0.5)) {
      person.work_since = options_.today.AddDays(-random_.Between(5, 500));  // lost a job lately
      person.unemployed_status = random_.Chance(0.4);
    }
    if (working) person.earnings_month = Earnings(age);
    person.insurance_years = static_cast<int>(
        std::max<int64_t>(0, std::min<int64_t>(age - 20, 42) - random_.Between(0, 8)));
    GiveDisability(person, age);
    GivePension(person, retired);
    person.drives = age >= 18 && random_.Chance(person.sex == Sex::kMale ? 0.65 : 0.35);
    person.labour_veteran = retired && random_.Chance(0.15);
  }

  int64_t Earnings(int64_t age) {
    const double experience = 0.75 + 0.35 * std::exp(-std::pow((age - 42) / 15.0, 2));
    const double roubles = region_->median_earnings * experience * std::exp(random_.Normal(0, 0.5));
    return std::llround(std::max(roubles, 27'093.0) * kKopecksOfRouble);
  }

  void GiveDisability(Person& person, int64_t age) {
    if (age < 18) {
      if (random_.Chance(0.022)) person.disability = Disability::kChild;
      return;
    }
    if (!random_.Chance(age < 60 ? 0.035 : 0.17)) return;
    constexpr std::array<Disability, 3> kGroups{Disability::kGroupI, Disability::kGroupII,
                                                Disability::kGroupIII};
    constexpr std::array<double, 3> kShares{0.12, 0.43, 0.45};
    person.disability = kGroups[random_.Pick(kShares)];
  }

  void GivePension(Person& person, bool retired) {
    if (retired)
      person.pension = Pension::kOldAge;
    else if (person.disability != Disability::kNone)
      person.pension = Pension::kDisability;
    if (person.pension == Pension::kNone) return;
    const double roubles = std::max(14'500.0, random_.Normal(25'500, 6'000));
    person.pension_month = std::llround(roubles * kKopecksOfRouble);
  }

  void Marry(CitizenId wife, CitizenId husband, Date when) {
    population_.at(wife).spouse = husband;
    population_.at(husband).spouse = wife;
    population_.at(wife).married_on = population_.at(husband).married_on = when;
  }

  CitizenId MakeCouple(int64_t wife_age) {
    const CitizenId wife = MakePerson(Sex::kFemale, wife_age);
    const auto older_by = std::llround(random_.Normal(2.5, 3));
    const int64_t husband_age = std::max<int64_t>(20, wife_age + older_by);
    const CitizenId husband = MakePerson(Sex::kMale, husband_age);
    const int64_t years =
        random_.Between(0, std::max<int64_t>(0, std::min(wife_age, husband_age) - 19));
    Marry(wife, husband, options_.today.AddMonths(-12 * years).AddDays(-random_.Between(1, 300)));
    FinishAdult(wife);
    FinishAdult(husband);
    return wife;
  }

  void MakeFamily(bool couple, uint64_t room) {
    const uint64_t children = std::min<uint64_t>(room, 1 + random_.Pick(kChildrenShares));
    const int64_t youngest = random_.Between(0, 17);
    const auto at_birth =
        std::clamp<int64_t>(std::llround(random_.Normal(28.5, 5)), 18 + 3 * (children - 1), 43);
    CitizenId mother;
    CitizenId father;
    if (couple) {
      mother = MakeCouple(at_birth + youngest);
      father = population_.at(mother).spouse;
    } else {
      const CitizenId parent =
          MakePerson(random_.Chance(0.93) ? Sex::kFemale : Sex::kMale, at_birth + youngest);
      FinishAdult(parent);
      (population_.at(parent).sex == Sex::kFemale ? mother : father) = parent;
    }
    int64_t age = youngest;
    for (uint64_t i = 0; i < children; ++i, age += random_.Between(1, 3)) {
      MakeChild(std::min<int64_t>(age, 22), mother, father);
    }
  }

  void MakeChild(int64_t age, CitizenId mother, CitizenId father) {
    const CitizenId id = MakePerson(random_.Chance(0.514) ? Sex::kMale : Sex::kFemale, age);
    Person& child = population_.at(id);
    child.mother = mother;
    child.father = father;
    child.student = age >= 18;
    child.work_since = child.birth;
    child.portal_level = age >= 14 ? child.portal_level : 0;
    if (age < 18) GiveDisability(child, age);
    if (child.disability == Disability::kChild) GivePension(child, false);
    population_.LinkChild(child);
  }

  void MakePensioners(bool couple) {
    const int64_t age = random_.Between(60, 88);
    CitizenId first;
    if (couple) {
      first = MakeCouple(age);
    } else {
      first = MakePerson(random_.Chance(0.72) ? Sex::kFemale : Sex::kMale, age);
      FinishAdult(first);
    }
    GiveGrownChild(first);
  }

  // One of two pensioners has died within the last year.
  void WidowIfCouple() {
    const std::vector<CitizenId> members = population_.homes()[home_].members;
    if (members.size() < 2) return;
    Person& dead = population_.at(members[1]);
    dead.death = options_.today.AddDays(-random_.Between(3, 360));
    auto& living = population_.home_of(dead).members;
    living.erase(std::remove(living.begin(), living.end(), dead.id), living.end());
  }

  // An adult of an earlier home, of fitting age and without parents so far, becomes the child.
  void GiveGrownChild(CitizenId parent_id) {
    if (!random_.Chance(kParentKnownShare)) return;
    for (int attempt = 0; attempt < 8; ++attempt) {
      const auto number = random_.Between(1, static_cast<int64_t>(population_.people().size()));
      Person& candidate = population_.at(CitizenId(static_cast<uint64_t>(number)));
      const Person& parent = population_.at(parent_id);
      const int64_t gap = MonthsBetween(parent.birth, candidate.birth) / 12;
      const bool taken = candidate.mother.number() != 0 || candidate.father.number() != 0;
      if (taken || gap < 19 || gap > 38 || candidate.home == home_) continue;
      (parent.sex == Sex::kFemale ? candidate.mother : candidate.father) = parent.id;
      const CitizenId spouse = parent.spouse;
      if (spouse.number() != 0) {
        const Person& other = population_.at(spouse);
        const bool fits = MonthsBetween(other.birth, candidate.birth) / 12 >= 18;
        if (fits) (other.sex == Sex::kFemale ? candidate.mother : candidate.father) = spouse;
      }
      population_.LinkChild(candidate);
      return;
    }
  }

  void MakeStudent() {
    const CitizenId id = MakePerson(AnySex(), random_.Between(18, 23));
    Person& student = population_.at(id);
    student.student = true;
    student.drives = random_.Chance(0.15);
    student.employed = random_.Chance(0.25);
    if (student.employed) student.earnings_month = Earnings(22) / 2;
  }

  // Some homes stand exactly where the law draws a line: income per head equal to the region's
  // subsistence minimum, or a kopeck above it; some people reach the pension age today.
  void PlaceOnThreshold() {
    if (!random_.Chance(options_.threshold_share)) return;
    Home& home = population_.home_of(population_.people().back());
    if (const auto minimum = SumInForce(catalogue_, "pm_per_capita", options_.today, home.region)) {
      home.income_per_head_month = *minimum + (random_.Chance(0.5) ? 1 : 0);
    }
    for (const CitizenId id : home.members) ReachPensionAgeToday(population_.at(id));
  }

  void ReachPensionAgeToday(Person& person) {
    if (person.pension != Pension::kNone || person.AgeOn(options_.today) < 50) return;
    for (int64_t age = 55; age <= 65; ++age) {
      const Date birth = options_.today.AddMonths(-12 * age);
      const auto pension_age =
          PensionAge(catalogue_, options_.today, person.sex, birth.parts().year);
      if (!pension_age || *pension_age != age) continue;
      person.birth = birth;
      return;
    }
  }

  const PopulationOptions& options_;
  const graph::Catalogue& catalogue_;
  Random random_;
  Population population_;
  const Region* region_ = nullptr;
  size_t home_ = 0;
};

}  // namespace

Population Population::Generate(const PopulationOptions& options,
                                const graph::Catalogue& catalogue) {
  return Generator(options, catalogue).Run();
}

std::span<const std::string_view> RegionCodes() { return kRegionCodes; }

}  // namespace kstati::population
