// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "base/time.h"
#include "eligibility/achievability.h"

namespace kstati::cli {

// Everything that can be wrong with a catalogue folder: its files, its rules, its examples and
// what can never make a difference in them (when the rules are valid), and what can never start on
// `today`: inputs that nobody supplies, circles that nobody can enter, services that nobody gets,
// goals that nobody reaches.
struct CatalogueFindings {
  std::vector<Issue> issues;
  size_t services = 0;
  size_t situations = 0;
  size_t examples = 0;
  std::map<ServiceId, size_t> open;  // questions about services that no search settled
  // That each situation can be achieved; empty when rules are invalid.
  std::vector<eligibility::SituationProof> proofs;
  std::vector<ServiceId> undecided;  // services of which it stayed open whether anybody gets them
};

CatalogueFindings CheckCatalogue(const std::string& folder, Date today);

}  // namespace kstati::cli
