// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/limited_frames.h"

#include <gtest/gtest.h>
#include <thrift/transport/TTransportException.h>

#include "thrift/server/limit_exceeded.h"

namespace kstati::thrift {
namespace {

namespace tt = apache::thrift::transport;

class LimitedFramesTest : public testing::Test {
 protected:
  static MessageLimits Limits() {
    MessageLimits limits;
    limits.batch_bytes = 1'000;
    limits.dropped_bytes = 5'000;
    return limits;
  }

  void Send(uint32_t length, size_t bytes) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(length >> shift);
    text.append(bytes, 'x');
    wire_->write(reinterpret_cast<const uint8_t*>(text.data()), static_cast<uint32_t>(text.size()));
  }

  size_t left() const { return wire_->available_read(); }

  std::shared_ptr<tt::TMemoryBuffer> wire_ = std::make_shared<tt::TMemoryBuffer>();
  LimitedFrames frames_{wire_, Limits()};
};

TEST_F(LimitedFramesTest, FramesWithinTheLimitPassOneAfterTheOther) {
  Send(1'000, 1'000);
  Send(3, 3);
  std::string text(1'000, '\0');
  for (const uint32_t size : {1'000U, 3U}) {
    frames_.readAll(reinterpret_cast<uint8_t*>(text.data()), size);
    EXPECT_EQ(text, std::string(1'000, 'x'));
    EXPECT_EQ(frames_.readEnd(), size + 4U);
  }
}

TEST_F(LimitedFramesTest, LongFrameGivesItsHeadAndIsThenRefusedWithTheLimit) {
  Send(1'001, 1'001);
  uint8_t head[256];
  EXPECT_NO_THROW(frames_.readAll(head, sizeof head));
  try {
    frames_.readAll(head, 1);
    ADD_FAILURE() << "the frame was not refused";
  } catch (const LimitExceeded& refused) {
    EXPECT_EQ(refused.error().message, "the message is longer than the limit of 1000 bytes");
    EXPECT_FALSE(refused.error().remedy.empty());
  }
}

TEST_F(LimitedFramesTest, LongFrameIsRefusedThoughItsMessageIsShort) {
  Send(1'001, 1'001);
  uint8_t message[10];
  frames_.readAll(message, sizeof message);
  EXPECT_THROW(frames_.readEnd(), LimitExceeded);
}

TEST_F(LimitedFramesTest, RestOfALongFrameIsDroppedUpToALimit) {
  Send(4'000, 4'000);
  uint8_t byte = 0;
  frames_.readAll(&byte, 1);
  frames_.DropRest();
  EXPECT_EQ(left(), 0U);
}

TEST_F(LimitedFramesTest, EndlessFrameIsNotReadToItsEnd) {
  Send(0x7FFFFFFF, 20'000);
  uint8_t byte = 0;
  frames_.readAll(&byte, 1);
  frames_.DropRest();
  EXPECT_EQ(left(), 20'000U - 256U - 5'000U);
}

TEST_F(LimitedFramesTest, LengthThatIsNegativeOrCutIsRefused) {
  uint8_t byte = 0;
  wire_->write(&byte, 1);
  EXPECT_THROW(frames_.read(&byte, 1), tt::TTransportException);
  Send(0xFFFFFFFB, 1);
  try {
    frames_.read(&byte, 1);
    ADD_FAILURE() << "the length was not refused";
  } catch (const tt::TTransportException& refused) {
    EXPECT_EQ(refused.getType(), tt::TTransportException::CORRUPTED_DATA);
  }
}

TEST_F(LimitedFramesTest, EndOfTheStreamIsNotAFrame) {
  uint8_t byte = 0;
  EXPECT_EQ(frames_.read(&byte, 1), 0U);
}

}  // namespace
}  // namespace kstati::thrift
