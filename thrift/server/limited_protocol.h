// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thrift/protocol/TVirtualProtocol.h>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "thrift/server/limit_exceeded.h"
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

// Whether a protocol of the library counts what it reads itself, before it looks at the count.
template <class Base>
concept CountsItself =
    std::constructible_from<Base, std::shared_ptr<apache::thrift::transport::TTransport>, int32_t,
                            int32_t>;

// A protocol that refuses containers and strings beyond the limits before memory is taken for them.
// Base: TCompactProtocolT or TJSONProtocol.
template <class Base>
class LimitedProtocol final : public Base, public MessageObserver {
  using Transport = apache::thrift::transport::TTransport;
  using Type = apache::thrift::protocol::TType;

 public:
  LimitedProtocol(std::shared_ptr<Transport> transport, const MessageLimits& limits)
    requires CountsItself<Base>
      : Base(std::move(transport), static_cast<int32_t>(limits.string_bytes),
             static_cast<int32_t>(limits.elements)),
        limits_(limits) {
    this->setRecurisionLimit(limits.depth);
  }
  LimitedProtocol(std::shared_ptr<Transport> transport, const MessageLimits& limits)
    requires(!CountsItself<Base>)
      : Base(std::move(transport)), limits_(limits) {
    this->setRecurisionLimit(limits.depth);
  }

  uint32_t readMessageBegin(std::string& name, apache::thrift::protocol::TMessageType& type,
                            int32_t& sequence) {
    elements_ = 0;
    header_.known = false;
    const uint32_t bytes = Base::readMessageBegin(name, type, sequence);
    RequireKnown(type);
    header_ = {name, sequence, true};
    return bytes;
  }
  uint32_t readListBegin(Type& element, uint32_t& size) {
    return Counted(size, [&] { return Base::readListBegin(element, size); });
  }
  uint32_t readSetBegin(Type& element, uint32_t& size) {
    return Counted(size, [&] { return Base::readSetBegin(element, size); });
  }
  uint32_t readMapBegin(Type& key, Type& value, uint32_t& size) {
    return Counted(size, [&] { return Base::readMapBegin(key, value, size); });
  }
  uint32_t readString(std::string& text) {
    const uint32_t bytes =
        Limited([&] { return Base::readString(text); }, [this] { return LongText(); });
    if (text.size() > limits_.string_bytes) throw LongText();
    return bytes;
  }

  // What readers of any protocol call.
  uint32_t readMessageBegin_virt(std::string& name, apache::thrift::protocol::TMessageType& type,
                                 int32_t& sequence) override {
    return readMessageBegin(name, type, sequence);
  }
  uint32_t readListBegin_virt(Type& element, uint32_t& size) override {
    return readListBegin(element, size);
  }
  uint32_t readSetBegin_virt(Type& element, uint32_t& size) override {
    return readSetBegin(element, size);
  }
  uint32_t readMapBegin_virt(Type& key, Type& value, uint32_t& size) override {
    return readMapBegin(key, value, size);
  }
  uint32_t readString_virt(std::string& text) override { return readString(text); }
  uint32_t skip_virt(Type type) override { return apache::thrift::protocol::skip(*this, type); }

  const CallHeader& header() const override { return header_; }

 private:
  // The library takes any number for a type and looks at it as at one of its own, which is
  // undefined.
  static void RequireKnown(const apache::thrift::protocol::TMessageType& type) {
    std::underlying_type_t<apache::thrift::protocol::TMessageType> number = 0;
    static_assert(sizeof number == sizeof type);
    std::memcpy(&number, &type, sizeof number);
    using apache::thrift::protocol::TProtocolException;
    if (number >= apache::thrift::protocol::T_CALL && number <= apache::thrift::protocol::T_ONEWAY)
      return;
    throw TProtocolException(TProtocolException::INVALID_DATA, "this is no type of a message");
  }

  template <class Read>
  uint32_t Counted(uint32_t& size, const Read& read) {
    const uint32_t bytes = Limited(read, [this] { return LongList(); });
    if (size > limits_.elements) throw LongList();
    elements_ += size;
    if (elements_ > limits_.elements_in_message) {
      throw LimitExceeded("the lists of the message are together longer",
                          limits_.elements_in_message, "elements", kFewer);
    }
    return bytes;
  }

  // Where the library enforces the limit it does not say which one, and how large it is.
  template <class Read, class Refusal>
  static uint32_t Limited(const Read& read, const Refusal& refusal) {
    using apache::thrift::protocol::TProtocolException;
    try {
      return read();
    } catch (const LimitExceeded&) {
      throw;  // the transport's own
    } catch (const TProtocolException& problem) {
      if (problem.getType() == TProtocolException::SIZE_LIMIT) throw refusal();
      throw;
    }
  }

  LimitExceeded LongList() const {
    return {"a list is longer", limits_.elements, "elements", kFewer};
  }
  LimitExceeded LongText() const {
    return {"a text is longer", limits_.string_bytes, "bytes", "shorten the text"};
  }

  static constexpr const char* kFewer = "send it in several calls, fewer elements in each";

  MessageLimits limits_;
  uint64_t elements_ = 0;
  CallHeader header_;
};

}  // namespace kstati::thrift
