// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "graph/service_graph.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {

// Whether an attribute comes from outside the catalogue's services: a person declares it, a
// registry reports it, people hold it from before. What a service outputs its registry reports only
// afterwards. An attribute that does not exist was reported where it is named.
bool IsSupplied(const profile::Dictionary& dictionary, const graph::ServiceGraph& services,
                const AttributeId& id);

}  // namespace kstati::eligibility
