// SPDX-License-Identifier: Apache-2.0
#include "sources/http_source.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/unit/sources/small_dictionary.h"

namespace kstati::sources {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

const Question kQuestion{CitizenId(17), {AttributeId("person.employed")}};
constexpr const char* kYes =
    R"({"citizen": "000000000017",
        "facts": [{"attribute": "person.employed", "value": "true", "valid_from": "2026-01-15"}]})";

// A registry's server that does as a test says.
class HttpSourceTest : public testing::Test {
 protected:
  using Serve = std::function<void(const httplib::Request&, httplib::Response&)>;

  void Answers(Serve serve) {
    server_.Post("/facts", std::move(serve));
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(milliseconds(1));
  }
  void Says(const std::string& body, int status = 200) {
    Answers([body, status](const auto&, httplib::Response& reply) {
      reply.status = status;
      reply.set_content(body, "application/json");
    });
  }
  ~HttpSourceTest() override {
    stop_ = true;
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Result<Answer> Ask(milliseconds patience = milliseconds(2'000)) {
    HttpSourceOptions options;
    options.terms.name = "sfr";
    options.origin = "http://127.0.0.1:" + std::to_string(port_);
    options.path = "/facts";
    options.token = "secret";
    options.answer_bytes_max = 1'000;
    const auto source = MakeHttpSource(std::move(options), SmallDictionary());
    EXPECT_TRUE(source);
    return (*source)->Ask(kQuestion, Steady::now() + patience);
  }

  httplib::Server server_;
  std::thread thread_;
  std::atomic<bool> stop_ = false;
  int port_ = 1;
};

TEST_F(HttpSourceTest, AsksInJsonAndTypesTheAnswer) {
  nlohmann::json asked;
  std::string bearer;
  Answers([&](const httplib::Request& request, httplib::Response& reply) {
    asked = nlohmann::json::parse(request.body);
    bearer = request.get_header_value("Authorization");
    reply.set_content(kYes, "application/json");
  });
  const auto answer = Ask();
  ASSERT_TRUE(answer) << answer.error().ToString();
  ASSERT_EQ(answer->size(), 1u);
  EXPECT_EQ(answer->front().value, profile::FactValue(true));
  EXPECT_EQ(answer->front().valid.from, Date::Of(2026, 1, 15));
  EXPECT_EQ(asked["citizen"], "000000000017");
  EXPECT_EQ(asked["attributes"], nlohmann::json::array({"person.employed"}));
  EXPECT_EQ(bearer, "Bearer secret");
}

TEST_F(HttpSourceTest, NobodyThereIsUnavailable) {
  EXPECT_THAT(Ask(milliseconds(300)), FailsWith(ErrorCode::kUnavailable));
}

TEST_F(HttpSourceTest, ASlowAnswerIsGivenUpInTime) {
  Answers([this](const auto&, httplib::Response&) {
    for (int i = 0; i < 200 && !stop_; ++i) std::this_thread::sleep_for(milliseconds(10));
  });
  const auto began = Steady::now();
  EXPECT_THAT(Ask(milliseconds(200)), FailsWith(ErrorCode::kUnavailable));
  EXPECT_LT(Steady::now() - began, milliseconds(1'000));
  stop_ = true;
}

// Every byte comes before the read times out, the whole never does.
TEST_F(HttpSourceTest, ADripIsGivenUpInTime) {
  Answers([this](const auto&, httplib::Response& reply) {
    reply.set_chunked_content_provider("application/json", [this](size_t, httplib::DataSink& sink) {
      std::this_thread::sleep_for(milliseconds(20));
      return !stop_ && sink.write(" ", 1);
    });
  });
  const auto began = Steady::now();
  EXPECT_THAT(Ask(milliseconds(300)), FailsWith(ErrorCode::kUnavailable));
  EXPECT_LT(Steady::now() - began, milliseconds(1'500));
  stop_ = true;
}

TEST_F(HttpSourceTest, AnAnswerThatIsTooLongIsNotReadToItsEnd) {
  Answers([this](const auto&, httplib::Response& reply) {
    reply.set_chunked_content_provider("application/json", [this](size_t, httplib::DataSink& sink) {
      return !stop_ && sink.write(std::string(500, ' ').data(), 500);
    });
  });
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kLimitExceeded));
  stop_ = true;
}

TEST_F(HttpSourceTest, ATroubledServerMayBeAskedAgain) {
  Says("{}", 503);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kUnavailable));
}

TEST_F(HttpSourceTest, ARefusalSaysWhatToCheck) {
  Says("{}", 403);
  const auto answer = Ask();
  ASSERT_THAT(answer, FailsWith(ErrorCode::kDenied));
  EXPECT_THAT(answer.error().remedy, testing::HasSubstr("token"));
}

TEST_F(HttpSourceTest, AnotherPageIsNoAnswer) {
  Says(kYes, 301);
  EXPECT_THAT(Ask(), FailsWith(ErrorCode::kInvalidArgument));
}

TEST(ReadAnswerTest, WhatIsNoAnswerIsRefusedAsAWholeWithoutItsText) {
  const auto fact = [](const std::string& members, const std::string& citizen = "000000000017") {
    return R"({"citizen": ")" + citizen + R"(", "facts": [{)" + members + "}]}";
  };
  const std::string employed = R"("attribute": "person.employed", )";
  const std::string since = R"(, "valid_from": "2026-01-15")";
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("null"), std::string("{"),
        std::string(R"({"citizen": "000000000017", "facts": 1})"),
        std::string(R"({"citizen": "000000000017", "facts": [1]})"),
        std::string(R"({"facts": []})"),
        fact(employed + R"("value": "true")" + since, "000000000018"), fact(""),
        fact(employed + R"("value": true)" + since), fact(employed + R"("value": "yes!")" + since),
        fact(employed + R"("value": "true")"),
        fact(employed + R"("value": "true", "valid_from": "soon")"),
        fact(employed + R"("value": "true", "valid_to": "2026-01-14")" + since),
        fact(R"("attribute": "person.income", "value": "1")" + since),
        fact(R"("attribute": "person.age", "value": "1")" + since)}) {
    const auto answer = ReadAnswer(body, kQuestion, SmallDictionary());
    ASSERT_THAT(answer, FailsWith(ErrorCode::kInvalidArgument)) << body;
    EXPECT_THAT(answer.error().ToString(), testing::Not(testing::HasSubstr("yes!")));
  }
  const Question status{CitizenId(17), {AttributeId("person.status")}};
  EXPECT_THAT(ReadAnswer(R"({"citizen": "000000000017", "facts": [{"attribute": "person.status",)"
                         R"( "value": "king", "valid_from": "2026-01-15"}]})",
                         status, SmallDictionary()),
              FailsWith(ErrorCode::kInvalidArgument));
}

