// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kstati::profile::ledger {

// Bytes as text and back. Each reader gives nullopt for every text that its writer does not write.

// Lower-case hexadecimal digits.
std::string ToHex(std::string_view bytes);
std::optional<std::string> FromHex(std::string_view text);

// RFC 4648 with padding.
std::string ToBase64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace kstati::profile::ledger
