// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_partitions.h"

#include <bit>

#include "base/check.h"

namespace kstati::profile {
namespace {

// The last steps of Bob Jenkins' lookup3, as PostgreSQL hashes four bytes.
uint32_t HashOfWord(uint32_t word) {
  constexpr uint32_t kStart = 0x9e3779b9 + sizeof(uint32_t) + 3'923'095;
  uint32_t a = kStart + word;
  uint32_t b = kStart;
  uint32_t c = kStart;
  const auto mix = [](uint32_t& into, uint32_t from, int turn) {
    into = (into ^ from) - std::rotl(from, turn);
  };
  mix(c, b, 14);
  mix(a, c, 11);
  mix(b, a, 25);
  mix(c, b, 16);
  mix(a, c, 4);
  mix(b, a, 14);
  mix(c, b, 24);
  return c;
}

}  // namespace

int32_t HashOfBigint(int64_t number) {
  const auto low = static_cast<uint32_t>(number);
  const auto high = static_cast<uint32_t>(number >> 32);
  return static_cast<int32_t>(HashOfWord(low ^ (number >= 0 ? high : ~high)));
}

Result<int64_t> NumberOf(CitizenId citizen) {
  if (citizen.number() > INT64_MAX) {
    return Fail(ErrorCode::kInvalidArgument, "the citizen's number is too large for PostgreSQL", {},
                "numbers of citizens have at most twelve digits");
  }
  return static_cast<int64_t>(citizen.number());
}

PostgresPartitions::PostgresPartitions(size_t count) : homes_(count, -1) {
  KSTATI_CHECK(std::has_single_bit(count));
  size_t missing = count;
  for (int64_t number = 0; missing > 0; ++number) {
    int64_t& home = homes_[Of(number)];
    if (home >= 0) continue;
    home = number;
    --missing;
  }
}

}  // namespace kstati::profile
