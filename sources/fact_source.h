// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/evidence.h"
#include "profile/value.h"

namespace kstati::sources {

// How facts come from a registry.
enum class Way {
  kPull,      // it answers when it is asked about somebody
  kDataMart,  // the same, from a copy made for reading: any number of facts at the price of one
  kPush,      // it tells by itself: there is nothing to ask
};

// What is known of a source before it is asked.
struct SourceTerms {
  std::string name;     // of this source, unique
  RegistryId registry;  // whose facts it has
  Way way = Way::kPull;
  std::set<AttributeId> attributes;      // that it answers for
  std::chrono::milliseconds latency{0};  // how long an answer usually takes
  std::chrono::seconds cache_life{0};    // how long an answer stands before it is asked again
  int64_t cost = 1;                      // of one call, in whatever unit all sources share
};

struct Question {
  CitizenId citizen;
  std::vector<AttributeId> attributes;
};

struct AnsweredFact {
  AttributeId attribute;
  profile::FactValue value;
  DateInterval valid;
  profile::SharedEvidence evidence = nullptr;  // of the answer; null: nothing is said
};

// What a source says. It need not know everything it was asked: what is not there stays unknown.
using Answer = std::vector<AnsweredFact>;

// The one port through which facts are fetched. Safe from any thread.
class FactSource {
 public:
  virtual ~FactSource() = default;

  virtual const SourceTerms& terms() const = 0;
  // Returns by `until`, with an answer or without. kUnavailable when it did not answer in time or
  // not now, which may be tried again; kInvalidArgument or kLimitExceeded when what it said is no
  // answer; kDenied when it refuses us. No text of the answer is in an error.
  virtual Result<Answer> Ask(const Question& question,
                             std::chrono::steady_clock::time_point until) const = 0;
  // Whether somebody is there; asks about nobody.
  virtual Result<void> Reach(std::chrono::milliseconds patience) const = 0;
};

}  // namespace kstati::sources
