// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "tests/unit/profile/engine_conformance.h"
#include "tests/unit/profile/postgres_store.h"

namespace kstati::profile {
namespace {

// One server for all tests of the program, since making one takes a second.
class Servers : public testing::Environment {
 public:
  void SetUp() override {
    const std::string why = PostgresServer::WhyMissing();
    if (!why.empty()) GTEST_SKIP() << "skipped: " << why;
    // Nothing here is about durability (see postgres_crash_test.cc).
    server_.emplace(std::vector<std::string>{"fsync=off", "shared_buffers=32MB"});
  }
  void TearDown() override { server_.reset(); }

  static PostgresServer& Shared() { return *server_; }

 private:
  static inline std::optional<PostgresServer> server_;
};

const auto* const kServers = testing::AddGlobalTestEnvironment(new Servers);

// A store of its own for each folder that a test names.
std::string DatabaseOf(const std::string& folder) {
  std::string name = "store";
  for (const char c : folder) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) name.push_back(c);
  }
  return name;
}

std::unique_ptr<Engine> OpenPlain(const std::string& folder) {
  static std::map<std::string, PostgresOptions> made;
  const std::string name = "plain" + DatabaseOf(folder);
  if (!made.contains(name)) made[name] = MakePlainStore(Servers::Shared(), name);
  return OpenedPostgres(made[name]);
}

std::unique_ptr<Engine> OpenPartitioned(const std::string& folder) {
  static std::map<std::string, PostgresOptions> made;
  const std::string name = "proxy" + DatabaseOf(folder);
  if (!made.contains(name)) {
    made[name] = MakePartitionedStore(Servers::Shared(), Servers::Shared(), name);
  }
  return OpenedPostgres(made[name]);
}

INSTANTIATE_TEST_SUITE_P(Postgres, EngineConformance,
                         testing::Values(EngineUnderTest{"Plain", OpenPlain},
                                         EngineUnderTest{"BehindPlProxy", OpenPartitioned}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace kstati::profile
