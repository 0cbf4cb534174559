// SPDX-License-Identifier: Apache-2.0
#include "population/unannounced_lives.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "population/random.h"

namespace kstati::population {
namespace {

using recommender::inference::EventKind;

constexpr int64_t kStepDays = 10;
constexpr int64_t kBirthDays = 200;  // from knowing of the pregnancy
constexpr int64_t kBetweenMovesDays = 300;
constexpr int64_t kSettledDays = 400;  // least time at the first home

// A trace that an event leaves, and how soon.
struct Trace {
  std::string_view attribute;
  double probability;
  double delay_days;  // mean
};

constexpr std::array kMovedTraces{
    Trace{"doc.clinic_attachment", 0.55, 35}, Trace{"doc.stay_registration", 0.35, 30},
    Trace{"doc.egrn_right", 0.20, 15}, Trace{"doc.utility_bills", 0.55, 25},
    Trace{"doc.bank_details", 0.15, 50}};
constexpr std::array kExpectingTraces{
    Trace{"doc.eln", 0.50, 35}, Trace{"doc.clinic_attachment", 0.45, 20},
    Trace{"doc.income_data", 0.40, 50}, Trace{"doc.family_composition", 0.35, 50}};
constexpr std::array kStoppedTraces{
    Trace{"doc.etk", 0.60, 15}, Trace{"doc.ils_statement", 0.35, 25},
    Trace{"doc.job_seeker_record", 0.15, 30}, Trace{"doc.income_data", 0.25, 45},
    Trace{"doc.training_referral", 0.06, 60}};
constexpr std::array kLeftTraces{
    Trace{"doc.clinic_attachment", 0.40, 45}, Trace{"doc.stay_registration", 0.45, 25},
    Trace{"doc.utility_bills", 0.45, 30}, Trace{"doc.bank_details", 0.25, 30}};
constexpr std::array kMarriedTraces{
    Trace{"doc.marriage_application", 0.35, 5}, Trace{"doc.photo", 0.35, 35},
    Trace{"doc.family_composition", 0.45, 35}, Trace{"doc.bank_details", 0.25, 45}};

// The same without any event: how often a year, for everybody.
constexpr std::array kBackground{Trace{"doc.clinic_attachment", 0.08, 0},
                                 Trace{"doc.stay_registration", 0.02, 0},
                                 Trace{"doc.egrn_right", 0.02, 0},
                                 Trace{"doc.utility_bills", 0.10, 0},
                                 Trace{"doc.bank_details", 0.15, 0},
                                 Trace{"doc.eln", 0.45, 0},
                                 Trace{"doc.income_data", 0.12, 0},
                                 Trace{"doc.family_composition", 0.05, 0},
                                 Trace{"doc.etk", 0.08, 0},
                                 Trace{"doc.ils_statement", 0.12, 0},
                                 Trace{"doc.job_seeker_record", 0.01, 0},
                                 Trace{"doc.training_referral", 0.01, 0},
                                 Trace{"doc.photo", 0.08, 0},
                                 Trace{"doc.marriage_application", 0.004, 0}};

std::span<const Trace> TracesOf(EventKind kind) {
  switch (kind) {
    case EventKind::kMoved: return kMovedTraces;
    case EventKind::kExpectingChild: return kExpectingTraces;
    case EventKind::kStoppedWorking: return kStoppedTraces;
    case EventKind::kLeftHome: return kLeftTraces;
    case EventKind::kMarried: return kMarriedTraces;
  }
  return {};
}

// A registry that tells of an event does so after so many days at most.
int64_t TellingDaysMax(EventKind kind) {
  return kind == EventKind::kExpectingChild ? 70 : kind == EventKind::kMarried ? 10 : 40;
}

double Bell(double age, double peak, double width) {
  return std::exp(-std::pow((age - peak) / width, 2));
}

std::string BandOf(int64_t age) { return age < 30 ? "18-29" : age < 45 ? "30-44" : "45-75"; }

class Life {
 public:
  Life(const Population& population, const Person& person, const UnannouncedLivesOptions& options)
      : population_(population),
        person_(person),
        options_(options),
        random_(Mix(options.seed, person.id.number())),
        last_(options.from.AddDays(options.days - 1)) {}

