// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "delivery/message.h"

namespace kstati::delivery {

// What a channel made of a message.
enum class Reception {
  kAccepted,  // it answers for the message from now on
  kLater,     // not now; whether it took the message is unknown
  kRefused,   // for good: repeating it will not help
};

struct Reply {
  Reception reception = Reception::kLater;
  // Why not: "http 503", "smtp 550", "no connection". Never a word of the message or an address.
  std::string reason;
};

// A way to people outside. Safe from any thread.
class Channel {
 public:
  virtual ~Channel() = default;

  virtual std::string_view name() const = 0;  // "smtp"
  // Returns within the deadline that the channel was made with. A message that was accepted may be
  // given again, with the same key.
  virtual Reply Deliver(const Message& message) const = 0;
  // Whether the other side is there; sends nothing. kUnavailable when it is not.
  virtual Result<void> Reach(std::chrono::milliseconds patience) const = 0;
};

}  // namespace kstati::delivery
