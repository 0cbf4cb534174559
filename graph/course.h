// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bilingual.h"
#include "base/calendar.h"
#include "base/issue.h"

namespace kstati::graph {

// The ten kinds of procedures that a service is made of.
enum class ProcedureKind {
  kProactiveStart,         // whether the state begins by itself
  kProfiling,              // which variant of the service is the applicant's
  kAcceptance,             // of an application
  kExchange,               // between authorities: asking registries for what is missing
  kAdditionalInformation,  // asking the applicant for what nobody else knows
  kAssessment,             // of the applicant or an object, by a person
  kSuspension,             // while something outside has to happen first
  kDistribution,           // of a resource that is limited
  kDecision,
  kResult,
};

// What passes between procedures. The first two come from outside.
enum class Matter {
  kFacts,        // that reached the state
  kApplication,  // of a person
  kVariant,
  kRegistration,  // the application, or the state's own start, on record
  kAnswers,       // of other authorities
  kInformation,   // of the applicant
  kFindings,      // of an assessment
  kResumption,    // of what was suspended
  kPlace,         // in a distribution
  kDecision,
  kResult,
};

enum class StartCriterion {
  kFactsArrived,       // everything the right is founded on reached the state
  kFiled,              // an application came
  kRegistryMayAnswer,  // a fact is missing that a registry keeps
  kOnlyPersonKnows,    // a fact is missing that nobody but the applicant can tell
  kNoMachineChecks,    // a condition stands that no machine evaluates
  kGroundArose,        // something outside has to happen first
  kNothingMissing,
  kNothingAwaited,  // no procedure before it is under way
  kDecided,
};

enum class EndCriterion {
  kStartDecided,
  kVariantSettled,
  kAcceptanceDecided,
  kAllAnswered,
  kInformed,
  kAssessed,
  kGroundEnded,
  kPlaceGiven,
  kDecided,
  kResultRecorded,
};

// Who carries a procedure out. What a machine cannot do on confirmed facts goes to an official all
// the same.
enum class Performer { kMachine, kOfficial };

// What happens when the norm of a procedure that waits has passed.
enum class TimeOut { kNone, kRefer, kResume };

std::string_view NameOf(ProcedureKind kind);        // "additional_information"
std::string_view NameOf(Matter matter);             // "registration"
std::string_view NameOf(StartCriterion criterion);  // "facts_arrived"
std::string_view NameOf(EndCriterion criterion);    // "all_answered"

// One procedure in the course of a service.
struct Procedure {
  ProcedureKind kind = ProcedureKind::kDecision;
  std::vector<Matter> takes;
  Matter gives = Matter::kDecision;
  StartCriterion starts = StartCriterion::kNothingAwaited;
  EndCriterion ends = EndCriterion::kDecided;
  Term norm;  // the longest that it may take
  Performer by = Performer::kMachine;
  TimeOut on_time_out = TimeOut::kNone;  // kNone for what does not wait
  Location location;
};

// Whether it happens only to some applications: its start criterion may never come true.
bool IsConditional(const Procedure& procedure);

// What a new version of a regulation does to applications under way.
enum class NewVersion {
  kPinned,           // nothing
  kBetterForPerson,  // it is applied when it gives the person more, else the old one stays
};

// The procedures of a service in their order. One that several services share is typical.
struct Course {
  std::string id;  // empty: a regulation's own
  Bilingual name;
  std::vector<Procedure> procedures;
  NewVersion new_version = NewVersion::kBetterForPerson;
  Term pre_check_holds;      // how long the answer of a pre-check binds while the facts hold
  bool irrevocable = false;  // whoever got the result cannot give it back
  // Whether it is the course of regulations of these modes that name none.
  bool default_on_request = false;
  bool default_proactive = false;
  Location location;

  const Procedure* Find(ProcedureKind kind) const;  // null when there is none
  bool Has(ProcedureKind kind) const { return Find(kind) != nullptr; }
};

}  // namespace kstati::graph
