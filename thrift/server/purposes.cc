// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/purposes.h"

#include <algorithm>

#include "profile/deeds.h"

namespace kstati::thrift {
namespace {

const graph::LegalBasis* FindBasis(const graph::Catalogue& catalogue, std::string_view id) {
  const auto& bases = catalogue.legal_bases();
  const auto found = std::ranges::find(bases, id, &graph::LegalBasis::id);
  return found == bases.end() ? nullptr : &*found;
}

// Whether data may go to the caller where these recipients are named; none named: to anybody.
bool MayReceive(const Caller& caller, const std::set<profile::AuthorityId>& recipients) {
  return recipients.empty() || std::ranges::any_of(recipients, [&](const auto& recipient) {
           return caller.MayDecideFor(recipient.text());
         });
}

std::set<profile::AuthorityId> RecipientsOf(const graph::LegalBasis& basis) {
  std::set<profile::AuthorityId> recipients;
  for (const std::string& authority : basis.recipients) recipients.emplace(authority);
  return recipients;
}

PurposeOfUse OfBasis(const graph::LegalBasis& basis) {
  PurposeOfUse use{basis.id, {}, !basis.categories.empty()};
  for (const std::string& category : basis.categories) use.categories.emplace(category);
  return use;
}

// Of several consents the data that any of them covers, and the first is named.
Result<PurposeOfUse> OfConsents(profile::Purpose purpose, const Caller& caller,
                                const ConsentsOfPerson& person, Date on) {
  profile::Processing reading;
  reading.purpose = purpose;
  reading.mode = profile::ConsentMode::kPrepare;
  reading.on = on;
  reading.represented = person.represented;
  PurposeOfUse use{std::string(profile::NameOf(purpose)), {}, true};
  for (const profile::Consent& consent : person.consents) {
    const profile::ConsentScope& scope = consent.latest().scope;
    if (!profile::Allows(consent, reading)) continue;
    if (!MayReceive(caller, scope.recipients)) continue;
    if (use.consent.empty()) use.consent = consent.id.text();
    if (scope.categories.empty()) use.limited = false;
    use.categories.insert(scope.categories.begin(), scope.categories.end());
  }
  if (!use.consent.empty()) return use;
  return Fail(ErrorCode::kConsentRequired,
              "the person consents to no use by this caller for this purpose", "context.purpose",
              "ask the person, or name the law that lets you");
}

}  // namespace

bool IsPurpose(const graph::Catalogue& catalogue, std::string_view id) {
  return FindBasis(catalogue, id) != nullptr || profile::ParsePurpose(id);
}

Result<PurposeOfUse> FindPurpose(const std::string& id, const Caller& caller,
                                 const graph::Catalogue& catalogue, const ConsentsOfPerson& person,
                                 Date on) {
  if (const graph::LegalBasis* const basis = FindBasis(catalogue, id)) {
    if (MayReceive(caller, RecipientsOf(*basis))) return OfBasis(*basis);
    return Fail(ErrorCode::kDenied, "the law named as purpose gives the data to others",
                "context.purpose",
                "it names " + profile::Joined(RecipientsOf(*basis)) +
                    ": a token with the scope official:<one "
                    "of them> may use it; others name another purpose");
  }
  if (const auto purpose = profile::ParsePurpose(id)) {
    return OfConsents(*purpose, caller, person, on);
  }
  return Fail(ErrorCode::kInvalidArgument, "there is no such purpose", "context.purpose",
              "name a legal basis of the catalogue (legalBases lists them), or the purpose of a "
              "consent");
}

}  // namespace kstati::thrift
