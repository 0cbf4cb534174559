// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/check.h"

namespace kstati::profile::ledger {
namespace {

tl::unexpected<Error> Refused(const std::string& what, const std::string& path) {
  return Fail(ErrorCode::kUnavailable,
              what + ": " + std::error_code(errno, std::generic_category()).message(), path,
              "check the rights and the free space of its folder");
}

// An open file or folder.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool open() const { return number_ >= 0; }
  int number() const { return number_; }
  // False when the disk reports only now that it failed.
  bool Close() { return number_ < 0 || close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

bool WriteAll(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

Result<void> WriteSynced(Descriptor& file, std::string_view content, const std::string& path) {
  if (WriteAll(file.number(), content) && fsync(file.number()) == 0 && file.Close()) return {};
  return Refused("the file cannot be written", path);
}

// Makes the name of a new or renamed file durable.
Result<void> SyncFolderOf(const std::string& path) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.open() && fsync(opened.number()) == 0) return {};
  return Refused("the folder cannot be synced", folder);
}

}  // namespace

Result<void> WriteNewFile(const std::string& path, std::string_view content, mode_t rights) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights));
  if (!file.open() && errno == EEXIST) {
    return Fail(ErrorCode::kConflict, "there is such a file already", path,
                "name another one, or move it away first");
  }
  if (!file.open()) return Refused("the file cannot be made", path);
  if (Result<void> written = WriteSynced(file, content, path); !written) {
    unlink(path.c_str());
    return written;
  }
  return SyncFolderOf(path);
}

Result<void> ReplaceFile(const std::string& path, std::string_view content) {
  constexpr mode_t kReadByAll = 0644;
  const std::string fresh = path + ".new";
  Descriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kReadByAll));
  if (!file.open()) return Refused("the file cannot be made", fresh);
  KSTATI_TRY_VOID(WriteSynced(file, content, fresh));
  if (rename(fresh.c_str(), path.c_str()) != 0) {
    return Refused("the file cannot be put in its place", path);
  }
  return SyncFolderOf(path);
}

OverwrittenFile::~OverwrittenFile() {
  if (file_ >= 0) close(file_);
}

Result<void> OverwrittenFile::Write(std::string_view content) {
  KSTATI_CHECK(content.size() <= kBytesMax);
  if (file_ < 0 || content.size() != bytes_) {
    KSTATI_TRY_VOID(ReplaceFile(path_, content));
    if (file_ >= 0) close(file_);
    file_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    bytes_ = content.size();
    return {};
  }
  const ssize_t written = pwrite(file_, content.data(), content.size(), 0);
  if (written == static_cast<ssize_t>(content.size()) && fdatasync(file_) == 0) return {};
  return Refused("the file cannot be written", path_);
}

Result<std::optional<std::string>> ReadSmallFile(const std::string& path, size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open() && errno == ENOENT) return std::nullopt;
  if (!file.open()) return Refused("the file cannot be read", path);
  std::string content(most + 1, '\0');
  size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t count = read(file.number(), content.data() + filled, content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Refused("the file cannot be read", path);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  if (filled > most) {
    return Fail(ErrorCode::kLimitExceeded,
                "the file has more than " + std::to_string(most) + " bytes", path,
                "check that it is the right file");
  }
  content.resize(filled);
  return content;
}

}  // namespace kstati::profile::ledger
