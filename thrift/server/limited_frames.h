// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrift/transport/TBufferTransports.h>

#include <memory>

#include "thrift/server/limits.h"

namespace kstati::thrift {

// The frames that callers of the binary door send. A frame over the limit is never taken into
// memory: its first bytes are given, so that the call it carries can be named in the refusal, and
// reading on throws LimitExceeded. A negative length throws TTransportException CORRUPTED_DATA.
// After either, the stream has no next frame.
class LimitedFrames final : public apache::thrift::transport::TFramedTransport {
 public:
  LimitedFrames(std::shared_ptr<apache::thrift::transport::TTransport> inner,
                const MessageLimits& limits);

  // Reads and drops what is left of a frame over the limit: a connection that is closed with bytes
  // unread is reset, and its caller would not get to read the refusal. Gives up after
  // MessageLimits::dropped_bytes. Throws what the connection throws.
  void DropRest();

  uint32_t readEnd() override;

 protected:
  bool readFrame() override;

 private:
  bool ReadLength(int32_t& length);
  bool ReadHead();

  MessageLimits limits_;
  bool oversize_ = false;
  uint64_t rest_ = 0;       // bytes of the oversize frame not read yet
  uint64_t head_rest_ = 0;  // of them still given to the reader
};

}  // namespace kstati::thrift
