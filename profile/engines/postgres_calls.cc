// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_calls.h"

#include <map>
#include <optional>

namespace kstati::profile {
namespace {

using Of = PostgresArray::Of;

constexpr PostgresStatement kCommit{
    "commit",
    "SELECT kstati.commit($1::bigint, $2::bigint, $3::bigint, $4::bigint[], $5::boolean[],"
    " $6::bigint[], $7::bytea[], $8::bytea[], $9::bytea[], $10::integer[], $11::integer[],"
    " $12::integer[], $13::bytea[], $14::bytea[], $15::integer[], $16::bytea[], $17::bytea[],"
    " $18::bytea[], $19::boolean[], $20::text[], $21::bytea[])"};
constexpr PostgresStatement kCommitAndEnter{
    "commit_and_enter",
    "SELECT kstati.commit_and_enter($1::bigint, $2::bigint, $3::bigint, $4::bigint[],"
    " $5::boolean[], $6::bigint[], $7::bytea[], $8::bytea[], $9::bytea[], $10::integer[],"
    " $11::integer[], $12::integer[], $13::bytea[], $14::bytea[], $15::integer[], $16::bytea[],"
    " $17::bytea[], $18::bytea[], $19::boolean[], $20::text[], $21::bytea[], $22::bigint,"
    " $23::bigint[], $24::integer[], $25::bytea[], $26::bytea[], $27::bytea[])"};
constexpr PostgresStatement kReadRow{
    "read_row",
    "SELECT version, recorded_at, sealed_key, profile FROM kstati.read_row($1::bigint)"};
constexpr PostgresStatement kGet{"get", "SELECT kstati.get($1::bigint, $2::bytea)"};
constexpr PostgresStatement kScan{
    "scan", "SELECT key, value FROM kstati.scan($1::bigint, $2::bytea, $3::bytea)"};
constexpr PostgresStatement kReadCitizen{
    "read_citizen",
    "SELECT version, recorded_at, sealed_key, profile, key, value"
    " FROM kstati.read_citizen($1::bigint, $2::bytea[], $3::bytea[])"};
constexpr PostgresStatement kSweepPage{
    "sweep_page",
    "SELECT citizen, version, recorded_at, sealed_key, profile"
    " FROM kstati.sweep_page($1::bigint, $2::bigint, $3::bigint, $4::bigint)"};
constexpr PostgresStatement kReadLog{
    "read_log",
    "SELECT sequence, value FROM kstati.read_log($1::bigint, $2::text, $3::bigint, $4::bigint)"};
constexpr PostgresStatement kOrderLogs{"order_logs", "SELECT kstati.order_logs($1::bigint)"};
constexpr PostgresStatement kOrderEntries{"order_entries",
                                          "SELECT kstati.order_entries($1::bigint)"};
constexpr PostgresStatement kReadLedgerHead{
    "read_ledger_head", "SELECT state, checkpoint FROM kstati.read_ledger_head($1::bigint)"};
constexpr PostgresStatement kSealLedger{
    "seal_ledger",
    "SELECT kstati.seal_ledger($1::bigint, $2::bigint, $3::bytea, $4::bytea, $5::integer[],"
    " $6::bigint[], $7::bytea[])"};
constexpr PostgresStatement kReadEntered{
    "read_entered",
    "SELECT index, entry FROM kstati.read_entered($1::bigint, $2::bigint, $3::bigint)"};
constexpr PostgresStatement kReadLedger{
    "read_ledger",
    "SELECT index, entry FROM kstati.read_ledger($1::bigint, $2::bigint, $3::bigint)"};
constexpr PostgresStatement kReadLedgerNode{
    "read_ledger_node", "SELECT kstati.read_ledger_node($1::bigint, $2::integer, $3::bigint)"};
constexpr PostgresStatement kReadDeeds{
    "read_deeds",
    "SELECT number, index, opening"
    " FROM kstati.read_deeds($1::bigint, $2::bigint, $3::bigint, $4::bigint)"};
constexpr PostgresStatement kHold{"hold", "SELECT kstati.hold($1, $2)"};
constexpr PostgresStatement kHolds{"holds", "SELECT kstati.holds($1)"};
constexpr PostgresStatement kAcceptsWrites{"accepts_writes",
                                           "SELECT kstati.accepts_writes($1::bigint)"};
constexpr PostgresStatement kPartitions{"partitions", "SELECT count(*) FROM kstati.partitions()"};
constexpr PostgresStatement kListedPartitions{
    "listed_partitions",
    "SELECT count(*) FROM pg_foreign_server, unnest(srvoptions) AS option"
    " WHERE srvname = 'kstati' AND option ~ '^(p|partition_)[0-9]+='"};
constexpr PostgresStatement kOpenPartition{
    "open_partition",
    "SELECT own_number, own_count, hashes, migration, flush, isolation"
    " FROM kstati.open_partition($1::bigint, $2::integer, $3::integer, $4::bigint[])"};

constexpr uint64_t kNoVersion = UINT64_MAX;

// What a change says of one citizen.
struct Part {
  const CitizenChange* change = nullptr;  // null: only expected
  std::optional<uint64_t> expected_version;
};

// By number, the order in which kstati.commit locks.
std::map<CitizenId, Part> PartsOf(const Change& change) {
  std::map<CitizenId, Part> parts;
  for (const CitizenChange& each : change.citizens) {
    parts[each.citizen] = {&each, each.expected_version};
  }
  for (const Expectation& each : change.expectations) {
    std::optional<uint64_t>& expected = parts[each.citizen].expected_version;
    const bool contradicts = expected && *expected != each.version;
    expected = contradicts ? kNoVersion : each.version;
  }
  return parts;
}

// A change in the form of kstati.commit; of several writes of one record the last one.
class CommitArguments {
 public:
  explicit CommitArguments(const Change& change) {
    for (const auto& [citizen, part] : PartsOf(change)) Add(citizen, part);
    for (const Append& each : change.appends) {
      append_logs_.AddBytes(each.log);
      append_entries_.AddBytes(each.value);
    }
  }

