// SPDX-License-Identifier: Apache-2.0
//
// Two families alike in everything, but that a registry errs about one and corrects itself later.
// Once everything is decided, both have the same.
//
//   family a:  birth .. facts .. [wrong] .. steps .. [correction] .. steps
//   family b:  birth .. facts ..            steps ..                 steps
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "cases/deciding.h"
#include "cases/official.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::Case;
using cases::OfficialAct;
using cases::OfficialStep;
using cases::Status;

int Scale() {
  const char* scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? 1 : std::max(1, std::atoi(scale));
}

class CorrectingTest : public ::testing::Test {
 protected:
  int Draw(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  std::string Of(const std::string& who, const std::string& family) { return who + family; }

  void Settle(const std::string& family, const std::map<std::string, std::string>& facts) {
    town.Resident("mother" + family, "1995-05-20", "female", facts);
    town.Resident("father" + family, "1993-02-11", "male", facts);
    town.Relate("mother" + family, "spouse", "father" + family);
  }

  // An official who follows the rules.
  OfficialAct ActOf(const Case& c) {
    OfficialAct act;
    act.citizen = c.citizen;
    act.id = c.id;
    act.official = "desk";
    const auto regulation = cases::RegulationOf(town.world(), c);
    if (c.status == Status::kBeingAssessed) {
      act.step = OfficialStep::kReportFindings;
      act.findings["examination"] = true;
      for (const auto& condition : (*regulation)->conditions) act.findings[condition.id] = true;
    } else if (c.status == Status::kWaitingForPlace) {
      act.step = OfficialStep::kGivePlace;
    } else if (c.verdict == eligibility::Verdict::kNotEligible) {
      const bool had = cases::HadResult(c) || !c.rulings.empty();
      act.step = had ? OfficialStep::kAnnul : OfficialStep::kRefuse;
      if (!had) act.grounds = {(*regulation)->grounds.front()};
    }
    return act;
  }

  // Takes one case a step further; whether there was one to take.
  bool Step(const Case& c) {
    switch (c.status) {
      case Status::kOffered: return town.desk().Apply(c.citizen, c.service, c.about).has_value();
      case Status::kStarted: return town.desk().HandOver(c.citizen, c.id).has_value();
      case Status::kInterAgency: {
        const auto taken = cases::DecideCase(town.world(), c.citizen, c.id, cases::Wait::kGoesOn);
        return taken && taken->status != Status::kInterAgency;
      }
      case Status::kWithOfficial:
        // What is open stays open; what the rules leave open after a "yes" stands.
        if (c.verdict == eligibility::Verdict::kUndetermined && c.rulings.empty()) return false;
        break;
      case Status::kBeingAssessed:
      case Status::kWaitingForPlace: break;
      default: return false;
    }
    const auto taken = cases::ActOfficially(town.world(), ActOf(c));
    return taken.has_value();
  }

  void Run(const std::string& family) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const char* who : {"mother", "father"}) {
        const auto cases = town.desk().Cases(town.Number(who + family));
        ASSERT_TRUE(cases);
        for (const Case& c : *cases) moved |= Step(c);
      }
    }
  }

  // What the family has or will get, by service: of whom it is about and where it stands. Not which
  // of the parents applied: what went to the other while a registry erred about one stays there.
  std::set<std::string> Have(const std::string& family) {
    std::set<std::string> have;
    for (const char* who : {"mother", "father"}) {
      const auto cases = town.desk().Cases(town.Number(who + family));
      for (const Case& c : *cases) {
        const bool gone = c.status == Status::kAnnulled || c.status == Status::kRefused ||
                          c.status == Status::kWithdrawn;
        if (gone) continue;
        std::string whom = c.about == c.citizen ? "own" : "child";
        have.insert(c.service.text() + " " + whom + " " + std::string(cases::NameOf(c.status)));
      }
    }
    return have;
  }

  // A fact that a registry gets wrong, about somebody of the family.
  profile::RegistryEvent Wrong(const std::string& family, int round) {
    struct Fact {
      const char* who;
      const char* attribute;
      bool value;
    };
    static constexpr Fact kFacts[] = {{"son", "person.citizenship_rf", false},
                                      {"mother", "person.citizenship_rf", false},
                                      {"mother", "person.lives_in_rf", false},
                                      {"mother", "person.parental_rights_deprived", true},
                                      {"father", "person.parental_rights_deprived", true}};
    const Fact& fact = kFacts[Draw(std::size(kFacts))];
    const profile::Attribute* attribute =
        town.world().program->dictionary().Find(AttributeId(fact.attribute));
    profile::RegistryEvent event;
    event.key = {attribute->registry, EventId("wrong-" + std::to_string(round))};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = town.Number(fact.who + family);
    event.occurred_on = town.today();
    event.facts = {{event.subject, attribute->id, fact.value, {town.today(), std::nullopt}}};
    return event;
  }

  profile::RegistryEvent Annulment(const profile::RegistryEvent& wrong) {
    profile::RegistryEvent event;
    event.key = {wrong.key.source, EventId(wrong.key.id.text() + "-back")};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = wrong.subject;
    event.occurred_on = town.today();
    event.supersedes = wrong.key.id;
    return event;
  }

  std::mt19937 random_{31};
  Town town{"2026-03-16"};
};

TEST_F(CorrectingTest, WhatFollowsIsWhatWouldHaveFollowedWithoutTheWrongEvent) {
  const int rounds = 12 * Scale();
  for (int round = 0; round < rounds; ++round) {
    const std::string a = "-a" + std::to_string(round);
    const std::string b = "-b" + std::to_string(round);
    std::map<std::string, std::string> facts{{"person.region_code", "77"}};
    for (const char* attribute : {"person.citizenship_rf", "person.lives_in_rf"}) {
      if (Draw(4) != 0) facts[attribute] = "true";
    }
    const bool consents = Draw(3) != 0;
    const int before = Draw(3);  // the error comes before the birth, after it, or after decisions
    const bool decided_between = Draw(4) != 0;
    for (const std::string& family : {a, b}) {
      Settle(family, facts);
      if (consents) town.Consents("mother" + family);
    }
    std::optional<profile::RegistryEvent> wrong;
    const auto err = [&](int stage) {
      if (stage != before) return;
      if (stage == 0) town.Knows("son" + a);
      wrong = Wrong(a, round);
      if (stage == 0 && wrong->subject == town.Number("son" + a)) {
        wrong.reset();  // nobody knows the son yet
        return;
      }
      ASSERT_TRUE(town.Submit(*wrong));
    };
    err(0);
    town.Birth("son" + a, "mother" + a, "father" + a);
    town.Birth("son" + b, "mother" + b, "father" + b);
    err(1);
    if (before == 2) {
      Run(a);
      Run(b);
    }
    err(2);
    if (decided_between) {
      Run(a);
      Run(b);
    }
    if (wrong) {
      ASSERT_TRUE(town.Submit(Annulment(*wrong)));
    }
    Run(a);
    Run(b);
    EXPECT_EQ(Have(a), Have(b)) << "round " << round << ", error at " << before
                                << (wrong ? " " + wrong->facts[0].attribute.text() : "");
  }
}

}  // namespace
}  // namespace kstati::scenarios
