// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/http_gateway.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "thrift/server/thrift_server.h"

namespace kstati::thrift {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A service whose store may refuse writes.
class Patient final : public rpc::KstatiNull {
 public:
  void status(rpc::Status& reply, const rpc::CallContext&) override {
    reply.ready = ready;
    if (!ready) reply.__set_not_ready_because("the disk is full");
    if (ready && degraded) reply.__set_not_ready_because("partition 1: it is down");
  }
  bool ready = true;
  bool degraded = false;
};

// What the server says to GET `path`, head and body.
std::string Get(int port, const std::string& path) {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(send(connection, request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char part[4096];
  for (ssize_t got; (got = recv(connection, part, sizeof part, 0)) > 0;) {
    answer.append(part, static_cast<size_t>(got));
  }
  close(connection);
  return answer;
}

TEST(HttpGatewayTest, HealthTellsWhetherChangesAreAccepted) {
  const auto kstati = std::make_shared<Patient>();
  const AccessList everybody;
  HttpGatewayOptions options;
  options.port = 0;
  options.threads = 2;
  const auto gateway = HttpGateway::Start(options, kstati, everybody);
  ASSERT_TRUE(gateway) << gateway.error().ToString();
  EXPECT_THAT(Get((*gateway)->port(), "/health"), StartsWith("HTTP/1.1 200"));
  kstati->ready = false;
  const std::string answer = Get((*gateway)->port(), "/health");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("the disk is full"));
  kstati->ready = true;
  EXPECT_THAT(Get((*gateway)->port(), "/health"), StartsWith("HTTP/1.1 200"));
  kstati->degraded = true;
  const std::string degraded = Get((*gateway)->port(), "/health");
  EXPECT_THAT(degraded, StartsWith("HTTP/1.1 200")) << "a load balancer goes on sending";
  EXPECT_THAT(degraded, HasSubstr("\"degraded\""));
  EXPECT_THAT(degraded, HasSubstr("partition 1: it is down"));
}

// Both doors, though nobody asked the doctor.
TEST(DoorsTest, WithoutTokensAndTlsOnlyLoopbackIsOpened) {
  const auto kstati = std::make_shared<Patient>();
  const AccessList everybody;
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1", "kstati.example", ""}) {
    HttpGatewayOptions http;
    http.host = host;
    http.port = 0;
    const auto gateway = HttpGateway::Start(http, kstati, everybody);
    ASSERT_FALSE(gateway) << host;
    EXPECT_EQ(gateway.error().code, ErrorCode::kDenied) << host;
    EXPECT_THAT(gateway.error().remedy, HasSubstr("tokens_file"));
    ThriftServerOptions binary;
    binary.host = host;
    binary.port = 0;
    const auto server = ThriftServer::Start(binary, kstati, everybody);
    ASSERT_FALSE(server) << host;
    EXPECT_EQ(server.error().code, ErrorCode::kDenied) << host;
  }
}

}  // namespace
}  // namespace kstati::thrift
