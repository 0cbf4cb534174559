// SPDX-License-Identifier: Apache-2.0
#include "sources/gatherer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "tests/unit/sources/small_dictionary.h"

namespace kstati::sources {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const CitizenId kAnna(17);
const AttributeId kEmployed("person.employed");
const AttributeId kIncome("person.income");
const Date kToday = Date::Of(2026, 3, 15);

// A source that answers as a test says, and counts how often it was asked.
class Played final : public FactSource {
 public:
  using Play = std::function<Result<Answer>(const Question&, int attempt)>;
  Played(std::string name, std::set<AttributeId> attributes, Play play,
         std::chrono::seconds cache_life = std::chrono::seconds(0))
      : play_(std::move(play)) {
    terms_.name = std::move(name);
    terms_.registry = RegistryId("sfr");
    terms_.attributes = std::move(attributes);
    terms_.cache_life = cache_life;
  }
  const SourceTerms& terms() const override { return terms_; }
  Result<Answer> Ask(const Question& question,
                     std::chrono::steady_clock::time_point) const override {
    return play_(question, ++asked);
  }
  Result<void> Reach(milliseconds) const override { return {}; }

  mutable std::atomic<int> asked = 0;

 private:
  SourceTerms terms_;
  Play play_;
};

Result<Answer> Everything(const Question& question, int) {
  Answer answer;
  for (const AttributeId& attribute : question.attributes) {
    const bool flag = attribute == kEmployed;
    answer.push_back({attribute,
                      flag ? profile::FactValue(true) : profile::FactValue(Decimal(7)),
                      {kToday, std::nullopt}});
  }
  return answer;
}

Result<Answer> Nothing(const Question&, int) {
  return Fail(ErrorCode::kUnavailable, "away", {}, "later");
}

class GathererTest : public testing::Test {
 protected:
  const Played& Add(std::unique_ptr<Played> source) {
    const Played& added = *source;
    sources_.push_back(std::move(source));
    return added;
  }
  Gatherer& Start() {
    gatherer_.emplace(std::move(sources_), clock_,
                      Gatherer::Options{milliseconds(2'000), 3, milliseconds(1)});
    return *gatherer_;
  }

  FixedClock clock_{*Instant::Parse("2026-03-15T09:00:00Z")};
  std::vector<std::unique_ptr<FactSource>> sources_;
  std::optional<Gatherer> gatherer_;
};

TEST_F(GathererTest, AnAnswerComesWithItsRegistryAndQuestion) {
  Add(std::make_unique<Played>("mart", std::set{kEmployed, kIncome}, Everything));
  const Gathered gathered = Start().Gather(kAnna, {kEmployed, kIncome});
  ASSERT_THAT(gathered.replies, SizeIs(1));
  const Reply& reply = gathered.replies.front();
  EXPECT_EQ(reply.registry, RegistryId("sfr"));
  EXPECT_EQ(reply.question.citizen, kAnna);
  EXPECT_THAT(reply.answer, SizeIs(2));
  EXPECT_THAT(gathered.unanswered, IsEmpty());
}

TEST_F(GathererTest, ASourceThatIsAwayIsAskedAgainAndLeavesTheRest) {
  const Played& away = Add(std::make_unique<Played>("away", std::set{kIncome}, Nothing));
  Add(std::make_unique<Played>("there", std::set{kEmployed}, Everything));
  const Gathered gathered = Start().Gather(kAnna, {kEmployed, kIncome});
  EXPECT_EQ(away.asked, 3);
  EXPECT_THAT(gathered.replies, SizeIs(1));
  EXPECT_THAT(gathered.unanswered, ElementsAre(kIncome));
  ASSERT_THAT(gathered.failed, SizeIs(1));
  EXPECT_EQ(gathered.failed.front().source, "away");
}

TEST_F(GathererTest, ASecondAttemptMayHelp) {
  Add(std::make_unique<Played>("shaky", std::set{kIncome}, [](const Question& q, int attempt) {
    return attempt == 1 ? Nothing(q, attempt) : Everything(q, attempt);
  }));
  const Gathered gathered = Start().Gather(kAnna, {kIncome});
  EXPECT_EQ(gathered.calls, 2u);
  EXPECT_THAT(gathered.unanswered, IsEmpty());
}

TEST_F(GathererTest, WhatIsNoLongerAllowedIsNotAskedAgain) {
  const Played& away = Add(std::make_unique<Played>("away", std::set{kIncome}, Nothing));
  std::atomic<int> looked = 0;
  const auto once = [&looked](const SourceTerms&, const Question&) -> Result<void> {
    if (++looked == 1) return {};
    return Fail(ErrorCode::kDenied, "the consent was revoked");
  };
  Gatherer& gatherer = Start();
  const Gathered gathered = gatherer.Gather(kAnna, {kIncome}, once);
  EXPECT_EQ(away.asked, 1);
  ASSERT_THAT(gathered.failed, SizeIs(1));
  EXPECT_EQ(gathered.failed.front().attempts, 1u);
  EXPECT_TRUE(gathered.failed.front().withheld);
  EXPECT_THAT(gatherer.Resting(), IsEmpty()) << "the source did nothing wrong";
}

TEST_F(GathererTest, WhatIsNoAnswerIsNotAskedAgain) {
  const Played& broken =
      Add(std::make_unique<Played>("broken", std::set{kIncome}, [](const Question&, int) {
        return Result<Answer>(Fail(ErrorCode::kInvalidArgument, "nonsense"));
      }));
  EXPECT_THAT(Start().Gather(kAnna, {kIncome}).unanswered, ElementsAre(kIncome));
  EXPECT_EQ(broken.asked, 1);
}

TEST_F(GathererTest, WithinItsLifeAnAnswerIsNotAskedAgainAlsoWhenItHadNoRecord) {
  const Played& empty = Add(std::make_unique<Played>(
      "mart", std::set{kIncome}, [](const Question&, int) { return Result<Answer>(Answer()); },
      std::chrono::seconds(60)));
  Gatherer& gatherer = Start();
  gatherer.Gather(kAnna, {kIncome});
  const Gathered gathered = gatherer.Gather(kAnna, {kIncome});
  EXPECT_EQ(empty.asked, 2) << "what was not kept was lost, and is asked again";
  ASSERT_THAT(gathered.replies, SizeIs(1));
  gatherer.Keep(gathered.replies.front());
  EXPECT_THAT(gatherer.Plan(kAnna, {kIncome}).calls, IsEmpty());
  EXPECT_THAT(gatherer.Gather(kAnna, {kIncome}).unanswered, ElementsAre(kIncome));
  EXPECT_EQ(empty.asked, 2);
  gatherer.Gather(CitizenId(18), {kIncome});
  EXPECT_EQ(empty.asked, 3) << "another person";
  clock_.Set(Instant{clock_.Now().micros + 61'000'000});
  gatherer.Gather(kAnna, {kIncome});
  EXPECT_EQ(empty.asked, 4);
}

TEST_F(GathererTest, SourcesAreAskedBesideEachOther) {
  std::atomic<int> inside = 0;
  const auto meet = [&](const Question& question, int attempt) {
    ++inside;
    for (int i = 0; i < 1'000 && inside < 2; ++i) std::this_thread::sleep_for(milliseconds(1));
    return inside < 2 ? Nothing(question, attempt) : Everything(question, attempt);
  };
  Add(std::make_unique<Played>("one", std::set{kEmployed}, meet));
  Add(std::make_unique<Played>("two", std::set{kIncome}, meet));
  EXPECT_THAT(Start().Gather(kAnna, {kEmployed, kIncome}).unanswered, IsEmpty());
}

TEST_F(GathererTest, WhatOneFailedToAnswerAnotherIsAskedAndTheFirstRests) {
  const Played& away = Add(std::make_unique<Played>("away", std::set{kIncome}, Nothing));
  const Played& there = Add(std::make_unique<Played>("there", std::set{kIncome}, Everything));
  Gatherer& gatherer = Start();
  const Gathered gathered = gatherer.Gather(kAnna, {kIncome});
  EXPECT_THAT(gathered.unanswered, IsEmpty());
  ASSERT_THAT(gathered.failed, SizeIs(1));
  EXPECT_EQ(gathered.failed.front().attempts, 3u);
  EXPECT_EQ(there.asked, 1);
  ASSERT_THAT(gatherer.Resting(), SizeIs(1));
  EXPECT_THAT(gatherer.NotAsked(kAnna, {kEmployed}), IsEmpty());
  EXPECT_THAT(gatherer.NotAsked(kAnna, {kIncome}), SizeIs(1));
  gatherer.Gather(CitizenId(18), {kIncome});
  EXPECT_EQ(away.asked, 3) << "it rests";
  EXPECT_EQ(there.asked, 2);
}

TEST_F(GathererTest, AnOddRecordOfOnePersonKeepsNobodyElseFromBeingAskedAbout) {
  const auto odd = [](const Question& question, int attempt) {
    if (question.citizen != kAnna) return Everything(question, attempt);
    return Result<Answer>(Fail(ErrorCode::kInvalidArgument, "nonsense"));
  };
  const Played& mart = Add(std::make_unique<Played>("mart", std::set{kEmployed, kIncome}, odd));
  Gatherer& gatherer = Start();
  EXPECT_THAT(gatherer.Gather(kAnna, {kIncome}).unanswered, ElementsAre(kIncome));
  EXPECT_THAT(gatherer.Resting(), IsEmpty());
  EXPECT_THAT(gatherer.Gather(CitizenId(18), {kIncome}).unanswered, IsEmpty());
  const Gathered again = gatherer.Gather(kAnna, {kIncome});
  EXPECT_EQ(mart.asked, 2) << "what it failed to answer is left alone";
  ASSERT_THAT(again.failed, SizeIs(1));
  EXPECT_EQ(again.failed.front().attempts, 0u);
  EXPECT_THAT(again.failed.front().question.attributes, ElementsAre(kIncome));
  EXPECT_THAT(gatherer.Plan(kAnna, {kEmployed, kIncome}).calls, SizeIs(1));
}

TEST_F(GathererTest, NothingIsAskedThatMayNotBe) {
  const Played& source = Add(std::make_unique<Played>("mart", std::set{kIncome}, Everything));
  Gatherer& gatherer = Start();
  const Gathered gathered = gatherer.Gather(kAnna, {kIncome}, [](const auto& terms, const auto&) {
    EXPECT_EQ(terms.name, "mart");
    return Result<void>(Fail(ErrorCode::kUnavailable, "the ledger is full"));
  });
  EXPECT_EQ(source.asked, 0);
  EXPECT_THAT(gathered.replies, IsEmpty());
  EXPECT_THAT(gathered.unanswered, ElementsAre(kIncome));
  EXPECT_THAT(gatherer.Resting(), IsEmpty()) << "it was not the source that failed";
}

}  // namespace
}  // namespace kstati::sources
