// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/ids.h"
#include "eligibility/decision.h"
#include "graph/chains/request.h"

namespace kstati::eligibility {

graph::Permission PermissionOf(Verdict verdict);

// A decision with explanation as chains see it. Of what it rests on, only attributes that
// `may_be_given` are named.
graph::Standing StandingOf(const Decision& decision,
                           const std::function<bool(const AttributeId&)>& may_be_given);

}  // namespace kstati::eligibility
