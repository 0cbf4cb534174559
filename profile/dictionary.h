// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bilingual.h"
#include "base/ids.h"
#include "base/issue.h"
#include "base/latency.h"
#include "base/time.h"
#include "profile/fact.h"
#include "profile/value.h"

namespace kstati::profile {

// A dense number of an attribute within one loaded dictionary; never stored.
using AttributeIndex = uint32_t;

// Whether the registry knows of every case: then no record means "no".
enum class Completeness { kOpen, kComplete };

// Which way a person can change a number or a day.
enum class Direction { kBoth, kUp, kDown };

// A code of a closed list. A fact keeps the code that it was reported with, so the code must hold
// on the day from which the fact is valid, and may stand on record after it has ended.
struct Code {
  std::string code;
  std::optional<Date> from;   // the first day; absent: it always held
  std::optional<Date> until;  // the last day; absent: it still holds
  std::string successor;      // what replaces it after `until`; may be empty

  bool HoldsOn(Date day) const { return (!from || *from <= day) && (!until || day <= *until); }
  bool operator==(const Code&) const = default;
};

// One entry of the attribute dictionary. Exactly one of four origins:
// reported (`registry` set), derived (`derive` set), the outcome of a decision model (`model` set),
// or the same fact in another role (`same_as` set).
struct Attribute {
  AttributeId id;
  AttributeIndex index = 0;
  std::string role;  // the part of the id before the first dot
  ValueType type = ValueType::kText;
  Bilingual name;
  RegistryId registry;
  std::vector<RegistryId> also;  // other registries that may report it
  std::string derive;            // FEEL
  Location derive_location;
  std::string model;     // the path of a decision model's file
  std::string decision;  // the name of one of its decisions
  Location decision_location;
  AttributeId same_as;
  std::string category;  // data category a consent names
  Completeness completeness = Completeness::kOpen;
  bool askable = false;
  bool changed_by_person = false;          // `changes: by_person`: the person can bring it about
  Direction direction = Direction::kBoth;  // `only: up | down`
  bool held_by_about = false;              // `holder: about` in the file
  std::string unit;
  std::vector<Code> codes;  // closed list, for kCode
  std::string verification;
  Location location;

  bool is_reported() const { return !registry.empty(); }
  bool MayReport(const RegistryId& source) const;
  // Whose profile holds the fact: "child", "deceased", "about" (whoever the service is about: a
  // child's birth record), else "person" (the applicant).
  std::string_view holder() const;
  // Null when the list does not have it, on whatever day.
  const Code* FindCode(std::string_view code) const;
  std::vector<std::string> AllCodes() const;
  // Those that hold on the day, for a new fact.
  std::vector<std::string> CodesOn(Date day) const;
  // Those that may be on record on the day: they hold or have held.
  std::vector<std::string> CodesUntil(Date day) const;
  // What is wrong with a code for a fact that is valid from `day` on: "the code holds only until
  // 2025-12-31". Never names the code. Empty when nothing is.
  std::string WhyNotOn(std::string_view code, Date day) const;
};

struct Registry {
  RegistryId id;
  Bilingual name;
  Bilingual owner;
  Latency latency = Latency::kInteragency;  // how soon it answers
  // Which ties between people it may report. Rights to act for others rest on them.
  std::vector<RelationKind> relations;

  bool MayReport(RelationKind kind) const;
};

// A kind of data about people, as consents and legal bases name it.
struct Category {
  std::string id;  // "health"
  Bilingual name;
};

// The attribute dictionary: what may be known of a citizen, and who may say so.
// Immutable after loading; safe to share between threads.
class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(std::vector<Attribute> attributes, std::vector<Registry> registries,
             std::vector<Category> categories = {});

  const Attribute* Find(const AttributeId& id) const;  // null when unknown
  const Attribute& at(AttributeIndex index) const { return attributes_[index]; }
  std::span<const Attribute> attributes() const { return attributes_; }
  const Registry* FindRegistry(const RegistryId& id) const;
  std::span<const Registry> registries() const { return registries_; }
  // Those that may report such a tie, as the file lists them.
  std::vector<RegistryId> ReportersOf(RelationKind kind) const;
  const Category* FindCategory(std::string_view id) const;              // null when unknown
  std::span<const Category> categories() const { return categories_; }  // as the file lists them
  // The known id closest to a misspelt one, for hints; empty when nothing is near.
  std::string NearestAttribute(std::string_view id) const;

 private:
  std::vector<Attribute> attributes_;
  std::vector<Registry> registries_;
  std::vector<Category> categories_;
  std::unordered_map<std::string, AttributeIndex> index_of_;
};

// Reads `registries.yaml`, `categories.yaml` (without the file any category will do) and
// `attributes/*.yaml` of a catalogue folder. Every problem is appended
// to `issues` with its place; the dictionary holds what could be read.
Dictionary LoadDictionary(const std::string& folder, std::vector<Issue>& issues);

}  // namespace kstati::profile
