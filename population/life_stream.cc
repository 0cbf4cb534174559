// SPDX-License-Identifier: Apache-2.0
#include "population/life_stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>

#include "population/registration.h"

namespace kstati::population {
namespace {

using profile::RegistryEvent;
using profile::RelationKind;

// Events a year per thousand people, after published rates, rounded.
constexpr double kBirths = 8.5;
constexpr double kDeaths = 12;
constexpr double kMoves = 25;
constexpr double kMarriages = 6;
constexpr double kJobLosses = 30;
constexpr double kJobsFound = 25;
constexpr double kDisabilities = 4;
constexpr double kPensions = 12;

constexpr double kDaysOfYear = 365;
constexpr int kAttempts = 200;              // to find somebody to whom it can happen
constexpr int64_t kReportDelayDaysMax = 5;  // a birth or death is registered within days

bool MayMother(const Person& person, Date on) {
  const int64_t age = person.AgeOn(on);
  return person.sex == Sex::kFemale && age >= 19 && age <= 43 && person.alive();
}

bool MayMarry(const Person& person, Date on) {
  const int64_t age = person.AgeOn(on);
  return person.alive() && person.spouse.number() == 0 && age >= 19 && age <= 55;
}

bool MayMove(const Person& person, Date on) { return person.alive() && person.AgeOn(on) >= 18; }
bool MayLoseJob(const Person& person, Date on) {
  return person.alive() && person.employed && person.AgeOn(on) >= 18;
}

bool MayFindJob(const Person& person, Date on) {
  const int64_t age = person.AgeOn(on);
  const bool works = person.employed || person.self_employed || person.trader;
  return person.alive() && !works && !person.student && person.pension == Pension::kNone &&
         age >= 18 && age < 60;
}

bool MayBecomeDisabled(const Person& person, Date) {
  return person.alive() && person.disability == Disability::kNone;
}

bool LacksPension(const Person& person, Date on) {
  return person.alive() && person.pension == Pension::kNone &&
         person.AgeOn(on) >= (person.sex == Sex::kFemale ? 55 : 60);
}

bool Lives(const Person& person, Date) { return person.alive(); }

}  // namespace

// One thing that happens: remembers what registries knew of the people before, and afterwards
// reports what they know anew.
class LifeStream::Occurrence {
 public:
  Occurrence(LifeStream& stream, Date occurred_on) : stream_(stream), on_(occurred_on) {}

  // A person whom it may change.
  Occurrence& Touching(CitizenId id) {
    for (const KnownFact& fact : Facts(id)) before_[id].emplace(fact.attribute, fact.value);
    before_[id];
    return *this;
  }

  // Everybody who lives with the person.
  Occurrence& TouchingHomeOf(const Person& person) {
    for (const CitizenId id : stream_.population_.home_of(person).members) Touching(id);
    return Touching(person.id);
  }

  // A newborn: nothing was known.
  Occurrence& Creating(CitizenId id) {
    before_[id];
    return *this;
  }

  // Sends the life event when the catalogue has it, then what everybody else learned.
  void Report(std::string_view type, CitizenId subject,
              std::map<std::string, std::vector<CitizenId>> participants,
              std::vector<profile::ReportedRelation> relations = {}) {
    const graph::EventType* known =
        stream_.source_.catalogue().FindEventType(EventTypeId(std::string(type)));
    KnownFacts news = News();
    if (known != nullptr && !known->registry.empty()) {
      RegistryEvent event;
      event.key = {known->registry, EventId("synthetic-" + Hexadecimal(Id()))};
      event.type = known->id;
      event.subject = subject;
      event.occurred_on = on_;
      event.participants = std::move(participants);
      event.relations = std::move(relations);
      for (auto& [citizen, facts] : news) MoveReported(citizen, facts, event);
      stream_.events_.push_back(std::move(event));
    }
    ReportRest(news);
  }

  // No life event has a type of its own for this: a change of facts is the news.
  void ReportChange() { ReportRest(News()); }

 private:
  using Known = std::map<const profile::Attribute*, profile::FactValue>;
  using KnownFacts = std::map<CitizenId, std::vector<KnownFact>>;

  std::vector<KnownFact> Facts(CitizenId id) const {
    const Population& population = stream_.population_;
    return stream_.source_.FactsOf(population, population.at(id), stream_.today_);
  }

  uint64_t Id() const {
    const auto day = static_cast<uint64_t>(stream_.today_.days);
    return Mix(Mix(stream_.options_.seed, day), stream_.events_.size());
  }

  // What is known now and was not, or was otherwise. Changes hold from the day it happened.
  KnownFacts News() const {
    KnownFacts news;
    for (const auto& [id, earlier] : before_) {
      Known gone = earlier;
      for (KnownFact& fact : Facts(id)) {
        gone.erase(fact.attribute);
        const auto was = earlier.find(fact.attribute);
        if (was != earlier.end() && was->second == fact.value) continue;
        const bool of_a_newborn = earlier.empty() && fact.from <= on_;
        if (!of_a_newborn) fact.from = on_;
        news[id].push_back(std::move(fact));
      }
      if (stream_.population_.at(id).alive()) AddEnded(gone, news[id]);
    }
    return news;
  }

