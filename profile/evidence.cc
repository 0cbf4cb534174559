// SPDX-License-Identifier: Apache-2.0
#include "profile/evidence.h"

#include <array>
#include <utility>

namespace kstati::profile {
namespace {

struct KindRow {
  EvidenceKind kind;
  std::string_view name;
  Assurance most;
};

constexpr std::array<KindRow, 6> kKinds{{
    {EvidenceKind::kRegistryRecord, "registry_record", Assurance::kRegistry},
    {EvidenceKind::kElectronicDocument, "electronic_document", Assurance::kDocumentary},
    {EvidenceKind::kElectronicDuplicate, "electronic_duplicate", Assurance::kDocumentary},
    {EvidenceKind::kSelfDeclaration, "self_declaration", Assurance::kSelfDeclared},
    {EvidenceKind::kRemoteInspection, "remote_inspection", Assurance::kDocumentary},
    {EvidenceKind::kStateIdentification, "state_identification", Assurance::kStateIdentification},
}};

// In the order of the levels.
constexpr std::array<std::string_view, 4> kLevels{"self_declared", "documentary", "registry",
                                                  "state_identification"};

template <class Names, class NameIn>
std::string ListOf(const Names& rows, const NameIn& name_in) {
  std::string list;
  for (const auto& row : rows) list += (list.empty() ? "" : ", ") + std::string(name_in(row));
  return list;
}

}  // namespace

std::string_view NameOf(EvidenceKind kind) { return kKinds[static_cast<size_t>(kind)].name; }

std::string_view NameOf(Assurance assurance) { return kLevels[static_cast<size_t>(assurance)]; }

Result<EvidenceKind> ParseEvidenceKind(std::string_view name) {
  for (const KindRow& row : kKinds) {
    if (row.name == name) return row.kind;
  }
  return Fail(ErrorCode::kInvalidArgument, "there is no such kind of evidence", {},
              "use one of: " + ListOf(kKinds, [](const KindRow& row) { return row.name; }));
}

Result<Assurance> ParseAssurance(std::string_view name) {
  for (size_t level = 0; level < kLevels.size(); ++level) {
    if (kLevels[level] == name) return static_cast<Assurance>(level);
  }
  return Fail(ErrorCode::kInvalidArgument, "there is no such level of assurance", {},
              "use one of: " + ListOf(kLevels, [](std::string_view level) { return level; }));
}

Result<Evidence> ReadEvidence(ToldEvidence told) {
  const Result<EvidenceKind> kind = ParseEvidenceKind(told.kind);
  if (!kind) return Fail(AtPlace(kind.error(), "kind"));
  Evidence evidence{*kind, MostOf(*kind), std::move(told.reference), std::move(told.issuer),
                    std::move(told.certifier)};
  if (told.assurance.empty()) return evidence;
  const Result<Assurance> assurance = ParseAssurance(told.assurance);
  if (!assurance) return Fail(AtPlace(assurance.error(), "assurance"));
  evidence.assurance = *assurance;
  return evidence;
}

Assurance MostOf(EvidenceKind kind) { return kKinds[static_cast<size_t>(kind)].most; }

const Evidence& OwnEvidence(const RegistryId& source) {
  static const Evidence kRecord;
  static const Evidence kWord{EvidenceKind::kSelfDeclaration, Assurance::kSelfDeclared};
  return source.text() == kDeclared ? kWord : kRecord;
}

SharedEvidence Share(Evidence evidence, const RegistryId& source) {
  if (evidence == OwnEvidence(source)) return nullptr;
  return std::make_shared<const Evidence>(std::move(evidence));
}

}  // namespace kstati::profile