  PostgresArguments Finish(int64_t key, int64_t home, Instant now) const {
    PostgresArguments arguments;
    arguments.Bigint(key).Bigint(home).Bigint(now.micros);
    for (const PostgresArray* each :
         {&citizens_, &changed_, &expected_versions_, &sealed_keys_, &profiles_, &additions_,
          &write_firsts_, &write_lasts_, &condition_owners_, &condition_keys_, &condition_values_,
          &delete_owners_, &delete_keys_, &write_keys_, &write_values_, &write_stamped_,
          &append_logs_, &append_entries_}) {
      arguments.Array(*each);
    }
    return arguments;
  }

 private:
  void Add(CitizenId citizen, const Part& part) {
    static const CitizenChange kNothing;
    const CitizenChange& change = part.change == nullptr ? kNothing : *part.change;
    ++owner_;
    citizens_.AddBigint(static_cast<int64_t>(citizen.number()));
    changed_.AddBoolean(part.change != nullptr);
    // A version that no bigint holds becomes negative, and no row has that either.
    expected_versions_.AddBigint(part.expected_version);
    sealed_keys_.AddBytes(change.sealed_key);
    profiles_.AddBytes(change.profile);
    const bool adds = !change.addition.empty();
    additions_.AddBytes(adds ? std::optional<std::string_view>(change.addition) : std::nullopt);
    for (const Condition& each : change.conditions) {
      condition_owners_.AddInteger(owner_);
      condition_keys_.AddBytes(each.key);
      condition_values_.AddBytes(each.value);
    }
    AddWrites(change.writes);
  }

  void AddWrites(const std::vector<Write>& writes) {
    std::map<std::string_view, const Write*> latest;
    for (const Write& each : writes) latest[each.key] = &each;
    const int32_t written_before = written_;
    for (const auto& [key, write] : latest) {
      if (!write->value) {
        delete_owners_.AddInteger(owner_);
        delete_keys_.AddBytes(key);
        continue;
      }
      ++written_;
      write_keys_.AddBytes(key);
      write_values_.AddBytes(write->value);
      write_stamped_.AddBoolean(write->stamped);
    }
    const bool any = written_ > written_before;
    write_firsts_.AddInteger(any ? std::optional(written_before + 1) : std::nullopt);
    write_lasts_.AddInteger(any ? std::optional(written_) : std::nullopt);
  }

