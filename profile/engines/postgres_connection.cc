// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <vector>

#include "profile/engines/postgres_errors.h"

namespace kstati::profile {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBinary = 1;
// What a server gets beyond its own limit before it counts as gone.
constexpr std::chrono::milliseconds kPatienceBeyondTimeout{2'000};

// The settings on which limits, durability, order and speed rest. A synchronous_commit that waits
// for more than the local disk stays as the database has it; plans that are kept are never those of
// an empty table.
constexpr PostgresStatement kAgree{
    "agree",
    "SELECT set_config('statement_timeout', $1, false),"
    " set_config('default_transaction_isolation', 'read committed', false),"
    " set_config('enable_seqscan', 'off', false),"
    " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
    "   WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)"};

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::string TextOrDash(const char* text) { return text == nullptr ? "-" : text; }

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(
    const PostgresOptions& options) {
  const std::string timeout = std::to_string(options.connect_timeout.count());
  // What stands before the conninfo may be set otherwise by it.
  const std::array<const char*, 7> names{"connect_timeout",
                                         "fallback_application_name",
                                         "tcp_user_timeout",
                                         "passfile",
                                         "dbname",
                                         "client_encoding",
                                         nullptr};
  const std::array<const char*, 7> values{
      timeout.c_str(),
      "kstati",
      "30000",
      options.passfile.empty() ? nullptr : options.passfile.c_str(),
      options.conninfo.c_str(),
      "UTF8",
      nullptr};
  std::unique_ptr<PostgresConnection> made(
      new PostgresConnection(PQconnectdbParams(names.data(), values.data(), 1), options));
  PGconn* const connection = made->connection_.get();
  if (PQstatus(connection) != CONNECTION_OK) {
    return Fail(AtPlace(FromFailedConnect(connection), made->place_));
  }
  PQsetNoticeReceiver(connection, &NoteNotice, made.get());
  KSTATI_TRY_VOID(made->Agree());
  return made;
}

PostgresConnection::PostgresConnection(PGconn* connection, const PostgresOptions& options)
    : connection_(connection),
      place_("PostgreSQL database " + TextOrDash(PQdb(connection)) + " on " +
             TextOrDash(PQhost(connection)) + ":" + TextOrDash(PQport(connection))),
      timeout_(std::max(options.statement_timeout, std::chrono::milliseconds(1))) {}

Result<void> PostgresConnection::Agree() {
  KSTATI_TRY_VOID(Call(kAgree, PostgresArguments().Bytes(std::to_string(timeout_.count()))));
  return {};
}

Result<PostgresRows> PostgresConnection::Call(const PostgresStatement& statement,
                                              const PostgresArguments& arguments) {
  KSTATI_TRY_VOID(Prepare(statement));
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const std::optional<std::string>& each : arguments.values()) {
    values.push_back(each ? each->data() : nullptr);
    lengths.push_back(each ? static_cast<int>(each->size()) : 0);
  }
  const std::vector<int> formats(values.size(), kBinary);
  unconfirmed_ = false;
  if (PQsendQueryPrepared(connection_.get(), statement.name, static_cast<int>(values.size()),
                          values.data(), lengths.data(), formats.data(), kBinary) == 0) {
    return Broken();
  }
  Result<PostgresRows> rows = Receive(AnswerDeadline());
  if (rows && unconfirmed_) {
    return Fail(ErrorCode::kUnavailable, "the standby did not confirm the change", place_,
                "repeat once the standby answers");
  }
  return rows;
}

Result<void> PostgresConnection::Run(const std::string& script) {
  KSTATI_TRY_VOID(Send("SET statement_timeout = 0", AnswerDeadline()));
  const Result<void> outcome = Send(script, Deadline::max());
  if (broken_) return outcome;
  if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) {
    KSTATI_TRY_VOID(Send("ROLLBACK", AnswerDeadline()));
  }
  KSTATI_TRY_VOID(
      Send("SET statement_timeout = " + std::to_string(timeout_.count()), AnswerDeadline()));
  return outcome;
}

