// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/access.h"

#include <openssl/sha.h>

#include <algorithm>

namespace kstati::thrift {
namespace {

constexpr std::string_view kRegistryPrefix = "registry:";
constexpr std::string_view kCitizenPrefix = "citizen:";
constexpr std::string_view kOfficialPrefix = "official:";

}  // namespace

Result<Scope> Scope::Parse(std::string_view text) {
  Scope scope;
  if (text == "portal") {
    scope.kind = Kind::kPortal;
  } else if (text == "operator") {
    scope.kind = Kind::kOperator;
  } else if (text.starts_with(kRegistryPrefix) && text.size() > kRegistryPrefix.size()) {
    scope.kind = Kind::kRegistry;
    scope.registry = RegistryId(std::string(text.substr(kRegistryPrefix.size())));
  } else if (text.starts_with(kCitizenPrefix)) {
    scope.kind = Kind::kCitizen;
    KSTATI_TRY(scope.citizen, CitizenId::Parse(text.substr(kCitizenPrefix.size())));
  } else if (text.starts_with(kOfficialPrefix) && text.size() > kOfficialPrefix.size()) {
    scope.kind = Kind::kOfficial;
    scope.authority = text.substr(kOfficialPrefix.size());
  } else {
    return Fail(ErrorCode::kInvalidArgument, "there is no such scope", {},
                "write registry:<id>, portal, citizen:<number>, official:<authority> or operator");
  }
  return scope;
}

bool Caller::Has(Scope::Kind kind) const {
  return std::ranges::any_of(scopes_, [kind](const Scope& scope) { return scope.kind == kind; });
}

bool Caller::MayOperate() const { return Has(Scope::Kind::kOperator); }

bool Caller::MayDecideFor(std::string_view authority) const {
  return MayOperate() || std::ranges::any_of(scopes_, [&](const Scope& scope) {
           return scope.kind == Scope::Kind::kOfficial && scope.authority == authority;
         });
}

std::string Caller::authority() const {
  std::string found;
  for (const Scope& scope : scopes_) {
    if (scope.kind != Scope::Kind::kOfficial) continue;
    if (!found.empty()) return {};
    found = scope.authority;
  }
  return found;
}

bool Caller::MaySubmit() const { return MayOperate() || Has(Scope::Kind::kRegistry); }

bool Caller::MaySubmitFrom(const RegistryId& source) const {
  return MayOperate() || std::ranges::any_of(scopes_, [&](const Scope& scope) {
           return scope.kind == Scope::Kind::kRegistry && scope.registry == source;
         });
}

bool Caller::MayActFor(CitizenId citizen) const { return MayOperate() || SpeaksAs(citizen); }

bool Caller::SpeaksAs(CitizenId citizen) const {
  return Has(Scope::Kind::kPortal) || std::ranges::any_of(scopes_, [&](const Scope& scope) {
           return scope.kind == Scope::Kind::kCitizen && scope.citizen == citizen;
         });
}

Result<Caller> AccessList::Identify(std::string_view token) const {
  if (open()) {
    Scope everything;
    everything.kind = Scope::Kind::kOperator;
    return Caller("loopback", {everything});
  }
  if (token.empty()) {
    return Fail(ErrorCode::kUnauthenticated, "the call carries no token", "context.token",
                "set context.token to the token this server's operator issued");
  }
  const auto found = callers_.find(Sha256Hex(token));
  if (found == callers_.end()) {
    return Fail(ErrorCode::kUnauthenticated, "the token is unknown", "context.token",
                "ask the server's operator for a valid token");
  }
  return found->second;
}

std::set<std::string> AccessList::Purposes() const {
  std::set<std::string> purposes;
  for (const auto& [digest, caller] : callers_) {
    purposes.insert(caller.purposes().begin(), caller.purposes().end());
  }
  return purposes;
}

std::string Sha256Hex(std::string_view token) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace kstati::thrift
