// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/messages.h"
#include "base/metrics.h"
#include "cases/desk.h"
#include "cases/inquiries.h"
#include "cases/official_index.h"
#include "kstati_rpc/Kstati.h"
#include "profile/access_log.h"
#include "profile/ledger/signing_key.h"
#include "recommender/serving_ranker.h"
#include "thrift/server/access.h"
#include "thrift/server/purposes.h"
#include "thrift/server/refusals.h"
#include "thrift/server/suggestion_cache.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

// What a handler answers from. All parts outlive it.
struct HandlerParts {
  const cases::World& world;
  const cases::Desk& desk;
  const recommender::ServingRanker& ranker;
  const Messages& messages;
  const AccessList& access;
  kstati::profile::AccessLog& uses;
  const kstati::profile::ledger::PublicKey& ledger_key;
  std::string program_version;
  kstati::cases::Inquiries* inquiries = nullptr;  // none: nobody is asked for facts
  std::chrono::milliseconds wait_for_sources{0};  // where a call does not say
  std::string backups_folder;  // where backUpStore puts backups; empty: it is refused
  // Signs extracts and tokens of results; none: they are refused.
  const kstati::profile::ledger::SigningKey* signing_key = nullptr;
};

// What a call did with people's data beside what its method says.
struct Used {
  kstati::profile::ledger::EntryKind kind = kstati::profile::ledger::EntryKind::kAccess;
  kstati::profile::DeedContent said = {};
  std::vector<CitizenId> of = {};  // whose data it read beside the citizen's own
  std::string exposure = {};       // what was shown to the citizen, for the log; may be empty
};

// The contract over the domain: checks who calls, translates, and asks the desk and the pipeline.
// The same object serves both doors and the command line. Safe from any thread. Every failed call
// is counted by its code and logged without personal data.
class Handler final : public rpc::KstatiIf {
 public:
  explicit Handler(HandlerParts parts);

  void status(rpc::Status& reply, const rpc::CallContext& context) override;

  void submitEvents(std::vector<rpc::EventReceipt>& receipts, const rpc::CallContext& context,
                    const std::vector<rpc::RegistryEvent>& events) override;

  void suggest(rpc::SuggestResult& reply, const rpc::CallContext& context,
               const std::string& citizen, int32_t limit) override;
  void explain(rpc::Explanation& reply, const rpc::CallContext& context, const std::string& citizen,
               const std::string& service_id, const std::string& about) override;
  void passport(rpc::Passport& reply, const rpc::CallContext& context, const std::string& citizen,
                const std::string& service_id, const std::string& about,
                const std::string& compared_with) override;
  void certificate(std::string& reply, const rpc::CallContext& context, const std::string& citizen,
                   const std::string& service_id, const std::string& about) override;
  void nextQuestion(rpc::NextQuestion& reply, const rpc::CallContext& context,
                    const std::string& citizen, const std::vector<std::string>& services,
                    const std::string& situation, const std::string& about,
                    const std::vector<rpc::Answer>& answers) override;
  void chain(rpc::Chain& reply, const rpc::CallContext& context, const std::string& citizen,
             const std::string& situation, const std::string& about) override;
  void chainFront(rpc::ChainFront& reply, const rpc::CallContext& context,
                  const std::string& citizen, const std::string& situation,
                  const std::string& about) override;
  void chainOptions(std::vector<rpc::ChainOption>& reply, const rpc::CallContext& context,
                    const std::string& citizen, const std::string& situation,
                    const std::string& about) override;
  void repairChain(rpc::ChainRepair& reply, const rpc::CallContext& context,
                   const std::string& citizen, const std::string& situation,
                   const std::string& about, const std::string& told_at) override;
  void situations(std::vector<rpc::SituationOfCitizen>& reply, const rpc::CallContext& context,
                  const std::string& citizen) override;
  void profile(rpc::Profile& reply, const rpc::CallContext& context, const std::string& citizen,
               const std::string& valid_at, const std::string& known_at) override;
  void history(rpc::History& reply, const rpc::CallContext& context,
               const std::string& citizen) override;
  void household(rpc::Household& reply, const rpc::CallContext& context,
                 const std::string& citizen) override;

