// SPDX-License-Identifier: Apache-2.0
#include "cases/intake.h"

#include <algorithm>
#include <set>

namespace kstati::cases {
namespace {

using profile::RegistryEvent;

// The role a citizen has in the event, for messages that may not name the citizen.
std::string RoleOf(const RegistryEvent& event, CitizenId citizen) {
  for (const auto& [role, citizens] : event.participants) {
    for (size_t i = 0; i < citizens.size(); ++i) {
      if (citizens[i] == citizen) return "participants." + role + "[" + std::to_string(i) + "]";
    }
  }
  if (event.subject == citizen) return "subject";
  for (size_t i = 0; i < event.facts.size(); ++i) {
    if (event.facts[i].citizen == citizen) return "facts[" + std::to_string(i) + "].citizen";
  }
  return "relations";
}

Result<bool> IsRecordedAbout(const World& world, CitizenId subject, const profile::EventKey& key) {
  KSTATI_TRY(const std::optional<Instant> at, world.store->RecordedAt(subject, key));
  return at.has_value();
}

// Whose profiles an event of this type makes.
std::set<CitizenId> CreatedBy(const graph::EventType* type, const RegistryEvent& event) {
  std::set<CitizenId> created;
  if (type == nullptr || type->creates.empty()) return created;
  if (const auto found = event.participants.find(type->creates);
      found != event.participants.end()) {
    created.insert(found->second.begin(), found->second.end());
  }
  if (type->subject == type->creates) created.insert(event.subject);
  return created;
}

Result<void> CheckRoles(const graph::EventType& type, const RegistryEvent& event) {
  for (const std::string& role : type.required) {
    const auto found = event.participants.find(role);
    const bool named = found != event.participants.end() && !found->second.empty();
    if (named || role == type.subject) continue;
    return Fail(ErrorCode::kInvalidArgument, "the event does not name its " + role,
                "participants." + role, "name the citizen in this role");
  }
  for (const auto& [role, citizens] : event.participants) {
    if (std::find(type.roles.begin(), type.roles.end(), role) != type.roles.end()) continue;
    return Fail(ErrorCode::kInvalidArgument, "events of this type have no role " + role,
                "participants." + role, "use the roles that the catalogue lists for the event");
  }
  return {};
}

Result<void> CheckType(const World& world, const RegistryEvent& event) {
  if (event.type.text() == profile::kFactsOnly) return {};
  const graph::EventType* type = world.catalogue().FindEventType(event.type);
  if (type == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "unknown event type " + event.type.text(), "type",
                "use an event type of the catalogue, or registry.facts when only data changed");
  }
  if (!type->registry.empty() && type->registry != event.key.source) {
    return Fail(ErrorCode::kDenied,
                event.key.source.text() + " may not announce " + event.type.text(), "source",
                "this event is announced by " + type->registry.text());
  }
  if (!type->relations.empty() && profile::IsSelfDeclared(event)) {
    return Fail(ErrorCode::kDenied, "nobody's own word is taken for ties between people", "type",
                "report the event on a document or a record, and name it in `evidence`");
  }
  return CheckRoles(*type, event);
}

}  // namespace

Result<void> CheckEvent(const World& world, const RegistryEvent& event) {
  // A registry may be in a zone where the day has begun earlier than where legal days begin.
  const Date latest = std::max(LatestDate(world.Now()), world.Today());
  KSTATI_TRY_VOID(profile::Validate(event, world.program->dictionary(), latest));
  return CheckType(world, event);
}

void ImplyRelations(const World& world, RegistryEvent& event) {
  const graph::EventType* type = world.catalogue().FindEventType(event.type);
  if (type == nullptr) return;
  event.implied_relations.clear();
  for (const graph::EventRelation& relation : type->relations) {
    const Result<profile::RelationKind> kind = profile::ParseRelationKind(relation.kind);
    const auto from = event.participants.find(relation.from_role);
    const auto to = event.participants.find(relation.to_role);
    if (!kind || from == event.participants.end() || to == event.participants.end()) continue;
    for (const CitizenId a : from->second) {
      for (const CitizenId b : to->second) {
        event.implied_relations.push_back({a, *kind, b, {event.occurred_on, std::nullopt}});
      }
    }
  }
}

Result<bool> IsRepeated(const World& world, const RegistryEvent& event) {
  KSTATI_TRY(const std::optional<std::string> digest,
             world.store->FindEvent(event.subject, event.key));
  if (!digest) return false;
  if (*digest == profile::DigestOf(event)) return true;
  return Fail(ErrorCode::kConflict, "another event with this source and id is recorded",
              std::string(kContentConflict),
              "give a correction an id of its own and name this event in `supersedes`");
}

Result<void> CheckSubjectOfSuperseded(const World& world, const RegistryEvent& event) {
  if (!event.supersedes || world.store->Partitions() == 1) return {};
  const profile::EventKey superseded{event.key.source, *event.supersedes};
  KSTATI_TRY(const bool is_own, IsRecordedAbout(world, event.subject, superseded));
  if (is_own) return {};
  for (const CitizenId citizen : profile::ConcernedBy(event)) {
    const Result<bool> is_others = IsRecordedAbout(world, citizen, superseded);
    // Whose partition is down cannot be asked, and keeps no event from being recorded.
    if (!is_others || !*is_others) continue;
    return Fail(ErrorCode::kInvalidArgument,
                "the event that is corrected is about another subject, " + RoleOf(event, citizen) +
                    " of this one",
                "supersedes", "send the correction with the subject of the event that it corrects");
  }
  return {};
}

Result<void> CheckKnownCitizens(Draft& draft, const RegistryEvent& event) {
  const std::set<CitizenId> created =
      CreatedBy(draft.world().catalogue().FindEventType(event.type), event);
  for (const CitizenId citizen : profile::ConcernedBy(event)) {
    if (created.contains(citizen)) continue;
    KSTATI_TRY(const profile::History history, draft.Load(citizen));
    if (history.version != 0) continue;
    return Fail(ErrorCode::kNotFound, "a citizen of the event has no profile",
                RoleOf(event, citizen),
                "report the person with registry.person_registered from fns_erns first");
  }
  return {};
}

}  // namespace kstati::cases
