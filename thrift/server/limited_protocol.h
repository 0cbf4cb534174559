// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrift/protocol/TVirtualProtocol.h>

#include <memory>
#include <string>

#include "thrift/server/limits.h"

namespace kstati::thrift {

// The call that is being read, as far as its header came through.
struct CallHeader {
  std::string method;
  int32_t sequence = 0;
  bool known = false;
};

// What a limited protocol shows to the processor around it.
class MessageObserver {
 public:
  virtual ~MessageObserver() = default;
  virtual const CallHeader& header() const = 0;
};

// A protocol that refuses containers and strings beyond the limits before memory is taken for them.
// Base: TCompactProtocolT or TJSONProtocol.
template <class Base>
class LimitedProtocol final
    : public apache::thrift::protocol::TVirtualProtocol<LimitedProtocol<Base>, Base>,
      public MessageObserver {
  using Parent = apache::thrift::protocol::TVirtualProtocol<LimitedProtocol<Base>, Base>;
  using Type = apache::thrift::protocol::TType;

 public:
  LimitedProtocol(std::shared_ptr<apache::thrift::transport::TTransport> transport,
                  const MessageLimits& limits)
      : Parent(std::move(transport)), limits_(limits) {
    this->setRecurisionLimit(limits.depth);
    if constexpr (requires { this->setStringSizeLimit(1); }) {
      this->setStringSizeLimit(static_cast<int32_t>(limits.string_bytes));
      this->setContainerSizeLimit(static_cast<int32_t>(limits.elements));
    }
  }

  uint32_t readMessageBegin(std::string& name, apache::thrift::protocol::TMessageType& type,
                            int32_t& sequence) {
    elements_ = 0;
    header_.known = false;
    const uint32_t bytes = Base::readMessageBegin(name, type, sequence);
    header_ = {name, sequence, true};
    return bytes;
  }
  uint32_t readListBegin(Type& element, uint32_t& size) {
    const uint32_t bytes = Base::readListBegin(element, size);
    Count(size);
    return bytes;
  }
  uint32_t readSetBegin(Type& element, uint32_t& size) {
    const uint32_t bytes = Base::readSetBegin(element, size);
    Count(size);
    return bytes;
  }
  uint32_t readMapBegin(Type& key, Type& value, uint32_t& size) {
    const uint32_t bytes = Base::readMapBegin(key, value, size);
    Count(size);
    return bytes;
  }
  uint32_t readString(std::string& text) {
    const uint32_t bytes = Base::readString(text);
    if (text.size() > limits_.string_bytes) Refuse("a text is longer than the limit");
    return bytes;
  }

  const CallHeader& header() const override { return header_; }

 private:
  void Count(uint32_t size) {
    if (size > limits_.elements) Refuse("a list is longer than the limit");
    elements_ += size;
    if (elements_ > limits_.elements_in_message) Refuse("the lists together exceed the limit");
  }
  [[noreturn]] static void Refuse(const char* why) {
    using apache::thrift::protocol::TProtocolException;
    throw TProtocolException(TProtocolException::SIZE_LIMIT, why);
  }

  MessageLimits limits_;
  uint64_t elements_ = 0;
  CallHeader header_;
};

}  // namespace kstati::thrift
