// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/messages.h"
#include "cases/desk.h"
#include "cases/official.h"
#include "eligibility/counterfactual.h"
#include "eligibility/passport.h"
#include "eligibility/program.h"
#include "eligibility/reasons.h"
#include "kstati_rpc/kstati_types.h"
#include "recommender/suggest.h"

namespace kstati::thrift {

// What turns domain values into words of one language. All parts outlive it.
struct Wording {
  const eligibility::Program& program;
  const Messages& messages;
  Language language = Language::kRussian;
  eligibility::Values values = eligibility::Values::kShown;

  const graph::Catalogue& catalogue() const { return program.catalogue(); }
  const profile::Dictionary& dictionary() const { return program.dictionary(); }
  const std::string& of(const Bilingual& text) const { return text.in(language); }
  std::string Message(std::string_view key,
                      const std::map<std::string, Messages::Argument>& arguments = {}) const {
    return messages.Format(language, key, arguments);
  }
};

// From domain values to the contract's form.

// --- words and small parts (to_rpc.cc) ---
rpc::Verdict::type WriteVerdict(eligibility::Verdict verdict);
rpc::Mode::type WriteMode(graph::Mode mode);
std::string ServiceName(const Wording& wording, const ServiceId& id);
std::string SituationName(const Wording& wording, const SituationId& id);
std::string AttributeName(const Wording& wording, const AttributeId& id);
std::string InWords(const Wording& wording, const AttributeId& id, const profile::FactValue& value);
std::string RegistryName(const Wording& wording, const RegistryId& id);
std::string AuthorityName(const Wording& wording, const graph::Service& service);
std::string ScenarioName(const Wording& wording, graph::ScenarioKind kind);
rpc::LegalSource WriteSource(const Wording& wording, const graph::LegalSource& source);
rpc::MissingFact WriteMissing(const Wording& wording, const eligibility::Missing& missing);
rpc::UsedFact WriteUsedFact(const Wording& wording, const eligibility::UsedFact& used);
rpc::SituationOfCitizen WriteSituation(const Wording& wording,
                                       const recommender::OpenSituation& situation);

// --- what is known of a person (to_rpc_profile.cc) ---
// On what something rests and how sure that is. Masked, the kind alone.
std::string EvidenceText(const Wording& wording, const profile::Evidence& evidence);
rpc::Profile WriteProfile(const Wording& wording, const profile::FactView& view);
rpc::History WriteHistory(const Wording& wording, const profile::History& history);
rpc::Household WriteHousehold(const Wording& wording, const profile::FactView& view);

// --- decisions (to_rpc_decision.cc) ---
std::vector<rpc::Sentence> WriteReasons(const Wording& wording,
                                        const eligibility::Decision& decision);
rpc::Suggestion WriteSuggestion(const Wording& wording, const recommender::Suggested& suggested);
rpc::Explanation WriteExplanation(const Wording& wording, const eligibility::Decision& decision);
std::vector<rpc::Sentence> WriteChanges(const Wording& wording,
                                        const eligibility::Counterfactuals& changes,
                                        CitizenId applicant);
rpc::Passport WritePassport(const Wording& wording, const eligibility::Passport& passport);
std::vector<rpc::PassportChange> WriteChanges(
    const std::vector<eligibility::PassportChange>& changes);
rpc::NextQuestion WriteNextQuestion(const Wording& wording,
                                    const eligibility::questions::NextQuestion& next);

// --- chains (to_rpc_chain.cc) ---
rpc::Chain WriteChain(const Wording& wording, const cases::Desk::PersonalChain& chain);
// The recommended one first.
std::vector<rpc::ChainOption> WriteOptions(const Wording& wording,
                                           const std::vector<cases::ChainWay>& ways);
rpc::ChainFront WriteFront(const Wording& wording, const SituationId& situation,
                           const cases::Desk::PersonalFront& found);
// "Why. This instead of that: so much more", as a sentence.
std::string WriteYielding(const Wording& wording, const recommender::Yielding& yielding);

// --- what a chain does not reach (to_rpc_obstacles.cc) ---
rpc::ChainObstacles WriteObstacles(const Wording& wording, const cases::UnreachedGoal& goal);

// --- comparisons of chains (to_rpc_trade.cc) ---
std::vector<std::string> WriteChanges(const Wording& wording,
                                      const std::vector<cases::ChainChange>& changes);
// "40.50" of 4050 kopecks.
std::string RoublesOf(int64_t kopecks);
// "3 working days sooner for 40 ₽ more"; empty when they are alike.
std::string TradeInWords(const Wording& wording, const cases::Weighed& first,
                         const cases::Weighed& other);

// --- cases (to_rpc_cases.cc); consents are in to_rpc_consents.h ---
// `decision`: the one the case was opened with; null when it cannot be made again.
rpc::Case WriteCase(const Wording& wording, const cases::Case& c,
                    const eligibility::Decision* decision);
rpc::TriggerDecision WriteTrigger(const Wording& wording, const SituationId& situation,
                                  const cases::TriggerDecision& decision);
rpc::OverrideCount WriteOverrideCount(const Wording& wording, const cases::OverrideCount& count);
// `c`: the case that it is about; null when none is kept.
rpc::Notification WriteNotification(const Wording& wording,
                                    const cases::SequencedNotification& notification,
                                    const cases::Case* c);

}  // namespace kstati::thrift
