// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/rocksdb_database.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/big_endian.h"
#include "profile/engines/rocksdb_settings.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/witness.h"

namespace kstati::profile {
namespace {

constexpr std::string_view kSchemaKey{"\0mschema", 8};
constexpr std::string_view kLogFamily{"\0l", 2};
constexpr std::string_view kSchemaName = "kstati profile ";

constexpr uint64_t kReopenBytes = 128 << 20;  // opening writes out what the last log holds
constexpr uint64_t kOpenBytes = 1 << 20;      // and small files of its own

// The first key after all keys with the prefix; empty when there is none.
std::string EndOf(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(end.back() + 1);
  return end;
}

bool Says(const rocksdb::Status& status, std::string_view words) {
  return status.IsIOError() && status.ToString().find(words) != std::string::npos;
}

// RocksDB has no kinds of its own for these.
bool IsReadOnly(const rocksdb::Status& status) { return Says(status, std::strerror(EROFS)); }
bool IsHeld(const rocksdb::Status& status) {
  return Says(status, "LOCK") &&
         (Says(status, std::strerror(EAGAIN)) || Says(status, "lock hold by current process"));
}

Error OpenError(const rocksdb::Status& status) {
  if (Says(status, std::strerror(EACCES))) {
    return {ErrorCode::kUnavailable,
            "this user may not use the store's files",
            {},
            "run as the user who owns the folder, or give it to this one (chown -R)"};
  }
  if (IsHeld(status)) {
    return {ErrorCode::kUnavailable,
            "another process has the store open",
            {},
            "stop that process, or choose another folder"};
  }
  Error error = FromStatus(status);
  if (error.code == ErrorCode::kInternal) error.code = ErrorCode::kCorrupt;
  return error;
}

Result<void> MakeFolder(const std::string& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (!failure) return {};
  return Fail(ErrorCode::kUnavailable, "the store's folder cannot be made: " + failure.message(),
              {}, "check the path and its permissions");
}

// RocksDB aborts the program that opens a store where nothing can be written.
Result<void> RequireRoom(const std::string& folder, rocksdb::Env& files) {
  uint64_t free_bytes = 0;
  if (!files.GetFreeSpace(folder, &free_bytes).ok()) return {};
  uint64_t needed = kOpenBytes;
  std::vector<rocksdb::Env::FileAttributes> all;
  files.GetChildrenFileAttributes(folder, &all).PermitUncheckedError();
  for (const rocksdb::Env::FileAttributes& file : all) {
    if (file.name.ends_with(".log")) needed += file.size_bytes;
  }
  if (free_bytes >= needed) return {};
  return Fail(FromStatus(rocksdb::Status::NoSpace()));
}

Result<ledger::Appender> ResumeLedger(rocksdb::DB& db) {
  KSTATI_TRY(const std::optional<std::string> state, GetValue(db, kLedgerStateKey));
  if (!state) return ledger::Appender();
  return ledger::Appender::Resume(*state);
}

class StoredNodes final : public ledger::NodeReader {
 public:
  explicit StoredNodes(rocksdb::DB& db) : db_(db) {}
  Result<ledger::Hash> Read(ledger::NodeAddress address) const override {
    return GetLedgerNode(db_, address);
  }

 private:
  rocksdb::DB& db_;
};

// A store whose tail was cut, or an old backup, looks sound by itself; its witness knows better.
Result<void> CheckWitness(const RocksDbOptions& options, rocksdb::DB& db,
                          const ledger::Appender& ledger, const std::vector<StoreRun>& runs) {
  if (!options.witness_file.empty()) {
    KSTATI_TRY_VOID(CheckEnd(StoreEnd(options.witness_file), runs, db.GetLatestSequenceNumber()));
  }
  if (options.signer == nullptr) return {};
  KSTATI_TRY(const std::optional<std::string> stored, GetValue(db, kCheckpointKey));
  if (stored) {
    KSTATI_TRY_VOID(ledger::CheckSigned(ledger.Current(), *stored, options.signer->public_key()));
  }
  if (options.witness_file.empty()) return {};
  KSTATI_TRY(const std::optional<ledger::Checkpoint> seen,
             ledger::WitnessFile(options.witness_file).Read(options.signer->public_key()));
  if (!seen) return {};
  return ledger::CheckAgainstWitness(ledger.Current(), StoredNodes(db), *seen);
}

bool IsEmpty(rocksdb::DB& db) {
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator({}));
  at->SeekToFirst();
  return !at->Valid() && at->status().ok();
}

// A new store gets this program's schema version, an old one must have it.
Result<void> CheckSchema(rocksdb::DB& db) {
  KSTATI_TRY(const std::optional<std::string> stored, GetValue(db, kSchemaKey));
  if (!stored) {
    if (!IsEmpty(db)) {
      return Fail(ErrorCode::kCorrupt, "another program made this store", {},
                  "choose another folder");
    }
    const std::string mine = std::string(kSchemaName) + std::to_string(kSchemaVersion);
    const rocksdb::Status status = db.Put(DurableWrite(), SliceOf(kSchemaKey), mine);
    if (!status.ok()) return Fail(FromStatus(status));
    return {};
  }
  int version = 0;
  if (stored->starts_with(kSchemaName)) {
    const char* const digits = stored->data() + kSchemaName.size();
    std::from_chars(digits, stored->data() + stored->size(), version);
  }
  if (version < 1) {
    return Fail(ErrorCode::kCorrupt, "the store's schema version cannot be read", {},
                "restore the store from a backup");
  }
  if (version > kSchemaVersion) {
    return Fail(ErrorCode::kUnsupported, "a newer version of this program made the store", {},
                "install the newer version, or restore a backup made before the update");
  }
  if (version < kSchemaVersion) {
    return Fail(ErrorCode::kUnsupported, "an older version of this program made the store", {},
                "load the registry events again into a new store");
  }
  return {};
}

}  // namespace