Result<void> PostgresConnection::Send(const std::string& script, Deadline deadline) {
  if (PQsendQuery(connection_.get(), script.c_str()) == 0) return Broken();
  KSTATI_TRY_VOID(Receive(deadline));
  return {};
}

PostgresConnection::Deadline PostgresConnection::AnswerDeadline() const {
  return Clock::now() + timeout_ + kPatienceBeyondTimeout;
}

bool PostgresConnection::IsUsable() const {
  return !broken_ && PQstatus(connection_.get()) == CONNECTION_OK &&
         PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

bool PostgresConnection::IsAlive() {
  // The first look may only fetch a farewell; the second one then meets the end.
  for (int look = 0; look < 2 && !broken_; ++look) {
    broken_ = PQconsumeInput(connection_.get()) == 0;
  }
  return IsUsable();
}

Result<void> PostgresConnection::Prepare(const PostgresStatement& statement) {
  if (prepared_.contains(&statement)) return {};
  if (PQsendPrepare(connection_.get(), statement.name, statement.sql, 0, nullptr) == 0) {
    return Broken();
  }
  KSTATI_TRY_VOID(Receive(AnswerDeadline()));
  prepared_.insert(&statement);
  return {};
}

Result<PostgresRows> PostgresConnection::Receive(Deadline deadline) {
  PostgresRows rows;
  std::optional<Error> error;
  for (;;) {
    KSTATI_TRY_VOID(Wait(deadline));
    PGresult* const result = PQgetResult(connection_.get());
    if (result == nullptr) break;
    const PostgresRows received(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      rows = received;
    } else if (!error) {
      error = FromPostgresResult(result);
    }
  }
  if (PQstatus(connection_.get()) != CONNECTION_OK) broken_ = true;
  if (error) return Fail(AtPlace(std::move(*error), place_));
  return rows;
}

// Returns when the next result is there, sending what is not sent yet.
Result<void> PostgresConnection::Wait(Deadline deadline) {
  PGconn* const connection = connection_.get();
  int unsent = PQflush(connection);
  while (unsent != 0 || PQisBusy(connection) != 0) {
    if (unsent < 0) return Broken();
    int timeout_ms = -1;
    if (deadline != Deadline::max()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      timeout_ms = static_cast<int>(std::max<int64_t>(left.count(), 0));
    }
    pollfd socket{PQsocket(connection), static_cast<int16_t>(POLLIN | (unsent ? POLLOUT : 0)), 0};
    const int ready = poll(&socket, 1, timeout_ms);
    if (ready == 0) {
      broken_ = true;
      return Fail(ErrorCode::kUnavailable, "the server does not answer", place_,
                  "look whether it runs; the connection is made again");
    }
    if (ready < 0 && errno != EINTR) return Broken();
    if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(connection) == 0) return Broken();
    unsent = PQflush(connection);
  }
  return {};
}

tl::unexpected<Error> PostgresConnection::Broken() {
  broken_ = true;
  return Fail(AtPlace(FromBrokenConnection(PQerrorMessage(connection_.get())), place_));
}

Result<void> CheckConninfo(const std::string& conninfo) {
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
      PQconninfoParse(conninfo.c_str(), &problem));
  if (!parsed) {
    PQfreemem(problem);  // it may quote a password
    return Fail(ErrorCode::kInvalidArgument, "libpq cannot read this connection", {},
                "write it as in host=db1 dbname=kstati user=kstati");
  }
  for (const PQconninfoOption* each = parsed.get(); each->keyword != nullptr; ++each) {
    const std::string_view keyword = each->keyword;
    if ((keyword != "password" && keyword != "sslpassword") || each->val == nullptr) continue;
    return Fail(ErrorCode::kInvalidArgument, "a password stands in the connection", {},
                "put it into a file of passwords that only its owner can read, in lines of "
                "host:port:database:user:password, and name the file");
  }
  return {};
}

void PostgresConnection::NoteNotice(void* connection, const PGresult* notice) {
  const char* const function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
  if (function != nullptr && std::string_view(function) == "SyncRepWaitForLSN") {
    static_cast<PostgresConnection*>(connection)->unconfirmed_ = true;
  }
}

}  // namespace kstati::profile
