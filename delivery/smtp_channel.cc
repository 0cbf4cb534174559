// SPDX-License-Identifier: Apache-2.0
#include "delivery/smtp_channel.h"

#include <curl/curl.h>

#include <memory>

#include "base/check.h"
#include "delivery/internal/mail.h"

namespace kstati::delivery {
namespace {

constexpr std::string_view kCitizen = "{citizen}";
constexpr int kRefusals = 500;

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

List ListOf(const std::string& line) {
  List list(curl_slist_append(nullptr, line.c_str()));
  KSTATI_CHECK(list != nullptr);
  return list;
}

// libcurl's own state is made before the first use and never taken down.
void PrepareLibrary() {
  static const CURLcode prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
  KSTATI_CHECK(prepared == CURLE_OK);
}

std::string AddressFor(const std::string& pattern, CitizenId citizen) {
  std::string address = pattern;
  for (size_t at = address.find(kCitizen); at != std::string::npos; at = address.find(kCitizen)) {
    address.replace(at, kCitizen.size(), citizen.ToString());
  }
  return address;
}

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, HandleDeleter>;

size_t Ignore(char*, size_t size, size_t count, void*) { return size * count; }

// Takes from the front of the std::string_view behind `mail`.
size_t Read(char* buffer, size_t size, size_t count, void* mail) {
  auto& rest = *static_cast<std::string_view*>(mail);
  const size_t taken = rest.copy(buffer, size * count);
  rest.remove_prefix(taken);
  return taken;
}

class SmtpChannel final : public Channel {
 public:
  explicit SmtpChannel(SmtpOptions options) : options_(std::move(options)) { PrepareLibrary(); }

  std::string_view name() const override { return "smtp"; }

  Reply Deliver(const Message& message) const override {
    const std::string to = AddressFor(options_.to, message.citizen);
    const List recipients = ListOf("<" + to + ">");
    const std::string from = "<" + options_.from + ">";
    const std::string mail = MailOf(message, options_.from, to);
    std::string_view rest = mail;
    const Handle handle = Open(options_.deadline);
    curl_easy_setopt(handle.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_READFUNCTION, Read);
    curl_easy_setopt(handle.get(), CURLOPT_READDATA, &rest);
    curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
    return ReplyOf(handle.get(), curl_easy_perform(handle.get()));
  }

  // As far as the greeting, TLS and the login.
  Result<void> Reach(std::chrono::milliseconds patience) const override {
    const Handle handle = Open(patience);
    curl_easy_setopt(handle.get(), CURLOPT_CONNECT_ONLY, 1L);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code == CURLE_OK) return {};
    return Fail(ErrorCode::kUnavailable,
                std::string("the mail server does not answer: ") + curl_easy_strerror(code),
                options_.url,
                "check delivery.smtp_url, its user and password; messages wait meanwhile");
  }

 private:
  Handle Open(std::chrono::milliseconds patience) const {
    Handle handle(curl_easy_init());
    KSTATI_CHECK(handle != nullptr);
    CURL* curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Ignore);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(options_.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!options_.authority.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, options_.authority.c_str());
    }
    if (!options_.user.empty()) {
      curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
      curl_easy_setopt(curl, CURLOPT_PASSWORD, options_.password.c_str());
    }
    return handle;
  }

  static Reply ReplyOf(CURL* curl, CURLcode code) {
    if (code == CURLE_OK) return {Reception::kAccepted, {}};
    long said = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &said);
    curl_off_t sent = 0;
    curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &sent);
    // An odd reply before anything was sent is the greeting of a server that does not work now.
    const bool of_the_mail =
        code == CURLE_SEND_ERROR || (code == CURLE_WEIRD_SERVER_REPLY && sent > 0);
    if (of_the_mail && said >= kRefusals) {
      return {Reception::kRefused, "smtp " + std::to_string(said)};
    }
    return {Reception::kLater, std::string("smtp: ") + curl_easy_strerror(code)};
  }

  const SmtpOptions options_;
};

tl::unexpected<Error> Wrong(std::string what, std::string place, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(what), std::move(place), std::move(remedy));
}

}  // namespace

Result<std::unique_ptr<Channel>> MakeSmtpChannel(SmtpOptions options) {
  const bool known = options.url.starts_with("smtp://") || options.url.starts_with("smtps://");
  if (!known || options.url.find_first_of("\r\n @") != std::string::npos) {
    return Wrong("the address of the mail server cannot be read", "delivery.smtp_url",
                 "write smtp://HOST:587 or smtps://HOST:465");
  }
  if (!IsAddress(options.from)) {
    return Wrong("the sender of mail is no address", "delivery.smtp_from",
                 "write one as kstati@example.org");
  }
  if (options.to.find(kCitizen) == std::string::npos ||
      !IsAddress(AddressFor(options.to, CitizenId(1)))) {
    return Wrong("the address of a person cannot be made", "delivery.smtp_to",
                 "write one with {citizen} in it, as {citizen}@gateway.example");
  }
  return std::make_unique<SmtpChannel>(std::move(options));
}

}  // namespace kstati::delivery
