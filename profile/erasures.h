// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace kstati::profile {

// Whose data were erased: a file of numbers, one a line, oldest first, in a place that a backup of
// the store does not bring back. It is written before the store is, so that no erasure that was
// acknowledged can be undone by a copy of the store, and one that was begun is finished. Safe from
// any thread.
class ErasureList {
 public:
  explicit ErasureList(std::string path) : path_(std::move(path)) {}

  // On stable storage when this returns; kUnavailable when the disk refuses.
  Result<void> Add(CitizenId citizen);
  // Empty when there is no file yet. kCorrupt with the line that is no number; a last line that was
  // cut by a crash does not count.
  Result<std::vector<CitizenId>> Read() const;

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  std::mutex mutex_;
};

}  // namespace kstati::profile
