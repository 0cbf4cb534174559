// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/small_groups.h"
#include "cases/desk.h"
#include "cases/world.h"

namespace kstati::cases {

// How one service would be otherwise.
struct ServiceChange {
  ServiceId service;
  bool online = false;              // no visits, and the portal takes applications
  std::optional<int> working_days;  // the term
};

// The catalogue with the change made in every regulation of the service that is in force on a day,
// its variants and regions included. kNotFound when there is no such service in force.
Result<graph::Catalogue> With(const ServiceChange& change, const graph::Catalogue& catalogue,
                              Date on);

// What the chains of a group of people would ask less, in all. Chains that would ask more count as
// negative: what is best in all may take longer.
struct Gain {
  uint64_t people = 0;  // whose chain changes
  int64_t visits = 0;
  int64_t days = 0;     // until all is done
  int64_t fees = 0;     // kopecks
  uint64_t opened = 0;  // people who reach a goal more; of groups it is not told

  Gain& operator+=(const Gain& other);
};

// What connecting a register would save.
struct RegisterGain {
  uint64_t people = 0;     // who would be asked less, or bring less
  uint64_t questions = 0;  // that nobody would be asked any more
  uint64_t documents = 0;  // that nobody would have to bring any more
  uint64_t decided = 0;    // services about people that no other question keeps open
  uint64_t unlocked = 0;   // people of these
};

// Looks at people one by one and keeps sums alone. For one thread.
class WhatIf {
 public:
  // `now` and `then` look at the same store under two catalogues; absent `then`: registers alone.
  // An empty situation: those that are open for each person.
  WhatIf(const World& now, const Desk& desk_now, const World* then, const Desk* desk_then,
         SituationId situation)
      : now_(now),
        desk_now_(desk_now),
        then_(then),
        desk_then_(desk_then),
        situation_(std::move(situation)) {}

  // What a source answers for is no gain of connecting its register; before anybody is looked at.
  void AnswersAlready(const std::set<AttributeId>& attributes) {
    answered_.insert(attributes.begin(), attributes.end());
  }

  Result<void> Look(CitizenId citizen);

  uint64_t people() const { return people_; }
  // By age group: "0-17", "18-34", "35-59", "60+", or "?" where the age is not known.
  const std::map<std::string, Gain>& gains() const { return gains_; }
  Gain all() const;
  const std::map<RegistryId, RegisterGain>& registers() const { return registers_; }

 private:
  struct Asked {
    int64_t visits = 0;
    int64_t days = 0;
    int64_t fees = 0;
    size_t reached = 0;
    bool dated = false;  // the last day is known
  };

  Result<std::set<SituationId>> SituationsOf(CitizenId citizen) const;
  Result<std::optional<Asked>> ChainOf(const World& world, const Desk& desk, CitizenId citizen,
                                       const SituationId& situation) const;
  Result<void> LookAtChains(CitizenId citizen, const std::set<SituationId>& situations);
  Result<void> LookAtRegisters(CitizenId citizen, const std::set<SituationId>& situations);
  Result<std::vector<eligibility::Decision>> DecisionsIn(
      CitizenId citizen, const graph::Situation& situation,
      std::map<RegistryId, std::set<AttributeId>>& brought) const;
  std::string GroupOf(CitizenId citizen) const;

  const World& now_;
  const Desk& desk_now_;
  const World* const then_;
  const Desk* const desk_then_;
  const SituationId situation_;
  std::set<AttributeId> answered_;
  uint64_t people_ = 0;
  std::map<std::string, Gain> gains_;
  std::map<RegistryId, RegisterGain> registers_;
};

}  // namespace kstati::cases
