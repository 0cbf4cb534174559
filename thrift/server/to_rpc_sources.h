// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cases/inquiries.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

using kstati::cases::kServiceOnRequest;
using kstati::cases::kTellOfRights;

// Whether facts arrived, so that what rests on them is worked out anew.
bool SomeAnswered(const std::vector<kstati::cases::AskedSource>& asked);

// Which sources were asked and what became of it, in words.
std::vector<rpc::AskedSource> WriteAsked(const Wording& wording,
                                         const std::vector<kstati::cases::AskedSource>& asked);
rpc::SourceSummary WriteSource(const Wording& wording, const sources::SourceTerms& terms);

}  // namespace kstati::thrift
