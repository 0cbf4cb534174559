// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/ids.h"
#include "base/time.h"

namespace kstati::delivery {

// What is sent to a person. Everything in it is the same however often it is sent, but `sent_at`.
struct Message {
  std::string key;  // idempotency key: hexadecimal digits, one for each message
  CitizenId citizen;
  Instant at;        // when there was something to tell
  Instant sent_at;   // of this attempt
  std::string kind;  // key of the text: "notification.started"
  std::string case_id;
  std::string service;
  std::string language;  // "ru", "en"
  std::string title;
  std::string text;
};

// The message as one JSON object without line ends (docs/reference/delivery.md).
std::string ToJson(const Message& message);

}  // namespace kstati::delivery
