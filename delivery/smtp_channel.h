// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "delivery/channel.h"

namespace kstati::delivery {

struct SmtpOptions {
  std::string url;          // "smtp://mail.example:587", or smtps: with TLS from the first byte on
  bool require_tls = true;  // false: STARTTLS where the server offers it
  std::string user;         // empty: without logging in
  std::string password;
  std::string authority;  // PEM file of who signed its certificate; empty: the system's
  std::string from;       // address of the sender
  std::string to;         // address with {citizen} for the citizen's twelve digits
  std::chrono::milliseconds deadline{10'000};  // of a whole mail
};

// Sends mail as UTF-8 text, with the message's key as its Message-ID. A mail the server takes is
// accepted; one that it refuses with 5xx (the sender, the recipient or the content) is refused;
// everything else, also a failed login, is later. kInvalidArgument for options that no mail could
// be sent by.
Result<std::unique_ptr<Channel>> MakeSmtpChannel(SmtpOptions options);

}  // namespace kstati::delivery
