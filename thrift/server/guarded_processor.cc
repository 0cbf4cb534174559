// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/guarded_processor.h"

#include <thrift/TApplicationException.h>
#include <thrift/protocol/TProtocolException.h>
#include <thrift/transport/TTransportException.h>

#include "base/log.h"
#include "base/metrics.h"
#include "thrift/server/limited_protocol.h"

namespace kstati::thrift {
namespace {

using apache::thrift::TApplicationException;
using apache::thrift::protocol::TProtocol;
using apache::thrift::protocol::TProtocolException;
using apache::thrift::transport::TTransportException;

// Only batches of events may be long.
class LengthGuard final : public apache::thrift::TProcessorEventHandler {
 public:
  explicit LengthGuard(const MessageLimits& limits) : limits_(limits) {}

  void postRead(void*, const char* method, uint32_t bytes) override {
    if (bytes <= limits_.message_bytes) return;
    if (std::string_view(method) == "Kstati.submitEvents") return;
    throw TProtocolException(TProtocolException::SIZE_LIMIT,
                             "the message is longer than the limit");
  }

 private:
  MessageLimits limits_;
};

void AnswerBeforeClosing(TProtocol& in, TProtocol& out, const char* why) {
  const auto* observer = dynamic_cast<const MessageObserver*>(&in);
  if (observer == nullptr || !observer->header().known) return;
  try {
    TApplicationException answer(TApplicationException::PROTOCOL_ERROR, why);
    out.writeMessageBegin(observer->header().method, apache::thrift::protocol::T_EXCEPTION,
                          observer->header().sequence);
    answer.write(&out);
    out.writeMessageEnd();
    out.getTransport()->writeEnd();
    out.getTransport()->flush();
  } catch (const apache::thrift::TException&) {
    // The caller is gone; the connection closes anyway.
  }
}

}  // namespace

void CountMalformed(const char* kind) {
  metrics::CounterOf("kstati_thrift_malformed_messages_total",
                     "Messages that broke the protocol or a limit", "kind", kind)
      .Add();
  log::Warning("thrift.malformed", {{"kind", kind}});
}

GuardedProcessor::GuardedProcessor(std::shared_ptr<apache::thrift::TProcessor> inner,
                                   const MessageLimits& limits)
    : inner_(std::move(inner)) {
  inner_->setEventHandler(std::make_shared<LengthGuard>(limits));
}

bool GuardedProcessor::process(std::shared_ptr<TProtocol> in, std::shared_ptr<TProtocol> out,
                               void* connection) {
  try {
    return inner_->process(in, out, connection);
  } catch (const TProtocolException& problem) {
    const bool limit = problem.getType() == TProtocolException::SIZE_LIMIT ||
                       problem.getType() == TProtocolException::DEPTH_LIMIT;
    CountMalformed(limit ? "limit" : "protocol");
    AnswerBeforeClosing(*in, *out, problem.what());
    throw;
  } catch (const TTransportException& problem) {
    // END_OF_FILE, TIMED_OUT and INTERRUPTED are how connections end.
    if (problem.getType() == TTransportException::CORRUPTED_DATA) {
      CountMalformed("frame");
    }
    throw;
  }
}

}  // namespace kstati::thrift
