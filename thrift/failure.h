// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.h"
#include "kstati_rpc/kstati_types.h"

namespace kstati::thrift {

// The two forms of a failed operation: inside (Error) and in the contract (rpc::Failure).
rpc::Failure ToFailure(const Error& error);
// A code this program does not know becomes kInternal.
Error FromFailure(const rpc::Failure& failure);

}  // namespace kstati::thrift
