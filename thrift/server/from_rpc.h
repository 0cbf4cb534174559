// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bilingual.h"
#include "base/result.h"
#include "cases/consenting.h"
#include "eligibility/questions/questionnaire.h"
#include "eligibility/reasons.h"
#include "kstati_rpc/kstati_types.h"
#include "profile/consent.h"
#include "profile/dictionary.h"
#include "profile/fact.h"
#include "profile/proxy.h"
#include "profile/registry_event.h"

namespace kstati::thrift {

// From the contract's form to domain values. Errors are kInvalidArgument and name the field.

Result<CitizenId> ReadCitizen(const std::string& text, const char* field);
// An absent `about` is the zero citizen: "the desk chooses".
Result<CitizenId> ReadAbout(const std::string& text);
inline constexpr size_t kNameBytesMax = 128;      // ids of the catalogue are a quarter of that
inline constexpr size_t kRemarkBytesMax = 1'000;  // a sentence or two of a person

// A text that may be repeated in a message: UTF-8 without control characters, not too long.
Result<std::string> ReadName(const std::string& text, const char* field,
                             size_t bytes_max = kNameBytesMax);
Result<profile::RegistryEvent> ReadEvent(const rpc::RegistryEvent& event);
// `today` starts a consent that names no day.
Result<profile::ConsentGrant> ReadGrant(const rpc::ConsentGrant& grant, Date today,
                                        Language language);
// A change of a consent as it was asked for.
struct ReadAmendment {
  cases::ConsentRequest request;
  std::optional<profile::ConsentScope> scope;
  std::optional<Date> last_day;
};
Result<ReadAmendment> ReadConsentAmendment(const rpc::ConsentAmendment& amendment,
                                           Language language);
Result<profile::ProxyGrant> ReadProxyGrant(const rpc::ProxyGrant& grant, Date today,
                                           Language language);
// Values are typed by the dictionary; kNotFound for an attribute that it does not have.
Result<std::vector<eligibility::questions::Answer>> ReadAnswers(
    const std::vector<rpc::Answer>& answers, const profile::Dictionary& dictionary);
// Empty texts mean today and now. `day_field` is the name of the first in messages.
Result<profile::AsOf> ReadAsOf(const std::string& valid_at, const std::string& known_at, Date today,
                               Instant now, const char* day_field = "valid_at");
// "opened" | "accepted" | "declined".
Result<std::string> ReadReaction(rpc::Reaction::type reaction);
Language ReadLanguage(const rpc::CallContext& context);
eligibility::Values ReadValues(const rpc::CallContext& context);

}  // namespace kstati::thrift