  // A "yes" that holds no more becomes a "no", a payment nothing. What else has no record any more
  // stays.
  void AddEnded(const Known& gone, std::vector<KnownFact>& news) const {
    for (const auto& [attribute, value] : gone) {
      if (value == profile::FactValue(true)) news.push_back({attribute, false, on_});
      if (attribute->type == profile::ValueType::kPayment) {
        news.push_back({attribute, Decimal(0), on_});
      }
    }
  }

  static void MoveReported(CitizenId citizen, std::vector<KnownFact>& facts, RegistryEvent& event) {
    for (const KnownFact& fact : facts) {
      if (fact.attribute->registry == event.key.source) event.facts.push_back(fact.About(citizen));
    }
    std::erase_if(facts, [&event](const KnownFact& fact) {
      return fact.attribute->registry == event.key.source;
    });
  }

  void ReportRest(const KnownFacts& news) {
    for (const auto& [citizen, facts] : news) {
      std::vector<RegistryEvent> reports = ReportsOf(citizen, facts, stream_.today_, Id());
      std::move(reports.begin(), reports.end(), std::back_inserter(stream_.events_));
    }
  }

  LifeStream& stream_;
  Date on_;
  std::map<CitizenId, Known> before_;
};

LifeStream::LifeStream(Population population, const FactSource& source,
                       const LifeStreamOptions& options, Date yesterday)
    : population_(std::move(population)),
      source_(source),
      options_(options),
      random_(options.seed),
      today_(yesterday) {}

std::vector<RegistryEvent> LifeStream::NextDay() {
  today_ = today_.AddDays(1);
  random_ = Random(Mix(options_.seed, static_cast<uint64_t>(today_.days)));
  events_.clear();
  HappenOften(kBirths, &LifeStream::BeBorn);
  HappenOften(kDeaths, &LifeStream::Die);
  HappenOften(kMoves, &LifeStream::Move);
  HappenOften(kMarriages, &LifeStream::Wed);
  HappenOften(kJobLosses, &LifeStream::LoseJob);
  HappenOften(kJobsFound, &LifeStream::FindJob);
  HappenOften(kDisabilities, &LifeStream::BecomeDisabled);
  HappenOften(kPensions, &LifeStream::RetireOnPension);
  return std::move(events_);
}

void LifeStream::HappenOften(double per_thousand_a_year, void (LifeStream::*happen)()) {
  const double people = static_cast<double>(population_.people().size());
  const double mean = options_.pace * per_thousand_a_year * people / 1'000 / kDaysOfYear;
  for (int64_t left = random_.Poisson(mean); left > 0; --left) (this->*happen)();
}

Person* LifeStream::Find(bool (*fits)(const Person&, Date)) {
  const auto last = static_cast<int64_t>(population_.people().size());
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Person& person = population_.at(CitizenId(static_cast<uint64_t>(random_.Between(1, last))));
    if (fits(person, today_)) return &person;
  }
  return nullptr;
}

void LifeStream::BeBorn() {
  const Person* found = Find(MayMother);
  if (found == nullptr) return;
  const CitizenId mother = found->id;
  const CitizenId husband = found->spouse;
  const Date birth = today_.AddDays(-random_.Between(0, kReportDelayDaysMax));
  for (const CitizenId sibling : population_.ChildrenOf(mother)) {
    if (birth.days - population_.at(sibling).birth.days < 300) return;
  }
  Occurrence occurrence(*this, birth);
  occurrence.TouchingHomeOf(population_.at(mother));
  Person& child = population_.Add(population_.at(mother).home);
  child.sex = random_.Chance(0.514) ? Sex::kMale : Sex::kFemale;
  child.birth = child.work_since = birth;
  child.mother = mother;
  child.registered_at_home = false;
  const bool has_father = husband.number() != 0 && population_.at(husband).alive();
  if (has_father) child.father = husband;
  population_.LinkChild(child);
  population_.home_of(child).income_per_head_month.reset();
  const CitizenId newborn = child.id;

  std::map<std::string, std::vector<CitizenId>> participants{{"child", {newborn}},
                                                             {"mother", {mother}}};
  const DateInterval since{birth, std::nullopt};
  std::vector<profile::ReportedRelation> relations{{mother, RelationKind::kParent, newborn, since}};
  if (has_father) {
    participants["father"] = {husband};
    relations.push_back({husband, RelationKind::kParent, newborn, since});
  }
  occurrence.Creating(newborn).Report("event.child_born", newborn, std::move(participants),
                                      std::move(relations));
}

