// SPDX-License-Identifier: Apache-2.0
#include "recommender/life_event.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "recommender/internal/digest.h"

namespace kstati::recommender {
namespace {

using profile::FactValue;
using profile::Household;
using profile::RegistryEvent;

constexpr uint64_t kSituationFormat = 1;

// The reported attribute behind `id`: child.birth_date is somebody's person.birth_date.
const profile::Attribute* ResolveSame(const profile::Dictionary& dictionary,
                                      const AttributeId& id) {
  const profile::Attribute* attribute = dictionary.Find(id);
  while (attribute != nullptr && !attribute->same_as.empty()) {
    attribute = dictionary.Find(attribute->same_as);
  }
  return attribute;
}

// What no record says in a complete registry; nullopt where no record says nothing.
std::optional<FactValue> AssumedAbsent(const profile::Attribute& attribute) {
  if (attribute.completeness != profile::Completeness::kComplete) return std::nullopt;
  switch (attribute.type) {
    case profile::ValueType::kBoolean:
    case profile::ValueType::kDocument:
    case profile::ValueType::kEvent: return FactValue(false);
    case profile::ValueType::kNumber:
    case profile::ValueType::kMoney:
    case profile::ValueType::kPayment: return FactValue(Decimal(0));
    case profile::ValueType::kCode: return FactValue(std::string("none"));
    case profile::ValueType::kText:
    case profile::ValueType::kDate: return FactValue(profile::NotApplicable{});
  }
  return std::nullopt;
}

std::optional<FactValue> ValueIn(const Household& household, const profile::Attribute& attribute) {
  if (household.person == nullptr) return std::nullopt;
  if (const profile::Fact* fact = household.person->Find(attribute.id)) return fact->value;
  return AssumedAbsent(attribute);
}

// The value that `type.becomes` names, typed by the dictionary. The catalogue's check has accepted
// it.
std::optional<FactValue> TargetOf(const graph::EventType& type,
                                  const profile::Attribute& attribute) {
  auto value = profile::ParseFactValue(attribute.type, type.becomes);
  if (!value) return std::nullopt;
  return *std::move(value);
}

LifeEvent AboutSubject(const graph::EventType& type, CitizenId subject, Date on,
                       profile::EventKey cause) {
  LifeEvent found;
  found.type = type.id;
  found.on = on;
  found.subject = subject;
  found.participants[type.subject] = {subject};
  found.cause = std::move(cause);
  return found;
}

// Registries announce their own types, the calendar those that it finds.
bool IsAnnouncedBy(const profile::RegistryEvent& event, const graph::EventType& type) {
  if (event.type != type.id) return false;
  if (type.detection == graph::Detection::kRegistry) return true;
  return type.detection != graph::Detection::kChange && event.key.source.text() == kCalendarSource;
}

LifeEvent FromAnnouncement(const profile::RegistryEvent& event, const graph::EventType& type) {
  LifeEvent found = AboutSubject(type, event.subject, event.occurred_on, event.key);
  for (const std::string& role : type.roles) {
    const auto named = event.participants.find(role);
    if (named == event.participants.end() || named->second.empty()) continue;
    std::vector<CitizenId>& citizens = found.participants[role];
    for (const CitizenId citizen : named->second) {
      if (std::find(citizens.begin(), citizens.end(), citizen) == citizens.end()) {
        citizens.push_back(citizen);
      }
    }
  }
  return found;
}

// Whether the derived attribute has the value that makes the event in `now` and had another, known
// one in `earlier`. The earlier household is asked for only when it matters.
template <class Earlier>
bool BecameDerived(const graph::EventType& type, const Household& now, const Earlier& earlier,
                   const eligibility::Program& program) {
  const profile::Attribute* attribute = program.dictionary().Find(type.attribute);
  if (attribute == nullptr) return false;
  const std::optional<FactValue> target = TargetOf(type, *attribute);
  const eligibility::Subject subject_now{&now, nullptr, std::nullopt};
  if (!target || program.Evaluate(type.attribute, subject_now) != target) return false;
  const Household* household = earlier();
  if (household == nullptr || household->person == nullptr) return false;
  const eligibility::Subject subject_earlier{household, nullptr, std::nullopt};
  const std::optional<FactValue> was = program.Evaluate(type.attribute, subject_earlier);
  return was && *was != *target;
}

// Unique among all citizens, as the key of an event must be, without showing whose it is.
profile::EventKey CalendarCause(const EventTypeId& type, Date on, CitizenId citizen) {
  const std::string whose = internal::Hexadecimal(internal::Spread(citizen.number()));
  return {RegistryId(std::string(kCalendarSource)),
          EventId(type.text() + "." + on.ToString() + "." + whose)};
}

// The same people on another day, from the histories that were read. Nobody when that fails.
Household OnDay(const Household& household, Date day) {
  profile::AsOf as_of = household.person->as_of();
  as_of.valid_at = day;
  const auto load = [&household](CitizenId citizen) -> Result<profile::History> {
    for (const profile::History& history : household.histories) {
      if (history.citizen == citizen) return history;
    }
    profile::History unread;  // somebody who was related on that day only
    unread.citizen = citizen;
    return unread;
  };
  auto loaded = profile::LoadHousehold(household.person->citizen(), as_of, load);
  return loaded ? *std::move(loaded) : Household{};
}

// Since when the attribute has the value that it has today, and who told of that day.
struct Change {
  Date on;
  profile::EventKey cause;
};

const profile::History* OwnHistory(const Household& household) {
  const auto own = std::ranges::find(household.histories, household.person->citizen(),
                                     &profile::History::citizen);
  return own == household.histories.end() ? nullptr : &*own;
}

// The change by which the attribute came to have `target` today, by all that is known: in whatever
// order it was told. nullopt where it has another value, or nobody knows that it ever had.
std::optional<Change> LatestChange(const Household& household, const profile::Attribute& attribute,
                                   const FactValue& target) {
  if (household.person == nullptr) return std::nullopt;
  const profile::History* history = OwnHistory(household);
  const profile::Fact* fact = household.person->Find(attribute.id);
  if (history == nullptr || fact == nullptr || fact->value != target) return std::nullopt;
  Change change{fact->valid.from, fact->reported_by};
  for (;;) {
    profile::AsOf day_before = household.person->as_of();
    day_before.valid_at = change.on.AddDays(-1);
    Household then;
    then.person = std::make_shared<const profile::FactView>(*history, day_before);
    const std::optional<FactValue> was = ValueIn(then, attribute);
    if (!was) return std::nullopt;
    if (*was != target) return change;
    const profile::Fact* earlier = then.person->Find(attribute.id);
    if (earlier == nullptr) return std::nullopt;
    change = {earlier->valid.from, earlier->reported_by};
  }
}

// Whether the event tells of the attribute of its subject.
bool Tells(const RegistryEvent& event, const profile::Attribute& attribute) {
  return std::ranges::any_of(event.facts, [&](const profile::ReportedFact& fact) {
    return fact.citizen == event.subject && fact.attribute == attribute.id;
  });
}

// Whether what the event takes back told of it.
bool TakesBack(const RegistryEvent& event, const Household& before,
               const profile::Attribute& attribute) {
  if (!event.supersedes || before.person == nullptr) return false;
  const profile::History* history = OwnHistory(before);
  if (history == nullptr) return false;
  const profile::EventKey wrong{event.key.source, *event.supersedes};
  return std::ranges::any_of(history->facts, [&](const profile::Fact& fact) {
    return fact.attribute == attribute.id && fact.reported_by == wrong;
  });
}

// A change is found when the half that was missing comes, or what hid it is taken back; its cause
// is whoever told what is so now, as if everything had come in its order.
std::optional<LifeEvent> FromChange(const RegistryEvent& event, const graph::EventType& type,
                                    const Household& before, const Household& after,
                                    const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = ResolveSame(dictionary, type.attribute);
  if (attribute == nullptr) return std::nullopt;
  const bool takes_back = TakesBack(event, before, *attribute);
  if (!takes_back && !Tells(event, *attribute)) return std::nullopt;
  const std::optional<FactValue> target = TargetOf(type, *attribute);
  if (!target) return std::nullopt;
  const std::optional<Change> now = LatestChange(after, *attribute, *target);
  if (!now) return std::nullopt;
  const std::optional<Change> known = LatestChange(before, *attribute, *target);
  const bool is_found_already = known && now->on <= known->on;
  if (is_found_already && !takes_back) return std::nullopt;
  return AboutSubject(type, event.subject, now->on, now->cause);
}

// The day on which the calendar brings the event, by what is known of the person; nullopt: never.
std::optional<Date> DayOf(const graph::EventType& type, const profile::FactView& person,
                          const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = ResolveSame(dictionary, type.attribute);
  const profile::Fact* fact = attribute == nullptr ? nullptr : person.Find(attribute->id);
  if (fact == nullptr) return std::nullopt;
  const Period period = type.after.value_or(Period{});
  if (const Date* start = std::get_if<Date>(&fact->value)) return period.After(*start);
  // Of what has no date of its own the last day counts.
  const bool* held = std::get_if<bool>(&fact->value);
  if (held == nullptr || !*held || !fact->valid.to) return std::nullopt;
  return period.After(*fact->valid.to);
}

bool OpensStill(const graph::EventType& type, Date on, Date today,
                const graph::Catalogue& catalogue) {
  return std::ranges::any_of(catalogue.situations(), [&](const graph::Situation& situation) {
    const bool triggered =
        std::ranges::find(situation.triggers, type.id) != situation.triggers.end();
    return triggered && today <= situation.lasts.After(on);
  });
}

// What the calendar brings on a day that is here or over when the event tells of it: a birth date
// that is put right, a document that becomes known shortly before its end. Told once, under the key
// that the sweep of that day uses: what was known before with the same day was told on that day, or
// when it came.
std::optional<LifeEvent> FromLateDate(const RegistryEvent& event, const graph::EventType& type,
                                      const Household& before, const Household& after,
                                      const eligibility::Program& program) {
  if (after.person == nullptr || IsKnownDead(*after.person)) return std::nullopt;
  const std::optional<Date> day = DayOf(type, *after.person, program.dictionary());
  const Date today = after.person->as_of().valid_at;
  if (!day || *day > today) return std::nullopt;
  const bool is_known =
      before.person != nullptr && DayOf(type, *before.person, program.dictionary()) == day;
  if (is_known) return std::nullopt;
  // A document that is still valid is to be renewed from now on.
  const profile::Attribute* attribute = ResolveSame(program.dictionary(), type.attribute);
  const bool is_date = attribute->type == profile::ValueType::kDate;
  const Date on = is_date ? *day : today;
  if (!OpensStill(type, on, today, program.catalogue())) return std::nullopt;
  return AboutSubject(type, event.subject, on, CalendarCause(type.id, *day, event.subject));
}

using Views = std::vector<std::shared_ptr<const profile::FactView>>;

const Views* RelativesOf(const Household& household, const std::string& word) {
  if (word == "spouse") return &household.spouses;
  if (word == "child") return &household.children;
  if (word == "parent") return &household.parents;
  return nullptr;
}

// Who the words mean in this event: people in its roles, else relatives of its subject.
// nullopt when the event knows none of the words.
std::optional<std::vector<CitizenId>> PeopleMeant(const std::vector<std::string>& words,
                                                  const LifeEvent& event,
                                                  const graph::EventType& type,
                                                  const Household& household) {
  bool any_word_known = false;
  std::vector<CitizenId> people;
  for (const std::string& word : words) {
    if (std::find(type.roles.begin(), type.roles.end(), word) != type.roles.end()) {
      any_word_known = true;
      const auto named = event.participants.find(word);
      if (named == event.participants.end()) continue;
      people.insert(people.end(), named->second.begin(), named->second.end());
    } else if (const Views* relatives = RelativesOf(household, word)) {
      any_word_known = true;
      for (const auto& relative : *relatives) people.push_back(relative->citizen());
    }
  }
  if (!any_word_known) return std::nullopt;
  return people;
}

bool IsDeceased(CitizenId citizen, const LifeEvent& event, const Household& household) {
  if (const auto member = household.Find(citizen); member && IsKnownDead(*member)) return true;
  const auto deceased = event.participants.find("deceased");
  return deceased != event.participants.end() &&
         std::find(deceased->second.begin(), deceased->second.end(), citizen) !=
             deceased->second.end();
}

// Whom one person's situation is about: the people in the event's role, else the person.
std::vector<CitizenId> AboutWhom(const graph::Situation& situation, const LifeEvent& event,
                                 CitizenId concerned) {
  const auto named = event.participants.find(situation.about);
  if (named != event.participants.end() && !named->second.empty()) return named->second;
  if (situation.about == "person") return {concerned};
  return {event.subject};
}

std::vector<CitizenId> ConcernedIn(const graph::Situation& situation, const LifeEvent& event,
                                   const graph::EventType& type, const Household& household) {
  auto meant = PeopleMeant(situation.concerns, event, type, household);
  if (!meant) meant = PeopleMeant(type.concerns_relatives, event, type, household);
  std::vector<CitizenId> concerned;
  for (const CitizenId citizen : meant.value_or(std::vector<CitizenId>{})) {
    const bool repeated = std::find(concerned.begin(), concerned.end(), citizen) != concerned.end();
    if (!repeated && !IsDeceased(citizen, event, household)) concerned.push_back(citizen);
  }
  return concerned;
}

}  // namespace

bool IsKnownDead(const profile::FactView& person) {
  static const AttributeId kAlive("person.alive");
  const profile::Fact* alive = person.Find(kAlive);
  return alive != nullptr && alive->value == FactValue(false);
}

std::vector<LifeEvent> DetectLifeEvents(const profile::RegistryEvent& event,
                                        const Household& before, const Household& after,
                                        const eligibility::Program& program) {
  const bool is_annulment = event.supersedes && event.facts.empty() && event.relations.empty() &&
                            event.participants.empty();
  std::vector<LifeEvent> found;
  for (const graph::EventType& type : program.catalogue().event_types()) {
    if (type.detection == graph::Detection::kChange) {
      auto change = FromChange(event, type, before, after, program.dictionary());
      if (change) found.push_back(*std::move(change));
    } else if (IsAnnouncedBy(event, type) && !is_annulment) {
      found.push_back(FromAnnouncement(event, type));
    } else if (type.detection == graph::Detection::kDate) {
      auto late = FromLateDate(event, type, before, after, program);
      if (late) found.push_back(*std::move(late));
    } else if (is_annulment) {
      continue;
    } else if (type.detection == graph::Detection::kDerived && after.person != nullptr) {
      if (!BecameDerived(type, after, [&before] { return &before; }, program)) continue;
      found.push_back(AboutSubject(type, event.subject, event.occurred_on, event.key));
    }
  }
  return found;
}

std::vector<LifeEvent> DetectByDate(const Household& household, Date on,
                                    const eligibility::Program& program) {
  std::vector<LifeEvent> found;
  if (household.person == nullptr || IsKnownDead(*household.person)) return found;
  std::optional<Household> that_day;
  if (household.person->as_of().valid_at != on) that_day = OnDay(household, on);
  const Household& today = that_day ? *that_day : household;
  if (today.person == nullptr) return found;
  std::optional<Household> day_before;
  const auto earlier = [&]() -> const Household* {
    if (!day_before) day_before = OnDay(household, on.AddDays(-1));
    return &*day_before;
  };
  for (const graph::EventType& type : program.catalogue().event_types()) {
    const bool comes = type.detection == graph::Detection::kDate &&
                       DayOf(type, *today.person, program.dictionary()) == on;
    const bool becomes = type.detection == graph::Detection::kDerived &&
                         BecameDerived(type, today, earlier, program);
    if (!comes && !becomes) continue;
    const CitizenId citizen = household.person->citizen();
    found.push_back(AboutSubject(type, citizen, on, CalendarCause(type.id, on, citizen)));
  }
  return found;
}

std::vector<OpenSituation> FindSituations(const LifeEvent& event,
                                          const Household& subject_household,
                                          const graph::Catalogue& catalogue) {
  std::vector<OpenSituation> found;
  const graph::EventType* type = catalogue.FindEventType(event.type);
  if (type == nullptr) return found;
  for (const graph::Situation& situation : catalogue.situations()) {
    const auto& triggers = situation.triggers;
    if (std::find(triggers.begin(), triggers.end(), event.type) == triggers.end()) continue;
    for (const CitizenId citizen : ConcernedIn(situation, event, *type, subject_household)) {
      for (const CitizenId about : AboutWhom(situation, event, citizen)) {
        OpenSituation open;
        open.situation = situation.id;
        open.citizen = citizen;
        open.about = about;
        open.life_event = event.type;
        open.occurred_on = event.on;
        open.open_until = situation.lasts.After(event.on);
        open.cause = event.cause;
        found.push_back(std::move(open));
      }
    }
  }
  return found;
}

std::string Encode(const OpenSituation& situation) {
  ByteWriter writer;
  writer.Number(kSituationFormat).Text(situation.situation.text());
  writer.Number(situation.citizen.number()).Number(situation.about.number());
  writer.Text(situation.life_event.text());
  writer.Day(situation.occurred_on).Day(situation.open_until);
  writer.Text(situation.cause.source.text()).Text(situation.cause.id.text());
  return writer.Take();
}

Result<OpenSituation> DecodeSituation(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kSituationFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored situation has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  OpenSituation situation;
  situation.situation = SituationId(reader.Text());
  situation.citizen = CitizenId(reader.Number());
  situation.about = CitizenId(reader.Number());
  situation.life_event = EventTypeId(reader.Text());
  situation.occurred_on = reader.Day();
  situation.open_until = reader.Day();
  situation.cause.source = RegistryId(reader.Text());
  situation.cause.id = EventId(reader.Text());
  KSTATI_TRY_VOID(reader.Finish("a stored situation"));
  return situation;
}

}  // namespace kstati::recommender
