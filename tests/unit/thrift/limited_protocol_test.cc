// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/limited_protocol.h"

#include <gtest/gtest.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "kstati_rpc/kstati_types.h"

namespace kstati::thrift {
namespace {

namespace tp = apache::thrift::protocol;
namespace tt = apache::thrift::transport;

// The same facts hold for both protocols.
template <class Base>
class LimitedProtocolTest : public testing::Test {
 protected:
  void Write(const rpc::RegistryEvent& event) {
    Base writer(buffer_);
    event.write(&writer);
  }

  rpc::RegistryEvent Read(const MessageLimits& limits) {
    LimitedProtocol<Base> protocol(buffer_, limits);
    rpc::RegistryEvent event;
    event.read(&protocol);
    return event;
  }

  std::string RefusalOf(const MessageLimits& limits) {
    try {
      Read(limits);
    } catch (const LimitExceeded& refused) {
      EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
      EXPECT_FALSE(refused.error().remedy.empty());
      return refused.error().message;
    }
    return "nothing was refused";
  }

  static rpc::RegistryEvent WithFacts(size_t count) {
    rpc::RegistryEvent event;
    event.facts.resize(count);
    return event;
  }

  std::shared_ptr<tt::TMemoryBuffer> buffer_ = std::make_shared<tt::TMemoryBuffer>();
};

using Protocols = testing::Types<tp::TCompactProtocolT<tt::TTransport>, tp::TJSONProtocol>;
TYPED_TEST_SUITE(LimitedProtocolTest, Protocols);

TYPED_TEST(LimitedProtocolTest, WhatIsWithinTheLimitsPasses) {
  rpc::RegistryEvent event = this->WithFacts(3);
  event.id = "событие";
  event.participants["mother"] = {"17", "18"};
  this->Write(event);
  EXPECT_EQ(this->Read({}), event);
}

TYPED_TEST(LimitedProtocolTest, ListOverTheLimitIsRefused) {
  MessageLimits limits;
  limits.elements = 4;
  this->Write(this->WithFacts(4));
  EXPECT_NO_THROW(this->Read(limits));
  this->Write(this->WithFacts(5));
  EXPECT_EQ(this->RefusalOf(limits), "a list is longer than the limit of 4 elements");
}

TYPED_TEST(LimitedProtocolTest, ManySmallListsTogetherAreRefused) {
  MessageLimits limits;
  limits.elements_in_message = 10;
  rpc::RegistryEvent event;
  for (int i = 0; i < 6; ++i) event.participants[std::to_string(i)] = {"17"};
  this->Write(event);
  EXPECT_EQ(this->RefusalOf(limits),
            "the lists of the message are together longer than the limit of 10 elements");
}

TYPED_TEST(LimitedProtocolTest, LongTextIsRefused) {
  MessageLimits limits;
  limits.string_bytes = 100;
  rpc::RegistryEvent event;
  event.id = std::string(101, 'x');
  this->Write(event);
  EXPECT_EQ(this->RefusalOf(limits), "a text is longer than the limit of 100 bytes");
}

TYPED_TEST(LimitedProtocolTest, HeaderIsKnownOnceItWasRead) {
  TypeParam writer(this->buffer_);
  writer.writeMessageBegin("suggest", tp::T_CALL, 7);
  writer.writeMessageEnd();
  LimitedProtocol<TypeParam> protocol(this->buffer_, {});
  EXPECT_FALSE(protocol.header().known);
  std::string name;
  tp::TMessageType type;
  int32_t sequence = 0;
  protocol.readMessageBegin(name, type, sequence);
  EXPECT_TRUE(protocol.header().known);
  EXPECT_EQ(protocol.header().method, "suggest");
  EXPECT_EQ(protocol.header().sequence, 7);
}

TYPED_TEST(LimitedProtocolTest, AMessageOfNoTypeIsRefused) {
  constexpr int kNone = 7;  // what a protocol of three bits can still carry
  TypeParam writer(this->buffer_);
  writer.writeMessageBegin("submitEvents", static_cast<tp::TMessageType>(kNone), 0);
  writer.writeMessageEnd();
  LimitedProtocol<TypeParam> protocol(this->buffer_, MessageLimits());
  std::string name;
  tp::TMessageType type = tp::T_CALL;
  int32_t sequence = 0;
  EXPECT_THROW(protocol.readMessageBegin(name, type, sequence), tp::TProtocolException);
}

TEST(CompactProtocolTest, AnnouncedListCostsNoMemoryBeforeItIsRefused) {
  // Field 7 (facts): a list of 50,000,000 structures, of which none follows.
  const std::string bytes("\x79\xfc\x80\xe1\xeb\x17", 6);
  const auto buffer = std::make_shared<tt::TMemoryBuffer>();
  buffer->write(reinterpret_cast<const uint8_t*>(bytes.data()),
                static_cast<uint32_t>(bytes.size()));
  LimitedProtocol<tp::TCompactProtocolT<tt::TTransport>> protocol(buffer, {});
  rpc::RegistryEvent event;
  EXPECT_THROW(event.read(&protocol), tp::TProtocolException);
  EXPECT_EQ(event.facts.capacity(), 0U);
}

TEST(CompactProtocolTest, ACountIsRefusedBeforeAnythingIsReckonedWithIt) {
  constexpr uint32_t kNearlyAll = 2'031'337'191;  // times the size of an element no int can hold it
  const auto buffer = std::make_shared<tt::TMemoryBuffer>();
  tp::TCompactProtocolT<tt::TTransport> writer(buffer);
  writer.writeListBegin(tp::T_I64, kNearlyAll);
  LimitedProtocol<tp::TCompactProtocolT<tt::TTransport>> protocol(buffer, {});
  tp::TType element = tp::T_STOP;
  uint32_t size = 0;
  EXPECT_THROW(protocol.readListBegin(element, size), LimitExceeded);
}

}  // namespace
}  // namespace kstati::thrift
