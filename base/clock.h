// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/time.h"

namespace kstati {

// Says what time it is. Injected everywhere; the system clock is read only in clock.cc.
// Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
};

// A clock that stands still until told otherwise: tests, simulations and replays.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant now) : now_(now) {}
  Instant Now() const override { return now_; }
  void Set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

// The civil day at `instant` in a zone of the system's database ("Europe/Moscow").
// The zone must exist: validate names with ZoneExists first.
Date LocalDate(Instant instant, const std::string& zone);
// The civil day where it begins first: no clock is more than 14 hours ahead of UTC.
Date LatestDate(Instant instant);
// Midnight at the start of `date` in `zone`.
Instant StartOfDay(Date date, const std::string& zone);
bool ZoneExists(const std::string& zone);

}  // namespace kstati
