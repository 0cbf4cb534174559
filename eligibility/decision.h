// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/ids.h"
#include "base/latency.h"
#include "base/time.h"
#include "graph/parameter.h"
#include "graph/service.h"
#include "profile/fact.h"

namespace kstati::eligibility {

enum class Verdict {
  kEligible,      // every criterion holds
  kNotEligible,   // at least one fails; `grounds` holds all of them
  kUndetermined,  // none fails, but facts are missing
  kLikely,        // every criterion holds, conditions remain that no machine evaluates
};

std::string_view NameOf(Verdict verdict);  // "eligible", "not eligible", "undetermined", "likely"

enum class Truth { kHolds, kFails, kUnknown };

// A fact or a value of law whose absence left something open. Beside attributes of the dictionary
// also what rules name otherwise: "event.date", "children", "relation.parent_of_child".
struct Missing {
  AttributeId attribute;  // empty when a parameter has no value that day
  ParameterId parameter;
  CitizenId citizen;  // whose fact it is; 0: nobody is known in that role, or a parameter
  auto operator<=>(const Missing&) const = default;
};

// A fact that a criterion read, and in whose profile it stands.
struct UsedFact {
  CitizenId citizen;
  profile::Fact fact;
  bool assumed_absent = false;  // no record in a complete registry: `fact.value` is the "no"
};

// A value of law that a criterion read.
struct UsedParameter {
  ParameterId parameter;
  const graph::ParameterValue* value = nullptr;  // into the catalogue
};

// A relative whose fact is shown under the name that the applicant's own would have.
enum class Kin { kNone, kChild, kParent, kSpouse };

// Something a criterion's own words name, with its value: a fact, a derived attribute, a relation,
// or a fact of a relative in a list.
struct Reading {
  AttributeId attribute;  // as the rule names it; a relative's by its person.* id
  Kin kin = Kin::kNone;
  profile::FactValue value;
  RegistryId registry;              // that reported the latest fact behind it; empty: none did
  std::optional<Instant> known_at;  // when; absent together with the facts
  bool assumed_absent = false;      // no record in the complete registry `registry`
};

// A rule of a decision model's table that matched.
struct MatchedRule {
  std::string decision;  // whose table it is, as the model names it
  uint32_t rule = 0;     // counted from 1
  bool operator==(const MatchedRule&) const = default;
};

struct CriterionOutcome {
  const graph::Criterion* criterion = nullptr;  // into the catalogue
  Truth truth = Truth::kUnknown;
  std::vector<UsedFact> facts;    // also those behind derived attributes
  std::vector<Reading> readings;  // only known values, in the order met
  std::vector<UsedParameter> parameters;
  std::vector<MatchedRule> matched;  // of the decision models behind it; each once
  std::vector<Missing> missing;      // only when kUnknown
  bool by_completion = false;        // known whatever its missing facts turn out to be
};

// What the law gives one person, on one day, as far as was known at one instant. A plain value.
struct Decision {
  ServiceId service;
  CitizenId applicant;
  CitizenId about;  // the applicant when about nobody else
  profile::AsOf as_of;
  Verdict verdict = Verdict::kUndetermined;
  const graph::Service* described = nullptr;    // into the catalogue
  const graph::Regulation* in_force = nullptr;  // null: none that day, so not eligible
  // As it applies to this person: `in_force`, or what it is for the person's category.
  const graph::Regulation* regulation = nullptr;
  const graph::Variant* variant = nullptr;   // null: there are none, or the category is not settled
  std::vector<CriterionOutcome> criteria;    // in the regulation's order; only with explanation
  std::vector<CriterionOutcome> categories;  // of in_force's variants; only with explanation
  // Roubles, by the rule of the benefit; only with explanation and when eligible or likely.
  std::optional<Decimal> amount;
  std::vector<AttributeId> recorded;  // inputs that are on record; only with explanation
  // The applicant's; empty: not known. Only with explanation and when undetermined.
  std::string region;
  // The slowest source that is still to answer: for facts that are missing and for inputs that are
  // not recorded. Settles the term; counted with explanation or when the term depends on it.
  Latency slowest = Latency::kAtHand;
  std::vector<GroundId> grounds;  // all, ordered, each once
  // What could still change the outcome: ordered, each once. Only when undetermined.
  std::vector<Missing> missing;
  // The facts that are missing although the verdict is known: whatever they turn out to be, it
  // stays, and so do the grounds. Ordered, each once.
  std::vector<Missing> completed;
  bool rests_on_unconfirmed = false;  // some criterion or parameter is not confirmed
  std::optional<Instant> founded_at;  // the latest known_at among the facts needed

  // Requires `regulation`.
  const Term& term() const { return regulation->TermFor(slowest); }
};

// Visits each fact that a decision rests on; one may come several times.
template <class Visit>
void ForEachUsedFact(const Decision& decision, const Visit& visit) {
  for (const auto* outcomes : {&decision.criteria, &decision.categories}) {
    for (const CriterionOutcome& outcome : *outcomes) {
      for (const UsedFact& used : outcome.facts) visit(used);
    }
  }
}

}  // namespace kstati::eligibility
