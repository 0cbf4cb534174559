// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/issue.h"
#include "base/latency.h"

namespace kstati::cases {

// What may stand between a variant and zero input, zero waiting and zero paper without counting
// against it; data, so that a score can be made again by the exceptions of its time.
struct ZeroExceptions {
  std::string version;          // empty: there are none
  std::set<AttributeId> input;  // facts that a person may be asked for
  // How long the term may be where the slowest source of the variant is of this class.
  std::map<Latency, Term> waiting;
  std::set<AttributeId> paper;  // documents that a person may be asked to bring
  std::set<ServiceId> visits;   // services that may ask for visits
};

// Reads exceptions from YAML; problems are appended to `issues`.
ZeroExceptions LoadZeroExceptions(const std::string& path, std::vector<Issue>& issues);

}  // namespace kstati::cases
