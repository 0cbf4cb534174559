// SPDX-License-Identifier: Apache-2.0
#include "profile/registry_event.h"

#include <algorithm>
#include <utility>

#include "profile/formats/fact_codec.h"
#include "profile/stamp.h"

namespace kstati::profile {
namespace {

void SortUnique(std::vector<CitizenId>& citizens) {
  std::sort(citizens.begin(), citizens.end());
  citizens.erase(std::unique(citizens.begin(), citizens.end()), citizens.end());
}

bool Contains(const std::vector<CitizenId>& sorted, CitizenId citizen) {
  return std::binary_search(sorted.begin(), sorted.end(), citizen);
}

bool Supersedes(const History& history, const EventKey& event) {
  return std::any_of(history.supersessions.begin(), history.supersessions.end(),
                     [&event](const Supersession& each) { return each.event == event; });
}

bool HoldsRecordsOf(const History& history, const EventKey& event) {
  const auto reported = [&event](const auto& record) { return record.reported_by == event; };
  return std::any_of(history.facts.begin(), history.facts.end(), reported) ||
         std::any_of(history.relations.begin(), history.relations.end(), reported);
}

}  // namespace

bool IsSelfDeclared(const RegistryEvent& event) {
  return EvidenceOf(event.evidence, event.key.source).assurance == Assurance::kSelfDeclared;
}

std::string CanonicalBytes(const RegistryEvent& event) { return EncodeEvent(event); }

std::vector<CitizenId> NamedByRecords(const RegistryEvent& event) {
  std::vector<CitizenId> citizens;
  citizens.reserve(event.facts.size() + 2 * event.relations.size());
  for (const ReportedFact& fact : event.facts) citizens.push_back(fact.citizen);
  for (const ReportedRelation& relation : AllRelations(event)) {
    citizens.push_back(relation.from);
    citizens.push_back(relation.to);
  }
  SortUnique(citizens);
  return citizens;
}

std::vector<ReportedRelation> AllRelations(const RegistryEvent& event) {
  std::vector<ReportedRelation> relations = event.relations;
  relations.insert(relations.end(), event.implied_relations.begin(), event.implied_relations.end());
  return relations;
}

std::vector<CitizenId> ConcernedBy(const RegistryEvent& event) {
  std::vector<CitizenId> citizens = NamedByRecords(event);
  citizens.push_back(event.subject);
  for (const auto& [role, members] : event.participants) {
    citizens.insert(citizens.end(), members.begin(), members.end());
  }
  SortUnique(citizens);
  return citizens;
}

void AppendRecords(const RegistryEvent& event, Instant known_at, History& history) {
  for (const ReportedFact& fact : event.facts) {
    if (fact.citizen != history.citizen) continue;
    history.facts.push_back(
        {fact.attribute, fact.value, fact.valid, known_at, event.key, event.evidence});
  }
  for (const ReportedRelation& relation : AllRelations(event)) {
    if (relation.from != history.citizen && relation.to != history.citizen) continue;
    history.relations.push_back({relation.from, relation.kind, relation.to, relation.valid,
                                 known_at, event.key, event.evidence});
  }
  if (event.supersedes) {
    AppendSupersession({{event.key.source, *event.supersedes}, known_at, event.key.id}, history);
  }
}

void AppendSupersession(Supersession superseded, History& history) {
  if (!Supersedes(history, superseded.event)) {
    history.supersessions.push_back(std::move(superseded));
  }
}

History WithEvent(History history, const RegistryEvent& event, Instant now) {
  const bool corrects =
      event.supersedes && HoldsRecordsOf(history, {event.key.source, *event.supersedes});
  if (!corrects && !Contains(ConcernedBy(event), history.citizen)) return history;
  history.last_known_at = RecordingTime(history.last_known_at, now);
  AppendRecords(event, history.last_known_at, history);
  return history;
}

History WithoutEvent(History history, const RegistryEvent& event) {
  const auto reported = [&event](const auto& record) { return record.reported_by == event.key; };
  std::erase_if(history.facts, reported);
  std::erase_if(history.relations, reported);
  std::erase_if(history.supersessions, [&event](const Supersession& each) {
    return event.supersedes && each.event == EventKey{event.key.source, *event.supersedes};
  });
  const bool empty =
      history.facts.empty() && history.relations.empty() && history.supersessions.empty();
  if (empty) history.version = 0;
  return history;
}

}  // namespace kstati::profile
