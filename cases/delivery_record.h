// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "delivery/channel.h"
#include "profile/store.h"

namespace kstati::cases {

// How far a message of the outbox went. The numbers are stored: none is ever reused.
enum class DeliveryState : uint8_t {
  kWaiting = 0,        // tried, and to be tried again
  kDelivered = 1,      // a channel took it
  kRefused = 2,        // every channel refused it for good
  kUndeliverable = 3,  // some channel was tried as often as can be
  kSuppressed = 4,     // not to be sent; it stands among the person's messages all the same
};

std::string_view NameOf(DeliveryState state);  // "waiting"

struct DeliveryAttempt {
  Instant at;
  std::string channel;  // "smtp"
  delivery::Reception reception = delivery::Reception::kLater;
  std::string reason;  // as delivery::Reply says it
  bool operator==(const DeliveryAttempt&) const = default;
};

struct DeliveryRecord {
  DeliveryState state = DeliveryState::kWaiting;
  Instant changed_at;
  std::string why;  // of what is suppressed: "budget", "declined", "overtaken", "too_old"
  std::vector<DeliveryAttempt> attempts;
  bool operator==(const DeliveryRecord&) const = default;
};

// What to tell of a message that did not arrive: why it is suppressed, or what the channel said
// last. Empty when it did.
std::string ReasonOf(const DeliveryRecord& record);

// Kept with the citizen under MessageKey.
inline constexpr std::string_view kDeliveryRecord = "delivery";

std::string Encode(const DeliveryRecord& record);
Result<DeliveryRecord> DecodeDeliveryRecord(std::string_view bytes);

// What an entry of the outbox is called outside, always the same: 32 hexadecimal digits.
std::string MessageKey(std::string_view outbox_entry);

// By MessageKey. kNotFound when the citizen was erased.
Result<std::map<std::string, DeliveryRecord>> DeliveriesTo(const profile::Store& store,
                                                           CitizenId citizen);

}  // namespace kstati::cases
