// SPDX-License-Identifier: Apache-2.0
#include "small_life.h"

#include "base/check.h"
#include "eligibility/known_attributes.h"

namespace kstati::recommender {

Date Day(std::string_view text) {
  const Result<Date> day = Date::Parse(text);
  KSTATI_CHECK(day.has_value());
  return *day;
}

SmallLife::SmallLife() {
  const std::string folder = KSTATI_TEST_CATALOGUE;
  std::vector<Issue> issues;
  dictionary_ = profile::LoadDictionary(folder, issues);
  catalogue_ = graph::LoadCatalogue(folder, eligibility::KnownAttributesOf(dictionary_), issues);
  program_ = std::make_unique<eligibility::Program>(catalogue_, dictionary_, issues);
  for (const Issue& issue : issues) {
    ADD_FAILURE() << Render(issue, ReadSourceLine(issue.where.file, issue.where.line));
  }
}

profile::RegistryEvent SmallLife::Event(std::string_view source, std::string_view type,
                                        uint64_t subject, std::string_view on) {
  profile::RegistryEvent event;
  event.key = {RegistryId(std::string(source)), EventId("event-" + std::to_string(++told_))};
  event.type = EventTypeId(std::string(type));
  event.subject = CitizenId(subject);
  event.occurred_on = Day(on);
  return event;
}

void SmallLife::Add(profile::RegistryEvent& event, const profile::Dictionary& dictionary,
                    uint64_t citizen, std::string_view attribute, std::string_view value,
                    std::string_view from) {
  const profile::Attribute* found = dictionary.Find(AttributeId(std::string(attribute)));
  KSTATI_CHECK(found != nullptr);
  auto typed = profile::ParseFactValue(found->type, value);
  KSTATI_CHECK(typed.has_value());
  event.facts.push_back(
      {CitizenId(citizen), found->id, *std::move(typed), {Day(from), std::nullopt}});
}

void SmallLife::Know(uint64_t citizen, std::string_view attribute, std::string_view value,
                     std::string_view from) {
  profile::RegistryEvent event = Event("tax", profile::kFactsOnly, citizen);
  Add(event, dictionary_, citizen, attribute, value, from);
  Record(event);
}

void SmallLife::Relate(uint64_t from, profile::RelationKind kind, uint64_t to) {
  profile::RegistryEvent event = Event("zags", profile::kFactsOnly, from);
  event.relations.push_back(
      {CitizenId(from), kind, CitizenId(to), {Day("2000-01-01"), std::nullopt}});
  Record(event);
}

void SmallLife::Person(uint64_t citizen, std::string_view birth_date, std::string_view sex) {
  Know(citizen, "person.birth_date", birth_date, birth_date);
  Know(citizen, "person.sex", sex, birth_date);
  Know(citizen, "person.region_code", "77", birth_date);
}

void SmallLife::Record(const profile::RegistryEvent& event) {
  const Instant now = Recorded();
  for (const CitizenId citizen : profile::ConcernedBy(event)) {
    profile::History& history = histories_[citizen];
    history.citizen = citizen;
    history = profile::WithEvent(std::move(history), event, now);
    ++history.version;
  }
}

Instant SmallLife::Recorded() const {
  return Instant{(Day(kToday).days * 86'400 + told_) * 1'000'000};
}

std::vector<LifeEvent> SmallLife::Happen(const profile::RegistryEvent& event) {
  const uint64_t subject = event.subject.number();
  const bool known = histories_.contains(event.subject);
  const profile::Household before = known ? HouseholdOf(subject) : profile::Household{};
  Record(event);
  return DetectLifeEvents(event, before, HouseholdOf(subject), program());
}

profile::Household SmallLife::HouseholdOf(uint64_t citizen, std::string_view on,
                                          std::optional<Instant> known_at) const {
  const auto load = [this](CitizenId id) -> Result<profile::History> {
    const auto found = histories_.find(id);
    if (found != histories_.end()) return found->second;
    return Fail(ErrorCode::kNotFound, "no profile");
  };
  const Instant ever{Day("2100-01-01").days * 86'400'000'000};
  const profile::AsOf as_of{Day(on), known_at.value_or(ever)};
  auto household = profile::LoadHousehold(CitizenId(citizen), as_of, load);
  KSTATI_CHECK(household.has_value());
  return *std::move(household);
}

OpenSituation SmallLife::Open(std::string_view situation, uint64_t citizen, uint64_t about,
                              std::string_view since) const {
  const graph::Situation* found = catalogue_.FindSituation(SituationId(std::string(situation)));
  KSTATI_CHECK(found != nullptr);
  OpenSituation open;
  open.situation = found->id;
  open.citizen = CitizenId(citizen);
  open.about = CitizenId(about);
  open.life_event = found->triggers.front();
  open.occurred_on = Day(since);
  open.open_until = found->lasts.After(open.occurred_on);
  return open;
}

SuggestRequest SmallLife::Ask(const profile::Household& household,
                              std::vector<OpenSituation> situations) const {
  SuggestRequest request;
  request.household = &household;
  request.situations = std::move(situations);
  request.on = Day(kToday);
  return request;
}

std::string Shown(const LifeEvent& event) {
  std::string text = event.type.text() + " of " + std::to_string(event.subject.number()) + " on " +
                     event.on.ToString() + ":";
  for (const auto& [role, citizens] : event.participants) {
    text += " " + role;
    for (const CitizenId citizen : citizens) text += " " + std::to_string(citizen.number());
  }
  return text;
}

std::vector<std::string> Shown(const std::vector<LifeEvent>& events) {
  std::vector<std::string> lines;
  for (const LifeEvent& event : events) lines.push_back(Shown(event));
  return lines;
}

std::vector<std::string> Shown(const std::vector<OpenSituation>& situations) {
  std::vector<std::string> lines;
  for (const OpenSituation& each : situations) {
    lines.push_back(each.situation.text() + " of " + std::to_string(each.citizen.number()) +
                    " about " + std::to_string(each.about.number()) + " until " +
                    each.open_until.ToString());
  }
  return lines;
}

std::vector<std::string> Shown(const std::vector<Suggested>& items) {
  std::vector<std::string> lines;
  for (const Suggested& item : items) {
    lines.push_back(item.decision.service.text() + " about " +
                    std::to_string(item.decision.about.number()));
  }
  return lines;
}

}  // namespace kstati::recommender
