// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bilingual.h"
#include "base/ids.h"
#include "base/issue.h"
#include "graph/catalogue.h"

namespace kstati::graph {

// Among whom services exclude each other.
enum class ExclusionScope {
  kApplicant,  // one person gets so many of them
  kAbout,      // for one child or deceased, whoever of the household applies
};

// Services of which the law gives only so many together.
struct Exclusion {
  std::string id;
  std::vector<ServiceId> services;
  ExclusionScope scope = ExclusionScope::kApplicant;
  uint32_t at_most = 1;
  Bilingual text;  // why, for a person
  LegalSource source;
  Location location;
};

// Reads exclusions.yaml of a catalogue's folder, by id; without the file there are none. Problems,
// references that lead nowhere among them, are appended to `issues`.
std::vector<Exclusion> LoadExclusions(const std::string& folder, const Catalogue& catalogue,
                                      std::vector<Issue>& issues);

}  // namespace kstati::graph
