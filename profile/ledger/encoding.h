// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kstati::profile::ledger {

// Lower-case hexadecimal digits.
std::string ToHex(std::string_view bytes);
std::optional<std::string> FromHex(std::string_view text);

// RFC 4648 with padding.
std::string ToBase64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

// Both readers refuse every text that the writers would not have written.

}  // namespace kstati::profile::ledger
