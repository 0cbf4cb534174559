// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cases/zero_exceptions.h"
#include "cases/zeros.h"
#include "eligibility/program.h"
#include "graph/service.h"

namespace kstati::cases {

// What a variant of a service asks of whoever brings nothing along, by its regulation alone: of the
// sources every registry answers, of facts that only a person knows none is recorded yet.
struct VariantZeros {
  const graph::Service* service = nullptr;        // all three into the catalogue
  const graph::Regulation* regulation = nullptr;  // in force that day for all regions
  const graph::Variant* variant = nullptr;        // null: the regulation has none
  // The way of delivery that is nearest to zero; absent: there is one way.
  std::optional<graph::ScenarioKind> scenario;
  // The shortest list of what blocks zero: with fewer of it gone some zero stays blocked, and no
  // other way of delivery and choice of documents leaves fewer.
  Zeros zeros;
  std::vector<ZeroBlocker> allowed;  // what is left and does not count, by the exceptions
};

// Of every service in force on the day and each of its variants, by id and in the catalogue's
// order.
std::vector<VariantZeros> ZerosOfVariants(const eligibility::Program& program,
                                          const ZeroExceptions& exceptions, Date day);

// The fewest things of which each group has one; of equally few, one that is the same each time. No
// group is empty.
std::vector<AttributeId> FewestOfEach(const std::vector<std::vector<AttributeId>>& groups);

}  // namespace kstati::cases
