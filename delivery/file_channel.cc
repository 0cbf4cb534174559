// SPDX-License-Identifier: Apache-2.0
#include "delivery/file_channel.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

namespace kstati::delivery {
namespace {

constexpr int kOwnerOnly = 0600;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, kOwnerOnly)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool ok() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool EndsWithinLine(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  char last = '\n';
  return size > 0 && pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

class FileChannel final : public Channel {
 public:
  explicit FileChannel(std::string path) : path_(std::move(path)) {}

  std::string_view name() const override { return "file"; }

  Reply Deliver(const Message& message) const override {
    const std::lock_guard lock(mutex_);
    const OpenFile file(path_);
    if (!file.ok()) return Later();
    if (flock(file.descriptor(), LOCK_EX) != 0) return Later();  // of another process
    const std::string line =
        (EndsWithinLine(file.descriptor()) ? "\n" : "") + ToJson(message) + "\n";
    if (!WriteAll(file.descriptor(), line) || fsync(file.descriptor()) != 0) return Later();
    return {Reception::kAccepted, {}};
  }

  Result<void> Reach(std::chrono::milliseconds) const override {
    const std::string folder =
        path_.find('/') == std::string::npos ? "." : path_.substr(0, path_.rfind('/') + 1);
    const bool there = access(path_.c_str(), F_OK) == 0;
    if (access(there ? path_.c_str() : folder.c_str(), W_OK) == 0) return {};
    return Fail(ErrorCode::kUnavailable, "the file of messages cannot be written", path_,
                "check its rights and those of its folder, or name another one in delivery.file");
  }

 private:
  static Reply Later() { return {Reception::kLater, std::string("file: ") + std::strerror(errno)}; }

  const std::string path_;
  mutable std::mutex mutex_;
};

}  // namespace

std::unique_ptr<Channel> MakeFileChannel(std::string path) {
  return std::make_unique<FileChannel>(std::move(path));
}

}  // namespace kstati::delivery
