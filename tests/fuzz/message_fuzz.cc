// SPDX-License-Identifier: Apache-2.0
// Any bytes at the doors: those that begin with a bracket as a body of POST /rpc, others as what a
// caller sends to the binary door. They end in calls, refusals or a closed connection.
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <cstdint>
#include <memory>

#include "base/log.h"
#include "kstati_rpc/Kstati.h"
#include "thrift/server/guarded_processor.h"
#include "thrift/server/limited_frames.h"
#include "thrift/server/limited_protocol.h"

namespace kstati::thrift {
namespace {

namespace tp = apache::thrift::protocol;
namespace tt = apache::thrift::transport;

// Small, so that short inputs reach them.
MessageLimits Limits() {
  MessageLimits limits;
  limits.message_bytes = 2'000;
  limits.batch_bytes = 4'000;
  limits.dropped_bytes = 8'000;
  limits.string_bytes = 200;
  limits.elements = 20;
  limits.elements_in_message = 60;
  limits.depth = 8;
  return limits;
}

void ReadFrames(GuardedProcessor& processor, std::shared_ptr<tt::TTransport> wire) {
  const MessageLimits limits = Limits();
  const auto frames = std::make_shared<LimitedFrames>(std::move(wire), limits);
  using Compact = tp::TCompactProtocolT<tt::TTransport>;
  const auto in = std::make_shared<LimitedProtocol<Compact>>(frames, limits);
  const auto replies =
      std::make_shared<tt::TFramedTransport>(std::make_shared<tt::TMemoryBuffer>());
  const auto out = std::make_shared<tp::TCompactProtocol>(replies);
  while (processor.process(in, out, nullptr)) {
  }
}

void ReadBody(GuardedProcessor& processor, std::shared_ptr<tt::TTransport> body) {
  const auto in = std::make_shared<LimitedProtocol<tp::TJSONProtocol>>(std::move(body), Limits());
  const auto reply = std::make_shared<tt::TMemoryBuffer>();
  processor.process(in, std::make_shared<tp::TJSONProtocol>(reply), nullptr);
}

void Run(const uint8_t* data, size_t size) {
  log::SetLevel(log::Level::kError);
  apache::thrift::GlobalOutput.setOutputFunction([](const char*) {});
  GuardedProcessor processor(
      std::make_shared<rpc::KstatiProcessor>(std::make_shared<rpc::KstatiNull>()), Limits());
  const auto wire = std::make_shared<tt::TMemoryBuffer>();
  wire->write(data, static_cast<uint32_t>(size));
  try {
    size > 0 && data[0] == '[' ? ReadBody(processor, wire) : ReadFrames(processor, wire);
  } catch (const apache::thrift::TException&) {
    // The connection is closed, or the body refused.
  }
}

}  // namespace
}  // namespace kstati::thrift

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kstati::thrift::Run(data, size);
  return 0;
}
