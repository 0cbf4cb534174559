// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/thrift_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "thrift/clients/client.h"
#include "thrift/failure.h"

namespace kstati::thrift {
namespace {

// Answers after a while, and fails as the contract allows.
class SlowKstati final : public rpc::KstatiNull {
 public:
  void status(rpc::Status& reply, const rpc::CallContext& context) override {
    started = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    reply.version = context.token;
    finished = true;
  }
  void services(std::vector<rpc::ServiceSummary>&, const rpc::CallContext&) override {
    throw ToFailure({ErrorCode::kDenied, "not you", "place", "remedy"});
  }

  std::atomic<bool> started = false;
  std::atomic<bool> finished = false;
};

class ThriftServerTest : public testing::Test {
 protected:
  std::unique_ptr<ThriftServer> Start(int port = 0) {
    ThriftServerOptions options;
    options.port = port;
    auto server = ThriftServer::Start(options, kstati_, {});
    EXPECT_TRUE(server) << server.error().ToString();
    return std::move(*server);
  }

  static std::unique_ptr<rpc::KstatiIf> ConnectTo(int port) {
    ClientOptions options;
    options.address.port = port;
    options.token = "token";
    return std::move(*Connect(options));
  }

  static Error FailureOf(const std::function<void()>& call) {
    try {
      call();
    } catch (const rpc::Failure& failure) {
      return FromFailure(failure);
    }
    ADD_FAILURE() << "the call did not fail";
    return {};
  }

  std::shared_ptr<SlowKstati> kstati_ = std::make_shared<SlowKstati>();
};

TEST_F(ThriftServerTest, AnswersAndPassesTheToken) {
  const auto server = Start();
  rpc::Status status;
  ConnectTo(server->port())->status(status, {});
  EXPECT_EQ(status.version, "token");
}

TEST_F(ThriftServerTest, FailuresArriveWithPlaceAndRemedy) {
  const auto server = Start();
  const auto client = ConnectTo(server->port());
  const Error error = FailureOf([&] {
    std::vector<rpc::ServiceSummary> services;
    client->services(services, {});
  });
  EXPECT_EQ(error.code, ErrorCode::kDenied);
  EXPECT_EQ(error.place, "place");
  EXPECT_EQ(error.remedy, "remedy");
}

TEST_F(ThriftServerTest, StoppingLetsRunningCallsFinish) {
  auto server = Start();
  rpc::Status status;
  std::thread caller([&, client = ConnectTo(server->port())] { client->status(status, {}); });
  while (!kstati_->started) std::this_thread::yield();
  server.reset();
  EXPECT_TRUE(kstati_->finished);
  caller.join();
  EXPECT_EQ(status.version, "token");
}

TEST_F(ThriftServerTest, StoppingDoesNotWaitForIdleConnections) {
  auto server = Start();
  const auto client = ConnectTo(server->port());
  rpc::Status status;
  client->status(status, {});
  server.reset();
  const Error error = FailureOf([&] { client->status(status, {}); });
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
}

TEST_F(ThriftServerTest, ClientConnectsAgainAfterARestart) {
  auto server = Start();
  const int port = server->port();
  const auto client = ConnectTo(port);
  rpc::Status status;
  client->status(status, {});
  server.reset();
  EXPECT_EQ(FailureOf([&] { client->status(status, {}); }).code, ErrorCode::kUnavailable);
  server = Start(port);
  EXPECT_NO_THROW(client->status(status, {}));
}

TEST_F(ThriftServerTest, UsedPortIsAnErrorThatNamesIt) {
  const auto server = Start();
  ThriftServerOptions options;
  options.port = server->port();
  const auto second = ThriftServer::Start(options, kstati_, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message, testing::HasSubstr(std::to_string(server->port())));
}

TEST_F(ThriftServerTest, UnusableTlsFilesAreAnError) {
  ThriftServerOptions options;
  options.port = 0;
  options.tls = {"/no/such/file.pem", "/no/such/file.key", ""};
  const auto server = ThriftServer::Start(options, kstati_, {});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ErrorCode::kInvalidArgument);
}

TEST(ServerAddressTest, ReadsHostAndPort) {
  EXPECT_EQ(ServerAddress::Parse("kstati.example:9090")->host, "kstati.example");
  EXPECT_EQ(ServerAddress::Parse("[::1]:9090")->host, "::1");
  EXPECT_EQ(ServerAddress::Parse("[::1]:9090")->port, 9090);
  for (const char* text : {"", "host", ":9090", "host:", "host:0", "host:65536", "host:9x"}) {
    EXPECT_FALSE(ServerAddress::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace kstati::thrift
