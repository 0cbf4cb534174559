// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_values.h"

namespace kstati::profile {

// A statement that is prepared once on each connection that runs it.
struct PostgresStatement {
  const char* name;
  const char* sql;
};

// One connection to a server, for one thread at a time. Only for the engine.
//
// Errors: kUnavailable when the server cannot be reached, goes down, does not answer in time, is
// full or read only; kDenied when it refuses the role; kNotFound when there is no such database;
// kUnsupported when the store's functions are missing; kConflict after a deadlock; kCorrupt when it
// finds its files damaged. Messages hold no values. When a call failed with kUnavailable, what it
// changes may turn out to be there as a whole or not at all.
class PostgresConnection {
 public:
  static Result<std::unique_ptr<PostgresConnection>> Open(const PostgresOptions& options);

  // Runs the statement in a transaction of its own. kUnavailable also when the server gave up
  // waiting for its standby.
  Result<PostgresRows> Call(const PostgresStatement& statement, const PostgresArguments& arguments);
  // Runs a script of one command, or of one transaction from BEGIN to COMMIT, which is rolled back
  // when a part of it fails. Without a limit of time.
  Result<void> Run(const std::string& script);

  // False once the connection is of no more use.
  bool IsUsable() const;
  // The same after a look at its socket: the server may have closed it while nobody used it.
  bool IsAlive();
  const std::string& place() const { return place_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  PostgresConnection(PGconn* connection, const PostgresOptions& options);
  Result<void> Prepare(const PostgresStatement& statement);
  Result<void> Agree();
  Result<void> Send(const std::string& script, Deadline deadline);
  // The last result of what was sent.
  Result<PostgresRows> Receive(Deadline deadline);
  Result<void> Wait(Deadline deadline);
  Deadline AnswerDeadline() const;
  tl::unexpected<Error> Broken();
  static void NoteNotice(void* connection, const PGresult* notice);

  std::unique_ptr<PGconn, Close> connection_;
  std::string place_;
  std::chrono::milliseconds timeout_;  // of a statement; the answer may take a little longer
  std::unordered_set<const PostgresStatement*> prepared_;
  bool broken_ = false;
  bool unconfirmed_ = false;  // the server gave up waiting for its standby in the latest call
};

}  // namespace kstati::profile
