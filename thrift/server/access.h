// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "base/result.h"

namespace kstati::thrift {

// What a token lets its bearer do. Written "registry:egr_zags", "portal", "citizen:000000000017",
// "official:sfr", "operator".
struct Scope {
  enum class Kind {
    kRegistry,  // submit events of one source
    kPortal,    // everything a citizen may do, for every citizen
    kCitizen,   // the same for one citizen
    kOfficial,  // decide cases of the services of one authority
    kOperator,  // every call; for the people who run the system
  };
  Kind kind = Kind::kPortal;
  RegistryId registry;
  CitizenId citizen;
  std::string authority;

  static Result<Scope> Parse(std::string_view text);
};

// Who makes a call.
class Caller {
 public:
  Caller(std::string name, std::vector<Scope> scopes, std::set<std::string> purposes = {})
      : name_(std::move(name)), scopes_(std::move(scopes)), purposes_(std::move(purposes)) {}

  // The name of the token, for logs; never the token.
  const std::string& name() const { return name_; }
  bool MaySubmit() const;  // events of some source
  bool MaySubmitFrom(const RegistryId& source) const;
  bool MayActFor(CitizenId citizen) const;
  bool MayOperate() const;
  // As an official of the authority.
  bool MayDecideFor(std::string_view authority) const;
  // The authority of the one scope as an official; empty when there are several, or none.
  std::string authority() const;
  // Whether calls about the citizen are the citizen's own: of the own token, or of a portal, which
  // vouches for who signed in and names anybody else as the actor.
  bool SpeaksAs(CitizenId citizen) const;
  // For what it may use data of people for whom it does not speak.
  const std::set<std::string>& purposes() const { return purposes_; }

 private:
  bool Has(Scope::Kind kind) const;

  std::string name_;
  std::vector<Scope> scopes_;
  std::set<std::string> purposes_;
};

// The callers a server knows by their tokens. Holds SHA-256 of tokens, never tokens. Immutable.
class AccessList {
 public:
  // Without tokens everybody may do everything: only for a server that listens on loopback.
  AccessList() = default;

  // Reads a tokens file (TOML):
  //   [[token]]
  //   name = "civil registry gateway"
  //   sha256 = "<64 hexadecimal digits>"
  //   scopes = ["registry:egr_zags"]
  //   purposes = ["service_on_request"]  # of uses that are not the person's own; may be left out
  static AccessList Load(const std::string& path, std::vector<Issue>& issues);
  // The same from a text; `name` stands for the path.
  static AccessList Parse(const std::string& text, const std::string& name,
                          std::vector<Issue>& issues);

  bool open() const { return callers_.empty(); }
  size_t size() const { return callers_.size(); }
  // Everything that some token may use data for.
  std::set<std::string> Purposes() const;
  // kUnauthenticated when the token is absent or unknown.
  Result<Caller> Identify(std::string_view token) const;

 private:
  std::map<std::string, Caller, std::less<>> callers_;  // by SHA-256 of the token, hexadecimal
};

// The form in which a tokens file holds a token.
std::string Sha256Hex(std::string_view token);

}  // namespace kstati::thrift
