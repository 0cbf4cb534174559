// SPDX-License-Identifier: Apache-2.0
#include "profile/fact.h"

#include <array>

namespace kstati::profile {

const EventKey SharedEventKey::kNone;
namespace {

struct KindName {
  RelationKind kind;
  std::string_view name;
};

constexpr std::array<KindName, 4> kKindNames{{
    {RelationKind::kParent, "parent"},
    {RelationKind::kSpouse, "spouse"},
    {RelationKind::kGuardian, "guardian"},
    {RelationKind::kHousehold, "household"},
}};

}  // namespace

Assurance AssuranceOf(const Fact& fact) {
  return EvidenceOf(fact.evidence, fact.reported_by->source).assurance;
}

std::string_view NameOf(RelationKind kind) {
  for (const KindName& row : kKindNames) {
    if (row.kind == kind) return row.name;
  }
  return "unknown";
}

Result<RelationKind> ParseRelationKind(std::string_view name) {
  for (const KindName& row : kKindNames) {
    if (row.name == name) return row.kind;
  }
  return Fail(ErrorCode::kInvalidArgument, "unknown kind of relation", {},
              "use one of: parent, spouse, guardian, household");
}

}  // namespace kstati::profile