  int32_t owner_ = 0;
  int32_t written_ = 0;
  PostgresArray citizens_{Of::kBigint};
  PostgresArray changed_{Of::kBoolean};
  PostgresArray expected_versions_{Of::kBigint};
  PostgresArray sealed_keys_{Of::kBytes};
  PostgresArray profiles_{Of::kBytes};
  PostgresArray additions_{Of::kBytes};
  PostgresArray condition_owners_{Of::kInteger};
  PostgresArray condition_keys_{Of::kBytes};
  PostgresArray condition_values_{Of::kBytes};
  PostgresArray delete_owners_{Of::kInteger};
  PostgresArray delete_keys_{Of::kBytes};
  PostgresArray write_firsts_{Of::kInteger};
  PostgresArray write_lasts_{Of::kInteger};
  PostgresArray write_keys_{Of::kBytes};
  PostgresArray write_values_{Of::kBytes};
  PostgresArray write_stamped_{Of::kBoolean};
  PostgresArray append_logs_{Of::kText};
  PostgresArray append_entries_{Of::kBytes};
};

void AddDeeds(const std::vector<Deed>& deeds, PostgresArguments& arguments) {
  PostgresArray citizens(Of::kBigint);
  PostgresArray kinds(Of::kInteger);
  PostgresArray commitments(Of::kBytes);
  PostgresArray contents(Of::kBytes);
  PostgresArray openings(Of::kBytes);
  for (const Deed& each : deeds) {
    citizens.AddBigint(static_cast<int64_t>(each.citizen.number()));
    kinds.AddInteger(static_cast<int32_t>(each.kind));
    commitments.AddBytes(ledger::BytesOf(each.citizen_commitment));
    contents.AddBytes(ledger::BytesOf(each.content_commitment));
    openings.AddBytes(each.opening);
  }
  for (const PostgresArray* each : {&citizens, &kinds, &commitments, &contents, &openings}) {
    arguments.Array(*each);
  }
}

// The first key behind all keys with the prefix; nullopt when there is none.
std::optional<std::string> Behind(std::string_view prefix) {
  const size_t last = prefix.find_last_not_of('\xFF');
  if (last == std::string_view::npos) return std::nullopt;
  std::string behind(prefix.substr(0, last + 1));
  ++behind.back();
  return behind;
}

}  // namespace

Result<bool> CallCommit(PostgresConnection& connection, int64_t key, int64_t home,
                        const Change& change) {
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kCommit, CommitArguments(change).Finish(key, home, change.now)));
  return rows.Boolean(0, 0);
}

Result<bool> CallCommitAndEnter(PostgresConnection& connection, int64_t key, int64_t home,
                                const Change& change, uint64_t known) {
  PostgresArguments arguments = CommitArguments(change).Finish(key, home, change.now);
  arguments.Bigint(static_cast<int64_t>(known));
  AddDeeds(change.deeds, arguments);
  KSTATI_TRY(const PostgresRows rows, connection.Call(kCommitAndEnter, arguments));
  return rows.Boolean(0, 0);
}

Result<PostgresRows> CallReadRow(PostgresConnection& connection, int64_t citizen) {
  return connection.Call(kReadRow, PostgresArguments().Bigint(citizen));
}

Result<PostgresRows> CallGet(PostgresConnection& connection, int64_t citizen,
                             std::string_view key) {
  return connection.Call(kGet, PostgresArguments().Bigint(citizen).Bytes(key));
}

Result<PostgresRows> CallScan(PostgresConnection& connection, int64_t citizen,
                              std::string_view prefix) {
  return connection.Call(kScan,
                         PostgresArguments().Bigint(citizen).Bytes(prefix).Bytes(Behind(prefix)));
}

Result<PostgresRows> CallReadCitizen(PostgresConnection& connection, int64_t citizen,
                                     std::span<const std::string> prefixes) {
  PostgresArray firsts(PostgresArray::Of::kBytes);
  PostgresArray behinds(PostgresArray::Of::kBytes);
  for (const std::string& prefix : prefixes) {
    firsts.AddBytes(prefix);
    behinds.AddBytes(Behind(prefix));
  }
  return connection.Call(kReadCitizen,
                         PostgresArguments().Bigint(citizen).Array(firsts).Array(behinds));
}

Result<PostgresRows> CallSweepPage(PostgresConnection& connection, int64_t home, int64_t after,
                                   int64_t last, int64_t rows_max) {
  return connection.Call(
      kSweepPage, PostgresArguments().Bigint(home).Bigint(after).Bigint(last).Bigint(rows_max));
}

Result<PostgresRows> CallReadLog(PostgresConnection& connection, int64_t home, std::string_view log,
                                 int64_t after, int64_t entries_max) {
  return connection.Call(
      kReadLog, PostgresArguments().Bigint(home).Bytes(log).Bigint(after).Bigint(entries_max));
}

Result<void> CallOrderLogs(PostgresConnection& connection, int64_t home) {
  KSTATI_TRY_VOID(connection.Call(kOrderLogs, PostgresArguments().Bigint(home)));
  return {};
}

Result<uint64_t> CallOrderEntries(PostgresConnection& connection, int64_t home) {
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kOrderEntries, PostgresArguments().Bigint(home)));
  return static_cast<uint64_t>(rows.Bigint(0, 0));
}

Result<LedgerHead> CallReadLedgerHead(PostgresConnection& connection, int64_t home) {
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kReadLedgerHead, PostgresArguments().Bigint(home)));
  if (rows.size() == 0) return LedgerHead{};
  return LedgerHead{std::string(rows.Bytes(0, 0)), std::string(rows.Bytes(0, 1))};
}

