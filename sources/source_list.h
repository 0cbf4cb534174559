// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/issue.h"
#include "profile/dictionary.h"
#include "sources/fact_source.h"

namespace kstati::sources {

// Reads the file of sources (docs/reference/sources.md). Every problem is an issue with its place:
// a name twice, a registry or an attribute that the dictionary does not know or assign, an address
// that is none, a token file that cannot be read. `dictionary` outlives the sources.
std::vector<std::unique_ptr<FactSource>> LoadSources(const std::string& path,
                                                     const profile::Dictionary& dictionary,
                                                     std::vector<Issue>& issues);

}  // namespace kstati::sources
