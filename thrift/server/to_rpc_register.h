// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/clock.h"
#include "cases/register.h"
#include "cases/zeros.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

// A term in words: "10 working days".
std::string TermInWords(const Wording& wording, int64_t value, TermUnit unit);

rpc::CaseClock WriteClock(const Wording& wording, const cases::CaseClock& clock,
                          const cases::Reckoning& reckoning, Instant now);
rpc::ResultRecord WriteResult(const Wording& wording, const cases::ResultRecord& record,
                              Date today);
rpc::Zeros WriteZeros(const Wording& wording, const cases::Zeros& zeros);

}  // namespace kstati::thrift
