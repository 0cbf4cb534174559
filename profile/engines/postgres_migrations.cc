// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_migrations.h"

#include <sodium.h>

#include <array>
#include <map>
#include <memory>

namespace kstati::profile {
namespace {

// One transaction each. The lock is the database's, by a number that nobody else uses there.
constexpr std::string_view kBegin = "BEGIN; SELECT pg_advisory_xact_lock(7236833);";
constexpr std::string_view kMakeSchema =
    " CREATE SCHEMA IF NOT EXISTS kstati;"
    " CREATE TABLE IF NOT EXISTS kstati.schema_migration ("
    "   name text PRIMARY KEY, checksum text NOT NULL,"
    "   applied_at timestamptz NOT NULL DEFAULT now());"
    " COMMIT";
constexpr PostgresStatement kApplied{
    "applied", "SELECT name, checksum FROM kstati.schema_migration ORDER BY name"};

constexpr size_t kChecksumBytes = 32;

std::string ChecksumOf(std::string_view script) {
  std::array<unsigned char, kChecksumBytes> digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(script.data()), script.size(), nullptr,
                     0);
  std::string text(2 * kChecksumBytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return text;
}

using Applied = std::map<std::string, std::string>;  // name and checksum

Result<Applied> ReadApplied(PostgresConnection& connection) {
  KSTATI_TRY(const PostgresRows rows, connection.Call(kApplied, PostgresArguments()));
  Applied applied;
  for (int row = 0; row < rows.size(); ++row) {
    applied.emplace(rows.Bytes(row, 0), rows.Bytes(row, 1));
  }
  return applied;
}

// kUnsupported when something was applied that is not among the migrations as they are.
Result<void> CheckApplied(const Applied& applied, std::span<const PostgresMigration> migrations,
                          const std::string& place) {
  for (const auto& [name, checksum] : applied) {
    const PostgresMigration* known = nullptr;
    for (const PostgresMigration& each : migrations) known = each.name == name ? &each : known;
    if (known == nullptr) {
      return Fail(ErrorCode::kUnsupported,
                  "the schema has migration " + name + ", which this program does not know", place,
                  "use a newer version of Kstati, or another database");
    }
    if (ChecksumOf(known->script) != checksum) {
      return Fail(ErrorCode::kUnsupported, "migration " + name + " is not the one that was applied",
                  place,
                  "use the version of Kstati that made the store; applied migrations never change");
    }
  }
  return {};
}

// Applies it unless somebody else did while this one waited for the lock.
std::string ScriptOf(const PostgresMigration& migration) {
  const std::string name(migration.name);
  return std::string(kBegin) + " INSERT INTO kstati.schema_migration (name, checksum) VALUES ('" +
         name + "', '" + ChecksumOf(migration.script) + "');\n" + std::string(migration.script) +
         "; COMMIT";
}

}  // namespace

std::span<const PostgresMigration> MigrationsOf(PostgresMode mode) {
  return mode == PostgresMode::kPlProxy ? ProxyMigrations() : PartitionMigrations();
}

Result<std::vector<std::string>> ApplyMigrations(PostgresConnection& connection,
                                                 std::span<const PostgresMigration> migrations) {
  KSTATI_TRY_VOID(connection.Run(std::string(kBegin) + std::string(kMakeSchema)));
  std::vector<std::string> names;
  for (const PostgresMigration& each : migrations) {
    KSTATI_TRY(const Applied applied, ReadApplied(connection));
    KSTATI_TRY_VOID(CheckApplied(applied, migrations, connection.place()));
    if (applied.contains(std::string(each.name))) continue;
    const Result<void> outcome = connection.Run(ScriptOf(each));
    if (!outcome) {
      // Of two at a time the second one meets the name that the first one has recorded.
      KSTATI_TRY(const Applied meanwhile, ReadApplied(connection));
      if (meanwhile.contains(std::string(each.name))) continue;
      return Fail(AtPlace(outcome.error(), "migration " + std::string(each.name)));
    }
    names.emplace_back(each.name);
  }
  return names;
}

Result<void> CheckMigrations(PostgresConnection& connection,
                             std::span<const PostgresMigration> migrations) {
  KSTATI_TRY(const Applied applied, ReadApplied(connection));
  KSTATI_TRY_VOID(CheckApplied(applied, migrations, connection.place()));
  if (applied.size() == migrations.size()) return {};
  return Fail(ErrorCode::kUnsupported, "the schema is older than this program", connection.place(),
              "run kstati store migrate");
}

Result<PostgresSchema> ReadPostgresSchema(const PostgresOptions& options) {
  KSTATI_TRY(const std::unique_ptr<PostgresConnection> connection,
             PostgresConnection::Open(options));
  Result<Applied> applied = ReadApplied(*connection);
  // Neither schema nor table: nothing was applied yet.
  if (!applied && applied.error().code == ErrorCode::kUnsupported) applied = Applied{};
  if (!applied) return Fail(std::move(applied).error());
  const auto migrations = MigrationsOf(options.mode);
  KSTATI_TRY_VOID(CheckApplied(*applied, migrations, connection->place()));
  PostgresSchema schema;
  for (const PostgresMigration& each : migrations) {
    const bool has = applied->contains(std::string(each.name));
    (has ? schema.applied : schema.missing).emplace_back(each.name);
  }
  return schema;
}

Result<std::vector<std::string>> MigratePostgres(const PostgresOptions& options) {
  KSTATI_TRY(const std::unique_ptr<PostgresConnection> connection,
             PostgresConnection::Open(options));
  return ApplyMigrations(*connection, MigrationsOf(options.mode));
}

}  // namespace kstati::profile
