// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "graph/chains/dating.h"
#include "graph/chains/ways.h"

namespace kstati::graph::chains {

// Carries out choices step by step: what a step gives is there for the standing of later ones, so
// that a service may be refused after another, or allowed only after it; and each has to stand on
// the day on which it begins. For one thread.
class Simulation {
 public:
  // `ways` must outlive it.
  explicit Simulation(const Ways& ways) : ways_(ways) {}

  // The choice on real days, in an order in which every step stands at least as well as its action
  // takes for granted, and of those in the one that is done first. A step that must not come after
  // another is asked for before it. A step that is undetermined on its day alone stands, doubtful.
  // With the order to keep on other days. nullopt: no order does; when `exhausted` is false then,
  // none of kOrdersMax that were tried.
  std::optional<Dating> Run(const Choice& choice, const std::vector<uint32_t>& without);

  bool exhausted() const { return exhausted_; }
  // Whether the last order keeps steps apart, or puts one off, that the choice alone does not.
  bool was_ordered() const { return was_ordered_; }

  static constexpr size_t kOrdersMax = 512;

 private:
  // A step that does not stand as it should, with what was there when it began.
  struct Refusal {
    size_t step = 0;
    std::set<uint32_t> there;  // facts of may_change
  };

  // Actions that may change how a step stands, and whether it has what they give.
  struct Changers {
    std::vector<uint32_t> actions;
    std::vector<uint8_t> is_there;
  };

  std::optional<Refusal> FirstRefusal(Dating& dating);
  std::set<uint32_t> ThereFor(const Dating& dating, size_t place) const;
  bool StandsOnItsDay(const std::set<uint32_t>& there, DatedAction& step, Dating& dating);
  std::vector<Precedence> OrderToKeep(const Dating& dating);
  Changers ChangersOf(const Dating& dating, size_t place) const;
  bool Matters(const Action& action, const Changers& changers, size_t changer);
  std::set<uint32_t> GivenBy(const Action& action, const Changers& changers, uint32_t which) const;
  bool Stands(const Action& action, const std::set<uint32_t>& there);
  const Standing& StandingOf(const ServiceId& service, const std::set<uint32_t>& there,
                             std::optional<Date> later_day);
  std::vector<Precedence> RemediesOf(const Choice& choice, const DatedAction& step,
                                     const Refusal& refusal) const;

  const Ways& ways_;
  std::map<std::tuple<ServiceId, std::set<uint32_t>, std::optional<Date>>, Standing> asked_;
  bool exhausted_ = true;
  bool was_ordered_ = false;
};

}  // namespace kstati::graph::chains
