// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "base/ids.h"
#include "eligibility/program.h"

namespace kstati::eligibility {

// The reported attributes that may decide a service, in whatever regulation: what its criteria,
// categories and amounts read, of anybody, whatever that is derived from, its inputs and the
// region. Existing relations between people do not count among them.
std::set<AttributeId> FactsThatMatter(const Program& program, const graph::Service& service);
// The same of one attribute.
std::set<AttributeId> FactsThatMatter(const Program& program, const AttributeId& attribute);

// Those that may decide one regulation, or what it is for one of its variants (null: for whoever
// belongs to none): what its criteria and that variant's category read. Without its inputs.
std::set<AttributeId> FactsThatDecide(const Program& program, const graph::Regulation& regulation,
                                      const graph::Variant* variant);

}  // namespace kstati::eligibility
