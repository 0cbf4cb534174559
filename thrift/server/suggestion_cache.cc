// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/suggestion_cache.h"

#include <algorithm>

namespace kstati::thrift {

bool SuggestionCache::Stands(const Entry& entry) const {
  return std::ranges::all_of(entry.reply->rests_on, [&](CitizenId citizen) {
    return store_.LatestChangeOf(citizen) <= entry.read_after;
  });
}

SuggestionCache::Reply SuggestionCache::Find(const Question& question) const {
  const Shard& shard = ShardOf(question.citizen);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(question.citizen);
  if (found == shard.entries.end() || !(found->second.question == question)) return nullptr;
  return Stands(found->second) ? found->second.reply : nullptr;
}

void SuggestionCache::Keep(const Question& question, Reply reply, uint64_t read_after) {
  Shard& shard = ShardOf(question.citizen);
  const std::lock_guard lock(shard.mutex);
  // Any entry will do: what is asked again comes back soon.
  if (shard.entries.size() >= kRepliesPerShard) shard.entries.erase(shard.entries.begin());
  shard.entries[question.citizen] = {question, std::move(reply), read_after};
}

}  // namespace kstati::thrift