TEST(ReadAnswerTest, AnAnswerMaySayOnWhatItRests) {
  const auto answer = [](const std::string& evidence) {
    return ReadAnswer(R"({"citizen": "000000000017", "evidence": )" + evidence +
                          R"(, "facts": [{"attribute": "person.employed", "value": "true", )"
                          R"("valid_from": "2026-01-15"}]})",
                      kQuestion, SmallDictionary());
  };
  const auto read = answer(R"({"kind": "electronic_document", "reference": "contract 7"})");
  ASSERT_TRUE(read) << read.error().ToString();
  ASSERT_NE(read->front().evidence, nullptr);
  EXPECT_EQ(read->front().evidence->assurance, profile::Assurance::kDocumentary);
  EXPECT_EQ(read->front().evidence->reference, "contract 7");
  for (const char* const wrong : {"5", R"({"kind": 5})", R"({"kind": "hearsay"})",
                                  R"({"kind": "electronic_document", "assurance": "sure"})"}) {
    EXPECT_THAT(answer(wrong), FailsWith(ErrorCode::kInvalidArgument)) << wrong;
  }
}

TEST(ReadAnswerTest, ASourceMayKnowNothing) {
  const auto answer =
      ReadAnswer(R"({"citizen": "000000000017", "facts": []})", kQuestion, SmallDictionary());
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->empty());
}

TEST(ReadAnswerTest, AnEmptyValueIsNoAnswerForItsFactAlone) {
  const Question both{CitizenId(17),
                      {AttributeId("person.employed"), AttributeId("person.status")}};
  const auto answer =
      ReadAnswer(R"({"citizen": "000000000017", "facts": [)"
                 R"({"attribute": "person.employed", "value": "true", "valid_from": "2026-01-15"},)"
                 R"({"attribute": "person.employed", "value": "", "valid_from": "2026-02-15"},)"
                 R"({"attribute": "person.status", "value": "", "valid_from": "2026-01-15"}]})",
                 both, SmallDictionary());
  ASSERT_TRUE(answer) << answer.error().ToString();
  ASSERT_EQ(answer->size(), 1u);
  EXPECT_EQ(answer->front().value, profile::FactValue(true));
}

TEST(MakeHttpSourceTest, PlainTextStaysOnThisMachine) {
  const auto made = [](const char* origin) {
    HttpSourceOptions options;
    options.terms.name = "sfr";
    options.origin = origin;
    options.path = "/";
    return MakeHttpSource(std::move(options), SmallDictionary());
  };
  for (const char* origin :
       {"http://127.0.0.1:80", "http://[::1]:80", "http://localhost", "https://registry.example"}) {
    EXPECT_TRUE(made(origin)) << origin;
  }
  for (const char* origin : {"http://registry.example", "http://localhost.example:80",
                             "http://127.0.0.1.example", "http://10.0.0.1", "http://[::2]"}) {
    const auto refused = made(origin);
    ASSERT_THAT(refused, FailsWith(ErrorCode::kInvalidArgument)) << origin;
    EXPECT_EQ(refused.error().place, "source sfr");
    EXPECT_THAT(refused.error().remedy, testing::HasSubstr("https://"));
  }
}

TEST(MakeHttpSourceTest, AnAddressMustBeOne) {
  for (const char* origin : {"", "registry.example", "ftp://registry.example"}) {
    HttpSourceOptions options;
    options.origin = origin;
    options.path = "/";
    EXPECT_THAT(MakeHttpSource(std::move(options), SmallDictionary()),
                FailsWith(ErrorCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace kstati::sources
