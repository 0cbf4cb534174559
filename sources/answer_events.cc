// SPDX-License-Identifier: Apache-2.0
#include "sources/answer_events.h"

#include <algorithm>
#include <map>
#include <optional>

namespace kstati::sources {
namespace {

using profile::Fact;

bool Same(const AnsweredFact& answered, const Fact& held) {
  const RegistryId& source = held.reported_by->source;
  return answered.value == held.value && answered.valid == held.valid &&
         profile::EvidenceOf(answered.evidence, source) ==
             profile::EvidenceOf(held.evidence, source);
}

// "answer-sfr_mart-000000000017-person.employed-": whose answers about what.
std::string IdBeginning(const std::string& source, CitizenId citizen,
                        const AttributeId& attribute) {
  return std::string(kAnswerPrefix) + source + "-" + citizen.ToString() + "-" + attribute.text() +
         "-";
}

// What one source told of one attribute before.
struct Told {
  size_t answers = 0;           // events
  std::optional<EventId> last;  // that nothing superseded
  std::vector<Fact> facts;      // of the last
  std::vector<Fact> others;     // of other events of the registry, that stand
};

Told ToldBefore(const Reply& reply, const AttributeId& attribute, const profile::History& history) {
  Told told;
  std::set<EventId> seen;
  const std::string beginning = IdBeginning(reply.source, reply.question.citizen, attribute);
  for (const Fact& fact : history.facts) {
    if (fact.attribute != attribute || fact.reported_by->source != reply.registry) continue;
    const bool answer = fact.reported_by->id.text().starts_with(beginning);
    if (answer && seen.insert(fact.reported_by->id).second) ++told.answers;
    const bool superseded =
        std::ranges::find(history.supersessions, *fact.reported_by,
                          &profile::Supersession::event) != history.supersessions.end();
    if (superseded) continue;
    if (!answer) {
      told.others.push_back(fact);
      continue;
    }
    if (told.last != fact.reported_by->id) told.facts.clear();
    told.last = fact.reported_by->id;
    told.facts.push_back(fact);
  }
  return told;
}

bool Overlap(const DateInterval& a, const DateInterval& b) {
  return (!a.to || b.from <= *a.to) && (!b.to || a.from <= *b.to);
}

// Whether something else that stands is believed instead on some day, since it came later.
bool Outdated(const Fact& fact, const std::vector<Fact>& others) {
  return std::ranges::any_of(others, [&](const Fact& other) {
    return other.known_at > fact.known_at && other.value != fact.value &&
           Overlap(other.valid, fact.valid);
  });
}

bool TellsNothingNew(const std::vector<AnsweredFact>& facts, const Told& told) {
  const std::vector<Fact>& held = told.last ? told.facts : told.others;
  const bool all = std::ranges::all_of(facts, [&](const AnsweredFact& answered) {
    return std::ranges::any_of(held, [&](const Fact& fact) {
      return Same(answered, fact) && !Outdated(fact, told.others);
    });
  });
  return all && (!told.last || held.size() == facts.size());
}

}  // namespace

bool IsAnswerOf(const Fact& fact, const SourceTerms& terms) {
  return fact.reported_by->source == terms.registry &&
         fact.reported_by->id.text().starts_with(std::string(kAnswerPrefix) + terms.name + "-");
}

std::vector<profile::RegistryEvent> EventsOf(const Reply& reply, const profile::History& history,
                                             Date today) {
  std::map<AttributeId, std::vector<AnsweredFact>> by_attribute;
  for (const AnsweredFact& fact : reply.answer) by_attribute[fact.attribute].push_back(fact);
  std::vector<profile::RegistryEvent> events;
  const CitizenId citizen = reply.question.citizen;
  for (const auto& [attribute, facts] : by_attribute) {
    const Told told = ToldBefore(reply, attribute, history);
    if (TellsNothingNew(facts, told)) continue;
    profile::RegistryEvent event;
    event.key = {reply.registry, EventId(IdBeginning(reply.source, citizen, attribute) +
                                         std::to_string(told.answers + 1))};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = citizen;
    event.occurred_on = today;
    event.supersedes = told.last;
    if (const profile::SharedEvidence& said = facts.front().evidence) {
      event.evidence = profile::Share(*said, reply.registry);
    }
    for (const AnsweredFact& fact : facts) {
      event.facts.push_back({citizen, fact.attribute, fact.value, fact.valid});
    }
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace kstati::sources
