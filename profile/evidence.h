// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace kstati::profile {

// The registry under whose name what people say themselves is recorded.
inline constexpr std::string_view kDeclared = "declared";

// What a registry had before it when it reported something.
enum class EvidenceKind {
  kRegistryRecord,
  kElectronicDocument,
  kElectronicDuplicate,  // of a paper; somebody certified that they agree
  kSelfDeclaration,
  kRemoteInspection,  // a sensor, a video call, a recording
  kStateIdentification,
};

// How sure a fact is, least first.
enum class Assurance { kSelfDeclared, kDocumentary, kRegistry, kStateIdentification };

std::string_view NameOf(EvidenceKind kind);
std::string_view NameOf(Assurance assurance);
Result<EvidenceKind> ParseEvidenceKind(std::string_view name);
Result<Assurance> ParseAssurance(std::string_view name);

// On what the facts and relations of one event rest.
struct Evidence {
  EvidenceKind kind = EvidenceKind::kRegistryRecord;
  Assurance assurance = Assurance::kRegistry;
  std::string reference = {};  // "act record 130...": data about a person
  std::string issuer = {};     // of the document
  std::string certifier = {};  // of a duplicate
  bool operator==(const Evidence&) const = default;
};

// Null: the source's own, which is stored nowhere.
using SharedEvidence = std::shared_ptr<const Evidence>;

// Evidence as messages tell it; an empty level is the most of the kind.
struct ToldEvidence {
  std::string kind;
  std::string assurance;
  std::string reference;
  std::string issuer;
  std::string certifier;
};
// kInvalidArgument with the field when kind or level is unknown.
Result<Evidence> ReadEvidence(ToldEvidence told);

// The most that evidence of a kind can assure.
Assurance MostOf(EvidenceKind kind);
// What stands behind facts of which the source says nothing: a person's word, or its own record.
const Evidence& OwnEvidence(const RegistryId& source);
// Null when it is the source's own.
SharedEvidence Share(Evidence evidence, const RegistryId& source);

// Of a fact, a relation or an event.
inline const Evidence& EvidenceOf(const SharedEvidence& evidence, const RegistryId& source) {
  return evidence ? *evidence : OwnEvidence(source);
}

}  // namespace kstati::profile
