// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "eligibility/certificate_verifier/formula.h"

namespace kstati::certificate_verifier {

std::string Sha256(std::string_view bytes);  // in hexadecimal digits
Instant InstantOf(const nlohmann::json& form);

// What a value rests on.
struct Basis {
  std::optional<Instant> known_at;  // the latest
  std::set<size_t> facts;
  std::set<size_t> parameters;
  bool unconfirmed = false;  // some law behind it is not confirmed

  void Know(Instant instant) {
    if (!known_at || *known_at < instant) known_at = instant;
  }
  void Add(const Basis& other) {
    if (other.known_at) Know(*other.known_at);
    facts.insert(other.facts.begin(), other.facts.end());
    parameters.insert(other.parameters.begin(), other.parameters.end());
    unconfirmed |= other.unconfirmed;
  }
};

struct Cell {
  Value value;
  Basis basis;
};

// Facts that a decision by completion supposes: by name and whose they are, all values they may
// turn out to have.
using FactKey = std::pair<std::string, nlohmann::json>;
using Domains = std::map<FactKey, std::set<nlohmann::json>>;
using Suppositions = std::map<FactKey, nlohmann::json>;

// Checks a certificate of one decision, but for what follows from the cells
// (decision_verification.h).
class Verification {
 public:
  // With `domains` for one way of completing the missing facts.
  explicit Verification(const nlohmann::json& certificate, const Domains* domains = nullptr)
      : certificate_(certificate), domains_(domains) {}

  const Suppositions& supposed() const { return supposed_; }

  // Throws Rejected, or an exception of the JSON library.
  void Run();

  // For the formulas and the decisions.
  const nlohmann::json& at(const char* key) const { return certificate_.at(key); }
  const nlohmann::json& CellForm(size_t index) const { return at("cells").at(index); }
  // The cell, which must come before those that read it.
  const Cell& CellAt(size_t index) const { return cells_.at(index); }
  Date day() const { return day_; }
  Value ParameterValue(const std::string& id, const Value* dimensions, const std::string& region,
                       Basis& basis) const;
  // Computes a rule in the frame of the citizen `of`.
  Value Compute(const nlohmann::json& rule, const nlohmann::json& reads, const nlohmann::json& of,
                Basis& basis) const;
  // What an unknown says is missing.
  nlohmann::json MissingOf(eligibility::feel::InputId input) const;
  bool IsApplicant(const nlohmann::json& citizen) const { return citizen == at("applicant"); }

 private:
  void CheckRecords(const char* list) const;
  void CheckKnown(const nlohmann::json& record) const;
  void CheckCell(const nlohmann::json& form);
  Cell CellOf(const nlohmann::json& form, eligibility::feel::InputId index);
  Cell OfDecision(const nlohmann::json& form, eligibility::feel::InputId index);
  Cell OfSupposition(const nlohmann::json& form);
  Cell OfFact(const nlohmann::json& form) const;
  Cell OfAlias(const nlohmann::json& form) const;
  Cell OfMembers(const nlohmann::json& form) const;
  Cell OfRelation(const nlohmann::json& form) const;
  void CheckMissing(const nlohmann::json& form) const;
  bool HolderIsKnown(const nlohmann::json& definition, const nlohmann::json& of) const;
  const nlohmann::json* DefinitionOf(const std::string& name) const;
  bool IsOther(const nlohmann::json& citizen) const {
    return !citizen.is_null() && citizen == at("other");
  }

  const nlohmann::json& certificate_;
  const Domains* domains_;
  Suppositions supposed_;
  Date day_;
  std::vector<Cell> cells_;
  std::set<size_t> met_;  // decisions of other services
};

// Whether the day is one of those from the first to the second; the second may be null.
bool Holds(const nlohmann::json& from, const nlohmann::json& to, Date day);
// Whether what the record says of law is confirmed.
bool IsConfirmed(const nlohmann::json& record);

}  // namespace kstati::certificate_verifier
