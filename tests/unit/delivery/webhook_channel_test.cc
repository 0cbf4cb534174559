// SPDX-License-Identifier: Apache-2.0
#include "delivery/webhook_channel.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/unit/delivery/a_message.h"

namespace kstati::delivery {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// A gateway that does as a test says.
class WebhookChannelTest : public testing::Test {
 protected:
  using Serve = std::function<void(const httplib::Request&, httplib::Response&)>;

  void Answers(Serve serve) {
    server_.Post("/messages", std::move(serve));
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(milliseconds(1));
  }
  ~WebhookChannelTest() override {
    stop_ = true;
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  std::unique_ptr<Channel> Make(milliseconds deadline = milliseconds(2'000)) {
    WebhookOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(port_) + "/messages";
    options.secret = "secret";
    options.deadline = deadline;
    auto channel = MakeWebhookChannel(std::move(options));
    EXPECT_TRUE(channel);
    return std::move(*channel);
  }

  httplib::Server server_;
  std::thread thread_;
  std::atomic<bool> stop_ = false;
  int port_ = 1;  // nobody listens there
};

// RFC 4231, test cases 2 and 6.
TEST(SignatureTest, IsHmacSha256) {
  EXPECT_EQ(Signature("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      Signature(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_F(WebhookChannelTest, PostsWithKeyAndSignature) {
  httplib::Request got;
  Answers([&](const httplib::Request& request, httplib::Response& reply) {
    got = request;
    reply.status = 202;
  });
  EXPECT_EQ(Make()->Deliver(AMessage()).reception, Reception::kAccepted);
  EXPECT_EQ(got.get_header_value("Idempotency-Key"), AMessage().key);
  EXPECT_EQ(got.get_header_value("Kstati-Signature"), "sha256=" + Signature("secret", got.body));
  EXPECT_EQ(nlohmann::json::parse(got.body)["title"], AMessage().title);
}

TEST_F(WebhookChannelTest, TheStatusTellsWhetherItHelpsToTryAgain) {
  std::atomic<int> status{0};
  Answers([&](const httplib::Request&, httplib::Response& reply) {
    reply.status = status;
    reply.set_header("Location", "http://127.0.0.1:1/elsewhere");
    reply.set_content(std::string(100'000, 'x'), "text/plain");
  });
  const auto channel = Make();
  const std::map<int, Reception> expected{
      {200, Reception::kAccepted}, {201, Reception::kAccepted}, {302, Reception::kRefused},
      {400, Reception::kRefused},  {404, Reception::kRefused},  {408, Reception::kLater},
      {410, Reception::kRefused},  {425, Reception::kLater},    {429, Reception::kLater},
      {500, Reception::kLater},    {503, Reception::kLater}};
  for (const auto& [code, reception] : expected) {
    status = code;
    const Reply reply = channel->Deliver(AMessage());
    EXPECT_EQ(reply.reception, reception) << code;
    if (reception != Reception::kAccepted) {
      EXPECT_EQ(reply.reason, "http " + std::to_string(code));
    }
  }
}

TEST_F(WebhookChannelTest, IsGivenUpInTime) {
  Answers([this](const httplib::Request&, httplib::Response&) {
    while (!stop_) std::this_thread::sleep_for(milliseconds(5));
  });
  const auto began = Steady::now();
  EXPECT_EQ(Make(milliseconds(200))->Deliver(AMessage()).reception, Reception::kLater);
  EXPECT_LT(Steady::now() - began, milliseconds(1'500));
  stop_ = true;
}

TEST_F(WebhookChannelTest, SilenceIsLater) {
  EXPECT_EQ(Make()->Deliver(AMessage()).reception, Reception::kLater);
  const auto reached = Make()->Reach(milliseconds(200));
  ASSERT_FALSE(reached);
  EXPECT_EQ(reached.error().code, ErrorCode::kUnavailable);
}

TEST_F(WebhookChannelTest, WhoeverAnswersIsThere) {
  Answers([](const httplib::Request&, httplib::Response&) {});
  EXPECT_TRUE(Make()->Reach(milliseconds(1'000)));
}

TEST(WebhookUrlTest, LeadsElsewhereOnlyWithTls) {
  const auto make = [](const std::string& url, const std::string& secret = "s") {
    return MakeWebhookChannel({.url = url, .secret = secret, .authority = {}});
  };
  EXPECT_TRUE(make("https://gateway.example/messages"));
  EXPECT_TRUE(make("http://localhost:8080/x"));
  EXPECT_FALSE(make("http://gateway.example/messages"));
  EXPECT_FALSE(make("http://127.0.0.1.example/"));
  EXPECT_FALSE(make("ftp://gateway.example/"));
  EXPECT_FALSE(make("https://gateway.example/a\r\nX: y"));
  EXPECT_FALSE(make(""));
  EXPECT_FALSE(make("https://gateway.example/", ""));
}

}  // namespace
}  // namespace kstati::delivery
