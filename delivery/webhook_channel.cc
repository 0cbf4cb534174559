// SPDX-License-Identifier: Apache-2.0
#include "delivery/webhook_channel.h"

#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/outgoing_call.h"

namespace kstati::delivery {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int kTimeout = 408;
constexpr int kTooEarly = 425;
constexpr int kTooMany = 429;
constexpr int kServerErrors = 500;
constexpr std::string_view kSecure = "https://";

bool IsPlainText(std::string_view url) {
  return std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
}

Reply ReplyOf(int status) {
  const std::string reason = "http " + std::to_string(status);
  if (status >= 200 && status < 300) return {Reception::kAccepted, {}};
  const bool later =
      status == kTimeout || status == kTooEarly || status == kTooMany || status >= kServerErrors;
  return {later ? Reception::kLater : Reception::kRefused, reason};
}

class WebhookChannel final : public Channel {
 public:
  WebhookChannel(WebhookOptions options, std::string origin, std::string path)
      : options_(std::move(options)), origin_(std::move(origin)), path_(std::move(path)) {}

  std::string_view name() const override { return "webhook"; }

  Reply Deliver(const Message& message) const override {
    httplib::Request request;
    request.method = "POST";
    request.path = path_;
    request.body = ToJson(message);
    request.headers = {{"Content-Type", "application/json"},
                       {"Idempotency-Key", message.key},
                       {"Kstati-Signature", "sha256=" + Signature(options_.secret, request.body)}};
    // What it says beside the status is of no use; a long answer is not read.
    request.content_receiver = [](const char*, size_t, uint64_t, uint64_t) { return false; };
    int status = 0;
    request.response_handler = [&status](const httplib::Response& response) {
      status = response.status;
      return true;
    };
    httplib::Client client(origin_);
    Prepare(client, options_.deadline);
    const httplib::Result reply = [&] {
      const CallDeadline deadline(Steady::now() + options_.deadline, [&client] { client.stop(); });
      return client.send(request);
    }();
    if (reply) return ReplyOf(reply->status);
    if (status != 0) return ReplyOf(status);
    return {Reception::kLater, "http: " + httplib::to_string(reply.error())};
  }

  Result<void> Reach(std::chrono::milliseconds patience) const override {
    httplib::Client client(origin_);
    Prepare(client, patience);
    const CallDeadline deadline(Steady::now() + patience, [&client] { client.stop(); });
    const httplib::Result reply = client.Head(path_);
    if (reply) return {};
    return Fail(ErrorCode::kUnavailable,
                "the webhook does not answer: " + httplib::to_string(reply.error()), origin_,
                "check delivery.webhook_url and whoever runs it; messages wait meanwhile");
  }

 private:
  void Prepare(httplib::Client& client, std::chrono::milliseconds patience) const {
    client.set_connection_timeout(patience);
    client.set_read_timeout(patience);
    client.set_write_timeout(patience);
    client.set_follow_location(false);
    if (!options_.authority.empty()) client.set_ca_cert_path(options_.authority);
    client.enable_server_certificate_verification(true);
  }

  const WebhookOptions options_;
  const std::string origin_;
  const std::string path_;
};

}  // namespace

std::string Signature(std::string_view secret, std::string_view body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const auto* made =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &size);
  KSTATI_CHECK(made != nullptr);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

Result<std::unique_ptr<Channel>> MakeWebhookChannel(WebhookOptions options) {
  const bool plain = options.url.starts_with(kPlainHttp);
  const size_t host = plain ? kPlainHttp.size() : kSecure.size();
  const bool known = plain || options.url.starts_with(kSecure);
  const size_t slash = known ? options.url.find('/', host) : std::string::npos;
  const std::string origin = options.url.substr(0, slash);
  if (!known || !IsPlainText(options.url) || !httplib::Client(origin).is_valid()) {
    return Fail(ErrorCode::kInvalidArgument, "the address of the webhook cannot be read",
                "delivery.webhook_url", "write https://HOST:PORT/PATH");
  }
  if (plain && !StaysOnThisMachine(origin)) {
    return Fail(ErrorCode::kInvalidArgument, "messages would leave this machine in plain text",
                "delivery.webhook_url",
                "write https://; http:// is for 127.0.0.1, [::1] and localhost");
  }
  if (options.secret.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the webhook has no secret to sign with",
                "delivery.webhook_secret_file", "write one into the file's first line");
  }
  std::string path = slash == std::string::npos ? "/" : options.url.substr(slash);
  return std::make_unique<WebhookChannel>(std::move(options), origin, std::move(path));
}

}  // namespace kstati::delivery
