// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/guarded_processor.h"

#include <thrift/TApplicationException.h>
#include <thrift/transport/TTransportException.h>

#include "base/log.h"
#include "base/metrics.h"
#include "thrift/server/limit_exceeded.h"
#include "thrift/server/limited_frames.h"
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
    throw LimitExceeded("the message is longer", limits_.message_bytes, "bytes",
                        "shorten it; only a batch of events may be longer");
  }

 private:
  MessageLimits limits_;
};

// A caller's own name for a method, when it is short enough to be one of the contract.
std::string PlaceOf(const CallHeader& header) {
  constexpr size_t kNameBytesMax = 64;
  return header.method.size() > kNameBytesMax ? "call" : "call " + header.method;
}

void AnswerBeforeClosing(TProtocol& in, TProtocol& out, const Error& why) {
  const auto* observer = dynamic_cast<const MessageObserver*>(&in);
  if (observer == nullptr || !observer->header().known) return;
  const CallHeader& header = observer->header();
  try {
    if (auto* frames = dynamic_cast<LimitedFrames*>(in.getTransport().get())) frames->DropRest();
    TApplicationException answer(TApplicationException::PROTOCOL_ERROR,
                                 AtPlace(why, PlaceOf(header)).ToString());
    out.writeMessageBegin(header.method, apache::thrift::protocol::T_EXCEPTION, header.sequence);
    answer.write(&out);
    out.writeMessageEnd();
    out.getTransport()->writeEnd();
    out.getTransport()->flush();
  } catch (const apache::thrift::TException&) {
    // The caller is gone; the connection closes anyway.
  }
}

}  // namespace

Error RefusalOf(const TProtocolException& problem, const MessageLimits& limits) {
  if (const auto* exceeded = dynamic_cast<const LimitExceeded*>(&problem)) return exceeded->error();
  if (problem.getType() == TProtocolException::DEPTH_LIMIT) {
    return LimitExceeded("structures are nested deeper", limits.depth, "levels",
                         "send the call as thrift/kstati.thrift describes it")
        .error();
  }
  return {ErrorCode::kInvalidArgument,
          "the message is not a call of the contract",
          {},
          "send one message as thrift/kstati.thrift describes"};
}

void CountMalformed(const char* kind) {
  metrics::CounterOf("kstati_thrift_malformed_messages_total",
                     "Messages that broke the protocol or a limit", "kind", kind)
      .Add();
  log::Warning("thrift.malformed", {{"kind", kind}});
}

GuardedProcessor::GuardedProcessor(std::shared_ptr<apache::thrift::TProcessor> inner,
                                   const MessageLimits& limits)
    : inner_(std::move(inner)), limits_(limits) {
  inner_->setEventHandler(std::make_shared<LengthGuard>(limits));
}

bool GuardedProcessor::process(std::shared_ptr<TProtocol> in, std::shared_ptr<TProtocol> out,
                               void* connection) {
  try {
    return inner_->process(in, out, connection);
  } catch (const TProtocolException& problem) {
    const Error refusal = RefusalOf(problem, limits_);
    CountMalformed(refusal.code == ErrorCode::kLimitExceeded ? "limit" : "protocol");
    AnswerBeforeClosing(*in, *out, refusal);
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