Result<void> CallSealLedger(PostgresConnection& connection, int64_t home, uint64_t size,
                            const LedgerHead& head, const std::vector<ledger::Node>& nodes) {
  PostgresArray levels(Of::kInteger);
  PostgresArray indexes(Of::kBigint);
  PostgresArray hashes(Of::kBytes);
  for (const ledger::Node& node : nodes) {
    if (node.address.level == 0) continue;  // the hash of the entry
    levels.AddInteger(node.address.level);
    indexes.AddBigint(static_cast<int64_t>(node.address.index));
    hashes.AddBytes(ledger::BytesOf(node.hash));
  }
  KSTATI_TRY_VOID(connection.Call(kSealLedger, PostgresArguments()
                                                   .Bigint(home)
                                                   .Bigint(static_cast<int64_t>(size))
                                                   .Bytes(head.state)
                                                   .Bytes(head.checkpoint)
                                                   .Array(levels)
                                                   .Array(indexes)
                                                   .Array(hashes)));
  return {};
}

Result<PostgresRows> CallReadEntered(PostgresConnection& connection, int64_t home, int64_t first,
                                     int64_t entries_max) {
  return connection.Call(kReadEntered,
                         PostgresArguments().Bigint(home).Bigint(first).Bigint(entries_max));
}

Result<PostgresRows> CallReadLedger(PostgresConnection& connection, int64_t home, int64_t first,
                                    int64_t entries_max) {
  return connection.Call(kReadLedger,
                         PostgresArguments().Bigint(home).Bigint(first).Bigint(entries_max));
}

Result<PostgresRows> CallReadLedgerNode(PostgresConnection& connection, int64_t home,
                                        ledger::NodeAddress address) {
  return connection.Call(kReadLedgerNode, PostgresArguments()
                                              .Bigint(home)
                                              .Integer(address.level)
                                              .Bigint(static_cast<int64_t>(address.index)));
}

Result<PostgresRows> CallReadDeeds(PostgresConnection& connection, int64_t citizen, int64_t home,
                                   int64_t after, int64_t deeds_max) {
  return connection.Call(
      kReadDeeds, PostgresArguments().Bigint(citizen).Bigint(home).Bigint(after).Bigint(deeds_max));
}

Result<bool> CallAcceptsWrites(PostgresConnection& connection, int64_t home) {
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kAcceptsWrites, PostgresArguments().Bigint(home)));
  return rows.Boolean(0, 0);
}

Result<std::optional<int64_t>> CallHold(PostgresConnection& connection, int64_t home,
                                        int64_t token) {
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kHold, PostgresArguments().Bigint(home).Bigint(token)));
  if (rows.IsNull(0, 0)) return std::nullopt;
  return std::optional<int64_t>(rows.Bigint(0, 0));
}

Result<bool> CallHolds(PostgresConnection& connection, int64_t home) {
  KSTATI_TRY(const PostgresRows rows, connection.Call(kHolds, PostgresArguments().Bigint(home)));
  return rows.Boolean(0, 0);
}

Result<size_t> CallPartitions(PostgresConnection& connection) {
  const Result<PostgresRows> reached = connection.Call(kPartitions, PostgresArguments());
  if (reached) return static_cast<size_t>(reached->Bigint(0, 0));
  if (reached.error().code != ErrorCode::kUnavailable) return Fail(reached.error());
  // One that is down answers nobody; the list of PL/Proxy has it.
  KSTATI_TRY(const PostgresRows rows, connection.Call(kListedPartitions, PostgresArguments()));
  const auto listed = static_cast<size_t>(rows.Bigint(0, 0));
  if (listed == 0) return Fail(reached.error());
  return listed;
}

Result<PartitionState> CallOpenPartition(PostgresConnection& connection, int64_t home,
                                         size_t number, size_t count,
                                         const std::vector<int64_t>& probes) {
  PostgresArray asked(Of::kBigint);
  for (const int64_t probe : probes) asked.AddBigint(probe);
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kOpenPartition, PostgresArguments()
                                                 .Bigint(home)
                                                 .Integer(static_cast<int32_t>(number))
                                                 .Integer(static_cast<int32_t>(count))
                                                 .Array(asked)));
  return PartitionState{rows.Integer(0, 0),
                        rows.Integer(0, 1),
                        rows.Integers(0, 2),
                        std::string(rows.Bytes(0, 3)),
                        std::string(rows.Bytes(0, 4)),
                        std::string(rows.Bytes(0, 5))};
}

}  // namespace kstati::profile
