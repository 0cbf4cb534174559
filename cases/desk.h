// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "cases/case.h"
#include "cases/chain_obstacles.h"
#include "cases/chain_options.h"
#include "cases/chain_repair.h"
#include "cases/data_needs.h"
#include "cases/decided_chain.h"
#include "cases/delivery_record.h"
#include "cases/notification.h"
#include "cases/pipeline.h"
#include "eligibility/counterfactual.h"
#include "eligibility/questions/questionnaire.h"
#include "graph/chain.h"
#include "graph/chain_front.h"
#include "profile/consent.h"
#include "profile/proxy.h"
#include "recommender/inference/infer.h"
#include "recommender/serving_ranker.h"
#include "recommender/suggest.h"

namespace kstati::cases {

// What a revocation does, or would do.
struct Revoked {
  profile::Consent consent;
  std::vector<Case> stopped;
  std::vector<ServiceId> no_longer_start;  // by themselves, on a consent; by id
  std::optional<Date> erasure_due;         // of what the stopped cases hold
};

struct ConsentRequest;
struct ErasureDuty;
struct LifeQuestion;
struct PreCheck;
struct WholeErasure;

struct SequencedNotification {
  uint64_t sequence = 0;
  Notification notification;
  std::optional<DeliveryRecord> delivery;  // absent: nobody tried to send it
};

// How long the front of one person may be searched for: it is asked for on demand.
inline constexpr std::chrono::milliseconds kFrontDeadline{500};

// The instants a read looks at; absent: today as known now.
using LookAt = std::optional<profile::AsOf>;

// What citizens and portals ask for, on domain values: the doors (Thrift, command line) translate.
// Every method reads the world's clock once. Safe from any thread.
class Desk {
 public:
  // How suggestions are tried out; see recommender::SuggestRequest.
  struct Trials {
    size_t exploration_places = 0;
    const recommender::Ranker* shadow = nullptr;
    // Estimates of what nobody announced, for the order and for a question to the person; null:
    // there are none.
    const recommender::inference::InferenceModel* inference = nullptr;
  };

  // `world`, `ranker` and what trials name outlive the desk.
  Desk(const World& world, const recommender::ServingRanker& ranker, const Trials& trials)
      : world_(world), ranker_(ranker), trials_(trials) {}
  Desk(const World& world, const recommender::ServingRanker& ranker) : Desk(world, ranker, {}) {}

  // Each of these is kNotFound when the citizen has no profile, or the service or situation does
  // not exist.
  // `read`, when given, receives everyone whose data the answer rests on.
  Result<recommender::Suggestions> Suggest(CitizenId citizen, size_t limit,
                                           std::vector<CitizenId>* read = nullptr,
                                           const LookAt& as_of = {}) const;
  // `about`: the child or the deceased; the citizen's only eligible choice when zero.
  Result<eligibility::Decision> Explain(CitizenId citizen, const ServiceId& service,
                                        CitizenId about, const LookAt& as_of = {},
                                        std::vector<CitizenId>* read = nullptr) const;
  // What would turn that decision into a "yes" when it is a "no".
  Result<eligibility::Counterfactuals> WhatWouldChange(CitizenId citizen, const ServiceId& service,
                                                       CitizenId about,
                                                       const LookAt& as_of = {}) const;
  // The same decision as a certificate that names nobody.
  Result<std::string> Certify(CitizenId citizen, const ServiceId& service, CitizenId about,
                              const LookAt& as_of = {},
                              std::vector<CitizenId>* read = nullptr) const;
  // What to ask next about the services, or those of the situation, or all of the catalogue when
  // neither is given; see NextQuestionOf. `about` as in Explain; services about somebody in another
  // role than theirs are left out unless they are named.
  struct Questionnaire {
    std::vector<ServiceId> services;
    SituationId situation;
    CitizenId about;
    std::vector<eligibility::questions::Answer> answers;
  };
  Result<eligibility::questions::NextQuestion> Ask(CitizenId citizen,
                                                   const Questionnaire& questionnaire,
                                                   const LookAt& as_of = {},
                                                   std::vector<CitizenId>* read = nullptr) const;
  struct PersonalChain : DecidedChain {
    CitizenId about;
    std::vector<UnreachedGoal> unreached;  // by goal that the chain does not reach
  };
  // `channels`, here and in the three below: through which the person can apply; empty: all.
  Result<PersonalChain> Chain(CitizenId citizen, const SituationId& situation, CitizenId about,
                              const LookAt& as_of = {}, std::vector<CitizenId>* read = nullptr,
                              const std::set<std::string>& channels = {}) const;
  // The ways of FindWays.
  struct PersonalWays {
    CitizenId about;
    std::vector<ChainWay> ways;
  };
  Result<PersonalWays> ChainOptions(CitizenId citizen, const SituationId& situation,
                                    CitizenId about, const LookAt& as_of = {},
                                    std::vector<CitizenId>* read = nullptr,
                                    const std::set<std::string>& channels = {}) const;
  // The front of cost against time from the viewpoint of `about` alone: what else a situation about
  // the person is about has fronts of its own. It may take up to kFrontDeadline.
  struct PersonalFront {
    CitizenId about;
    graph::ChainFront front;
  };
  Result<PersonalFront> ChainFront(CitizenId citizen, const SituationId& situation, CitizenId about,
                                   const LookAt& as_of = {}, std::vector<CitizenId>* read = nullptr,
                                   const std::set<std::string>& channels = {}) const;
  // The chain that Chain told at a moment, as it goes on now: with as few services as can be that
  // were not in it. kInvalidArgument when that moment has not come.
  struct RepairedChain {
    PersonalChain chain;
    std::vector<ChainChange> changes;
  };
  Result<RepairedChain> RepairChain(CitizenId citizen, const SituationId& situation,
                                    CitizenId about, Instant told_at,
                                    std::vector<CitizenId>* read = nullptr,
                                    const std::set<std::string>& channels = {}) const;
  Result<std::vector<recommender::OpenSituation>> Situations(CitizenId citizen,
                                                             const LookAt& as_of = {}) const;
  // Without `known_at`: with everything that is recorded.
  Result<profile::FactView> Profile(CitizenId citizen, Date valid_at,
                                    std::optional<Instant> known_at = {}) const;

