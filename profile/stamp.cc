// SPDX-License-Identifier: Apache-2.0
#include "profile/stamp.h"

#include "base/big_endian.h"

namespace kstati::profile {
std::string EncodeStamp(const Stamp& stamp) {
  std::string bytes;
  bytes.reserve(kStampBytes);
  AppendBigEndian(stamp.version, bytes);
  AppendBigEndian(static_cast<uint64_t>(stamp.recorded_at.micros), bytes);
  return bytes;
}

std::optional<Stamp> TakeStamp(std::string_view& bytes) {
  if (bytes.size() < kStampBytes) return std::nullopt;
  const auto micros = static_cast<int64_t>(BigEndianIn<uint64_t>(bytes.substr(8, 8)));
  const Stamp stamp{BigEndianIn<uint64_t>(bytes.substr(0, 8)), Instant{micros}};
  bytes.remove_prefix(kStampBytes);
  return stamp;
}

Instant RecordingTime(Instant last, Instant now) {
  return now >= last ? now : Instant{last.micros + 1};
}

}  // namespace kstati::profile
