// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace kstati::profile {

// A real PostgreSQL server of the test's own: in a folder that disappears with it, behind a Unix
// socket there, run by an unprivileged user when the test is run by root. It dies with the test,
// and the test with it when it cannot start.
class PostgresServer {
 public:
  // Empty when the server can run here; otherwise why it cannot.
  static std::string WhyMissing();

  // Makes the server's files and starts it. `settings`: "name=value", as in postgresql.conf.
  explicit PostgresServer(std::vector<std::string> settings = {});
  // A server that follows the other one, which from now on acknowledges nothing that this one does
  // not have on its disk.
  static std::unique_ptr<PostgresServer> StandbyOf(const PostgresServer& primary);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  std::string ConnectionTo(const std::string& database) const;
  const std::string& folder() const { return folder_; }  // where its socket is, as "host"
  // Runs a command as the superuser; a failure ends the test.
  void Run(const std::string& database, const std::string& command) const;

  void Start();    // returns when it accepts connections
  void Promote();  // of a standby; returns when it takes changes
  void Stop();     // as at a planned restart: connections are ended
  void Kill();     // kill -9 of the server with all its processes
  void KillOne();  // kill -9 of one process that serves a connection, if there is one
  void Freeze();   // it stays connected and says nothing
  void Unfreeze();

 private:
  struct Bare {};
  PostgresServer(Bare, std::vector<std::string> settings);  // with a folder and no files yet
  void RunTool(const std::vector<std::string>& words) const;
  std::vector<pid_t> ServingProcesses() const;

  std::string folder_;
  std::vector<std::string> settings_;
  pid_t process_ = 0;
};

}  // namespace kstati::profile
