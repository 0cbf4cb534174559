// SPDX-License-Identifier: Apache-2.0
#include "graph/course.h"

#include <algorithm>

#include "graph/internal/procedure_rules.h"

namespace kstati::graph {

std::string_view NameOf(ProcedureKind kind) { return RulesOf(kind).name; }

std::string_view NameOf(Matter matter) { return NameIn(kMatterNames, matter); }

std::string_view NameOf(StartCriterion criterion) { return NameIn(kStartNames, criterion); }

std::string_view NameOf(EndCriterion criterion) { return NameIn(kEndNames, criterion); }

bool IsConditional(const Procedure& procedure) {
  switch (procedure.starts) {
    case StartCriterion::kRegistryMayAnswer:
    case StartCriterion::kOnlyPersonKnows:
    case StartCriterion::kNoMachineChecks:
    case StartCriterion::kGroundArose: return true;
    default: return false;
  }
}

const Procedure* Course::Find(ProcedureKind kind) const {
  const auto found = std::ranges::find(procedures, kind, &Procedure::kind);
  return found == procedures.end() ? nullptr : &*found;
}

}  // namespace kstati::graph
