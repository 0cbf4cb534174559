// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kstati::profile::ledger {

// Small files that survive a power cut once a function has returned. kUnavailable when the disk
// refuses; then, as after a crash, the old or the new content stands as a whole.

// Makes a file with these rights; kConflict when there is one already, which stays as it is.
Result<void> WriteNewFile(const std::string& path, std::string_view content, mode_t rights);

// Puts the content in place of the old, if any, in one step: written to PATH.new first.
Result<void> ReplaceFile(const std::string& path, std::string_view content);

// nullopt when there is no such file; kLimitExceeded when it has more than `most` bytes.
Result<std::optional<std::string>> ReadSmallFile(const std::string& path, size_t most);

}  // namespace kstati::profile::ledger
