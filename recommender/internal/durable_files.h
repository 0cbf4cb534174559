// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace kstati::recommender::internal {

// Files that are whole or not there, whatever happens meanwhile. Failures are kUnavailable and name
// the place.

tl::unexpected<Error> FailUnavailable(const char* step, const std::filesystem::path& place);

// nullopt when there is no such file.
Result<std::optional<std::string>> ReadFile(const std::filesystem::path& path);
// On stable storage when it returns, under a name that a power loss may still take.
Result<void> WriteDurably(const std::filesystem::path& path, const std::string& bytes);
// Makes the names in a folder last.
void SyncFolder(const std::filesystem::path& folder);
// Puts `bytes` in the place of a file in one step.
Result<void> ReplaceFile(const std::filesystem::path& path, const std::string& bytes);
// Puts the folder `fresh` in the place of `folder`, in one step where the file system can exchange
// two names.
Result<void> PutInPlace(const std::filesystem::path& fresh, const std::filesystem::path& folder);

// Held by one process at a time; whoever comes later waits.
class FolderLock {
 public:
  // Makes `folder`/lock where it is not there.
  static Result<FolderLock> Take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_) {
    other.descriptor_ = -1;
  }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace kstati::recommender::internal
