// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <string>
#include <utility>

namespace kstati::profile {

// The machine's file system with a disk that can be full, broken or lose its power.
class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  enum class Disk {
    kGood,
    kFull,        // appends write a part and report that there is no space
    kBroken,      // appends and syncs report an error of the device
    kSyncBroken,  // appends reach the disk's cache, syncs report an error of the device
    kSyncFull,    // appends reach the disk's cache, syncs report that there is no space
  };

  FaultyFileSystem() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  void Set(Disk disk) { disk_ = disk; }
  Disk disk() const { return disk_; }

  // Called before and after each step that changes the disk; set before files are opened.
  void AtWritePoints(std::function<void()> call) { at_write_point_ = std::move(call); }
  // Takes a step between two write points.
  template <class Step>
  rocksdb::IOStatus Write(const Step& step) {
    const std::shared_lock power(power_);
    if (!at_write_point_) return step();
    at_write_point_();
    rocksdb::IOStatus status = step();
    at_write_point_();
    return status;
  }

  // Copies `from` to `to` as the disk would be after a power cut now, between two steps: of each
  // file the synced bytes and, with `chance`, as many of the others as it likes. Not at a write
  // point.
  void CopyAfterPowerCut(const std::string& from, const std::string& to,
                         std::mt19937_64* chance = nullptr) {
    const std::lock_guard power(power_);
    const std::lock_guard lock(mutex_);
    std::filesystem::create_directories(to);
    for (const auto& entry : std::filesystem::directory_iterator(from)) {
      const auto synced = synced_.find(entry.path().string());
      if (synced == synced_.end()) continue;
      const std::filesystem::path copy = to / entry.path().filename();
      std::filesystem::copy_file(entry.path(), copy);
      const uint64_t size = std::filesystem::file_size(copy);
      if (synced->second >= size) continue;
      const uint64_t more = chance == nullptr ? 0 : (*chance)() % (size - synced->second + 1);
      std::filesystem::resize_file(copy, synced->second + more);
    }
  }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;

  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 uint64_t* bytes, rocksdb::IODebugContext* debug) override {
    const rocksdb::IOStatus status = FileSystemWrapper::GetFreeSpace(path, options, bytes, debug);
    if (disk_ == Disk::kFull || disk_ == Disk::kSyncFull) *bytes = 0;
    return status;
  }

  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    const rocksdb::IOStatus status =
        Write([&] { return FileSystemWrapper::RenameFile(from, to, options, debug); });
    const std::lock_guard lock(mutex_);
    if (const auto found = synced_.find(from); status.ok() && found != synced_.end()) {
      synced_[to] = found->second;
      synced_.erase(from);
    }
    return status;
  }

  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override {
    return Write([&] { return FileSystemWrapper::DeleteFile(path, options, debug); });
  }

  void Synced(const std::string& path, uint64_t size) {
    const std::lock_guard lock(mutex_);
    synced_[path] = size;
  }

 private:
  std::atomic<Disk> disk_ = Disk::kGood;
  std::function<void()> at_write_point_;
  std::shared_mutex power_;  // held by steps that change the disk, alone by what cuts it off
  std::mutex mutex_;
  std::map<std::string, uint64_t> synced_;  // bytes of each file that a power cut would leave
};

class FaultyFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using Slice = rocksdb::Slice;
  using IOStatus = rocksdb::IOStatus;
  using IOOptions = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  using Disk = FaultyFileSystem::Disk;

  FaultyFile(FaultyFileSystem& files, std::string path,
             std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), files_(files), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, Debug* debug) override {
    if (files_.disk() == Disk::kFull) {
      target()->Append(Slice(data.data(), data.size() / 2), options, debug).PermitUncheckedError();
      return NoSpace();
    }
    if (files_.disk() == Disk::kBroken) return IOStatus::IOError("Input/output error");
    const IOStatus status = files_.Write([&] { return target()->Append(data, options, debug); });
    if (status.ok()) size_ += data.size();
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  Debug* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, Debug* debug) override {
    return Noting(files_.Write([&] { return FSWritableFileOwnerWrapper::Sync(options, debug); }));
  }
  IOStatus Fsync(const IOOptions& options, Debug* debug) override {
    return Noting(files_.Write([&] { return FSWritableFileOwnerWrapper::Fsync(options, debug); }));
  }

 private:
  static IOStatus NoSpace() {
    IOStatus status = IOStatus::NoSpace("No space left on device");
    status.SetRetryable(true);
    return status;
  }
  IOStatus Noting(IOStatus status) {
    if (files_.disk() == Disk::kBroken || files_.disk() == Disk::kSyncBroken) {
      return IOStatus::IOError("Input/output error");
    }
    if (files_.disk() == Disk::kSyncFull) return NoSpace();
    if (status.ok()) files_.Synced(path_, size_);
    return status;
  }

  FaultyFileSystem& files_;
  const std::string path_;
  uint64_t size_ = 0;
};

inline rocksdb::IOStatus FaultyFileSystem::NewWritableFile(
    const std::string& path, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result, rocksdb::IODebugContext* debug) {
  if (disk_ == Disk::kFull) return rocksdb::IOStatus::NoSpace("No space left on device");
  if (disk_ == Disk::kBroken) return rocksdb::IOStatus::IOError("Input/output error");
  std::unique_ptr<rocksdb::FSWritableFile> file;
  rocksdb::IOStatus status =
      Write([&] { return FileSystemWrapper::NewWritableFile(path, options, &file, debug); });
  if (status.ok()) *result = std::make_unique<FaultyFile>(*this, path, std::move(file));
  return status;
}

}  // namespace kstati::profile