  void grantConsent(rpc::Consent& reply, const rpc::CallContext& context,
                    const rpc::ConsentGrant& grant) override;
  void consents(std::vector<rpc::Consent>& reply, const rpc::CallContext& context,
                const std::string& citizen) override;
  void narrowConsent(rpc::Consent& reply, const rpc::CallContext& context,
                     const rpc::ConsentAmendment& amendment) override;
  void renewConsent(rpc::Consent& reply, const rpc::CallContext& context,
                    const rpc::ConsentAmendment& amendment) override;
  void previewRevocation(rpc::Revocation& reply, const rpc::CallContext& context,
                         const std::string& citizen, const std::string& consent) override;
  void consentReceipt(std::string& reply, const rpc::CallContext& context,
                      const std::string& citizen, const std::string& consent) override;
  void leastScopes(rpc::LeastScopes& reply, const rpc::CallContext& context,
                   const std::string& citizen, const std::string& situation,
                   const std::string& about) override;
  void appointProxy(rpc::Proxy& reply, const rpc::CallContext& context,
                    const rpc::ProxyGrant& grant) override;
  void proxies(std::vector<rpc::Proxy>& reply, const rpc::CallContext& context,
               const std::string& citizen) override;
  void revokeProxy(rpc::Proxy& reply, const rpc::CallContext& context, const std::string& citizen,
                   const std::string& proxy) override;
  void revokeConsent(rpc::Revocation& reply, const rpc::CallContext& context,
                     const std::string& citizen, const std::string& consent,
                     const std::string& reason) override;

  void cases(std::vector<rpc::Case>& reply, const rpc::CallContext& context,
             const std::string& citizen) override;
  void apply(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
             const std::string& service_id, const std::string& about) override;
  void decline(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
               const std::string& case_id) override;
  void withdraw(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
                const std::string& case_id) override;
  void tellCase(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
                const std::string& case_id, const std::vector<rpc::Answer>& answers) override;
  void caseFeed(rpc::CaseFeed& reply, const rpc::CallContext& context, const std::string& citizen,
                const std::string& cursor, int32_t limit) override;
  void applicationForm(rpc::ApplicationForm& reply, const rpc::CallContext& context,
                       const std::string& citizen, const std::string& service_id,
                       const std::string& about) override;
  void serviceStatuses(std::vector<rpc::ServiceStatus>& reply, const rpc::CallContext& context,
                       const std::string& service_id) override;
  void triggers(std::vector<rpc::TriggerDecision>& reply, const rpc::CallContext& context,
                const std::string& citizen) override;
  void caseClock(rpc::CaseClock& reply, const rpc::CallContext& context, const std::string& citizen,
                 const std::string& case_id) override;
  void results(std::vector<rpc::ResultRecord>& reply, const rpc::CallContext& context,
               const std::string& citizen) override;
  void resultExtract(rpc::ResultExtract& reply, const rpc::CallContext& context,
                     const std::string& citizen, const std::string& result) override;
  void resultToken(std::string& reply, const rpc::CallContext& context, const std::string& citizen,
                   const std::string& result, int32_t days) override;
  void shareResult(rpc::ResultRecord& reply, const rpc::CallContext& context,
                   const std::string& citizen, const std::string& result,
                   const std::string& with_whom, const std::string& last_day) override;
  void endSharing(rpc::ResultRecord& reply, const rpc::CallContext& context,
                  const std::string& citizen, const std::string& result,
                  const std::string& with_whom) override;
  void checkExtract(rpc::ExtractCheck& reply, const rpc::CallContext& context,
                    const std::string& result, const std::string& code) override;
  void offerApplication(rpc::ApplicationOffer& reply, const rpc::CallContext& context,
                        const std::string& citizen, const std::string& situation,
                        const std::string& about) override;
  void confirmApplication(rpc::SingleApplication& reply, const rpc::CallContext& context,
                          const rpc::ApplicationConfirmation& confirmation) override;
  void applications(std::vector<rpc::SingleApplication>& reply, const rpc::CallContext& context,
                    const std::string& citizen) override;
  void preCheck(rpc::PreCheck& reply, const rpc::CallContext& context, const std::string& citizen,
                const std::string& service_id, const std::string& about) override;
  void preChecks(std::vector<rpc::PreCheck>& reply, const rpc::CallContext& context,
                 const std::string& citizen) override;
  void order(rpc::Case& reply, const rpc::CallContext& context, const std::string& citizen,
             const std::string& pre_check) override;
  void zeros(rpc::Zeros& reply, const rpc::CallContext& context, const std::string& citizen,
             const std::string& service_id, const std::string& about) override;
  void officialQueue(std::vector<rpc::Case>& reply, const rpc::CallContext& context,
                     const std::string& authority, int32_t limit) override;
  void actOfficially(rpc::Case& reply, const rpc::CallContext& context,
                     const rpc::OfficialAct& act) override;
  void overrides(std::vector<rpc::OverrideCount>& reply, const rpc::CallContext& context) override;
  void notifications(std::vector<rpc::Notification>& reply, const rpc::CallContext& context,
                     const std::string& citizen) override;
  void lifeQuestion(rpc::LifeQuestion& reply, const rpc::CallContext& context,
                    const std::string& citizen) override;
  void answerLifeQuestion(const rpc::CallContext& context, const std::string& citizen,
                          bool changed) override;
  void feedback(const rpc::CallContext& context, const std::string& citizen,
                const std::string& exposure, const std::string& service_id,
                rpc::Reaction::type reaction, const std::string& about) override;

