// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace kstati::profile::ledger {

// Small files that survive a power cut once a function has returned. kUnavailable when the disk
// refuses; then, as after a crash, the old or the new content stands as a whole.

// Makes a file with these rights; kConflict when there is one already, which stays as it is.
Result<void> WriteNewFile(const std::string& path, std::string_view content, mode_t rights);

// Puts the content in place of the old, if any, in one step: written to PATH.new first.
Result<void> ReplaceFile(const std::string& path, std::string_view content);

// A file that is replaced often by as many bytes, at most a sector's: written over in place, which
// is one sync where ReplaceFile takes two and a rename. Of one thread at a time.
class OverwrittenFile {
 public:
  static constexpr size_t kBytesMax = 512;  // a disk writes a sector as a whole or not at all

  explicit OverwrittenFile(std::string path) : path_(std::move(path)) {}
  ~OverwrittenFile();
  OverwrittenFile(const OverwrittenFile&) = delete;
  OverwrittenFile& operator=(const OverwrittenFile&) = delete;

  // Made when it is missing.
  Result<void> Write(std::string_view content);

 private:
  const std::string path_;
  int file_ = -1;  // open since the first write that succeeded
  size_t bytes_ = 0;
};

// nullopt when there is no such file; kLimitExceeded when it has more than `most` bytes.
Result<std::optional<std::string>> ReadSmallFile(const std::string& path, size_t most);

}  // namespace kstati::profile::ledger
