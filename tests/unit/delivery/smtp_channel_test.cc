// SPDX-License-Identifier: Apache-2.0
#include "delivery/smtp_channel.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <thread>

#include "tests/unit/delivery/a_message.h"

namespace kstati::delivery {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// A mail server that answers each command as a test says, and keeps what it was told.
class MailServer {
 public:
  MailServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~MailServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }

  // By the command's first word; "greeting" and "body" for what is no command.
  std::map<std::string, std::string> replies{
      {"greeting", "220 here"}, {"EHLO", "250 here"}, {"MAIL", "250 ok"}, {"RCPT", "250 ok"},
      {"DATA", "354 go on"},    {"body", "250 ok"},   {"QUIT", "221 bye"}};
  std::string told;

 private:
  void Serve() {
    for (int caller = accept(listener_, nullptr, nullptr); caller >= 0;
         caller = accept(listener_, nullptr, nullptr)) {
      Talk(caller);
      close(caller);
    }
  }

  void Talk(int caller) {
    Say(caller, "greeting");
    bool in_body = false;
    for (std::string line = Line(caller); !line.empty(); line = Line(caller)) {
      told += line;
      const bool ends = in_body && line == ".\r\n";
      if (in_body && !ends) continue;
      const std::string word = ends ? "body" : line.substr(0, line.find_first_of(" \r"));
      Say(caller, word);
      in_body = word == "DATA" && replies["DATA"].starts_with("3");
      if (word == "QUIT") return;
    }
  }

  void Say(int caller, const std::string& word) {
    const std::string reply =
        (replies.contains(word) ? replies[word] : "502 no such command") + "\r\n";
    EXPECT_GE(send(caller, reply.data(), reply.size(), MSG_NOSIGNAL), -1);
  }

  static std::string Line(int caller) {
    std::string line;
    for (char byte = 0; !line.ends_with("\r\n") && recv(caller, &byte, 1, 0) == 1;) line += byte;
    return line;
  }

  int listener_;
  int port_ = 0;
  std::thread thread_;
};

SmtpOptions OptionsFor(const std::string& url) {
  SmtpOptions options;
  options.url = url;
  options.require_tls = false;
  options.from = "kstati@example.org";
  options.to = "{citizen}@gateway.example";
  options.deadline = milliseconds(2'000);
  return options;
}

Reply Send(const MailServer& server, const Message& message = AMessage()) {
  const auto channel = MakeSmtpChannel(OptionsFor(server.url()));
  EXPECT_TRUE(channel);
  return (*channel)->Deliver(message);
}

TEST(SmtpChannelTest, SendsMailToTheAddressOfThePerson) {
  MailServer server;
  const Reply reply = Send(server, AMessage("Привет", "тело"));
  EXPECT_EQ(reply.reception, Reception::kAccepted) << reply.reason;
  EXPECT_THAT(server.told, HasSubstr("MAIL FROM:<kstati@example.org>"));
  EXPECT_THAT(server.told, HasSubstr("RCPT TO:<000000000017@gateway.example>"));
  EXPECT_THAT(server.told, HasSubstr("Message-ID: <00112233445566778899aabbccddeeff@example.org>"));
  EXPECT_THAT(server.told, HasSubstr("Subject: =?UTF-8?B?0J/RgNC40LLQtdGC?="));
  EXPECT_THAT(server.told, HasSubstr("Content-Transfer-Encoding: base64"));
  EXPECT_THAT(server.told, HasSubstr("0YLQtdC70L4="));
}

TEST(SmtpChannelTest, TextsCannotAddHeadersOrEndTheMail) {
  MailServer server;
  EXPECT_EQ(Send(server, AMessage("a\r\nBcc: b@c", "x\r\n.\r\nMAIL FROM:<evil@x>\r\n")).reception,
            Reception::kAccepted);
  EXPECT_EQ(server.told.find("Bcc"), std::string::npos);
  EXPECT_EQ(server.told.find("evil"), std::string::npos);
}

TEST(SmtpChannelTest, TheReplyTellsWhetherItHelpsToTryAgain) {
  const struct {
    const char* command;
    const char* reply;
    Reception expected;
  } cases[] = {
      {"greeting", "421 full", Reception::kLater}, {"greeting", "554 none here", Reception::kLater},
      {"MAIL", "451 later", Reception::kLater},    {"MAIL", "550 not you", Reception::kRefused},
      {"RCPT", "450 busy", Reception::kLater},     {"RCPT", "550 unknown", Reception::kRefused},
      {"DATA", "451 later", Reception::kLater},    {"DATA", "554 no", Reception::kRefused},
      {"body", "452 full", Reception::kLater},     {"body", "554 rejected", Reception::kRefused}};
  for (const auto& each : cases) {
    MailServer server;
    server.replies[each.command] = each.reply;
    const Reply reply = Send(server);
    EXPECT_EQ(reply.reception, each.expected)
        << each.command << " " << each.reply << ": " << reply.reason;
  }
}

TEST(SmtpChannelTest, ALoginThatFailsIsLater) {
  MailServer server;
  server.replies["EHLO"] = "250-here\r\n250 AUTH PLAIN";
  server.replies["AUTH"] = "535 wrong";
  SmtpOptions options = OptionsFor(server.url());
  options.user = "kstati";
  options.password = "secret";
  EXPECT_EQ((*MakeSmtpChannel(options))->Deliver(AMessage()).reception, Reception::kLater);
}

TEST(SmtpChannelTest, NothingIsSaidWithoutTlsWhereItIsRequired) {
  MailServer server;
  SmtpOptions options = OptionsFor(server.url());
  options.require_tls = true;
  EXPECT_EQ((*MakeSmtpChannel(options))->Deliver(AMessage()).reception, Reception::kLater);
  EXPECT_EQ(server.told.find("MAIL"), std::string::npos);
}

TEST(SmtpChannelTest, SilenceIsLaterAndTheDoctorSeesIt) {
  const auto channel = *MakeSmtpChannel(OptionsFor("smtp://127.0.0.1:1"));
  EXPECT_EQ(channel->Deliver(AMessage()).reception, Reception::kLater);
  EXPECT_FALSE(channel->Reach(milliseconds(300)));
  MailServer server;
  EXPECT_TRUE((*MakeSmtpChannel(OptionsFor(server.url())))->Reach(milliseconds(2'000)));
  EXPECT_EQ(server.told.find("MAIL"), std::string::npos);
}

TEST(SmtpChannelTest, OptionsThatSendNoMailAreRefused) {
  const auto made = [](const auto& change) {
    SmtpOptions options = OptionsFor("smtp://mail.example:587");
    change(options);
    return MakeSmtpChannel(options).has_value();
  };
  EXPECT_TRUE(made([](SmtpOptions&) {}));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.url = "mail.example"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.url = "smtp://user:secret@mail.example"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.from = "kstati"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.from = "a@b\r\nBcc: c@d"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.to = "somebody@gateway.example"; }));
  EXPECT_FALSE(made([](SmtpOptions& o) { o.to = "{citizen}@x, y@z"; }));
}

}  // namespace
}  // namespace kstati::delivery
