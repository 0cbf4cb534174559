// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/purposes.h"

#include <algorithm>

namespace kstati::thrift {
namespace {

const graph::LegalBasis* FindBasis(const graph::Catalogue& catalogue, std::string_view id) {
  const auto& bases = catalogue.legal_bases();
  const auto found = std::ranges::find(bases, id, &graph::LegalBasis::id);
  return found == bases.end() ? nullptr : &*found;
}

bool Stands(const profile::Consent& consent, Date on) {
  const profile::ConsentState state = profile::StateOf(consent, on);
  return state == profile::ConsentState::kGiven || state == profile::ConsentState::kRenewed;
}

// Of several consents the data that any of them covers, and the first is named.
Result<PurposeOfUse> OfConsents(profile::Purpose purpose,
                                const std::vector<profile::Consent>& consents, Date on) {
  PurposeOfUse use{std::string(profile::NameOf(purpose)), {}, true};
  for (const profile::Consent& consent : consents) {
    const profile::ConsentScope& scope = consent.latest().scope;
    if (scope.purpose != purpose || !Stands(consent, on)) continue;
    if (use.consent.empty()) use.consent = consent.id.text();
    if (scope.categories.empty()) use.limited = false;
    use.categories.insert(scope.categories.begin(), scope.categories.end());
  }
  if (!use.consent.empty()) return use;
  return Fail(ErrorCode::kConsentRequired, "the person consents to no use for this purpose",
              "context.purpose", "ask the person, or name the law that lets you");
}

}  // namespace

bool IsPurpose(const graph::Catalogue& catalogue, std::string_view id) {
  return FindBasis(catalogue, id) != nullptr || profile::ParsePurpose(id);
}

Result<PurposeOfUse> FindPurpose(const std::string& id, const graph::Catalogue& catalogue,
                                 const std::vector<profile::Consent>& consents, Date on) {
  if (const graph::LegalBasis* const basis = FindBasis(catalogue, id)) {
    PurposeOfUse use{id, {}, !basis->categories.empty()};
    for (const std::string& category : basis->categories) use.categories.emplace(category);
    return use;
  }
  if (const auto purpose = profile::ParsePurpose(id)) return OfConsents(*purpose, consents, on);
  return Fail(ErrorCode::kInvalidArgument, "there is no such purpose", "context.purpose",
              "name a legal basis of the catalogue (legalBases lists them), or the purpose of a "
              "consent");
}

}  // namespace kstati::thrift
