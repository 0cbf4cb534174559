// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/suggestion_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "profile/master_key_file.h"

namespace kstati::thrift {
namespace {

class SuggestionCacheTest : public testing::Test {
 protected:
  SuggestionCacheTest() {
    std::filesystem::remove_all(folder_);
    profile::RocksDbOptions options;
    options.folder = folder_;
    options.block_cache_bytes = 8u << 20;
    auto engine = profile::OpenRocksDb(options);
    EXPECT_TRUE(engine);
    auto keys = profile::OpenOrMakeMasterKeyFile(folder_ + "/master.keys");
    EXPECT_TRUE(keys);
    store_ = std::make_unique<profile::Store>(std::move(*engine), std::move(*keys));
    cache_ = std::make_unique<SuggestionCache>(*store_);
  }
  ~SuggestionCacheTest() override {
    cache_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Change(CitizenId citizen) {
    profile::Transaction transaction(Instant{1});
    transaction.PutRecord(citizen, "case", "C-1", "x");
    ASSERT_TRUE(store_->Commit(transaction));
  }

  SuggestionCache::Reply Keep(const SuggestionCache::Question& question) {
    const SuggestionCache::Reply reply = Fresh();
    cache_->Keep(question, reply, store_->LatestChange());
    return reply;
  }
  SuggestionCache::Reply Fresh() const {
    Suggested reply;
    reply.rests_on = {mother_, child_};
    return std::make_shared<const Suggested>(std::move(reply));
  }

  const CitizenId mother_{17};
  const CitizenId child_{18};
  const CitizenId stranger_{19};
  const SuggestionCache::Question question_{mother_, 10, Language::kRussian, Date::Of(2026, 3, 15)};
  std::string folder_ = testing::TempDir() + "/kstati-cache-" + std::to_string(getpid());
  std::unique_ptr<profile::Store> store_;
  std::unique_ptr<SuggestionCache> cache_;
};

TEST_F(SuggestionCacheTest, SameQuestionGetsTheSameReply) {
  EXPECT_EQ(cache_->Find(question_), nullptr);
  const auto reply = Keep(question_);
  EXPECT_EQ(cache_->Find(question_), reply);
}

TEST_F(SuggestionCacheTest, ChangeOfAnybodyItRestsOnEndsIt) {
  for (const CitizenId changed : {mother_, child_}) {
    Keep(question_);
    Change(changed);
    EXPECT_EQ(cache_->Find(question_), nullptr) << changed.number();
  }
}

TEST_F(SuggestionCacheTest, ChangeOfAStrangerDoesNot) {
  const auto reply = Keep(question_);
  Change(stranger_);
  EXPECT_EQ(cache_->Find(question_), reply);
}

TEST_F(SuggestionCacheTest, ChangeWhileTheReplyWasMadeEndsItToo) {
  const uint64_t read_after = store_->LatestChange();
  Change(child_);
  cache_->Keep(question_, Fresh(), read_after);
  EXPECT_EQ(cache_->Find(question_), nullptr);
}

TEST_F(SuggestionCacheTest, AnotherDayLimitOrLanguageIsAnotherQuestion) {
  Keep(question_);
  auto other = question_;
  other.today = other.today.AddDays(1);
  EXPECT_EQ(cache_->Find(other), nullptr);
  other = question_;
  other.limit = 11;
  EXPECT_EQ(cache_->Find(other), nullptr);
  other = question_;
  other.language = Language::kEnglish;
  EXPECT_EQ(cache_->Find(other), nullptr);
}

TEST_F(SuggestionCacheTest, ForgetsOldOnesRatherThanGrow) {
  constexpr uint64_t kMany = 20'000;
  for (uint64_t i = 1; i <= kMany; ++i) Keep({CitizenId(i), 10, Language::kRussian, Date()});
  size_t kept = 0;
  for (uint64_t i = 1; i <= kMany; ++i) {
    kept += cache_->Find({CitizenId(i), 10, Language::kRussian, Date()}) != nullptr;
  }
  EXPECT_GT(kept, 1'000U);
  EXPECT_LT(kept, 5'000U);
}

}  // namespace
}  // namespace kstati::thrift
