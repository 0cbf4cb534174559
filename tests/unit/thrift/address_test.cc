// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kstati::thrift {
namespace {

using testing::HasSubstr;

TEST(AddressTest, OnlyAddressesOfThisMachineAreLoopback) {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (const char* host :
       {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.0.0.1.evil.example", ""}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

TEST(AddressTest, AnyFreePortCanBeHad) { EXPECT_TRUE(CanListen("127.0.0.1", 0)); }

TEST(AddressTest, UsedPortIsNamedWithWhatToDo) {
  const int taken = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(taken, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(taken, 1), 0);
  socklen_t size = sizeof address;
  getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size);
  const int port = ntohs(address.sin_port);

  const Result<void> result = CanListen("127.0.0.1", port);
  close(taken);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(result.error().message, HasSubstr(std::to_string(port)));
  EXPECT_THAT(result.error().remedy, HasSubstr("another port"));
}

TEST(AddressTest, AddressOfAnotherMachineIsRefused) {
  const Result<void> result = CanListen("192.0.2.1", 0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("does not belong"));
}

TEST(AddressTest, UnknownHostIsRefused) { EXPECT_FALSE(CanListen("no such host", 1234)); }

TEST(AddressTest, TextForBothFamilies) {
  EXPECT_EQ(AddressText("127.0.0.1", 80), "127.0.0.1:80");
  EXPECT_EQ(AddressText("::1", 80), "[::1]:80");
}

}  // namespace
}  // namespace kstati::thrift