  void usesOfData(std::vector<rpc::UseOfData>& reply, const rpc::CallContext& context,
                  const std::string& citizen, int64_t after, int32_t limit) override;
  void ledgerReceipt(std::string& reply, const rpc::CallContext& context,
                     const std::string& citizen, int64_t number) override;
  void ledgerConsistency(std::string& reply, const rpc::CallContext& context,
                         const std::string& citizen, const std::string& first,
                         const std::string& second) override;
  void ledgerKey(std::string& reply, const rpc::CallContext& context,
                 const std::string& citizen) override;

  void askSources(std::vector<rpc::AskedSource>& reply, const rpc::CallContext& context,
                  const std::string& citizen, const std::vector<std::string>& attributes) override;
  void sources(std::vector<rpc::SourceSummary>& reply, const rpc::CallContext& context) override;
  void previewErasure(rpc::Erasure& reply, const rpc::CallContext& context,
                      const std::string& citizen) override;
  void eraseCitizen(rpc::Erasure& reply, const rpc::CallContext& context,
                    const std::string& citizen, const std::string& confirmation) override;
  void backUpStore(rpc::StoreBackup& reply, const rpc::CallContext& context) override;

  void services(std::vector<rpc::ServiceSummary>& reply, const rpc::CallContext& context) override;
  void consentChoices(rpc::ConsentChoices& reply, const rpc::CallContext& context) override;
  void legalBases(std::vector<rpc::LegalBasis>& reply, const rpc::CallContext& context) override;
  void catalogueSituations(std::vector<rpc::SituationSummary>& reply,
                           const rpc::CallContext& context) override;

 private:
  struct MethodMetrics {
    metrics::Counter* calls;
    metrics::Histogram* seconds;
  };

  // Runs `body` (a Result<void>()) and throws what became of it as the contract says.
  template <class Body>
  void Answer(std::string_view method, const rpc::CallContext& context, const Body& body);
  [[noreturn]] void Refuse(std::string_view method, const rpc::CallContext& context,
                           const Error& error) const;

