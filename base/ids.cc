// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <charconv>

namespace kstati {

Result<CitizenId> CitizenId::Parse(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text.empty() || text.size() > 12 || number == 0) {
    return Fail(ErrorCode::kInvalidArgument, "not a citizen number", {},
                "a citizen number has one to twelve decimal digits, for example 000000000017");
  }
  return CitizenId(number);
}

std::string CitizenId::ToString() const {
  std::string digits = std::to_string(number_);
  return digits.size() >= 12 ? digits : std::string(12 - digits.size(), '0') + digits;
}

}  // namespace kstati
