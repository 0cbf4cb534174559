// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_errors.h"

#include <array>
#include <string>

namespace kstati::profile {
namespace {

constexpr std::string_view kRepeat = "repeat; the connection is made again";

// The first row whose beginning the server's code has counts.
struct Meaning {
  std::string_view beginning;  // of the code, see PostgreSQL's appendix of error codes
  ErrorCode code;
  bool quotable;  // the server's words hold no values
  std::string_view message;
  std::string_view remedy;
};

constexpr std::array kMeanings{
    Meaning{
        "KS001", ErrorCode::kCorrupt, false,
        "the ledger of the store has fewer entries than were acknowledged",
        "the server lost changes, as a standby does that was promoted too early: go back to the "
        "server that has them, or restore the newest backup"},
    Meaning{"40", ErrorCode::kConflict, false, "the store changed meanwhile",
            "read again and repeat"},
    Meaning{"25006", ErrorCode::kUnavailable, false, "the server is read only",
            "name the primary in the connection, or all servers with "
            "target_session_attrs=read-write"},
    Meaning{"53100", ErrorCode::kUnavailable, true, "the server's disk is full",
            "free space on the server; changes go on by themselves"},
    Meaning{"53300", ErrorCode::kUnavailable, false, "the server has no connections left",
            "raise max_connections or lower the number of connections of the store"},
    Meaning{"53", ErrorCode::kUnavailable, true, "the server is short of something", kRepeat},
    Meaning{"57014", ErrorCode::kUnavailable, false, "the server did not finish in time",
            "repeat; look for locks and for a slow disk"},
    Meaning{"57", ErrorCode::kUnavailable, true, "the server is going down or starting", kRepeat},
    Meaning{"58", ErrorCode::kUnavailable, true, "the server's files refuse", "repair the disk"},
    Meaning{"08", ErrorCode::kUnavailable, true, "a connection broke", kRepeat},
    Meaning{"55P03", ErrorCode::kUnavailable, false, "the server did not get a lock", kRepeat},
    Meaning{"42501", ErrorCode::kDenied, false, "the role may not use the store",
            "grant it the schema kstati and what is in it"},
    Meaning{"3F000", ErrorCode::kUnsupported, false, "the database holds no store", "migrate it"},
    Meaning{"42883", ErrorCode::kUnsupported, false, "the store lacks a function of this version",
            "migrate it"},
    Meaning{"42704", ErrorCode::kUnsupported, false, "the database lacks an extension",
            "run CREATE EXTENSION plproxy in the database of the proxy"},
    Meaning{"42P01", ErrorCode::kUnsupported, false, "the store lacks a table of this version",
            "migrate it"},
    Meaning{"XX001", ErrorCode::kCorrupt, false, "the server finds its data damaged",
            "restore the database from a backup"},
    Meaning{"XX002", ErrorCode::kCorrupt, false, "the server finds an index damaged",
            "rebuild the indexes of the schema kstati"},
};

std::string TextOf(const PGresult* result, int field) {
  const char* const text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : text;
}

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) line.push_back(c == '\n' || c == '\t' ? ' ' : c);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

Error FromPostgresResult(const PGresult* result) {
  const std::string state = TextOf(result, PG_DIAG_SQLSTATE);
  if (state.empty()) return FromBrokenConnection(PQresultErrorMessage(result));
  const std::string words = OneLine(TextOf(result, PG_DIAG_MESSAGE_PRIMARY));
  // PL/Proxy has no code of its own for a partition that it cannot reach.
  if (state == "XX000" && words.starts_with("PL/Proxy function")) {
    return {ErrorCode::kUnavailable,
            "PL/Proxy lost a partition or cannot reach it",
            {},
            "look at the servers of the partitions; calls go on by themselves"};
  }
  for (const Meaning& each : kMeanings) {
    if (!state.starts_with(each.beginning)) continue;
    std::string message(each.message);
    if (each.quotable) message += ": " + words;
    return {each.code, std::move(message), {}, std::string(each.remedy)};
  }
  return {ErrorCode::kInternal,
          "the server answers with error " + state,
          {},
          "the server's own log says more under this code; then repeat the call"};
}

Error FromBrokenConnection(std::string_view reason) {
  std::string line = OneLine(reason);
  if (line.empty()) line = "the server closed the connection";
  return {ErrorCode::kUnavailable, std::move(line), {}, std::string(kRepeat)};
}

Error FromFailedConnect(const PGconn* connection) {
  Error error = FromBrokenConnection(PQerrorMessage(connection));
  error.remedy = "start the server, or correct the connection";
  // libpq keeps no code of a refused connection, only the words.
  const auto says = [&](std::string_view words) {
    return error.message.find(words) != std::string::npos;
  };
  if (says("FATAL:  database ") && says("does not exist")) {
    error.code = ErrorCode::kNotFound;
    error.remedy = "create the database, then migrate it";
  } else if (says("authentication failed") || says("no pg_hba.conf entry") || says("role \"")) {
    error.code = ErrorCode::kDenied;
    error.remedy = "check the role, its password and pg_hba.conf";
  }
  return error;
}

}  // namespace kstati::profile
