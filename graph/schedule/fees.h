// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/catalogue.h"
#include "graph/chain.h"

namespace kstati::graph::schedule {

// A step that was put on another day costs what it costs on that day. Where the search took another
// fee for granted the burden is what is paid, and nothing is proven of the chain: on other days
// another one may ask less.
void PayOn(const Catalogue& catalogue, ChainStep& step, Chain& chain);

}  // namespace kstati::graph::schedule