void LifeStream::Die() {
  // Mortality doubles about every eight years (Gompertz).
  Person* person = nullptr;
  for (int attempt = 0; attempt < kAttempts && person == nullptr; ++attempt) {
    Person* candidate = Find(Lives);
    if (candidate == nullptr) return;
    const auto age = static_cast<double>(candidate->AgeOn(today_));
    if (random_.Chance(std::exp((age - 95) / 11.5))) person = candidate;
  }
  if (person == nullptr) return;
  const Date death =
      std::max(person->birth, today_.AddDays(-random_.Between(0, kReportDelayDaysMax)));
  Occurrence occurrence(*this, death);
  occurrence.TouchingHomeOf(*person);
  Home& home = population_.home_of(*person);
  person->death = death;
  std::erase(home.members, person->id);
  home.income_per_head_month.reset();
  occurrence.Report("event.death_registered", person->id, {{"deceased", {person->id}}});
}

void LifeStream::Move() {
  Person* person = Find(MayMove);
  if (person == nullptr) return;
  Occurrence occurrence(*this, today_);
  occurrence.TouchingHomeOf(*person);
  const auto codes = RegionCodes();
  const auto pick = static_cast<size_t>(random_.Between(0, static_cast<int64_t>(codes.size()) - 1));
  const std::string region(codes[pick]);
  population_.home_of(*person).income_per_head_month.reset();
  Home home;
  home.region = region;
  home.owned = random_.Chance(0.4);
  home.utilities_month = random_.Between(3'000, 12'000) * 100;
  population_.MoveTo(*person, population_.AddHome(std::move(home)));
  person->registered_at_home = random_.Chance(0.5);
  occurrence.Report("event.residence_changed", person->id, {{"person", {person->id}}});
}

void LifeStream::Wed() {
  Person* first = Find(MayMarry);
  if (first == nullptr) return;
  Person* second = nullptr;
  for (int attempt = 0; attempt < kAttempts && second == nullptr; ++attempt) {
    Person* candidate = Find(MayMarry);
    if (candidate == nullptr) return;
    const int64_t years = std::abs(MonthsBetween(first->birth, candidate->birth)) / 12;
    const bool related = candidate->home == first->home ||
                         (candidate->mother.number() != 0 && candidate->mother == first->mother);
    if (candidate->sex != first->sex && years <= 8 && !related) second = candidate;
  }
  if (second == nullptr) return;
  Occurrence occurrence(*this, today_);
  occurrence.TouchingHomeOf(*first).TouchingHomeOf(*second);
  first->spouse = second->id;
  second->spouse = first->id;
  first->married_on = second->married_on = today_;
  population_.home_of(*first).income_per_head_month.reset();
  population_.home_of(*second).income_per_head_month.reset();
  population_.MoveTo(*second, first->home);
  occurrence.Report("event.marriage_registered", first->id,
                    {{"spouse_1", {first->id}}, {"spouse_2", {second->id}}},
                    {{first->id, RelationKind::kSpouse, second->id, {today_, std::nullopt}}});
}

void LifeStream::LoseJob() {
  Person* person = Find(MayLoseJob);
  if (person == nullptr) return;
  Occurrence occurrence(*this, today_);
  occurrence.TouchingHomeOf(*person);
  person->employed = false;
  person->work_since = today_;
  person->earnings_month = 0;
  population_.home_of(*person).income_per_head_month.reset();
  occurrence.ReportChange();
}

void LifeStream::FindJob() {
  Person* person = Find(MayFindJob);
  if (person == nullptr) return;
  Occurrence occurrence(*this, today_);
  occurrence.TouchingHomeOf(*person);
  person->employed = true;
  person->unemployed_status = false;
  person->work_since = today_;
  person->earnings_month = random_.Between(30'000, 90'000) * 100;
  population_.home_of(*person).income_per_head_month.reset();
  occurrence.ReportChange();
}

void LifeStream::BecomeDisabled() {
  Person* person = Find(MayBecomeDisabled);
  if (person == nullptr) return;
  Occurrence occurrence(*this, today_);
  occurrence.Touching(person->id);
  const bool child = person->AgeOn(today_) < 18;
  constexpr std::array<Disability, 3> kGroups{Disability::kGroupI, Disability::kGroupII,
                                              Disability::kGroupIII};
  person->disability =
      child ? Disability::kChild : kGroups[static_cast<size_t>(random_.Between(0, 2))];
  occurrence.Report(child ? "event.child_disability_established" : "event.disability_established",
                    person->id, {{"person", {person->id}}});
}

void LifeStream::RetireOnPension() {
  Person* person = Find(LacksPension);
  if (person == nullptr) return;
  Occurrence occurrence(*this, today_);
  occurrence.TouchingHomeOf(*person);
  person->pension = Pension::kOldAge;
  person->pension_month = std::llround(std::max(14'500.0, random_.Normal(25'500, 6'000)) * 100);
  population_.home_of(*person).income_per_head_month.reset();
  occurrence.Report("event.pension_assigned", person->id, {{"person", {person->id}}});
}

}  // namespace kstati::population