// RocksDB's words about damage may quote keys, which name citizens: only those about the file
// system are repeated.
Error FromStatus(const rocksdb::Status& status) {
  if (status.IsNoSpace()) {
    return {ErrorCode::kUnavailable, "the disk is full", {}, "free space, then repeat"};
  }
  if (IsReadOnly(status)) {
    return {ErrorCode::kUnavailable,
            "the disk is mounted read only",
            {},
            "look in the system's log why, mount it for writing, then repeat"};
  }
  if (status.IsIOError()) {
    return {ErrorCode::kUnavailable,
            "the disk refused: " + status.ToString(),
            {},
            "check that the disk is healthy and writable, then repeat"};
  }
  if (status.IsCorruption()) {
    return {ErrorCode::kCorrupt,
            "the store's files fail their checks",
            {},
            "see the file LOG in the store's folder; restore the store from a backup"};
  }
  if (status.IsNotSupported() || status.IsInvalidArgument()) {
    return {ErrorCode::kInternal, "the store refused the request", {}, "report it with the logs"};
  }
  return {ErrorCode::kUnavailable, "the store is not ready", {}, "repeat in a moment"};
}

std::string EncodeSequence(uint64_t sequence) {
  std::string bytes;
  AppendBigEndian(sequence, bytes);
  return bytes;
}

uint64_t DecodeSequence(std::string_view bytes) { return BigEndianIn<uint64_t>(bytes); }

std::string LogPrefix(std::string_view log) {
  std::string prefix(kLogFamily);
  prefix.append(log).push_back('\0');
  return prefix;
}

Result<std::optional<std::string>> GetValue(rocksdb::DB& db, std::string_view key) {
  std::string value;
  const rocksdb::Status status = db.Get({}, SliceOf(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return Fail(FromStatus(status));
  return std::optional<std::string>(std::move(value));
}

Result<void> ScanKeys(rocksdb::DB& db, std::string_view prefix, std::string_view from,
                      const Engine::VisitRecord& visit) {
  const std::string end = EndOf(prefix);
  const rocksdb::Slice bound = SliceOf(end);
  rocksdb::ReadOptions read;
  if (!end.empty()) read.iterate_upper_bound = &bound;
  // The filter of prefixes may be trusted only when the whole scan lies within one of them.
  read.total_order_seek = prefix.size() < kFilteredPrefixBytes;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(read));
  for (at->Seek(SliceOf(std::max(from, prefix))); at->Valid(); at->Next()) {
    if (!visit(ViewOf(at->key()), ViewOf(at->value()))) return {};
  }
  if (!at->status().ok()) return Fail(FromStatus(at->status()));
  return {};
}

// Looks at the first entry of each log only.
Result<std::vector<std::string>> GetLogNames(rocksdb::DB& db) {
  std::vector<std::string> names;
  for (std::string from(kLogFamily);;) {
    std::optional<std::string> name;
    const auto take = [&](std::string_view key, std::string_view) {
      key.remove_prefix(kLogFamily.size());
      name = key.substr(0, key.find('\0'));
      return false;
    };
    KSTATI_TRY_VOID(ScanKeys(db, kLogFamily, from, take));
    if (!name) return names;
    names.push_back(*name);
    from = EndOf(LogPrefix(*name));
  }
}

Result<OpenedStore> OpenStore(const RocksDbOptions& options, rocksdb::Env* files) {
  KSTATI_TRY_VOID(MakeFolder(options.folder));
  KSTATI_TRY_VOID(RequireRoom(options.folder, *files));
  rocksdb::Options settings = RocksDbSettings(options);
  settings.env = files;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(settings, options.folder, &opened);
  if (!status.ok()) return Fail(OpenError(status));
  Database db(opened);
  KSTATI_TRY_VOID(CheckSchema(*db));
  KSTATI_TRY(const std::optional<std::string> sequence, GetValue(*db, kSequenceKey));
  KSTATI_TRY(ledger::Appender ledger, ResumeLedger(*db));
  KSTATI_TRY(std::vector<StoreRun> runs, GetRuns(*db));
  KSTATI_TRY_VOID(CheckWitness(options, *db, ledger, runs));
  return OpenedStore{std::move(db), DecodeSequence(sequence.value_or("")), std::move(ledger),
                     std::move(runs)};
}

bool DiskAccepts(const std::string& folder, rocksdb::Env& files) {
  uint64_t free_bytes = 0;
  if (files.GetFreeSpace(folder, &free_bytes).ok() && free_bytes < kReopenBytes) return false;
  const std::string path = folder + "/PROBE";
  const rocksdb::Status status = rocksdb::WriteStringToFile(&files, "probe", path, true);
  files.DeleteFile(path).PermitUncheckedError();
  return status.ok();
}

}  // namespace kstati::profile
