// SPDX-License-Identifier: Apache-2.0
#include <rocksdb/env.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <system_error>
#include <utility>

#include "profile/backups.h"
#include "profile/engines/rocksdb_database.h"

namespace kstati::profile {
namespace {

namespace fs = std::filesystem;

using Backups = std::unique_ptr<rocksdb::BackupEngine>;

Result<void> Checked(const rocksdb::Status& status, const std::string& place) {
  if (status.ok()) return {};
  Error error = FromStatus(status);
  if (status.IsNotFound()) {
    error = {ErrorCode::kNotFound,
             "there is no such backup",
             {},
             "`kstati store backup --list` shows those there are"};
  } else if (error.code == ErrorCode::kCorrupt) {
    error.message = "the backup is damaged";
    error.remedy = "use another backup of the folder, and make a new one elsewhere";
  }
  return Fail(AtPlace(std::move(error), place));
}

// Limits nothing: a backup engine asks its limiter before each piece that it copies, and tells
// nobody else of a restoration's.
class Listener final : public rocksdb::RateLimiter {
 public:
  explicit Listener(BytesCopied copied) : RateLimiter(Mode::kAllIo), copied_(std::move(copied)) {}

  void Request(const int64_t bytes, const rocksdb::Env::IOPriority, rocksdb::Statistics*) override {
    copied_(static_cast<uint64_t>(bytes));
  }
  int64_t GetSingleBurstBytes() const override { return int64_t{1} << 20; }
  int64_t GetBytesPerSecond() const override { return std::numeric_limits<int64_t>::max(); }
  void SetBytesPerSecond(int64_t) override {}
  int64_t GetTotalBytesThrough(const rocksdb::Env::IOPriority) const override { return 0; }
  int64_t GetTotalRequests(const rocksdb::Env::IOPriority) const override { return 0; }

 private:
  BytesCopied copied_;
};

Result<Backups> OpenBackups(const std::string& folder, const BytesCopied& copied = {}) {
  rocksdb::BackupEngineOptions options(folder);
  options.share_files_with_checksum = true;
  if (copied) {
    options.backup_rate_limiter = std::make_shared<Listener>(copied);
    options.restore_rate_limiter = options.backup_rate_limiter;
  }
  rocksdb::BackupEngine* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::BackupEngine::Open(options, rocksdb::Env::Default(), &opened);
  Backups engine(opened);
  KSTATI_TRY_VOID(Checked(status, folder));
  return engine;
}

std::vector<Backup> BackupsIn(const rocksdb::BackupEngine& engine) {
  std::vector<rocksdb::BackupInfo> found;
  engine.GetBackupInfo(&found);
  std::vector<Backup> backups;
  for (const rocksdb::BackupInfo& each : found) {
    backups.push_back({each.backup_id, Instant{each.timestamp * 1'000'000}, each.size});
  }
  return backups;
}

tl::unexpected<Error> NoBackup(const std::string& folder) {
  return Fail(ErrorCode::kNotFound, "the folder holds no such backup", folder,
              "name the folder that `kstati store backup` wrote to, and one of its numbers");
}

Result<void> RequireEmpty(const std::string& folder) {
  std::error_code problem;
  if (!fs::exists(folder, problem) || (fs::is_empty(folder, problem) && !problem)) return {};
  return Fail(ErrorCode::kConflict, "the store's folder is not empty", folder,
              "move the damaged store away first");
}

}  // namespace

Result<Backup> BackUpDatabase(rocksdb::DB& db, const std::string& backups,
                              const BytesCopied& copied) {
  KSTATI_TRY(const Backups engine, OpenBackups(backups, copied));
  rocksdb::CreateBackupOptions settings;
  settings.flush_before_backup = true;
  rocksdb::BackupID number = 0;
  KSTATI_TRY_VOID(Checked(engine->CreateNewBackup(settings, &db, &number), backups));
  KSTATI_TRY_VOID(Checked(engine->VerifyBackup(number, /*verify_with_checksum=*/true), backups));
  return BackupsIn(*engine).back();
}

Result<Backup> BackUpRocksDb(const RocksDbOptions& options, const std::string& backups,
                             const BytesCopied& copied) {
  Result<OpenedStore> store = OpenStore(options, rocksdb::Env::Default());
  if (!store) return Fail(AtPlace(std::move(store).error(), "store " + options.folder));
  return BackUpDatabase(*store->db, backups, copied);
}

Result<std::vector<Backup>> ListBackups(const std::string& backups) {
  // Opening makes the folder.
  if (!fs::exists(backups)) return NoBackup(backups);
  KSTATI_TRY(const Backups engine, OpenBackups(backups));
  std::vector<Backup> found = BackupsIn(*engine);
  if (found.empty()) return NoBackup(backups);
  return found;
}

Result<Backup> RestoreRocksDb(const std::string& backups, uint32_t number,
                              const std::string& folder, const BytesCopied& copied) {
  KSTATI_TRY_VOID(RequireEmpty(folder));
  KSTATI_TRY(const std::vector<Backup> found, ListBackups(backups));
  const auto chosen =
      number == 0 ? found.end() - 1 : std::ranges::find(found, number, &Backup::number);
  if (chosen == found.end()) return NoBackup(backups);
  KSTATI_TRY(const Backups engine, OpenBackups(backups, copied));
  KSTATI_TRY_VOID(Checked(engine->VerifyBackup(chosen->number, true), backups));
  const rocksdb::Status restored =
      engine->RestoreDBFromBackup(rocksdb::RestoreOptions(), chosen->number, folder, folder);
  KSTATI_TRY_VOID(Checked(restored, folder));
  return *chosen;
}

}  // namespace kstati::profile
