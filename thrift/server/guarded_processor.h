// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrift/TProcessor.h>
#include <thrift/protocol/TProtocolException.h>

#include <memory>

#include "base/error.h"
#include "thrift/server/limits.h"

namespace kstati::thrift {

// Processes calls of one connection. A message that breaks the protocol or a limit is counted,
// answered with a TApplicationException that says what to do when its header could be read, and
// then closes the connection (the exception goes on to the server): after it nothing says where the
// next message starts. Bytes that are no message are counted and logged, never repeated.
class GuardedProcessor final : public apache::thrift::TProcessor {
 public:
  GuardedProcessor(std::shared_ptr<apache::thrift::TProcessor> inner, const MessageLimits& limits);

  bool process(std::shared_ptr<apache::thrift::protocol::TProtocol> in,
               std::shared_ptr<apache::thrift::protocol::TProtocol> out, void* connection) override;

 private:
  std::shared_ptr<apache::thrift::TProcessor> inner_;
  MessageLimits limits_;
};

// What to tell a caller whose message broke the protocol or a limit.
Error RefusalOf(const apache::thrift::protocol::TProtocolException& problem,
                const MessageLimits& limits);

// Counts a message that no call came of; `kind` is a short name for the metric's label.
void CountMalformed(const char* kind);

}  // namespace kstati::thrift
