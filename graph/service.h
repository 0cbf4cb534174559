// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bilingual.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/ids.h"
#include "base/issue.h"
#include "base/latency.h"
#include "base/time.h"

namespace kstati::graph {

// What stands behind a value of law.
enum class Verification { kConfirmed, kComputed, kFromKnowledge };

std::string_view NameOf(Verification verification);

// An article of an act, and how well it is confirmed.
struct LegalSource {
  ActId act;
  std::string article;
  Verification verification = Verification::kFromKnowledge;
  std::vector<std::string> sources;  // ids of addresses
};

// One binary, machine-readable requirement and the refusal ground it answers for.
struct Criterion {
  std::string id;    // unique within the regulation
  std::string rule;  // FEEL, boolean
  Location rule_location;
  Bilingual text;  // the requirement, for a person
  GroundId ground;
  LegalSource source;
};

// A part of the right that no machine evaluates.
struct Condition {
  std::string id;
  Bilingual text;
  GroundId ground;
  std::optional<LegalSource> source;  // when an article is known that states it
};

// One need of a service: any of these documents or facts satisfies it.
struct Input {
  std::vector<AttributeId> any_of;
  Location location;
};

enum class Mode { kOnRequest, kProactiveInform, kProactivePrepare, kProactiveAct };

std::string_view NameOf(Mode mode);

// Whom the decision is about, beside the applicant.
enum class About { kPerson, kChild, kDeceased };

std::string_view NameOf(About about);

enum class TermStart { kFacts, kRequest };

// A lower fee for those who apply through a channel.
struct Discount {
  ParameterId factor;  // what the fee is multiplied by, while the law has it
  std::string channel;
};

// Exactly one of the first three.
struct Fee {
  std::optional<Decimal> amount;  // roubles
  ParameterId parameter;          // when the law's parameter states it
  std::optional<Bilingual> text;  // when it depends on what no attribute holds
  std::vector<Discount> discounts;
};

// How a service is delivered.
enum class ScenarioKind {
  kElectronic,      // from afar, without a visit
  kVisitForResult,  // applied for from afar; originals are checked at the visit for the result
  kAccelerated,     // prepared beforehand, handed in at the shared office
  kTraditional,     // applied for in person
};

std::string_view NameOf(ScenarioKind kind);

// One of several ways of delivery that a regulation leaves to the person.
struct Scenario {
  ScenarioKind kind = ScenarioKind::kTraditional;  // unique within the regulation
  int visits = 0;
  std::vector<std::string> channels;
  std::optional<Term> term;           // no longer than the regulation's; absent: as there
  std::optional<Fee> fee;             // instead of the regulation's
  std::optional<LegalSource> source;  // when an article is known that states it
  Location location;
};

enum class AmountPeriod { kOnce, kMonth, kYear };

std::string_view NameOf(AmountPeriod period);

// What the person gets, as far as the law states it in figures.
struct Benefit {
  std::vector<ParameterId> parameters;
  std::string rule;  // FEEL, this person's amount in roubles; may be empty
  Location rule_location;
  AmountPeriod period = AmountPeriod::kOnce;
  std::optional<Bilingual> text;
};

struct ApplyWithin {
  Period period;
  EventTypeId event;
  LegalSource source;
};

// A flaw that `kstati check` finds and the authors keep, with their reason.
struct AcceptedFinding {
  std::string finding;  // the name of the check
  std::string of;       // the criterion or ground
  std::string why;
};

// What a category of applicants or a region has otherwise. Absent: as everywhere.
struct Changes {
  std::vector<Criterion> criteria;  // instead of those with the same id, or beside the others
  std::vector<Condition> conditions;
  std::vector<Input> inputs;  // beside the others
  std::optional<Term> term;
  std::optional<std::map<Latency, Term>> term_by_latency;
  std::optional<Fee> fee;
  std::optional<Benefit> benefit;
  // `visits` and `channels` of its own mean this one way of delivery instead of any scenarios.
  std::optional<int> visits;
  std::optional<std::vector<std::string>> channels;
  std::optional<std::vector<Scenario>> scenarios;
};

struct Regulation;

// What a regulation is for one category of applicants.
struct Variant {
  std::string id;
  Bilingual name;
  Criterion category;  // who belongs to it; cites no ground
  Changes changes;
  // The regulation with the changes made; without variants of its own.
  std::shared_ptr<const Regulation> regulation;
  Location location;
};

// On what somebody is refused whom no variant covers.
struct Otherwise {
  GroundId ground;
  LegalSource source;
};

// The rules of a service over a stretch of time.
struct Regulation {
  DateInterval in_force;
  Verification verification = Verification::kFromKnowledge;
  std::vector<std::string> sources;
  std::string as_of;
  Mode mode = Mode::kOnRequest;
  std::optional<LegalSource> mode_basis;
  std::vector<EventTypeId> triggers;
  std::vector<Input> inputs;
  std::vector<AttributeId> outputs;
  std::vector<Criterion> criteria;
  std::vector<Condition> conditions;
  // The closed list of refusal grounds: those that criteria and conditions cite, and those that
  // only the authority decides, about which a decision says nothing.
  std::vector<GroundId> grounds;
  std::vector<GroundId> authority_grounds;
  // None: the regulation is the same for everybody. Else exactly one should cover each applicant
  // whom the common criteria let pass.
  std::vector<Variant> variants;
  std::optional<Otherwise> otherwise;
  Term term;  // the longest
  std::map<Latency, Term> term_by_latency;
  TermStart term_from = TermStart::kRequest;
  Fee fee;
  std::optional<Benefit> benefit;
  int visits = 0;                     // with scenarios: the fewest of any
  std::vector<std::string> channels;  // with scenarios: of all of them
  // Ways of delivery, of which the person takes one. None: there is one, by the two above.
  std::vector<Scenario> scenarios;
  // Services that must be done before this one begins, where a chain has them too.
  std::vector<ServiceId> after;
  std::optional<ApplyWithin> apply_within;
  // Applications made before it began are decided by it where it gives the person more; else they
  // stay under the version of their day in any case.
  bool helps_open_cases = true;
  std::vector<AcceptedFinding> accepted;
  std::string region;  // whose; empty: a typical regulation, for all regions
  std::vector<std::string>
      open_to_regions;  // what a region may have otherwise: "term", "criteria.ID"
  Location location;

