// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/output.h"
#include "kstati_rpc/kstati_types.h"

namespace kstati::cli {

// The contract's structures as JSON: the field names of kstati.thrift, enum values in lower case,
// fields that are absent left out.
Json ToJson(const rpc::Failure& failure);
Json ToJson(const rpc::EventReceipt& receipt);
Json ToJson(const rpc::Suggestion& suggestion);
Json ToJson(const rpc::Explanation& explanation);
Json ToJson(const rpc::Passport& passport);
Json ToJson(const rpc::NextQuestion& next);
Json ToJson(const rpc::Chain& chain);
Json ToJson(const rpc::ChainOption& option);
Json ToJson(const rpc::ChainFront& front);
Json ToJson(const rpc::ChainRepair& repair);
Json ToJson(const rpc::ChainStep& step);
Json ToJson(const rpc::SituationOfCitizen& situation);
Json ToJson(const rpc::SituationSummary& situation);
Json ToJson(const rpc::ProfileFact& fact);
Json ToJson(const rpc::Profile& profile);
Json ToJson(const rpc::RecordedFact& fact);
Json ToJson(const rpc::RecordedRelation& relation);
Json ToJson(const rpc::Correction& correction);
Json ToJson(const rpc::Household& household);
Json ToJson(const rpc::Consent& consent);
Json ToJson(const rpc::ConsentVersion& version);
Json ToJson(const rpc::Revocation& revocation);
Json ToJson(const rpc::Proxy& proxy);
Json ToJson(const rpc::LegalBasis& basis);
Json ToJson(const rpc::Case& c);
Json ToJson(const rpc::Ruling& ruling);
Json ToJson(const rpc::CaseClock& clock);
Json ToJson(const rpc::CaseNews& news);
Json ToJson(const rpc::FormField& field);
Json ToJson(const rpc::ServiceStatus& status);
Json ToJson(const rpc::ResultRecord& record);
Json ToJson(const rpc::TriggerDecision& decision);
Json ToJson(const rpc::OverrideCount& count);
Json ToJson(const rpc::Notification& notification);
Json ToJson(const rpc::UseOfData& use);
Json ToJson(const rpc::Erasure& erasure);
Json ToJson(const rpc::Status& status);
Json ToJson(const rpc::AskedSource& asked);
Json ToJson(const rpc::SourceSummary& source);
// One line for each source that was asked.
std::string Readable(const std::vector<rpc::AskedSource>& asked);

template <class T>
std::vector<Json> AllToJson(const std::vector<T>& items) {
  std::vector<Json> all;
  for (const T& item : items) all.push_back(ToJson(item));
  return all;
}

std::string NameOf(rpc::Verdict::type verdict);  // "not_eligible"
std::string NameOf(rpc::Mode::type mode);        // "proactive-act"
std::string NameOf(rpc::EventOutcome::type outcome);
std::string NameOf(rpc::ErrorCode::type code);
std::string NameOf(rpc::SourceState::type state);
std::string NameOf(rpc::Truth::type truth);

}  // namespace kstati::cli
