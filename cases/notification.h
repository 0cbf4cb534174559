// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::cases {

// A message to a citizen, waiting in the outbox to be delivered. Holds keys, not words: the text is
// made in the reader's language when it is shown or sent.
struct Notification {
  CitizenId citizen;
  Instant at;
  std::string message;  // key of a message: "notification.started"
  CaseId case_id;
  ServiceId service;
};

inline constexpr std::string_view kOutboxLog = "outbox";

std::string Encode(const Notification& notification);
Result<Notification> DecodeNotification(std::string_view bytes);

}  // namespace kstati::cases
