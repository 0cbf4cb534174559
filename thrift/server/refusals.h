// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "base/time.h"
#include "cases/world.h"
#include "profile/access_log.h"

namespace kstati::thrift {

// Tells people who was refused their data, without letting a token fill the list of a stranger: of
// each caller's attempts of a day the first ones are entries of their own, and the others one
// entry with their number, when the day has ended, the person looks, or the process ends. A crash
// may lose that number. Safe from any thread.
class Refusals {
 public:
  static constexpr uint64_t kOwnEntriesMax = 5;  // of a caller, a person and a day
  static constexpr size_t kPairsMax = 65'536;    // callers with persons that are kept in mind

  // Both outlive it.
  Refusals(profile::AccessLog& uses, const cases::World& world) : uses_(uses), world_(world) {}
  // Enters what is still counted.
  ~Refusals();
  Refusals(const Refusals&) = delete;
  Refusals& operator=(const Refusals&) = delete;

  void Enter(std::string_view method, const std::string& caller, CitizenId citizen);
  // Enters what is counted of attempts at this person's data.
  void Settle(CitizenId citizen);

 private:
  struct Attempts {
    uint64_t entered = 0;
    uint64_t more = 0;
  };
  using Pair = std::pair<CitizenId, std::string>;

  // Both require mutex_.
  void SettleAll();
  void EnterMore(const Pair& pair, Attempts& attempts);
  bool EnterUse(const Pair& pair, profile::DeedContent content);  // false: the store refuses

  profile::AccessLog& uses_;
  const cases::World& world_;
  std::mutex mutex_;
  Date day_;                           // of the attempts; guarded by mutex_
  std::map<Pair, Attempts> attempts_;  // guarded by mutex_
};

}  // namespace kstati::thrift