  SimulatedLife Run() {
    life_.history.citizen = person_.id;
    life_.consents = random_.Chance(options_.consenting_share);
    life_.sex = person_.sex == Sex::kFemale ? "female" : "male";
    life_.age_band = BandOf(person_.AgeOn(options_.from));
    const bool capital = person_.region == "77" || person_.region == "78";
    life_.region_type = capital ? "capital" : "other region";
    Begin();
    for (Date day = options_.from; day <= last_; day = day.AddDays(kStepDays)) Step(day);
    std::ranges::stable_sort(life_.history.facts, {}, &profile::Fact::known_at);
    std::ranges::stable_sort(life_.history.relations, {}, &profile::Relation::known_at);
    std::ranges::stable_sort(life_.events, {}, &TrueEvent::on);
    life_.history.version = 1;
    return std::move(life_);
  }

 private:
  profile::EventKey Key() { return {RegistryId("simulated"), EventId(std::to_string(++events_))}; }

  void Know(std::string_view attribute, profile::FactValue value, Date from, Date known,
            std::optional<Date> to = std::nullopt) {
    life_.history.facts.push_back({AttributeId(std::string(attribute)),
                                   std::move(value),
                                   {from, to},
                                   EveningOf(known),
                                   Key()});
  }

  void Begin() {
    const Date start = options_.from.AddDays(-1);
    Know("person.birth_date", person_.birth, person_.birth, start);
    Know("person.sex", life_.sex, person_.birth, start);
    Know("person.alive", true, person_.birth, start);
    const int64_t age = person_.AgeOn(options_.from);
    at_home_ = age < 30 && LivesWithParent();
    const Date grown = std::max(person_.birth.AddMonths(12 * 18), options_.from.AddDays(-9'000));
    const Date latest = std::max(grown, options_.from.AddDays(-kSettledDays));
    const Date settled =
        at_home_ ? person_.birth : grown.AddDays(random_.Between(0, latest.days - grown.days));
    Know("person.region_code", person_.region, settled, start);
    Know("doc.residence_registration", true, settled, start);
    married_ = person_.spouse.number() != 0;
    Know("person.married", married_, person_.married_on.value_or(person_.birth), start);
    works_ = person_.employed;
    Know("person.employed", works_, std::min(person_.work_since, start), start);
    Know("person.owner_of_housing", population_.home_of(person_).owned, settled, start);
    Know("person.full_time_student", person_.student, start, start);
    for (const CitizenId child : population_.ChildrenOf(person_.id)) {
      const Date birth = population_.at(child).birth;
      AddChild(child, birth, start);
      youngest_ = std::max(youngest_.value_or(birth), birth);
    }
    for (const Trace& trace : kBackground) {
      if (random_.Chance(0.5)) {
        const Date since = start.AddDays(-random_.Between(180, 2'000));
        Know(trace.attribute, true, std::max(since, person_.birth), start);
      }
    }
  }

  bool LivesWithParent() const {
    const auto& members = population_.home_of(person_).members;
    return std::ranges::any_of(members, [&](CitizenId member) {
      return member.number() != 0 && (member == person_.mother || member == person_.father);
    });
  }

  void AddChild(CitizenId child, Date birth, Date known) {
    life_.history.relations.push_back({person_.id,
                                       profile::RelationKind::kParent,
                                       child,
                                       {birth, std::nullopt},
                                       EveningOf(known),
                                       Key()});
  }

  // Events a year.
  double Rate(EventKind kind, Date day) const {
    const double age = static_cast<double>(day.days - person_.birth.days) / kDaysOfMeanYear;
    switch (kind) {
      case EventKind::kMoved: {
        if (at_home_ || day < next_move_) return 0;
        const bool owned = population_.home_of(person_).owned;
        return (0.015 + 0.07 * Bell(age, 26, 9)) * (owned ? 0.7 : 1.6);
      }
      case EventKind::kExpectingChild: {
        if (person_.sex != Sex::kFemale || age >= 45 || day < next_pregnancy_) return 0;
        const bool small = youngest_ && day < youngest_->AddDays(400);
        return 0.14 * Bell(age, 28.5, 6.5) * (married_ ? 1.5 : 0.5) * (small ? 0.2 : 1);
      }
      case EventKind::kStoppedWorking:
        return works_ ? 0.04 + 0.04 * Bell(age, 20, 6) + 0.1 * Bell(age, 65, 5) : 0;
      case EventKind::kLeftHome: return at_home_ ? 0.05 + 0.15 * Bell(age, 23, 3) : 0;
      case EventKind::kMarried: return married_ ? 0 : 0.008 + 0.1 * Bell(age, 27, 5.5);
    }
    return 0;
  }

  void Step(Date day) {
    for (const Trace& trace : kBackground) {
      if (random_.Chance(trace.probability * kStepDays / kDaysOfMeanYear)) {
        Leave(trace, day.AddDays(random_.Between(0, kStepDays - 1)));
      }
    }
    if (!works_ && day >= next_job_ && random_.Chance(1.2 * kStepDays / kDaysOfMeanYear)) {
      works_ = true;
      Know("person.employed", true, day, day.AddDays(random_.Between(1, 5)));
    }
    for (const EventKind kind : recommender::inference::kEventKinds) {
      if (!random_.Chance(Rate(kind, day) * kStepDays / kDaysOfMeanYear)) continue;
      Happen(kind, day.AddDays(random_.Between(0, kStepDays - 1)));
    }
  }

  void Leave(const Trace& trace, Date day) {
    if (day <= last_) Know(trace.attribute, true, day, day.AddDays(random_.Between(0, 3)));
  }

  void Happen(EventKind kind, Date on) {
    TrueEvent event{kind, on, std::nullopt};
    if (random_.Chance(options_.announced_share)) {
      event.announced_on = on.AddDays(random_.Between(1, TellingDaysMax(kind)));
    }
    for (const Trace& trace : TracesOf(kind)) {
      if (!random_.Chance(trace.probability)) continue;
      const double days = -trace.delay_days * std::log(1 - random_.Uniform());
      Leave(trace, on.AddDays(static_cast<int64_t>(days)));
    }
    Change(event);
    life_.events.push_back(event);
  }

  void Change(const TrueEvent& event) {
    const Date on = event.on;
    switch (event.kind) {
      case EventKind::kMoved:
      case EventKind::kLeftHome:
        at_home_ = false;
        next_move_ = on.AddDays(kBetweenMovesDays);
        if (event.announced_on) Know("doc.residence_registration", true, on, *event.announced_on);
        break;
      case EventKind::kExpectingChild: {
        const Date birth = on.AddDays(kBirthDays);
        if (event.announced_on) {
          Know("person.pregnancy_weeks", Decimal(12), on, *event.announced_on, birth);
        }
        next_pregnancy_ = birth.AddDays(90);
        youngest_ = birth;
        const CitizenId child(person_.id.number() * 100 + 900'000'000 + children_++);
        AddChild(child, birth, birth.AddDays(random_.Between(1, 20)));
        break;
      }
      case EventKind::kStoppedWorking:
        works_ = false;
        next_job_ = on.AddDays(130);
        if (event.announced_on) Know("person.employed", false, on, *event.announced_on);
        break;
      case EventKind::kMarried:
        married_ = true;
        if (event.announced_on) Know("person.married", true, on, *event.announced_on);
        break;
    }
  }

  const Population& population_;
  const Person& person_;
  const UnannouncedLivesOptions& options_;
  Random random_;
  Date last_;
  SimulatedLife life_;
  uint64_t events_ = 0;
  uint64_t children_ = 0;
  bool at_home_ = false;  // of the parents
  bool married_ = false;
  bool works_ = false;
  std::optional<Date> youngest_;
  Date next_move_;
  Date next_job_;
  Date next_pregnancy_;
};

}  // namespace

Instant EveningOf(Date day) {
  constexpr int64_t kMicrosOfDay = 86'400'000'000;
  return {(day.days + 1) * kMicrosOfDay - 1};
}

std::vector<SimulatedLife> SimulateUnannouncedLives(const Population& population,
                                                    const UnannouncedLivesOptions& options) {
  std::vector<SimulatedLife> lives;
  for (const Person& person : population.people()) {
    const int64_t age = person.AgeOn(options.from);
    if (!person.alive() || age < 18 || age > 75) continue;
    lives.push_back(Life(population, person, options).Run());
  }
  return lives;
}

}  // namespace kstati::population
