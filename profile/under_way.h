// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/fact.h"

namespace kstati::profile {

// Names an event where several partitions keep events by their subjects.
struct EventPlace {
  CitizenId subject;
  EventKey key;
  auto operator<=>(const EventPlace&) const = default;
};

// Which events were recorded with their subjects and have not reached everyone yet, or were not
// followed yet by what they cause; and who acts on facts meanwhile. Only in memory: one process
// acts on a store at a time, and reads at its start what an earlier one left. Safe from any thread.
//
// Invariants:
// 1. While somebody acts on a citizen's facts, no event of several partitions about the citizen
//    becomes recorded.
// 2. While facts of a citizen are under way, nobody begins to act on the citizen's.
// 3. An event is worked at by at most one thread.
class UnderWay {
 public:
  // Until it is destroyed no event about the citizens begins.
  class Acting {
   public:
    Acting() = default;
    Acting(UnderWay& owner, std::vector<CitizenId> citizens)
        : owner_(&owner), citizens_(std::move(citizens)) {}
    Acting(Acting&& other) noexcept { *this = std::move(other); }
    Acting& operator=(Acting&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(citizens_, other.citizens_);
      return *this;
    }
    ~Acting();

   private:
    UnderWay* owner_ = nullptr;
    std::vector<CitizenId> citizens_;
  };

  // Waits a second for facts of the citizens that are under way; kUnavailable when they are still.
  Result<Acting> Act(std::vector<CitizenId> citizens);

  // Before an event is recorded: it is under way to the citizens, and the caller works at it.
  // kConflict when it is under way already.
  Result<void> Begin(const EventPlace& event, const std::vector<CitizenId>& citizens);
  // Everyone has the event's facts.
  void Arrive(const EventPlace& event);
  // Nothing is left to do for it, or it was not recorded.
  void End(const EventPlace& event);
  // Takes the event, unless somebody works at it or it is unknown.
  bool Take(const EventPlace& event);
  // Leaves the rest to whoever takes it next.
  void Leave(const EventPlace& event);
  // Those at which nobody works.
  std::vector<EventPlace> Waiting() const;

 private:
  struct State {
    std::vector<CitizenId> citizens;  // who may not have the facts yet
    bool worked_at = true;
  };

  bool IsFree(const std::vector<CitizenId>& citizens) const;
  void Forget(State& state);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<EventPlace, State> events_;  // guarded by mutex_
  std::map<CitizenId, int> facts_;      // events under way to each; guarded by mutex_
  std::map<CitizenId, int> acting_;     // guarded by mutex_
};

}  // namespace kstati::profile
