// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/limited_frames.h"

#include <thrift/transport/TTransportException.h>

#include <algorithm>
#include <array>

#include "thrift/server/limit_exceeded.h"

namespace kstati::thrift {
namespace {

using apache::thrift::transport::TFramedTransport;
using apache::thrift::transport::TTransport;
using apache::thrift::transport::TTransportException;

constexpr uint32_t kHeadBytes = 256;  // more than the header of any call of the contract

std::shared_ptr<apache::thrift::TConfiguration> ConfigurationOf(const MessageLimits& limits) {
  return std::make_shared<apache::thrift::TConfiguration>(static_cast<int>(limits.batch_bytes),
                                                          static_cast<int>(limits.batch_bytes),
                                                          static_cast<int>(limits.depth));
}

LimitExceeded Oversize(const MessageLimits& limits) {
  return {"the message is longer", limits.batch_bytes, "bytes",
          "send it in several calls, fewer events in each"};
}

}  // namespace

LimitedFrames::LimitedFrames(std::shared_ptr<TTransport> inner, const MessageLimits& limits)
    : TFramedTransport(std::move(inner), ConfigurationOf(limits)), limits_(limits) {
  // The base would count from a null pointer when it is read before the first frame.
  rBuf_.reset(new uint8_t[kHeadBytes]);
  rBufSize_ = kHeadBytes;
  setReadBuffer(rBuf_.get(), 0);
}

// False at the end of the stream; throws when it ends within the length.
bool LimitedFrames::ReadLength(int32_t& length) {
  std::array<uint8_t, sizeof(int32_t)> bytes{};
  uint32_t have = 0;
  while (have < bytes.size()) {
    const uint32_t got =
        transport_->read(bytes.data() + have, static_cast<uint32_t>(bytes.size()) - have);
    if (got == 0 && have == 0) return false;
    if (got == 0) {
      throw TTransportException(TTransportException::END_OF_FILE, "the stream ended in a length");
    }
    have += got;
  }
  uint32_t number = 0;
  for (const uint8_t byte : bytes) number = number << 8 | byte;
  length = static_cast<int32_t>(number);
  return true;
}

bool LimitedFrames::readFrame() {
  if (oversize_) return ReadHead();
  int32_t length = 0;
  if (!ReadLength(length)) return false;
  if (length < 0) {
    throw TTransportException(TTransportException::CORRUPTED_DATA, "a frame of negative length");
  }
  const auto bytes = static_cast<uint32_t>(length);
  if (bytes > limits_.batch_bytes) {
    oversize_ = true;
    rest_ = bytes;
    head_rest_ = std::min(bytes, kHeadBytes);
    return ReadHead();
  }
  if (bytes > rBufSize_) {
    rBuf_.reset(new uint8_t[bytes]);
    rBufSize_ = bytes;
  }
  transport_->readAll(rBuf_.get(), bytes);
  setReadBuffer(rBuf_.get(), bytes);
  return true;
}

// Takes what has arrived, and does not wait for the whole head: garbage is refused by its first
// byte.
bool LimitedFrames::ReadHead() {
  if (head_rest_ == 0) throw Oversize(limits_);
  const uint32_t got = transport_->read(rBuf_.get(), static_cast<uint32_t>(head_rest_));
  head_rest_ -= got;
  rest_ -= got;
  setReadBuffer(rBuf_.get(), got);
  return got > 0;
}

uint32_t LimitedFrames::readEnd() {
  if (oversize_) throw Oversize(limits_);
  return TFramedTransport::readEnd();
}

void LimitedFrames::DropRest() {
  std::array<uint8_t, 1u << 16> dropped;
  uint64_t allowed = std::min<uint64_t>(rest_, limits_.dropped_bytes);
  while (allowed > 0) {
    const uint32_t got = transport_->read(
        dropped.data(), static_cast<uint32_t>(std::min<uint64_t>(allowed, dropped.size())));
    if (got == 0) return;
    allowed -= got;
    rest_ -= got;
  }
}

}  // namespace kstati::thrift
