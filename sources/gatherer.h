// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "sources/fact_source.h"
#include "sources/planner.h"

namespace kstati::sources {

// What one source said to one question; facts may be missing, or all of them.
struct Reply {
  std::string source;
  RegistryId registry;
  Question question;
  Answer answer;
};

// A question that nobody answered, and why. Whoever rests is not asked: `attempts` is 0.
// `withheld`: it was not asked, or not asked again, since that was not allowed any more.
struct FailedCall {
  std::string source;
  RegistryId registry;
  Question question;
  Error error;
  size_t attempts = 0;
  bool withheld = false;
};

// What was fetched about one citizen. Nothing follows from what nobody answered.
struct Gathered {
  std::vector<Reply> replies;
  std::set<AttributeId> unanswered;  // still unknown
  std::vector<FailedCall> failed;
  size_t calls = 0;  // attempts, repeated ones too
};

// A source that does not answer at all is left alone for a while; one whose answer about a person
// makes no sense is not asked the same about that person.
struct Rest {
  std::string source;
  Error error;
};

// Asks sources for what a decision lacks: in parallel, each attribute of one source, none again
// within the source's cache life. Where a call failed and another source has the attribute, that
// one is asked in the time that is left. Safe from any thread.
class Gatherer {
 public:
  struct Options {
    std::chrono::milliseconds limit{3'000};      // for everything
    int attempts_max = 3;                        // of one call
    std::chrono::milliseconds first_pause{100};  // doubled before each further attempt
    std::chrono::milliseconds rest{10'000};      // after a source did not answer
  };
  // Runs before each attempt of a call, those that repeat it too, from any thread; when it fails
  // the question is not asked.
  using Before = std::function<Result<void>(const SourceTerms& terms, const Question& question)>;

  // `clock` outlives it.
  Gatherer(std::vector<std::unique_ptr<FactSource>> sources, const Clock& clock, Options options)
      : sources_(std::move(sources)), clock_(clock), options_(options) {}

  const std::vector<std::unique_ptr<FactSource>>& sources() const { return sources_; }
  // What Gather would ask now.
  CallPlan Plan(CitizenId citizen, const std::set<AttributeId>& missing) const;
  // Within the limit, with whatever was answered by then. Nothing is remembered yet.
  Gathered Gather(CitizenId citizen, const std::set<AttributeId>& missing,
                  const Before& before = {});
  // Remembers that the question was answered, so that it is not asked again within the cache life.
  // To be called once the answer is recorded: what is lost before that is asked again.
  void Keep(const Reply& reply);
  // Those among the sources that rest.
  std::vector<Rest> Resting() const;
  // What sources could be asked that rest, or that failed to answer it about the citizen lately.
  std::vector<FailedCall> NotAsked(CitizenId citizen, const std::set<AttributeId>& missing) const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Outcome {
    Result<Answer> answer = Answer();
    size_t attempts = 0;
    bool withheld = false;
  };
  struct Pause {
    Steady::time_point until;
    Error error;
  };
  using Asked = std::tuple<std::string, CitizenId, AttributeId>;  // by the source's name

  std::set<AttributeId> NotAskedLately(CitizenId citizen,
                                       const std::set<AttributeId>& missing) const;
  // The terms of those that do not rest, without what they failed to answer about the citizen
  // lately; with an index into sources_ for each.
  std::vector<SourceTerms> AwakeTerms(CitizenId citizen, std::vector<size_t>& indexes) const;
  std::map<AttributeId, Error> FailedLately(const std::string& source, CitizenId citizen) const;
  void Remember(const SourceTerms& terms, const Question& question, const Error& error);
  Outcome Call(const FactSource& source, const Question& question, const Before& before,
               Steady::time_point until) const;
  // Asks what the plan says and moves what was answered out of `open`; whether a call failed.
  bool Round(CitizenId citizen, const CallPlan& plan, const Before& before,
             Steady::time_point until, std::set<AttributeId>& open, Gathered& gathered);
  std::vector<Outcome> CallAll(const CallPlan& plan, const std::vector<Question>& questions,
                               const Before& before, Steady::time_point until) const;
  void PutToRest(const SourceTerms& terms, const Error& error);

  const std::vector<std::unique_ptr<FactSource>> sources_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  mutable std::map<Asked, Instant> answered_;          // when; forgotten once it may be asked again
  mutable std::map<Asked, Pause> failed_;              // what is asked again then
  std::map<std::string, Pause, std::less<>> resting_;  // by the source's name
};

}  // namespace kstati::sources
