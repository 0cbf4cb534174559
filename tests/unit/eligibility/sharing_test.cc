// SPDX-License-Identifier: Apache-2.0
// Decisions of one inquiry compute what their rules have in common once, allocate nothing in the
// plain path, and are the ones that each rule gives alone.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <random>

#include "eligibility/known_attributes.h"
#include "small_world.h"

namespace {

// Allocations of this thread.
thread_local size_t allocations = 0;

void* Allocated(size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(size_t size) { return Allocated(size); }
void* operator new[](size_t size) { return Allocated(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

namespace kstati::eligibility {
namespace {

constexpr const char* kToday = "2026-03-15";

class Shared : public testing::Test {
 protected:
  void SetUp() override { WithPeople(catalogue_); }

  const Program& Compiled() {
    const Program& program = catalogue_.Compile();
    EXPECT_FALSE(HasErrors(catalogue_.issues()));
    return program;
  }

  SmallCatalogue catalogue_;
  Records records_;
};

TEST_F(Shared, PartsOfRulesAreComputedOnce) {
  catalogue_.Service("first", "person", {{"a", "person.income / 4 < 100"}});
  catalogue_.Service("second", "person", {{"a", "person.income / 4 < 100 or person.student"}});
  catalogue_.Service("third", "person", {{"a", "person.student or person.income / 4 > 300"}});
  const Program& program = Compiled();
  records_.Know(1, "person.income", Number("2000"));
  const auto household = records_.HouseholdOf(1, kToday);
  Inquiry inquiry(program, {&household, nullptr, std::nullopt});
  inquiry.Decide(catalogue_.service("first"), false);
  EXPECT_EQ(inquiry.work().computed, 3u);  // the fact, its quarter, the comparison
  inquiry.Decide(catalogue_.service("second"), false);
  EXPECT_EQ(inquiry.work().computed, 3u + 2u);  // "or", the other fact
  EXPECT_EQ(inquiry.work().reused, 3u);
  inquiry.Decide(catalogue_.service("third"), false);
  EXPECT_EQ(inquiry.work().computed, 5u + 3u);  // "or", the other fact, the comparison
  EXPECT_EQ(inquiry.work().reused, 3u + 2u);    // the quarter and what it is of
}

TEST_F(Shared, ListsOfRelativesAreWalkedOnce) {
  const std::string young = "count(children[age_years < 3])";
  catalogue_.Service("first", "person", {{"a", young + " > 0"}});
  catalogue_.Service("second", "person", {{"a", "person.student or " + young + " > 1"}});
  const Program& program = Compiled();
  records_.Parent(1, 2).Know(2, "person.birth_date", Day("2025-01-01"));
  const auto household = records_.HouseholdOf(1, kToday);
  Inquiry inquiry(program, {&household, nullptr, std::nullopt});
  inquiry.Decide(catalogue_.service("first"), false);
  const uint64_t once = inquiry.work().computed;
  inquiry.Decide(catalogue_.service("second"), false);
  EXPECT_EQ(inquiry.work().computed, once + 3);  // "or", its fact, the comparison
}

TEST_F(Shared, WhoeverReusesAPartRestsOnItsFactsToo) {
  catalogue_.Service("first", "person", {{"a", "person.income / 4 < 100", "rg_income"}});
  catalogue_.Service("second", "person",
                     {{"a", "person.student and person.income / 4 < 100", "rg_income"}});
  const Program& program = Compiled();
  records_.Know(1, "person.income", Number("2000"), "2026-02-20");
  records_.Know(1, "person.student", true, "2026-02-10");
  const auto household = records_.HouseholdOf(1, kToday);
  const Subject subject{&household, nullptr, std::nullopt};
  Inquiry inquiry(program, subject);
  inquiry.Decide(catalogue_.service("first"), true);
  const Decision together = inquiry.Decide(catalogue_.service("second"), true);
  ASSERT_EQ(together.criteria.size(), 1u);
  EXPECT_EQ(together.founded_at, At("2026-02-20"));
  EXPECT_EQ(together.criteria[0].facts.size(), 2u);
  EXPECT_EQ(together.criteria[0].readings.size(), 2u);
  EXPECT_EQ(inquiry.work().reused, 3u);
}

// Everything of the two decisions but pointers into memory that is their own.
void ExpectTheSame(const Decision& a, const Decision& b) {
  EXPECT_EQ(a.verdict, b.verdict);
  EXPECT_EQ(a.grounds, b.grounds);
  EXPECT_EQ(a.missing, b.missing);
  EXPECT_EQ(a.founded_at, b.founded_at);
  EXPECT_EQ(a.rests_on_unconfirmed, b.rests_on_unconfirmed);
  EXPECT_EQ(a.amount, b.amount);
  ASSERT_EQ(a.criteria.size(), b.criteria.size());
  for (size_t i = 0; i < a.criteria.size(); ++i) {
    const CriterionOutcome& one = a.criteria[i];
    const CriterionOutcome& other = b.criteria[i];
    EXPECT_EQ(one.truth, other.truth);
    EXPECT_EQ(one.missing, other.missing);
    EXPECT_EQ(one.matched, other.matched);
    ASSERT_EQ(one.facts.size(), other.facts.size());
    for (size_t k = 0; k < one.facts.size(); ++k) {
      EXPECT_EQ(one.facts[k].citizen, other.facts[k].citizen);
      EXPECT_EQ(one.facts[k].fact.attribute, other.facts[k].fact.attribute);
    }
    ASSERT_EQ(one.readings.size(), other.readings.size());
    for (size_t k = 0; k < one.readings.size(); ++k) {
      EXPECT_EQ(one.readings[k].attribute, other.readings[k].attribute);
      EXPECT_EQ(one.readings[k].value, other.readings[k].value);
    }
    ASSERT_EQ(one.parameters.size(), other.parameters.size());
    for (size_t k = 0; k < one.parameters.size(); ++k) {
      EXPECT_EQ(one.parameters[k].value, other.parameters[k].value);
    }
  }
}

// The catalogue that ships, and a mother of whom everything reported is known, with a child.
class Shipped : public testing::Test {
 protected:
  Shipped()
      : dictionary_(profile::LoadDictionary(KSTATI_DATA "/catalogue", issues_)),
        catalogue_(graph::LoadCatalogue(KSTATI_DATA "/catalogue", KnownAttributesOf(dictionary_),
                                        issues_)),
        program_(catalogue_, dictionary_, issues_) {}

  static profile::FactValue Some(const profile::Attribute& attribute, std::mt19937& random) {
    switch (attribute.type) {
      case profile::ValueType::kBoolean:
      case profile::ValueType::kDocument:
      case profile::ValueType::kEvent: return random() % 2 == 0;
      case profile::ValueType::kNumber: return Decimal(static_cast<int64_t>(random() % 30));
      case profile::ValueType::kMoney:
      case profile::ValueType::kPayment: return Decimal(static_cast<int64_t>(random() % 60'000));
      case profile::ValueType::kText: return std::string("77");
      case profile::ValueType::kCode:
        return attribute.codes[random() % attribute.codes.size()].code;
      case profile::ValueType::kDate:
        return Date::Of(1940 + static_cast<int64_t>(random() % 85), 5, 20);
    }
    return profile::NotApplicable{};
  }

  // One fact in `every` is missing; 0: none is.
  void Know(uint64_t citizen, std::mt19937& random, unsigned every) {
    for (const profile::Attribute& attribute : dictionary_.attributes()) {
      if (!attribute.is_reported()) continue;
      if (attribute.type == profile::ValueType::kCode && attribute.codes.empty()) continue;
      if (every != 0 && random() % every == 0) continue;
      records_.Know(citizen, attribute.id.text(), Some(attribute, random));
    }
  }

  Subject Family(unsigned seed, unsigned every) {
    std::mt19937 random(seed);
    records_ = Records();
    Know(1, random, every);
    Know(2, random, every);
    Know(3, random, every);
    records_.Parent(1, 2).Parent(1, 3);
    household_ = records_.HouseholdOf(1, kToday);
    return {&household_, records_.ViewOf(2, kToday), Date::Of(2026, 3, 1)};
  }

  std::vector<Issue> issues_;
  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  Program program_;
  Records records_;
  profile::Household household_;
};

TEST_F(Shipped, DecisionsTogetherAreThoseApart) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const Subject subject = Family(seed, seed % 2 == 0 ? 10 : 0);
    Inquiry inquiry(program_, subject);
    for (const graph::Service& service : catalogue_.services()) {
      const Decision apart = program_.Decide(service, subject, true);
      ExpectTheSame(inquiry.Decide(service, true), apart);
      EXPECT_EQ(inquiry.VerdictOn(service), apart.verdict) << service.id.text();
      if (HasFailure()) return;
    }
    EXPECT_GT(inquiry.work().reused, 0u);
  }
}

TEST_F(Shipped, AllVerdictsOfACitizenAllocateNothing) {
  const Subject other = Family(1, 0);
  Inquiry inquiry(program_, other);
  const auto decide_all = [&] {
    size_t undetermined = 0;
    for (const graph::Service& service : catalogue_.services()) {
      undetermined += inquiry.VerdictOn(service) == Verdict::kUndetermined ? 1 : 0;
    }
    return undetermined;
  };
  for (int warm_up = 0; warm_up < 2; ++warm_up) {
    inquiry.Restart(other);
    decide_all();
  }
  for (unsigned round = 0; round < 3; ++round) {
    Subject again = other;
    const size_t before = allocations;
    inquiry.Restart(std::move(again));
    EXPECT_EQ(decide_all(), 0u);
    EXPECT_EQ(allocations - before, 0u) << "round " << round;
  }
}

}  // namespace
}  // namespace kstati::eligibility
