// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "profile/dictionary.h"
#include "profile/evidence.h"
#include "profile/fact.h"

namespace kstati::profile {

// A fact as a registry sends it, typed by the dictionary on arrival.
struct ReportedFact {
  CitizenId citizen;
  AttributeId attribute;
  FactValue value;
  DateInterval valid;
};

struct ReportedRelation {
  CitizenId from;
  RelationKind kind = RelationKind::kParent;
  CitizenId to;
  DateInterval valid;
};

// A message from a registry in the shape of a CloudEvent: (source, id) is the deduplication key,
// `type` a life event of the catalogue or "registry.facts" when nothing happened but data arrived.
struct RegistryEvent {
  EventKey key;
  EventTypeId type;
  CitizenId subject;
  Date occurred_on;                                            // when it happened in the world
  std::map<std::string, std::vector<CitizenId>> participants;  // role -> citizens
  std::vector<ReportedFact> facts;
  std::vector<ReportedRelation> relations;
  // What the event's type says of its participants (a mother is a parent); filled by us, not part
  // of the message.
  std::vector<ReportedRelation> implied_relations;
  std::optional<EventId> supersedes;  // corrects or, with no facts, annuls an event of the source
  SharedEvidence evidence = nullptr;  // on what all of it rests; null: the source's own
};

inline constexpr std::string_view kFactsOnly = "registry.facts";

struct EventLimits {
  size_t facts = 1'000;    // a household's full report is under a hundred
  size_t relations = 256;  // a large family names a few dozen
  size_t participants = 64;
  size_t id_bytes = 128;        // ids become keys of the store
  size_t text_bytes = 4'096;    // the longest value of one fact
  size_t evidence_bytes = 256;  // of each text of evidence
};

// Checks what needs no store: limits, ids, known attributes, types and code lists, that the
// dictionary assigns every attribute to the event's source, that neither the event nor the start of
// a fact's or relation's validity lies after `today`, that intervals are not reversed, and that
// evidence assures no more than its kind can. The first problem found, with its place
// ("facts[3].value") and remedy: kDenied when another registry owns the attribute, or when a
// person's word is not taken for it, kLimitExceeded past a limit, else kInvalidArgument.
Result<void> Validate(const RegistryEvent& event, const Dictionary& dictionary, Date latest,
                      const EventLimits& limits = {});

// The bytes that are stored and compared: the same event always gives the same bytes.
std::string CanonicalBytes(const RegistryEvent& event);
// The digest of the canonical bytes under which a recorded event is kept (Store::FindEvent).
std::string DigestOf(const RegistryEvent& event);

// Whether it rests on nothing but a person's own word.
bool IsSelfDeclared(const RegistryEvent& event);

// Reported and implied relations.
std::vector<ReportedRelation> AllRelations(const RegistryEvent& event);

// The citizens whose histories the event changes: subject, participants, and whom its facts and
// relations name; ordered, each once. (When it supersedes another event, also whom that one named.)
std::vector<CitizenId> ConcernedBy(const RegistryEvent& event);

// Whom its facts and relations name; ordered, each once.
std::vector<CitizenId> NamedByRecords(const RegistryEvent& event);

// The history of `history.citizen` as it will read once the event is recorded at `now`; unchanged
// when the event does not concern the citizen. Its version stays that of the stored history, so
// that Transaction::DependOn works with either.
History WithEvent(History history, const RegistryEvent& event, Instant now);

// The history without what a recorded event added to it; version 0 when nothing else is in it.
History WithoutEvent(History history, const RegistryEvent& event);

// Adds what the event says about `history.citizen`, recorded at `known_at`.
void AppendRecords(const RegistryEvent& event, Instant known_at, History& history);
// Adds that an event does not count from a moment on; once for each event.
void AppendSupersession(Supersession superseded, History& history);

}  // namespace kstati::profile
