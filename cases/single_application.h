// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/data_needs.h"
#include "cases/draft.h"
#include "graph/chain.h"
#include "profile/consent.h"

namespace kstati::cases {

// One application for all that a life situation takes. What is missing is asked once, the person
// confirms once, and consents once to what starts by itself later: steps that rest on what earlier
// ones give start in the commit that records it.

// A service of the application.
struct ApplicationStep {
  ServiceId service;
  CitizenId about;
  std::set<AttributeId> awaits;      // what earlier steps give it; all of it has to be on record
  std::vector<graph::Ahead> behind;  // what has to have begun, or to be finished, before
  CaseId case_id;                    // empty: there is none yet
  // Why it did not start when its turn had come; absent: it waits, or has started.
  std::optional<TriggerDecision> not_started = {};
};

// An application that was confirmed; kept with the citizen.
struct SingleApplication {
  std::string id;  // "A-000000000017-0001"
  CitizenId citizen;
  CitizenId about;
  SituationId situation;
  Instant made_at;
  std::string offer;                      // which one was confirmed
  CitizenId confirmed_by;                 // the citizen, or a representative
  ConsentId consent;                      // that steps start on later; empty: none has to
  std::map<AskedFact, std::string> told;  // by the person, while steps wait; confirmed by nobody
  std::vector<ApplicationStep> steps;     // in an order in which they can begin
};

std::string Encode(const SingleApplication& application);
Result<SingleApplication> DecodeSingleApplication(std::string_view bytes);

struct OfferedStep {
  ApplicationStep step;
  bool starts = false;  // with the confirmation
  eligibility::Verdict verdict = eligibility::Verdict::kEligible;
  int64_t fee = 0;  // kopecks; none where the step is under way
  bool fee_known = true;
  int visits = 0;
};

// What the person is shown before confirming.
struct ApplicationOffer {
  std::string id;  // names it: the moment, and a digest of all below
  CitizenId citizen;
  CitizenId about;
  SituationId situation;
  std::vector<OfferedStep> steps;
  std::map<AskedFact, std::set<ServiceId>> asks;                  // each once, with who needs it
  std::map<AttributeId, std::set<ServiceId>> to_bring;            // the same of documents
  std::map<profile::CategoryId, std::set<ServiceId>> categories;  // the least for what waits
  std::map<profile::AuthorityId, std::set<ServiceId>> recipients;
  std::optional<Date> consent_until;  // absent: no consent is needed, or none can be named
  std::vector<AttributeId> unreached;

  int64_t fee() const;
  bool fee_known() const;
  int visits() const;
};

// `about`: whom the situation is about; chosen when it is zero. `shown_at`: the moment that it
// names, and from which the consent is counted. kNotFound when there is no such situation.
Result<ApplicationOffer> OfferApplication(Draft& draft, CitizenId citizen,
                                          const SituationId& situation, CitizenId about,
                                          Instant shown_at);

// The same as Desk's methods have it.
Result<ApplicationOffer> OfferApplication(const World& world, CitizenId citizen,
                                          const SituationId& situation, CitizenId about,
                                          std::vector<CitizenId>* read = nullptr);

struct Confirmation {
  CitizenId citizen;
  SituationId situation;
  CitizenId about;
  std::string offer;
  // One for each ask; absent value: the person does not know.
  std::map<AskedFact, std::optional<std::string>> answers;
  profile::ConsentEvidence evidence;
  CitizenId by = {};  // who confirms; 0: the citizen
};

// Everything in one commit. Confirming an offer again changes nothing. kConflict when what would
// be offered now is something else, or nothing is left to start; kInvalidArgument for an ask
// without an answer, and for an answer that was not asked or is of another type. Who confirms has
// to be one whom RequireSpeaker lets speak about all that is started, now or later (ScopeOfSteps):
// kDenied otherwise. What starts later by itself then lasts no longer than they may speak.
Result<SingleApplication> ConfirmApplication(const World& world, const Confirmation& confirmation);

// All of a citizen, oldest first.
Result<std::vector<SingleApplication>> ApplicationsOf(Draft& draft, CitizenId citizen);

// What the person said in applications whose later steps were to start on this consent: with its
// revocation nothing needs it any more. Cases that have started keep what they rest on.
Result<void> ForgetAnswers(Draft& draft, CitizenId citizen, const ConsentId& consent);

// Categories of what is not on record yet when the person consents: what earlier steps give, and
// what registries are still to answer.
Categories StillToCome(const ApplicationStep& step, const eligibility::Decision& decision,
                       const profile::Dictionary& dictionary);

// All that the application's steps take: the data they use or will use, and who gets them.
Result<profile::ConsentScope> ScopeOfSteps(Draft& draft, const SingleApplication& application);

// What the person said that the decision asks for.
std::map<AskedFact, std::string> ToldFor(const eligibility::Decision& decision,
                                         const std::map<AskedFact, std::string>& told,
                                         const profile::Dictionary& dictionary);

// What the rules come to today on a step that has no case, when what the person told is so.
// Undetermined where nothing can be worked out, and about whoever is no longer in the citizen's
// household or an open situation: the verdict would tell their facts.
Result<eligibility::Verdict> VerdictOfStep(Draft& draft, const SingleApplication& application,
                                           const ApplicationStep& step);

// Takes the steps of the offer over and starts those that start with the confirmation; what is
// given once and another of the household has under way waits.
Result<void> StartSteps(Draft& draft, const std::vector<OfferedStep>& offered,
                        SingleApplication& application);

// Whom the service `ahead` is about that a step stands behind, each of them: whomever the step is
// about, where the application has it about them or nobody; else the applicant for those about
// others, and all for the applicant's.
std::set<CitizenId> AboutAhead(const std::vector<ApplicationStep>& steps,
                               const ApplicationStep& step, const ServiceId& ahead,
                               CitizenId applicant);

// Services of the steps that were to start on the consent.
Result<std::set<ServiceId>> WaitingOn(Draft& draft, CitizenId citizen, const ConsentId& consent);

// What of the citizen's applications for a situation waits for its turn.
Result<std::set<recommender::ServiceAbout>> WaitingIn(Draft& draft, CitizenId citizen,
                                                      const SituationId& situation);

// Goes on with applications of the people around an event: steps for which everything is on record
// now start by themselves: on a consent that was given with the application or after it, to what is
// a "yes", certain or likely, by the records and what the person told, that nobody of the household
// has, that the law gives beside the rest, and that the person did not turn down meanwhile. A step
// whose turn has come and that does not start keeps the reason, and the situation's trigger
// decisions tell it once.
Result<void> FollowApplications(Draft& draft, const profile::RegistryEvent& event);
// The same with those of one citizen, after something else has changed than facts.
Result<void> FollowApplications(Draft& draft, CitizenId citizen);

inline constexpr std::string_view kApplicationRecord = "application";

}  // namespace kstati::cases
