// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "profile/engines/engine.h"
#include "profile/master_key_file.h"
#include "profile/sealing.h"
#include "profile/store.h"

namespace tl {

// What the matchers explain is enough; GoogleTest would print the bytes.
template <class T>
void PrintTo(const expected<T, kstati::Error>& result, std::ostream* out) {
  *out << (result.has_value() ? "a value" : "an error");
}

}  // namespace tl

namespace kstati::profile {

// A folder that disappears with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> made = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("kstati-test-" + std::to_string(getpid()) + "-" + std::to_string(++made));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// What signs the ledgers of tests.
inline const ledger::SigningKey& TestSigner() {
  static const ledger::SigningKey kSigner =
      std::move(*ledger::SigningKey::FromSeed("test/ledger", {1, 2, 3}));
  return kSigner;
}

inline RocksDbOptions SmallStoreAt(const std::string& folder) {
  RocksDbOptions options;
  options.folder = folder;
  options.block_cache_bytes = 8u << 20;
  options.signer = &TestSigner();
  return options;
}

// The master keys of a store of a test, made at the first call.
inline std::unique_ptr<KeySealer> KeysIn(const std::string& folder) {
  Result<std::unique_ptr<KeySealer>> keys = OpenOrMakeMasterKeyFile(folder + "/master.keys");
  if (!keys) ADD_FAILURE() << keys.error().ToString();
  return keys ? std::move(*keys) : nullptr;
}

// The keys of that file without the first one, as when somebody has lost it; what it sealed does
// not open.
inline std::unique_ptr<KeySealer> KeysWithoutTheFirst(const std::string& folder) {
  std::ifstream file(folder + "/master.keys");
  const std::string path = folder + "/later.keys";
  std::ofstream written(path);
  std::string line;
  for (bool first = true; std::getline(file, line);) {
    const bool is_key = !line.empty() && line.front() != '#';
    if (!is_key || !first) written << line << "\n";
    if (is_key) first = false;
  }
  written.close();
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  Result<std::unique_ptr<KeySealer>> keys = OpenMasterKeyFile(path);
  if (!keys) ADD_FAILURE() << keys.error().ToString();
  return keys ? std::move(*keys) : nullptr;
}

// What opens the engine that a folder names; a program may run its tests on another one.
using OpenEngineOfTest = std::function<Result<std::unique_ptr<Engine>>(const std::string& folder)>;
inline OpenEngineOfTest& EngineOfTests() {
  static OpenEngineOfTest open = [](const std::string& folder) {
    return OpenRocksDb(SmallStoreAt(folder));
  };
  return open;
}

inline std::unique_ptr<Store> OpenStoreAt(const std::string& folder) {
  Result<std::unique_ptr<Engine>> engine = EngineOfTests()(folder);
  if (!engine) ADD_FAILURE() << engine.error().ToString();
  return std::make_unique<Store>(std::move(*engine), KeysIn(folder));
}

MATCHER(IsOk, "") {
  if (!arg.has_value()) *result_listener << "which is the error: " << arg.error().ToString();
  return arg.has_value();
}

MATCHER_P(FailsWith, code, "") {
  if (arg.has_value()) {
    *result_listener << "it succeeded";
    return false;
  }
  *result_listener << arg.error().ToString();
  return arg.error().code == code;
}

inline Date Day(int64_t day) { return Date::Of(2026, 1, 1).AddDays(day); }
inline Instant At(int64_t second) { return Instant{1'767'225'600'000'000 + second * 1'000'000}; }
inline DateInterval Since(int64_t day) { return {Day(day), std::nullopt}; }
inline DateInterval Between(int64_t from, int64_t to) { return {Day(from), Day(to)}; }

inline const CitizenId kAnna{17};
inline const CitizenId kBoris{18};
inline const CitizenId kVera{19};

inline const Evidence kOwnWord{EvidenceKind::kSelfDeclaration, Assurance::kSelfDeclared};

// Builds an event step by step: Event("e1").About(kAnna).Fact(kAnna, "person.sex", ...).
class Event {
 public:
  explicit Event(const std::string& id, const std::string& source = "fns_erns") {
    event_.key = {RegistryId(source), EventId(id)};
    event_.type = EventTypeId(std::string(kFactsOnly));
    event_.subject = kAnna;
    event_.occurred_on = Day(0);
  }
  Event& About(CitizenId subject) {
    event_.subject = subject;
    return *this;
  }
  Event& On(int64_t day) {
    event_.occurred_on = Day(day);
    return *this;
  }
  Event& Names(const std::string& role, std::vector<CitizenId> citizens) {
    event_.participants[role] = std::move(citizens);
    return *this;
  }
  Event& Fact(CitizenId citizen, const std::string& attribute, FactValue value,
              DateInterval valid = Since(0)) {
    event_.facts.push_back({citizen, AttributeId(attribute), std::move(value), valid});
    return *this;
  }
  Event& Relation(CitizenId from, RelationKind kind, CitizenId to, DateInterval valid = Since(0)) {
    event_.relations.push_back({from, kind, to, valid});
    return *this;
  }
  Event& Supersedes(const std::string& id) {
    event_.supersedes = EventId(id);
    return *this;
  }
  Event& Rests(Evidence evidence) {
    event_.evidence = Share(std::move(evidence), event_.key.source);
    return *this;
  }
  operator const RegistryEvent&() const { return event_; }  // NOLINT(google-explicit-constructor)
  RegistryEvent& event() { return event_; }

 private:
  RegistryEvent event_;
};

inline Result<void> RecordIn(Store& store, const RegistryEvent& event, Instant now) {
  Transaction transaction(now);
  transaction.Record(event);
  return store.Commit(transaction);
}

inline History LoadFrom(const Store& store, CitizenId citizen) {
  Result<History> history = store.Load(citizen);
  EXPECT_THAT(history, IsOk());
  return history ? std::move(*history) : History{};
}

// The text of the fact that holds; "-" when none does.
inline std::string Holding(const History& history, const std::string& attribute, AsOf as_of) {
  const FactView view(history, as_of);
  const Fact* const fact = view.Find(AttributeId(attribute));
  return fact == nullptr ? "-" : ToText(fact->value);
}

}  // namespace kstati::profile
