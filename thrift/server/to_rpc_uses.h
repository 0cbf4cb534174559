// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "profile/deeds.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

// What was done about a citizen, in words for the citizen.
rpc::UseOfData WriteUse(const Wording& wording, const profile::DeedOfCitizen& deed);

}  // namespace kstati::thrift
