// SPDX-License-Identifier: Apache-2.0
#include "profile/stamp.h"

namespace kstati::profile {
namespace {

void Append(uint64_t number, std::string& bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
}

uint64_t NumberIn(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = (number << 8) | static_cast<unsigned char>(c);
  return number;
}

}  // namespace

std::string EncodeStamp(const Stamp& stamp) {
  std::string bytes;
  bytes.reserve(kStampBytes);
  Append(stamp.version, bytes);
  Append(static_cast<uint64_t>(stamp.recorded_at.micros), bytes);
  return bytes;
}

std::optional<Stamp> TakeStamp(std::string_view& bytes) {
  if (bytes.size() < kStampBytes) return std::nullopt;
  const auto micros = static_cast<int64_t>(NumberIn(bytes.substr(8, 8)));
  const Stamp stamp{NumberIn(bytes.substr(0, 8)), Instant{micros}};
  bytes.remove_prefix(kStampBytes);
  return stamp;
}

Instant RecordingTime(Instant last, Instant now) {
  return now >= last ? now : Instant{last.micros + 1};
}

}  // namespace kstati::profile
