// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bilingual.h"
#include "base/ids.h"
#include "base/issue.h"
#include "base/time.h"
#include "graph/service.h"

namespace kstati::graph {

// How a life event comes to be known.
enum class Detection {
  kRegistry,  // reported under this type
  kDate,      // the day `attribute` + `after` comes
  kChange,    // a registry's fact turns `attribute` to `becomes`
  kDerived,   // a derived attribute becomes `becomes` with the passing of time or a new fact
};

struct EventRelation {
  std::string from_role;
  std::string kind;
  std::string to_role;
};

// The definition of a life event.
struct EventType {
  EventTypeId id;
  Bilingual name;
  Detection detection = Detection::kRegistry;
  RegistryId registry;
  std::vector<std::string> roles;
  std::vector<std::string> required;
  std::string subject;
  std::string creates;  // role whose profile the event makes; may be empty
  std::vector<EventRelation> relations;
  std::vector<AttributeId> proves;  // documents that everyone named or concerned holds from then on
  std::vector<std::string> concerns_relatives;  // "spouse", "child", "parent" of the subject
  AttributeId attribute;
  std::optional<Period> after;
  std::string becomes;
  Location location;
};

// The most that an act lets the services of a situation ask of a person.
struct Standard {
  std::optional<int> visits;     // for one service, and for all that one person is entitled to
  std::optional<int> documents;  // for one service, that the person has to bring
  LegalSource source;
};

// Circumstances in a person's life, and what the state can do then.
struct Situation {
  SituationId id;
  Bilingual name;
  Bilingual description;
  std::vector<EventTypeId> triggers;
  // Roles of the event; "spouse", "child" and "parent" also mean relatives of its subject.
  std::vector<std::string> concerns;
  std::string about;  // "child" or "deceased": a role of every trigger; "person": whom it concerns
  Period lasts;
  std::vector<ServiceId> services;
  std::vector<AttributeId> goals;
  std::vector<AttributeId> renews;  // goals that somebody who holds one from before needs anew
  std::optional<Standard> standard;
  Verification verification = Verification::kFromKnowledge;
  std::vector<std::string> sources;  // ids of addresses
  Location location;
};

}  // namespace kstati::graph
