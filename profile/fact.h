// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "profile/evidence.h"
#include "profile/value.h"

namespace kstati::profile {

// Names one registry event: its source and the id the source gave it.
struct EventKey {
  RegistryId source;
  EventId id;
  auto operator<=>(const EventKey&) const = default;
  std::string ToString() const { return source.text() + "/" + id.text(); }
};

// The key of an event, kept once for all that the event reported. Copies share it.
class SharedEventKey {
 public:
  SharedEventKey() = default;  // an empty key
  SharedEventKey(EventKey key) : key_(std::make_shared<const EventKey>(std::move(key))) {}

  const EventKey& operator*() const { return key_ ? *key_ : kNone; }
  const EventKey* operator->() const { return &**this; }
  operator const EventKey&() const { return **this; }

  friend bool operator==(const SharedEventKey& one, const SharedEventKey& other) {
    return one.key_ == other.key_ || *one == *other;
  }
  friend bool operator==(const SharedEventKey& one, const EventKey& other) { return *one == other; }

 private:
  static const EventKey kNone;
  std::shared_ptr<const EventKey> key_;
};

// One recorded statement about a citizen. Never edited: a correction or an annulment is a new
// record whose event names the event it supersedes.
struct Fact {
  AttributeId attribute;
  FactValue value;
  DateInterval valid;  // when it is true in the world
  Instant known_at;    // when we recorded it
  SharedEventKey reported_by;
  SharedEvidence evidence = nullptr;  // of the event; null: the source's own
};

// How two citizens are related, seen from the first: `from` is `kind` of `to`. Spouse and household
// hold both ways, whichever of the two a registry names first.
enum class RelationKind { kParent, kSpouse, kGuardian, kHousehold };

std::string_view NameOf(RelationKind kind);
Result<RelationKind> ParseRelationKind(std::string_view name);

struct Relation {
  CitizenId from;
  RelationKind kind = RelationKind::kParent;
  CitizenId to;
  DateInterval valid;
  Instant known_at;
  SharedEventKey reported_by;
  SharedEvidence evidence = nullptr;  // as of facts
};

Assurance AssuranceOf(const Fact& fact);

// The two instants that every read of a profile names.
struct AsOf {
  Date valid_at;     // true in the world on that day
  Instant known_at;  // recorded by us not later
};

// A later event declared this one wrong.
struct Supersession {
  EventKey event;
  Instant known_at;
  EventId by = {};  // of the same source; empty: recorded by a program that did not keep it
};

// Everything recorded about one citizen, in order of recording. Relations appear in the histories
// of both citizens.
struct History {
  CitizenId citizen;
  std::vector<Fact> facts;
  std::vector<Relation> relations;
  std::vector<Supersession> supersessions;
  uint64_t version = 0;  // counts the commits that touched this citizen; 0: no profile
  Instant
      last_known_at;    // of the latest commit that touched this citizen; recording never goes back
  size_t parts = 0;     // of the stored profile; commits put many of them into one
  bool erased = false;  // there was more, and nobody can know what
};

// What was true of a citizen and known at one pair of instants. Of several records of one attribute
// that are valid then, the one that began last holds, and of those that began on the same day the
// one recorded last; superseded events do not count, also when the event that superseded them was
// superseded in turn. A fact that is only a person's own word holds where nothing surer does.
// Relations likewise, by who is what of whom.
class FactView {
 public:
  FactView(const History& history, AsOf as_of);

  // The fact that holds, or null when nothing is recorded. The pointer lives as long as the view.
  const Fact* Find(const AttributeId& attribute) const;
  const std::vector<Fact>& facts() const { return facts_; }  // ordered by attribute
  const std::vector<Relation>& relations() const { return relations_; }
  CitizenId citizen() const { return citizen_; }
  // No record means nothing then: the citizen's data were erased.
  bool erased() const { return erased_; }
  AsOf as_of() const { return as_of_; }

  // Citizens to whom this one is `kind` ("children" for kParent), ordered by number.
  std::vector<CitizenId> ToWhom(RelationKind kind) const;
  // Citizens who are `kind` of this one ("parents" for kParent), ordered by number.
  std::vector<CitizenId> WhoAre(RelationKind kind) const;

 private:
  CitizenId citizen_;
  bool erased_;
  AsOf as_of_;
  std::vector<Fact> facts_;
  std::vector<Relation> relations_;
};

}  // namespace kstati::profile
