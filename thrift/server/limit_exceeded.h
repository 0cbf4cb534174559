// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrift/protocol/TProtocolException.h>

#include <cstdint>
#include <string>
#include <utility>

#include "base/error.h"

namespace kstati::thrift {

// A message went beyond a limit. Says which one, how large it is, and what the caller can do.
class LimitExceeded final : public apache::thrift::protocol::TProtocolException {
 public:
  // `what` is said of the message: "a text is longer"; " than the limit of N `unit`" follows.
  LimitExceeded(const std::string& what, uint64_t limit, const std::string& unit,
                std::string remedy)
      : LimitExceeded({ErrorCode::kLimitExceeded,
                       what + " than the limit of " + std::to_string(limit) + " " + unit,
                       {},
                       std::move(remedy)}) {}

  const Error& error() const { return error_; }

 private:
  explicit LimitExceeded(Error error)
      : TProtocolException(SIZE_LIMIT, error.ToString()), error_(std::move(error)) {}

  Error error_;
};

}  // namespace kstati::thrift
