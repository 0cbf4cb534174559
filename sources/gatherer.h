// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "profile/registry_event.h"
#include "sources/fact_source.h"

namespace kstati::sources {

// Why a call brought nothing.
struct FailedCall {
  std::string source;
  Error error;
};

// What was fetched about one citizen. Facts come as events of their registries, to be submitted as
// all events are; nothing follows from what nobody answered.
struct Gathered {
  std::vector<profile::RegistryEvent> events;
  std::set<AttributeId> unanswered;  // still unknown
  std::vector<FailedCall> failed;
  size_t calls = 0;  // attempts, repeated ones too
};

// Asks sources for what a decision lacks: in parallel, each attribute of one source, none again
// within the source's cache life. Safe from any thread.
class Gatherer {
 public:
  struct Options {
    std::chrono::milliseconds limit{3'000};      // for everything
    int attempts_max = 3;                        // of one call
    std::chrono::milliseconds first_pause{100};  // doubled before each further attempt
  };

  // `clock` outlives it.
  Gatherer(std::vector<std::unique_ptr<FactSource>> sources, const Clock& clock, Options options)
      : sources_(std::move(sources)), clock_(clock), options_(options) {}

  const std::vector<std::unique_ptr<FactSource>>& sources() const { return sources_; }
  // Within the limit, with whatever was answered by then. `today` is the day of facts that name
  // none.
  Gathered Gather(CitizenId citizen, const std::set<AttributeId>& missing, Date today);

 private:
  struct Outcome;
  using Asked = std::tuple<std::string, CitizenId, AttributeId>;  // by the source's name

  std::set<AttributeId> NotAskedLately(CitizenId citizen, const std::set<AttributeId>& missing);
  Outcome Call(const FactSource& source, const Question& question,
               std::chrono::steady_clock::time_point until) const;
  void Remember(const FactSource& source, const Question& question);
  profile::RegistryEvent EventOf(const SourceTerms& terms, const Question& question,
                                 const Answer& answer, Date today);

  const std::vector<std::unique_ptr<FactSource>> sources_;
  const Clock& clock_;
  const Options options_;
  std::mutex mutex_;
  std::map<Asked, Instant> answered_;  // when; forgotten once it may be asked again
  uint64_t numbered_ = 0;              // events made
};

}  // namespace kstati::sources
