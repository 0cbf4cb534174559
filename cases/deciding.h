// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "base/result.h"
#include "cases/decided_chain.h"
#include "cases/draft.h"
#include "graph/course.h"
#include "profile/registry_event.h"

namespace kstati::cases {

// What an examination that a course always has is called among the findings.
inline constexpr const char* kExamination = "examination";

// The attribute under which a registry or a person would report what a rule names: a child's
// citizenship is somebody's person.citizenship_rf. Null for what no attribute holds.
const profile::Attribute* ReportedAs(const profile::Dictionary& dictionary, const AttributeId& id);

// Of an applicant and whomever the service is about, the one in the attribute's role.
CitizenId HolderOf(const profile::Dictionary& dictionary, const AttributeId& id,
                   CitizenId applicant, CitizenId about);

// Whether the record (null: there is none) says that it is so: a value, and no "no".
bool IsYes(const profile::Fact* fact);

// The events that reported the facts of an explained decision.
std::set<profile::EventKey> EventsBehind(const eligibility::Decision& decision);

// What is missing that nobody but the applicant can tell, as registries would report it.
std::set<eligibility::Missing> OnlyPersonKnows(const eligibility::Decision& decision,
                                               const profile::Dictionary& dictionary);

// Whether each of the facts is recorded of the applicant, or of whomever the case is about.
Result<bool> AreOnRecord(Draft& draft, const Case& c, const std::set<AttributeId>& attributes);

// Of the applicant and whom the case is about those whose fact the case lacks and was not told.
Result<std::set<CitizenId>> WhoLacks(Draft& draft, Case& c, const AttributeId& attribute);

// Greater is better for the person.
int FavourOf(eligibility::Verdict verdict);
// Whether the first decision gives the person more than the other.
bool GivesMore(const eligibility::Decision& one, const eligibility::Decision& other);

// From where a case is decided: with whomever it is about, and the day of the life event behind it.
Result<Viewpoint> ViewpointOfCase(Draft& draft, const Case& c);

// The explained decision on a case by what the draft knows, as of the day on which the person (or
// the state for the person) applied: a delay of the state's own takes nobody's right. So is the
// version of the regulation, but for a later one that gives the person more and is meant for open
// cases, where the course does not pin the version, and for a pre-check that binds: the case runs
// under that from then on. The verdict, what
// it rests on and the version are noted in the case, which is not kept yet. kNotFound when the
// catalogue no longer has the service.
Result<eligibility::Decision> DecideAgain(Draft& draft, Case& c);

// Whether the course lets the rules give a "yes" with nobody looking at it: a machine decides,
// nothing is always assessed, and nothing limited is given out. Not without a course.
bool GrantsByItself(const graph::Course* course);

// Whether a "yes" is the rules' to give: on confirmed facts, by the course of the service, with
// nothing left to assess and a consent that still allows it.
Result<bool> RulesMayGrant(Draft& draft, Case& c, const eligibility::Decision& decision);

// Whether the norm of what the case waits for has passed.
enum class Wait { kGoesOn, kIsOver };

// Takes a case that was handed over as far as the rules can: asks the person for what only the
// person knows, waits for registries, hands to an official what needs one, or decides. A "yes" is
// given on reported facts, a "no" only with AdverseLeave; everything else is an official's, and so
// is every case whose consent does not allow another step. Keeps the case. kConflict when it is in
// a status in which nothing of this is to be done, or waits for something else.
Result<void> Proceed(Draft& draft, Case& c, Wait wait = Wait::kGoesOn);

// Goes on with cases that waited for what the event reports.
Result<void> ProceedAfter(Draft& draft, const profile::RegistryEvent& event);

// The next step of a case that was handed over, or of one whose wait is over.
Result<Case> DecideCase(Draft& draft, CitizenId citizen, const CaseId& id, Wait wait);
Result<Case> DecideCase(const World& world, CitizenId citizen, const CaseId& id, Wait wait);

}  // namespace kstati::cases
