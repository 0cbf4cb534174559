// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_copy.h"

namespace kstati::profile {
namespace {

using Of = PostgresArray::Of;

constexpr PostgresStatement kRestoreCitizens{
    "restore_citizens",
    "SELECT kstati.restore_citizens($1::bigint, $2::bigint[], $3::bigint[], $4::bigint[],"
    " $5::bytea[], $6::bytea[], $7::integer[], $8::bytea[], $9::bytea[], $10::integer[],"
    " $11::bigint[], $12::bigint[], $13::bigint[], $14::bytea[])"};
constexpr PostgresStatement kRestoreLog{
    "restore_log", "SELECT kstati.restore_log($1::bigint, $2::text[], $3::bigint[], $4::bytea[])"};
constexpr PostgresStatement kRestoreLedger{
    "restore_ledger", "SELECT kstati.restore_ledger($1::bigint, $2::bigint, $3::bytea[])"};
constexpr PostgresStatement kLogNames{"log_names", "SELECT * FROM kstati.log_names($1::bigint)"};

int64_t Signed(uint64_t number) { return static_cast<int64_t>(number); }

class CitizenArguments {
 public:
  void Add(const CitizenCopy& copy) {
    ++owner_;
    citizens_.AddBigint(Signed(copy.citizen.number()));
    versions_.AddBigint(Signed(copy.row.stamp.version));
    moments_.AddBigint(copy.row.stamp.recorded_at.micros);
    sealed_keys_.AddBytes(copy.row.sealed_key);
    profiles_.AddBytes(copy.row.profile);
    for (const auto& [key, value] : copy.records) {
      record_owners_.AddInteger(owner_);
      record_keys_.AddBytes(key);
      record_values_.AddBytes(value);
    }
    for (const auto& [deed, at] : copy.deeds) {
      deed_owners_.AddInteger(owner_);
      deed_numbers_.AddBigint(Signed(deed.number));
      deed_moments_.AddBigint(at.micros);
      deed_indexes_.AddBigint(Signed(deed.index));
      deed_openings_.AddBytes(deed.opening);
    }
  }

  PostgresArguments Finish(int64_t key) const {
    PostgresArguments arguments;
    arguments.Bigint(key);
    for (const PostgresArray* each :
         {&citizens_, &versions_, &moments_, &sealed_keys_, &profiles_, &record_owners_,
          &record_keys_, &record_values_, &deed_owners_, &deed_numbers_, &deed_moments_,
          &deed_indexes_, &deed_openings_}) {
      arguments.Array(*each);
    }
    return arguments;
  }

 private:
  int32_t owner_ = 0;
  PostgresArray citizens_{Of::kBigint};
  PostgresArray versions_{Of::kBigint};
  PostgresArray moments_{Of::kBigint};
  PostgresArray sealed_keys_{Of::kBytes};
  PostgresArray profiles_{Of::kBytes};
  PostgresArray record_owners_{Of::kInteger};
  PostgresArray record_keys_{Of::kBytes};
  PostgresArray record_values_{Of::kBytes};
  PostgresArray deed_owners_{Of::kInteger};
  PostgresArray deed_numbers_{Of::kBigint};
  PostgresArray deed_moments_{Of::kBigint};
  PostgresArray deed_indexes_{Of::kBigint};
  PostgresArray deed_openings_{Of::kBytes};
};

}  // namespace

Result<void> CallRestoreCitizens(PostgresConnection& connection,
                                 const std::vector<CitizenCopy>& citizens) {
  CitizenArguments arguments;
  for (const CitizenCopy& each : citizens) arguments.Add(each);
  const int64_t key = Signed(citizens.front().citizen.number());
  KSTATI_TRY_VOID(connection.Call(kRestoreCitizens, arguments.Finish(key)));
  return {};
}

Result<void> CallRestoreLog(PostgresConnection& connection, int64_t home,
                            const std::vector<LogEntryCopy>& entries) {
  PostgresArray logs(Of::kText);
  PostgresArray sequences(Of::kBigint);
  PostgresArray values(Of::kBytes);
  for (const LogEntryCopy& each : entries) {
    logs.AddBytes(each.log);
    sequences.AddBigint(Signed(each.entry.sequence));
    values.AddBytes(each.entry.value);
  }
  KSTATI_TRY_VOID(connection.Call(
      kRestoreLog, PostgresArguments().Bigint(home).Array(logs).Array(sequences).Array(values)));
  return {};
}

Result<std::optional<uint64_t>> CallRestoreLedger(PostgresConnection& connection, int64_t home,
                                                  uint64_t first,
                                                  const std::vector<std::string>& entries) {
  PostgresArray values(Of::kBytes);
  for (const std::string& each : entries) values.AddBytes(each);
  KSTATI_TRY(const PostgresRows rows,
             connection.Call(kRestoreLedger,
                             PostgresArguments().Bigint(home).Bigint(Signed(first)).Array(values)));
  if (rows.IsNull(0, 0)) return std::nullopt;
  return static_cast<uint64_t>(rows.Bigint(0, 0));
}

Result<PostgresRows> CallLogNames(PostgresConnection& connection, int64_t home) {
  return connection.Call(kLogNames, PostgresArguments().Bigint(home));
}

}  // namespace kstati::profile
