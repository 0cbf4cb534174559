// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/messages.h"
#include "base/metrics.h"
#include "cases/desk.h"
#include "kstati_rpc/Kstati.h"
#include "recommender/ranker.h"
#include "thrift/server/access.h"
#include "thrift/server/suggestion_cache.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

// What a handler answers from. All parts outlive it.
struct HandlerParts {
  const cases::World& world;
  const cases::Desk& desk;
  const recommender::Ranker& ranker;
  const Messages& messages;
  const AccessList& access;
  std::string program_version;
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
  void situations(std::vector<rpc::SituationOfCitizen>& reply, const rpc::CallContext& context,
                  const std::string& citizen) override;
  void profile(rpc::Profile& reply, const rpc::CallContext& context, const std::string& citizen,
               const std::string& valid_at, const std::string& known_at) override;
  void history(std::vector<rpc::RecordedFact>& reply, const rpc::CallContext& context,
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
  void notifications(std::vector<rpc::Notification>& reply, const rpc::CallContext& context,
                     const std::string& citizen) override;
  void feedback(const rpc::CallContext& context, const std::string& citizen,
                const std::string& exposure, const std::string& service_id,
                rpc::Reaction::type reaction) override;

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

  // What a call about a citizen looks at, and how it answers.
  struct Reading {
    CitizenId citizen;
    kstati::cases::LookAt as_of;
    Wording wording;
  };
  // Lets in who may act for the citizen. When the caller gives a reason, it is in the access record
  // by then. Admit is for calls that know only the present.
  Result<Reading> Admit(std::string_view method, const rpc::CallContext& context,
                        const std::string& citizen) const;
  Result<Reading> AdmitLookingBack(std::string_view method, const rpc::CallContext& context,
                                   const std::string& citizen) const;
  Result<void> RecordAccess(std::string_view method, const rpc::CallContext& context,
                            const Caller& caller, CitizenId citizen) const;
  // Whom `context.representative` names, else the citizen.
  static Result<CitizenId> SpeakerFor(CitizenId citizen, const rpc::CallContext& context);
  Result<CitizenId> RequireActing(const Caller& caller, const std::string& citizen) const;
  Result<Caller> Identify(const rpc::CallContext& context) const;
  // Now, where the look names no instants.
  kstati::profile::AsOf InstantsOf(const kstati::cases::LookAt& as_of) const;
  // The citizen of `about`, when the household or a situation of `citizen` gives reason to name
  // them; zero when absent. kDenied for strangers: a decision about them would tell their facts.
  Result<CitizenId> AdmitAbout(CitizenId citizen, const std::string& about,
                               const kstati::cases::LookAt& as_of = {}) const;

  Wording WordingOf(const rpc::CallContext& context) const;
  Result<rpc::SuggestResult> MakeSuggestions(const Reading& reading, int32_t limit,
                                             std::vector<CitizenId>* rests_on) const;
  rpc::EventReceipt Submit(const Caller& caller, const rpc::RegistryEvent& event) const;
  rpc::Revocation Describe(const Wording& wording, const kstati::cases::Revoked& revoked) const;
  rpc::Case Describe(const Wording& wording, const kstati::cases::Case& c) const;

  HandlerParts parts_;
  std::map<std::string, MethodMetrics, std::less<>> methods_;
  SuggestionCache suggestions_;
};

}  // namespace kstati::thrift

#include "thrift/server/handler_answer.h"
