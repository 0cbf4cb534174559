// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/profile/postgres_server.h"

#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/check.h"

namespace kstati::profile {
namespace {

const std::string kBinaries = "/usr/lib/postgresql/15/bin/";

// Runs the program as a user whom PostgreSQL accepts.
pid_t Spawn(const std::vector<std::string>& words, const std::string& output) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const passwd* const user = getuid() == 0 ? getpwnam("postgres") : nullptr;
  const pid_t child = fork();
  if (child != 0) return child;
  if (user != nullptr && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (freopen(output.c_str(), "a", stdout) == nullptr || dup2(1, 2) < 0) _exit(126);
  execv(arguments[0], arguments.data());
  _exit(127);
}

void GiveToServer(const std::string& folder) {
  const passwd* const user = getuid() == 0 ? getpwnam("postgres") : nullptr;
  if (user == nullptr) return;
  KSTATI_CHECK(chown(folder.c_str(), user->pw_uid, user->pw_gid) == 0);
}

[[noreturn]] void GiveUp(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::abort();
}

std::string FirstWords(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line, '\0');
  return line;
}

}  // namespace

std::string PostgresServer::WhyMissing() {
  if (!std::filesystem::exists(kBinaries + "postgres")) {
    return "there is no " + kBinaries + "postgres; install postgresql-15";
  }
  if (!std::filesystem::exists("/usr/share/postgresql/15/extension/plproxy.control")) {
    return "PL/Proxy is not installed; install postgresql-15-plproxy";
  }
  return {};
}

PostgresServer::PostgresServer(Bare, std::vector<std::string> settings)
    : settings_(std::move(settings)) {
  static std::atomic<int> made = 0;
  folder_ = std::filesystem::temp_directory_path() /
            ("kstati-postgres-" + std::to_string(getpid()) + "-" + std::to_string(++made));
  std::filesystem::create_directories(folder_);
  GiveToServer(folder_);
}

PostgresServer::PostgresServer(std::vector<std::string> settings)
    : PostgresServer(Bare(), std::move(settings)) {
  RunTool({"initdb", "-D", folder_ + "/data", "-A", "trust", "-U", "kstati", "--locale=C",
           "--encoding=UTF8", "--no-sync"});
  Start();
}

std::unique_ptr<PostgresServer> PostgresServer::StandbyOf(const PostgresServer& primary) {
  std::unique_ptr<PostgresServer> standby(new PostgresServer(Bare(), primary.settings_));
  standby->RunTool({"pg_basebackup", "-h", primary.folder_, "-U", "kstati", "-D",
                    standby->folder_ + "/data", "-R", "--checkpoint=fast", "--no-sync"});
  standby->Start();
  // Now, so that the copy of its settings waits for nobody.
  primary.Run("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
  primary.Run("postgres", "SELECT pg_reload_conf()");
  primary.Run("postgres",
              "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_stat_replication"
              " WHERE sync_state = 'sync') LOOP PERFORM pg_sleep(0.02);"
              " PERFORM pg_stat_clear_snapshot(); END LOOP; END $$");
  return standby;
}

void PostgresServer::RunTool(const std::vector<std::string>& words) const {
  std::vector<std::string> command = words;
  command.front() = kBinaries + words.front();
  const pid_t tool = Spawn(command, folder_ + "/output");
  int status = 0;
  waitpid(tool, &status, 0);
  if (status != 0) GiveUp(words.front() + ": " + FirstWords(folder_ + "/output"));
}

void PostgresServer::Promote() { Run("postgres", "SELECT pg_promote()"); }

PostgresServer::~PostgresServer() {
  if (process_ != 0) Stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string PostgresServer::ConnectionTo(const std::string& database) const {
  return "host=" + folder_ + " user=kstati dbname=" + database;
}

void PostgresServer::Run(const std::string& database, const std::string& command) const {
  PGconn* const connection = PQconnectdb(ConnectionTo(database).c_str());
  PGresult* const result = PQexec(connection, command.c_str());
  const ExecStatusType outcome = PQresultStatus(result);
  if (outcome != PGRES_COMMAND_OK && outcome != PGRES_TUPLES_OK) {
    GiveUp(command + ": " + PQerrorMessage(connection));
  }
  PQclear(result);
  PQfinish(connection);
}

void PostgresServer::Start() {
  std::vector<std::string> words{
      kBinaries + "postgres", "-D", folder_ + "/data", "-k", folder_, "-h", ""};
  // After kill -9 the kernel still has what was written: no need to sync every file again.
  words.insert(words.end(), {"-c", "recovery_init_sync_method=syncfs"});
  for (const std::string& setting : settings_) {
    words.emplace_back("-c");
    words.push_back(setting);
  }
  process_ = Spawn(words, folder_ + "/output");
  const std::string connection = ConnectionTo("postgres");
  for (int i = 0; i < 3'000; ++i) {
    if (PQping(connection.c_str()) == PQPING_OK) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  GiveUp("the server did not start: " + FirstWords(folder_ + "/output"));
}

void PostgresServer::Stop() {
  Unfreeze();
  kill(process_, SIGINT);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

// The processes are stopped first, so that none of them sees another one's end.
void PostgresServer::Kill() {
  std::vector<pid_t> processes = ServingProcesses();
  processes.push_back(process_);
  for (const pid_t each : processes) kill(each, SIGSTOP);
  for (const pid_t each : processes) kill(each, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
  // A new server refuses the folder until all processes of the old one are gone.
  for (const pid_t each : processes) {
    while (kill(each, 0) == 0 && FirstWords("/proc/" + std::to_string(each) + "/cmdline") != "") {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  std::filesystem::remove(folder_ + "/data/postmaster.pid");
}

void PostgresServer::KillOne() {
  for (const pid_t each : ServingProcesses()) {
    const std::string words = FirstWords("/proc/" + std::to_string(each) + "/cmdline");
    if (words.find(": kstati ") == std::string::npos) continue;
    kill(each, SIGKILL);
    return;
  }
}

void PostgresServer::Freeze() {
  for (const pid_t each : ServingProcesses()) kill(each, SIGSTOP);
  kill(process_, SIGSTOP);
}

void PostgresServer::Unfreeze() {
  kill(process_, SIGCONT);
  for (const pid_t each : ServingProcesses()) kill(each, SIGCONT);
}

std::vector<pid_t> PostgresServer::ServingProcesses() const {
  const std::string task = std::to_string(process_);
  std::ifstream children("/proc/" + task + "/task/" + task + "/children");
  std::vector<pid_t> processes;
  for (pid_t each = 0; children >> each;) processes.push_back(each);
  return processes;
}

}  // namespace kstati::profile
