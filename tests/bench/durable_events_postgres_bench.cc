// SPDX-License-Identifier: Apache-2.0
// Durable events on PostgreSQL: one Engine::Commit of six records, about 1 KB, against one call of
// a bare function that inserts the same six records into one table, 64 writers each, on the same
// server, in alternating rounds of one run. Every record that was acknowledged must be there.
//   durable_events_postgres_bench [--check] [--seconds N] [--rounds N] [--writers N]
// --check: one short round, no figure of which means anything.
#include <atomic>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/check.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_pool.h"
#include "tests/bench/figures.h"
#include "tests/unit/profile/postgres_server.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kCitizens = 100'000;
constexpr size_t kRecords = 6;
constexpr size_t kValueBytes = 150;  // six of these with their keys make about 1 KB
constexpr double kBar = 0.80;
constexpr int kSkipped = 77;

struct Event {
  CitizenId citizen;
  std::vector<Write> records;
};

// The event of a number: the same for both sides.
Event MakeEvent(uint64_t number) {
  Event event{CitizenId(1 + (number * 2'654'435'761u) % kCitizens), {}};
  for (size_t i = 0; i < kRecords; ++i) {
    std::string value(kValueBytes, ' ');
    for (size_t k = 0; k < value.size(); ++k) {
      value[k] = static_cast<char>('a' + (number * 31 + i * 17 + k * k) % 26);
    }
    event.records.push_back({"event-" + std::to_string(number) + "/" + std::to_string(i), value});
  }
  return event;
}

// The bare side: what one round trip that inserts these records costs by itself.
constexpr const char* kMakeBare =
    "CREATE TABLE bare (citizen bigint, key bytea, value bytea, PRIMARY KEY (citizen, key));"
    "ALTER TABLE bare ALTER COLUMN value SET STORAGE EXTERNAL;"
    "CREATE FUNCTION bare_put(citizen bigint, keys bytea[], contents bytea[]) RETURNS boolean"
    " LANGUAGE plpgsql AS $$ BEGIN"
    "  INSERT INTO bare SELECT bare_put.citizen, k, c FROM unnest(keys, contents) AS w(k, c);"
    "  RETURN true; END $$";
// The citizens are known already, with profiles of a usual size.
constexpr const char* kMakePopulation =
    "INSERT INTO kstati.row SELECT n, 1, 0, '', decode(repeat('5e', 1200), 'hex')"
    " FROM generate_series(1, 100000) n";
constexpr PostgresStatement kBarePut{"bare_put",
                                     "SELECT bare_put($1::bigint, $2::bytea[], $3::bytea[])"};
constexpr PostgresStatement kSyncSettings{
    "settings",
    "SELECT 'fsync=' || current_setting('fsync') || ' wal_sync_method=' ||"
    " current_setting('wal_sync_method') || ' synchronous_commit=' ||"
    " current_setting('synchronous_commit')"};
constexpr PostgresStatement kCount{
    "count", "SELECT (SELECT count(*) FROM bare), (SELECT count(*) FROM kstati.record)"};

void PutBare(PostgresPool& pool, const Event& event) {
  PostgresArray keys(PostgresArray::Of::kBytes);
  PostgresArray values(PostgresArray::Of::kBytes);
  for (const Write& each : event.records) {
    keys.AddBytes(each.key);
    values.AddBytes(each.value);
  }
  const auto connection = pool.Borrow();
  KSTATI_CHECK(connection.has_value());
  const auto citizen = static_cast<int64_t>(event.citizen.number());
  KSTATI_CHECK((*connection)
                   ->Call(kBarePut, PostgresArguments().Bigint(citizen).Array(keys).Array(values))
                   .has_value());
}

enum class With { kNothing, kLog, kDeed };

void PutInEngine(Engine& engine, Event event, With with) {
  Change change;
  change.now = Instant{1'770'000'000'000'000};
  change.citizens.emplace_back().citizen = event.citizen;
  change.citizens.back().writes = std::move(event.records);
  if (with == With::kLog) change.appends.push_back({"outbox", "event"});
  if (with == With::kDeed) {
    change.deeds.push_back({event.citizen, ledger::EntryKind::kAccess, ledger::Sha256("citizen"),
                            ledger::Sha256("content"), std::string(kValueBytes, 's')});
  }
  KSTATI_CHECK(engine.Commit(std::move(change)).has_value());
}

// Runs `put` in every writer and counts what it put.
Throughput Measure(const WriterSettings& settings, std::atomic<uint64_t>& next, uint64_t& count,
                   const std::function<void(Event)>& put) {
  const Throughput throughput = MeasureWriters(settings, next, MakeEvent, put);
  count += throughput.count;
  return throughput;
}

void Print(const char* what, int round, const Throughput& outcome) {
  std::printf("%-12s %5d %12.0f %9.2f %9.2f\n", what, round, outcome.rate, outcome.p50_ms,
              outcome.p99_ms);
}

PostgresRows Ask(PostgresPool& pool, const PostgresStatement& statement) {
  const auto connection = pool.Borrow();
  KSTATI_CHECK(connection.has_value());
  Result<PostgresRows> rows = (*connection)->Call(statement, PostgresArguments());
  KSTATI_CHECK(rows.has_value());
  return *rows;
}

int Run(const WriterSettings& settings) {
  // A checkpoint in the middle of a round would hit one side only.
  const PostgresServer server({"max_connections=" + std::to_string(2 * settings.writers + 20),
                               "shared_buffers=512MB", "max_wal_size=8GB",
                               "checkpoint_timeout=1h"});
  server.Run("postgres", "CREATE DATABASE store");
  PostgresOptions options;
  options.conninfo = server.ConnectionTo("store");
  options.connections_max = static_cast<size_t>(settings.writers);
  const auto signer = ledger::SigningKey::Generate("bench/ledger");
  options.signer = &*signer;
  KSTATI_CHECK(MigratePostgres(options).has_value());
  server.Run("store", kMakeBare);
  server.Run("store", kMakePopulation);
  PostgresPool pool(options);
  const std::unique_ptr<Engine> engine = std::move(OpenPostgres(options).value());

  std::printf("%d writers, events of %zu records, about 1 KB, %.1f s a round; %s\n",
              settings.writers, kRecords, settings.seconds,
              std::string(Ask(pool, kSyncSettings).Bytes(0, 0)).c_str());
  std::printf("%-12s %5s %12s %9s %9s\n", "", "round", "events/s", "p50 ms", "p99 ms");
  std::atomic<uint64_t> next = 1;
  uint64_t bare_count = 0;
  uint64_t engine_count = 0;
  std::vector<double> ratios;
  for (int round = 0; round <= settings.rounds; ++round) {
    const auto bare =
        Measure(settings, next, bare_count, [&](const Event& event) { PutBare(pool, event); });
    const auto engine_outcome = Measure(settings, next, engine_count, [&](Event event) {
      PutInEngine(*engine, std::move(event), With::kNothing);
    });
    Print("bare call", round, bare);
    Print("engine", round, engine_outcome);
    // Round 0 makes connections, plans and pages.
    if (round == 0) server.Run("store", "ANALYZE");
    if (round > 0) ratios.push_back(engine_outcome.rate / bare.rate);
  }
  Print("and a log", settings.rounds + 1, Measure(settings, next, engine_count, [&](Event event) {
          PutInEngine(*engine, std::move(event), With::kLog);
        }));
  Print("and a deed", settings.rounds + 1, Measure(settings, next, engine_count, [&](Event event) {
          PutInEngine(*engine, std::move(event), With::kDeed);
        }));
  std::printf("ratio engine/bare call, median of %d rounds: %.2f (bar: >= %.2f)\n", settings.rounds,
              Median(ratios), kBar);
  const PostgresRows counted = Ask(pool, kCount);
  const bool whole = static_cast<uint64_t>(counted.Bigint(0, 0)) == bare_count * kRecords &&
                     static_cast<uint64_t>(counted.Bigint(0, 1)) == engine_count * kRecords;
  if (!whole) std::fprintf(stderr, "an acknowledged record is not in the store\n");
  return whole ? 0 : 1;
}

}  // namespace
}  // namespace kstati::profile

int main(int argc, char** argv) {
  kstati::WriterSettings settings;
  settings.seconds = 5;
  if (!kstati::ReadWriterSettings(argc, argv, settings, nullptr)) return 2;
  if (const std::string why = kstati::profile::PostgresServer::WhyMissing(); !why.empty()) {
    std::printf("skipped: %s\n", why.c_str());
    return kstati::profile::kSkipped;
  }
  return kstati::profile::Run(settings);
}
