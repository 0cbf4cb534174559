// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/issue.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"

namespace kstati::eligibility {

// Ties between people that an event type implies are as good as reported by the registry that
// announces it. An issue at the event type where that registry may not report them, or where none
// announces it, so that everybody could.
void CheckTies(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
               std::vector<Issue>& issues);

}  // namespace kstati::eligibility