  // What a call about a citizen looks at, for whom, and how it answers.
  struct Reading {
    CitizenId citizen;
    kstati::cases::LookAt as_of;
    Wording wording;
    std::string_view method;
    std::string caller;  // the name of the token, or "loopback"
    std::string actor;   // who the caller says is looking; may be empty
    std::string reason;  // may be empty
    bool own = false;    // asked by the citizen; all others are third parties
    std::optional<std::chrono::milliseconds> wait = std::nullopt;  // for sources
    PurposeOfUse purpose = {};                                     // of third parties
    std::set<std::string> channels = {};  // through which the person can apply; empty: all
    CitizenId speaker = {};               // the citizen, or who speaks for them
  };
  // Lets in who may act for the citizen; who may not is told to the citizen. Admit is for calls
  // that know only the present.
  Result<Reading> Admit(std::string_view method, const rpc::CallContext& context,
                        const std::string& citizen) const;
  Result<Reading> AdmitLookingBack(std::string_view method, const rpc::CallContext& context,
                                   const std::string& citizen) const;
  // For what somebody who is not the person uses the data: one of the token's purposes.
  Result<PurposeOfUse> AdmitPurpose(const Reading& reading, const rpc::CallContext& context,
                                    const Caller& caller) const;
  // Enters an answered call into the ledgers of all whose data it used; nothing may be shown when
  // it fails. On stable storage when it returns, but for what people do with their own data
  // alone: that is within a second.
  Result<void> Enter(const Reading& reading, Used used = {}) const;
  // The same for acts that are entries of the ledger by themselves: only when others made them.
  Result<void> EnterForeign(const Reading& reading) const;
  // Tells the person that somebody was refused.
  void EnterRefusal(std::string_view method, const std::string& caller, CitizenId citizen) const;
  // Somebody tried to tell of a citizen what they may not.
  void EnterRefusedEvent(const Caller& caller, const rpc::RegistryEvent& event) const;
  // Whom `context.representative` names, else the citizen. Only a portal and the representative's
  // own token may name one; whether they may speak about this is the call's to check.
  Result<CitizenId> AdmitSpeaker(std::string_view method, const rpc::CallContext& context,
                                 const Caller& caller, CitizenId citizen) const;
  // Whether it is the speaker's own call, and nobody else's in their name.
  static bool SpeaksBy(const Caller& caller, const Reading& reading);
  // Whether the person answers, and no official in their name nor an operator who looks on. Where
  // no tokens are asked for, whoever calls passes for the person.
  bool IsAnsweredInPerson(const Reading& reading) const;
  // Nobody passes for somebody else: who is said to speak is whose token it is, or a portal or an
  // operator vouches for them. `place` names them in the call.
  Result<void> RequireVoice(const Reading& reading, const rpc::CallContext& context,
                            CitizenId speaker, const char* place) const;
  Result<Caller> Identify(const rpc::CallContext& context) const;
  // Lets in officials of the authority.
  // A refusal is entered for the citizen, where the call is about one.
  Result<Caller> AdmitOfficial(const rpc::CallContext& context, const std::string& authority,
                               std::string_view method, CitizenId citizen = {}) const;
  // Enters what an official saw of a case, as Enter does.
  Result<void> EnterOfficial(std::string_view method, const rpc::CallContext& context,
                             const Caller& caller, const kstati::cases::Case& c) const;
  // Now, where the look names no instants.
  kstati::profile::AsOf InstantsOf(const kstati::cases::LookAt& as_of) const;
  // The citizen of `about`, when the household or a situation of `citizen` gives reason to name
  // them; zero when absent. kDenied for strangers: a decision about them would tell their facts.
  Result<CitizenId> AdmitAbout(const Reading& reading, const std::string& about) const;

  // Asks the sources for what is lacked, and tells whom; nobody when the call looks back.
  using Asked = std::vector<kstati::cases::AskedSource>;
  bool AsksSources(const Reading& reading) const;
  Asked AskFor(const Reading& reading, const kstati::cases::LackedFacts& lacked,
               const ServiceId& service, std::string_view basis,
               std::chrono::milliseconds wait) const;
  Asked AskToDecide(const Reading& reading, const eligibility::Decision& decision,
                    std::string_view basis) const;
  // The same for a service that is about to be applied for.
  Result<Asked> AskForService(const Reading& reading, const ServiceId& service,
                              CitizenId about) const;
  // Leaves to the sources what they have, so that the person is asked only for the rest.
  Result<eligibility::questions::NextQuestion> AskPerson(
      const Reading& reading, kstati::cases::Desk::Questionnaire questionnaire,
      std::vector<CitizenId>& read, Asked& asked) const;

  Wording WordingOf(const rpc::CallContext& context) const;
  Result<Suggested> MakeSuggestions(const Reading& reading, int32_t limit) const;
  // What is answered from the cache reads nobody's data again, and is the same exposure.
  struct Shown {
    SuggestionCache::Reply suggested;
    std::vector<CitizenId> read;  // for it now
    std::string exposure;         // a new one, for the log
  };
  Result<Shown> SuggestNow(const Reading& reading, int32_t limit);
  // What is shown in the end; whatever was read for either counts as read.
  static Shown ShownAfter(Shown before, Shown again);
  // As Admit, for those who run the system.
  Result<Reading> AdmitOperator(std::string_view method, const rpc::CallContext& context,
                                const std::string& citizen) const;
  static Used UsedFor(const Suggested& made, std::vector<CitizenId> read);
  static Used UsedToDecide(const Reading& reading, const eligibility::Decision& decision,
                           std::vector<CitizenId> read);
  rpc::EventReceipt Submit(const Caller& caller, const rpc::RegistryEvent& event) const;
  rpc::Revocation Describe(const Wording& wording, const kstati::cases::Revoked& revoked) const;
  // With what it had asked of the person by `known_at`; absent: until now.
  rpc::Case Describe(const Wording& wording, const kstati::cases::Case& c,
                     const std::optional<Instant>& known_at = {}) const;

  HandlerParts parts_;
  std::map<std::string, MethodMetrics, std::less<>> methods_;
  SuggestionCache suggestions_;
  kstati::cases::OfficialIndex officials_;
  mutable Refusals refusals_;
};

}  // namespace kstati::thrift

#include "thrift/server/handler_answer.h"
