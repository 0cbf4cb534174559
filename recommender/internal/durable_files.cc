// SPDX-License-Identifier: Apache-2.0
#include "recommender/internal/durable_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace kstati::recommender::internal {

namespace fs = std::filesystem;

tl::unexpected<Error> FailUnavailable(const char* step, const fs::path& place) {
  return Fail(ErrorCode::kUnavailable, std::string("cannot ") + step, place.string(),
              "check the disk and the permissions of the folder");
}

Result<std::optional<std::string>> ReadFile(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::optional<std::string>();
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  if (!stream) return FailUnavailable("read a file of the model", path);
  return std::optional<std::string>(bytes.str());
}

Result<void> WriteDurably(const fs::path& path, const std::string& bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return FailUnavailable("make a file of the model", path);
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
                       std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed) return FailUnavailable("write a file of the model", path);
  return {};
}

void SyncFolder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

Result<void> ReplaceFile(const fs::path& path, const std::string& bytes) {
  const fs::path fresh = path.string() + ".new-" + std::to_string(getpid());
  KSTATI_TRY_VOID(WriteDurably(fresh, bytes));
  std::error_code error;
  fs::rename(fresh, path, error);
  if (error) return FailUnavailable("put a file in place", path);
  SyncFolder(path.parent_path());
  return {};
}

Result<void> PutInPlace(const fs::path& fresh, const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) {
    fs::rename(fresh, folder, error);
    if (error) return FailUnavailable("put the model in place", folder);
    return {};
  }
  if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) != 0) {
    const fs::path old = folder.string() + ".old";
    fs::remove_all(old, error);
    fs::rename(folder, old, error);
    if (!error) fs::rename(fresh, folder, error);
    if (error) return FailUnavailable("put the model in place", folder);
    fs::remove_all(old, error);
    return {};
  }
  fs::remove_all(fresh, error);  // now the old model
  return {};
}

Result<FolderLock> FolderLock::Take(const fs::path& folder) {
  const fs::path place = folder / "lock";
  const int descriptor = open(place.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return FailUnavailable("make a lock", place);
  FolderLock lock(descriptor);
  int locked = flock(descriptor, LOCK_EX);
  while (locked != 0 && errno == EINTR) locked = flock(descriptor, LOCK_EX);
  if (locked != 0) return FailUnavailable("take a lock", place);
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace kstati::recommender::internal
