// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/check.h"
#include "graph/course.h"

namespace kstati::graph {

template <class Value>
struct Named {
  Value value;
  std::string_view name;
};

inline constexpr std::array kMatterNames{
    Named{Matter::kFacts, "facts"},       Named{Matter::kApplication, "application"},
    Named{Matter::kVariant, "variant"},   Named{Matter::kRegistration, "registration"},
    Named{Matter::kAnswers, "answers"},   Named{Matter::kInformation, "information"},
    Named{Matter::kFindings, "findings"}, Named{Matter::kResumption, "resumption"},
    Named{Matter::kPlace, "place"},       Named{Matter::kDecision, "decision"},
    Named{Matter::kResult, "result"},
};

inline constexpr std::array kStartNames{
    Named{StartCriterion::kFactsArrived, "facts_arrived"},
    Named{StartCriterion::kFiled, "filed"},
    Named{StartCriterion::kRegistryMayAnswer, "registry_may_answer"},
    Named{StartCriterion::kOnlyPersonKnows, "only_person_knows"},
    Named{StartCriterion::kNoMachineChecks, "no_machine_checks"},
    Named{StartCriterion::kGroundArose, "ground_arose"},
    Named{StartCriterion::kNothingMissing, "nothing_missing"},
    Named{StartCriterion::kNothingAwaited, "nothing_awaited"},
    Named{StartCriterion::kDecided, "decided"},
};

inline constexpr std::array kEndNames{
    Named{EndCriterion::kStartDecided, "start_decided"},
    Named{EndCriterion::kVariantSettled, "variant_settled"},
    Named{EndCriterion::kAcceptanceDecided, "acceptance_decided"},
    Named{EndCriterion::kAllAnswered, "all_answered"},
    Named{EndCriterion::kInformed, "informed"},
    Named{EndCriterion::kAssessed, "assessed"},
    Named{EndCriterion::kGroundEnded, "ground_ended"},
    Named{EndCriterion::kPlaceGiven, "place_given"},
    Named{EndCriterion::kDecided, "decided"},
    Named{EndCriterion::kResultRecorded, "result_recorded"},
};

template <class Table, class Value>
std::string_view NameIn(const Table& table, Value value) {
  for (const auto& entry : table) {
    if (entry.value == value) return entry.name;
  }
  KSTATI_CHECK(false);
  return {};
}

// What every procedure of a kind is like, whatever the service.
struct ProcedureRules {
  ProcedureKind kind;
  std::string_view name;
  std::array<Matter, 2> needs_one_of;  // of what it takes; the same twice where there is no choice
  Matter gives;
  std::array<StartCriterion, 2> starts;  // that it may have
  EndCriterion ends;
  bool waits;  // for somebody outside, so that its time may run out
};

// The rules of all ten kinds. // tidy: table
inline constexpr std::array kProcedureRules{
    ProcedureRules{ProcedureKind::kProactiveStart,
                   "proactive_start",
                   {Matter::kFacts, Matter::kFacts},
                   Matter::kRegistration,
                   {StartCriterion::kFactsArrived, StartCriterion::kFactsArrived},
                   EndCriterion::kStartDecided,
                   false},
    ProcedureRules{ProcedureKind::kProfiling,
                   "profiling",
                   {Matter::kFacts, Matter::kApplication},
                   Matter::kVariant,
                   {StartCriterion::kFactsArrived, StartCriterion::kFiled},
                   EndCriterion::kVariantSettled,
                   false},
    ProcedureRules{ProcedureKind::kAcceptance,
                   "acceptance",
                   {Matter::kApplication, Matter::kApplication},
                   Matter::kRegistration,
                   {StartCriterion::kFiled, StartCriterion::kFiled},
                   EndCriterion::kAcceptanceDecided,
                   false},
    ProcedureRules{ProcedureKind::kExchange,
                   "exchange",
                   {Matter::kRegistration, Matter::kRegistration},
                   Matter::kAnswers,
                   {StartCriterion::kRegistryMayAnswer, StartCriterion::kRegistryMayAnswer},
                   EndCriterion::kAllAnswered,
                   true},
    ProcedureRules{ProcedureKind::kAdditionalInformation,
                   "additional_information",
                   {Matter::kRegistration, Matter::kRegistration},
                   Matter::kInformation,
                   {StartCriterion::kOnlyPersonKnows, StartCriterion::kOnlyPersonKnows},
                   EndCriterion::kInformed,
                   true},
    ProcedureRules{ProcedureKind::kAssessment,
                   "assessment",
                   {Matter::kRegistration, Matter::kRegistration},
                   Matter::kFindings,
                   {StartCriterion::kNoMachineChecks, StartCriterion::kNothingMissing},
                   EndCriterion::kAssessed,
                   false},
    ProcedureRules{ProcedureKind::kSuspension,
                   "suspension",
                   {Matter::kRegistration, Matter::kRegistration},
                   Matter::kResumption,
                   {StartCriterion::kGroundArose, StartCriterion::kGroundArose},
                   EndCriterion::kGroundEnded,
                   true},
    ProcedureRules{ProcedureKind::kDistribution,
                   "distribution",
                   {Matter::kRegistration, Matter::kRegistration},
                   Matter::kPlace,
                   {StartCriterion::kNothingMissing, StartCriterion::kNothingMissing},
                   EndCriterion::kPlaceGiven,
                   false},
    ProcedureRules{ProcedureKind::kDecision,
                   "decision",
                   {Matter::kRegistration, Matter::kRegistration},
                   Matter::kDecision,
                   {StartCriterion::kNothingAwaited, StartCriterion::kNothingAwaited},
                   EndCriterion::kDecided,
                   false},
    ProcedureRules{ProcedureKind::kResult,
                   "result",
                   {Matter::kDecision, Matter::kDecision},
                   Matter::kResult,
                   {StartCriterion::kDecided, StartCriterion::kDecided},
                   EndCriterion::kResultRecorded,
                   false},
};

inline const ProcedureRules& RulesOf(ProcedureKind kind) {
  for (const ProcedureRules& rules : kProcedureRules) {
    if (rules.kind == kind) return rules;
  }
  KSTATI_CHECK(false);
  return kProcedureRules.front();
}

}  // namespace kstati::graph
