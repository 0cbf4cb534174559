// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "base/time.h"
#include "graph/catalogue.h"

namespace kstati::graph {

// How long a document is accepted, from the day it is given.
struct Validity {
  Period period;
  LegalSource source;
};

// By document; whoever gives it. Those without an entry do not expire.
class Validities {
 public:
  Validities() = default;
  explicit Validities(std::map<AttributeId, Validity> all) : all_(std::move(all)) {}

  // Null: without end.
  const Validity* Find(const AttributeId& document) const;
  std::optional<Period> PeriodOf(const AttributeId& document) const;

 private:
  std::map<AttributeId, Validity> all_;
};

// Reads validities.yaml of a catalogue folder; without the file nothing expires. A document that no
// service gives, an act that is unknown and a period of nothing are issues.
Validities LoadValidities(const std::string& folder, const Catalogue& catalogue,
                          std::vector<Issue>& issues);

}  // namespace kstati::graph