  Result<profile::Consent> Grant(const profile::ConsentGrant& grant) const;
  // Every consent the citizen ever gave, with all its versions.
  Result<std::vector<profile::Consent>> Consents(CitizenId citizen) const;
  // As cases/consenting.h says of each.
  Result<profile::Consent> Narrow(const ConsentRequest& request, const profile::ConsentScope& scope,
                                  std::optional<Date> last_day) const;
  Result<profile::Consent> Renew(const ConsentRequest& request, std::optional<Date> last_day) const;
  // At once: open proactive cases that rest on the consent and are not yet handed over stop in the
  // same write. Revoking twice changes nothing.
  Result<Revoked> Revoke(const ConsentRequest& request, const std::string& reason) const;
  // What Revoke would do now, by the same code; changes nothing.
  Result<Revoked> PreviewRevocation(const ConsentRequest& request) const;
  // The consent as a document for whoever gave it: docs/reference/consent-receipt.md.
  Result<std::string> ConsentReceipt(CitizenId citizen, const ConsentId& consent,
                                     Language language) const;
  // What revocations left to be erased, and what was.
  Result<std::vector<ErasureDuty>> ErasureDuties(CitizenId citizen) const;
  // Erases what is due; see PerformErasure.
  Result<ErasureDuty> Erase(CitizenId citizen, const ConsentId& consent) const;
  // What EraseAll would take away now; changes nothing.
  Result<WholeErasure> PreviewErasingAll(CitizenId citizen) const;
  // Destroys the citizen's key: facts, cases, consents and texts are gone, here and in backups. The
  // ledger and what other people's records say of the citizen stay. kDenied while an authority
  // works at a case.
  Result<WholeErasure> EraseAll(CitizenId citizen) const;
  // The least that a consent to the chain of this situation has to cover. `about` as in Chain. What
  // was applied for runs on what was agreed to then.
  Result<LeastScopes> LeastScopesFor(CitizenId citizen, const SituationId& situation,
                                     CitizenId about, std::vector<CitizenId>* read = nullptr) const;

  Result<profile::Proxy> Appoint(const profile::ProxyGrant& grant) const;
  Result<std::vector<profile::Proxy>> Proxies(CitizenId citizen) const;
  Result<profile::Proxy> RevokeProxy(CitizenId citizen, const profile::ProxyId& proxy) const;

  // Cases are records of ours: of `as_of` only the moment of knowing counts.
  Result<std::vector<Case>> Cases(CitizenId citizen, const LookAt& as_of = {}) const;
  Result<Case> FindCase(CitizenId citizen, const CaseId& id) const;
  // Confirms an offer, or applies for a service without one. A definite "no" is kDenied with the
  // grounds.
  Result<Case> Apply(CitizenId citizen, const ServiceId& service, CitizenId about,
                     std::vector<CitizenId>* read = nullptr) const;
  // Whether everything suffices for the service; see cases/pre_check.h. `about` as in Explain.
  Result<PreCheck> CheckAhead(CitizenId citizen, const ServiceId& service, CitizenId about,
                              std::vector<CitizenId>* read = nullptr) const;
  Result<Case> Decline(CitizenId citizen, const CaseId& id) const;
  Result<std::vector<SequencedNotification>> Notifications(CitizenId citizen) const;
  // The next step of a started case: hands it to the authority, or stops it when the consent that
  // started it has run out.
  Result<Case> HandOver(CitizenId citizen, const CaseId& id) const;
  // What is asked of the person today, if anything, and what the person answers; see
  // cases/life_question.h.
  Result<std::optional<LifeQuestion>> AskAboutLife(CitizenId citizen) const;
  Result<LifeQuestion> AnswerAboutLife(CitizenId citizen, bool changed) const;
  // A service that is declined is not suggested about the same person for
  // recommender::kTurnedDownDays, from the very next request on; about whomever when `about` is 0.
  Result<void> Feedback(CitizenId citizen, const std::string& exposure, const ServiceId& service,
                        const std::string& reaction, CitizenId about = {}) const;

 private:
  const World& world_;
  const recommender::ServingRanker& ranker_;
  const Trials trials_;
};

}  // namespace kstati::cases
