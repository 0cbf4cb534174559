// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/pre_check.h"
#include "cases/single_application.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

rpc::ApplicationOffer WriteOffer(const Wording& wording, const cases::ApplicationOffer& offer);
// With what became of each step by the cases that the draft sees; a step without one has the
// verdict of today.
Result<rpc::SingleApplication> WriteApplication(const Wording& wording,
                                                const cases::SingleApplication& application,
                                                cases::Draft& draft);
rpc::PreCheck WritePreCheck(const Wording& wording, const cases::PreCheck& pre_check, bool holds);

}  // namespace kstati::thrift
