// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "delivery/channel.h"

namespace kstati::delivery {

struct WebhookOptions {
  std::string url;        // "https://gateway.example/messages"
  std::string secret;     // signs the body; not empty
  std::string authority;  // PEM file of who signed its certificate; empty: the system's
  std::chrono::milliseconds deadline{5'000};  // of the whole call
};

// Posts the JSON of ToJson with `Idempotency-Key` and `Kstati-Signature: sha256=` Signature(). 2xx
// is accepted; 408, 425, 429, 5xx and silence are later; everything else, also a redirection, is
// refused. kInvalidArgument for a URL that is none, that leads to another machine without TLS, or
// without a secret.
Result<std::unique_ptr<Channel>> MakeWebhookChannel(WebhookOptions options);

// HMAC-SHA256 in lower-case hexadecimal.
std::string Signature(std::string_view secret, std::string_view body);

}  // namespace kstati::delivery
