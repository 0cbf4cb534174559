// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace kstati::delivery {

// How often and after how long a channel is tried again.
struct Retries {
  int attempts_max = 16;           // of one channel; at least 1
  std::chrono::seconds first{30};  // then twice as long each time
  std::chrono::seconds longest = std::chrono::hours(6);

  // The pause after `failed` attempts, at least 1 of them.
  std::chrono::seconds After(int failed) const;
};

// Hours of the day at which people are left alone; [from, to), over midnight when `to` is not
// after `from`.
class QuietHours {
 public:
  // "22:00" and "08:00"; both empty: never. kInvalidArgument for what are no two different times of
  // a day. `zone` exists.
  static Result<QuietHours> Parse(std::string_view from, std::string_view to, std::string zone);

  QuietHours() = default;

  // When the quiet hours that `now` lies in end; nullopt when it lies in none.
  std::optional<Instant> EndAfter(Instant now) const;

 private:
  int from_minute_ = 0;  // of the day
  int to_minute_ = 0;    // equal: there are none
  std::string zone_;
};

}  // namespace kstati::delivery
