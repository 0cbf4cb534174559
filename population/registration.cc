// SPDX-License-Identifier: Apache-2.0
#include "population/registration.h"

#include <algorithm>
#include <map>

#include "population/random.h"

namespace kstati::population {
namespace {

using profile::RegistryEvent;
using profile::RelationKind;

constexpr std::string_view kCivilRegister = "egr_zags";

// Ids are digests, so that they do not show whom an event is about.
EventId IdOf(uint64_t ids, CitizenId citizen, std::string_view what) {
  return EventId("synthetic-" + Hexadecimal(Mix(Mix(ids, citizen.number()), DigestOf(what))));
}

RegistryEvent ReportOf(std::string_view registry, std::string_view type, CitizenId citizen, Date on,
                       uint64_t ids) {
  RegistryEvent event;
  event.key = {RegistryId(std::string(registry)), IdOf(ids, citizen, type)};
  event.type = EventTypeId(std::string(type));
  event.subject = citizen;
  event.occurred_on = on;
  return event;
}

RegistryEvent PersonRegistered(const Person& person, const std::vector<KnownFact>& facts, Date on,
                               uint64_t ids) {
  RegistryEvent event = ReportOf(kPopulationRegister, kPersonRegistered, person.id, on, ids);
  event.participants["person"] = {person.id};
  for (const KnownFact& fact : facts) {
    if (fact.attribute->registry.text() == kPopulationRegister) {
      event.facts.push_back(fact.About(person.id));
    }
  }
  return event;
}

// Relations that the person's own report tells: to parents and to a spouse, but only to people who
// are registered before, and those of later-registered people to this one.
class Relations {
 public:
  explicit Relations(const Population& population) : population_(population) {
    for (const Person& person : population.people()) {
      for (const CitizenId parent : {person.mother, person.father}) {
        if (parent.number() != 0) Tell(parent, RelationKind::kParent, person.id, person.birth);
      }
      if (person.spouse > person.id && person.married_on) {
        Tell(person.id, RelationKind::kSpouse, person.spouse, *person.married_on);
      }
    }
  }

  std::vector<profile::ReportedRelation> Of(CitizenId teller) const {
    const auto found = told_by_.find(teller);
    return found == told_by_.end() ? std::vector<profile::ReportedRelation>() : found->second;
  }

 private:
  // People of one home are registered together; of two homes the later one tells.
  void Tell(CitizenId from, RelationKind kind, CitizenId to, Date since) {
    const bool later_is_from = population_.at(from).home > population_.at(to).home;
    told_by_[later_is_from ? from : to].push_back({from, kind, to, {since, std::nullopt}});
  }

  const Population& population_;
  std::map<CitizenId, std::vector<profile::ReportedRelation>> told_by_;
};

// By home, since the dead belong to none but must be registered too.
std::vector<std::vector<CitizenId>> PeopleByHome(const Population& population) {
  std::vector<std::vector<CitizenId>> by_home(population.homes().size());
  for (const Person& person : population.people()) by_home[person.home].push_back(person.id);
  return by_home;
}

// Adds relations to the person's civil report, making one when no fact made it.
void AddRelations(std::vector<RegistryEvent>& reports, CitizenId citizen, Date on, uint64_t ids,
                  std::vector<profile::ReportedRelation> relations) {
  if (relations.empty()) return;
  auto report = std::find_if(reports.begin(), reports.end(), [](const RegistryEvent& event) {
    return event.key.source.text() == kCivilRegister;
  });
  if (report == reports.end()) {
    reports.push_back(ReportOf(kCivilRegister, profile::kFactsOnly, citizen, on, ids));
    report = std::prev(reports.end());
  }
  report->relations = std::move(relations);
}

}  // namespace

std::vector<RegistryEvent> ReportsOf(CitizenId citizen, const std::vector<KnownFact>& facts,
                                     Date on, uint64_t ids) {
  std::map<RegistryId, RegistryEvent> by_registry;
  for (const KnownFact& fact : facts) {
    const RegistryId& registry = fact.attribute->registry;
    auto found = by_registry.find(registry);
    if (found == by_registry.end()) {
      RegistryEvent event = ReportOf(registry.text(), profile::kFactsOnly, citizen, on, ids);
      found = by_registry.emplace(registry, std::move(event)).first;
    }
    found->second.facts.push_back(fact.About(citizen));
  }
  std::vector<RegistryEvent> reports;
  for (auto& [registry, event] : by_registry) reports.push_back(std::move(event));
  return reports;
}

void VisitRegistrations(const Population& population, const FactSource& source, Date on,
                        const std::function<bool(const RegistryEvent&)>& visit) {
  const Relations relations(population);
  for (const std::vector<CitizenId>& people : PeopleByHome(population)) {
    std::vector<RegistryEvent> reports;
    for (const CitizenId id : people) {
      std::vector<KnownFact> facts = source.FactsOf(population, population.at(id), on);
      if (!visit(PersonRegistered(population.at(id), facts, on, source.seed()))) return;
      std::erase_if(facts, [](const KnownFact& fact) {
        return fact.attribute->registry.text() == kPopulationRegister;
      });
      std::vector<RegistryEvent> own = ReportsOf(id, facts, on, source.seed());
      AddRelations(own, id, on, source.seed(), relations.Of(id));
      std::move(own.begin(), own.end(), std::back_inserter(reports));
    }
    for (const RegistryEvent& report : reports) {
      if (!visit(report)) return;
    }
  }
}

}  // namespace kstati::population