  // The term when the slowest source that is still to answer is of this class.
  const Term& TermFor(Latency slowest) const;
};

// Every input that somebody must have: the common ones and those of the variants.
std::vector<const Input*> InputsOf(const Regulation& regulation);

// The regulation with the changes made, also for its variants.
Regulation With(const Changes& changes, Regulation regulation);

// A person made up to show what a regulation does; run by `kstati check`.
struct Example {
  std::string name;
  Date on;
  std::string region;
  std::vector<std::pair<AttributeId, std::string>> facts;
  std::string expect;  // "eligible" | "not eligible" | "undetermined" | "likely"
  std::vector<GroundId> grounds;
  Location location;
};

struct Service {
  ServiceId id;
  Bilingual name;
  Bilingual summary;
  std::string authority;
  std::string level;
  // Codes of the regions in which the service exists, ascending; empty: everywhere.
  std::vector<std::string> territory;
  About about = About::kPerson;
  int priority = 0;                     // 0..100
  std::vector<Regulation> regulations;  // by start, not overlapping; for all regions
  std::vector<Regulation> regional;     // by region and start; each within one of `regulations`
  std::vector<Example> examples;
  Location location;

  // The regulation in force on a day in a region (empty: the typical one), or null.
  const Regulation* RegulationOn(Date date, std::string_view region = {}) const;
  // Whether somebody who lives in the region may get it at all.
  bool ServesRegion(std::string_view region) const;
  // Whether some region has its own that day, so that the region must be known.
  bool DependsOnRegion(Date date) const;
};

}  // namespace kstati::graph
