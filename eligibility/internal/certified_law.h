// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "eligibility/internal/rulebook.h"
#include "graph/service.h"

namespace kstati::eligibility {

// Everything of the catalogue that decides a service on a day, as certificates carry it: the same
// for every person of one region, so that its hash can be compared with a published one. Null when
// no regulation is in force. `region` is the applicant's, "" when nobody knows it. kUnsupported
// names a rule that certificates have no notation for.
Result<nlohmann::json> CertifiedLaw(const graph::Service& service, Date day,
                                    const std::string& region, const Rulebook& book);

// The bare names of the facts of relatives that the rule can read: "birth_date".
std::vector<std::string> MemberNames(const Rule& rule, const Rulebook& book);
// What a rule reads: the slots of its text, and the applicant's region when a parameter asks for
// it.
std::set<uint32_t> SlotsRead(const Rule& rule, const Rulebook& book);
bool AsksRegion(const Rule& rule, const Rulebook& book);

}  // namespace kstati::eligibility
