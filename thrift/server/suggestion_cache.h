// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bilingual.h"
#include "base/ids.h"
#include "base/time.h"
#include "cases/inquiries.h"
#include "kstati_rpc/kstati_types.h"
#include "profile/store.h"

namespace kstati::thrift {

// A reply to `suggest`, and what it was made of.
struct Suggested {
  rpc::SuggestResult result;
  std::vector<CitizenId> rests_on;
  std::string categories;  // of the data used, by name with blanks between
  std::string ranked_by;
  bool estimated = false;             // as recommender::Suggestions says
  kstati::cases::LackedFacts lacked;  // what would decide more
  std::string exposure;               // for the log, until it is there
};

// Replies to `suggest` that still stand: nobody they rest on changed since, and the day is the
// same, and so is the ranker. Facts, consents, cases and declines all count as changes; the
// catalogue does not change while a server runs. Safe from any thread.
class SuggestionCache {
 public:
  struct Question {
    CitizenId citizen;
    int32_t limit = 0;
    Language language = Language::kRussian;
    Date today;
    bool masked = false;
    uint64_t ranker_changes = 0;  // ServingRanker::changes before anything was ranked
    bool operator==(const Question&) const = default;
  };
  using Reply = std::shared_ptr<const Suggested>;

  // `store` outlives the cache.
  explicit SuggestionCache(const profile::Store& store) : store_(store) {}

  // Null when there is none that stands.
  Reply Find(const Question& question) const;
  // `read_after`: store.LatestChange() before anything was read for the reply.
  void Keep(const Question& question, Reply reply, uint64_t read_after);

 private:
  static constexpr size_t kShards = 64;
  static constexpr size_t kRepliesPerShard = 64;  // of some 20 KiB each: 80 MiB at most in all

  struct Entry {
    Question question;
    Reply reply;
    uint64_t read_after = 0;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<CitizenId, Entry> entries;  // the latest question about each citizen
  };

  Shard& ShardOf(CitizenId citizen) { return shards_[citizen.number() % kShards]; }
  const Shard& ShardOf(CitizenId citizen) const { return shards_[citizen.number() % kShards]; }
  bool Stands(const Entry& entry) const;

  const profile::Store& store_;
  std::array<Shard, kShards> shards_;
};

}  // namespace kstati::thrift
