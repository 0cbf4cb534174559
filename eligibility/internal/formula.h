// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"
#include "eligibility/feel/program.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

// A compiled rule in the prefix notation of certificates (docs/reference/certificate.md), which
// means the same without the engine. kUnsupported names the first operation that has no notation.
Result<nlohmann::json> FormulaOf(const Rule& rule, const Rulebook& book);

// The same for the decision of a decision model, whose inputs become names of the attributes.
Result<nlohmann::json> FormulaOf(const ModelDecision& decision, const Rulebook& book);

// A value as certificates write it: null, true, {"number": "1.5"}, {"text": ...}, {"date": ...},
// {"months": ...}, {"time": ...}, {"moment": ...}. kUnsupported for other kinds.
Result<nlohmann::json> ValueForm(const feel::Value& value);

}  // namespace kstati::eligibility
