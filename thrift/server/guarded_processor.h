// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrift/TProcessor.h>

#include <memory>

#include "thrift/server/limits.h"

namespace kstati::thrift {

// Processes calls of one connection. A message that breaks the protocol or a limit is counted,
// answered with a TApplicationException when its header could be read, and then closes the
// connection (the exception goes on to the server): after it nothing says where the next message
// starts.
class GuardedProcessor final : public apache::thrift::TProcessor {
 public:
  GuardedProcessor(std::shared_ptr<apache::thrift::TProcessor> inner, const MessageLimits& limits);

  bool process(std::shared_ptr<apache::thrift::protocol::TProtocol> in,
               std::shared_ptr<apache::thrift::protocol::TProtocol> out, void* connection) override;

 private:
  std::shared_ptr<apache::thrift::TProcessor> inner_;
};

// Counts a message that no call came of; `kind` is a short name for the metric's label.
void CountMalformed(const char* kind);

}  // namespace kstati::thrift
