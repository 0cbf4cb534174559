// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "eligibility/program.h"
#include "profile/dictionary.h"
#include "profile/household.h"

namespace kstati::eligibility {

// Subjects of any facts and relations: an applicant, two children, a spouse and a parent.
class RandomPeople : public testing::Test {
 protected:
  static constexpr int64_t kMicrosPerDay = 86'400'000'000;
  static constexpr uint64_t kApplicant = 1;
  static constexpr uint64_t kPeople = 5;

  int64_t Any(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }
  bool Chance(int percent) { return Any(1, 100) <= percent; }

  profile::FactValue AnyValue(const profile::Attribute& attribute) {
    switch (attribute.type) {
      case profile::ValueType::kBoolean:
      case profile::ValueType::kDocument:
      case profile::ValueType::kEvent: return Chance(50);
      case profile::ValueType::kNumber: return Decimal(Any(0, 70));
      case profile::ValueType::kMoney:
      case profile::ValueType::kPayment: return *Decimal(Any(0, 6'000'000)).Divide(100);
      case profile::ValueType::kText: return std::string(Chance(50) ? "77" : "кв. \"5\"\\\n");
      case profile::ValueType::kDate: return Date{today_.days - Any(0, 30'000)};
      case profile::ValueType::kCode:
        return attribute.codes.empty()
                   ? std::string("77")
                   : attribute
                         .codes[static_cast<size_t>(
                             Any(0, static_cast<int64_t>(attribute.codes.size()) - 1))]
                         .code;
    }
    return profile::NotApplicable{};
  }

  profile::EventKey AnyEvent() {
    return {RegistryId("egr_zags"), EventId(std::to_string(Any(1, 999)))};
  }
  Instant AnyInstant() { return Instant{(today_.days - Any(0, 100)) * kMicrosPerDay + Any(0, 9)}; }

  std::shared_ptr<const profile::FactView> AnyPerson(const profile::Dictionary& dictionary,
                                                     uint64_t number, int filled) {
    profile::History history;
    history.citizen = CitizenId(number);
    for (const profile::Attribute& attribute : dictionary.attributes()) {
      const bool stated = made_up_ && !attribute.derive.empty() && Chance(10);
      if (!stated && (!attribute.is_reported() || !Chance(filled))) continue;
      profile::Fact fact{attribute.id, AnyValue(attribute), {}, AnyInstant(), AnyEvent()};
      if (Chance(2)) fact.value = profile::NotApplicable{};
      fact.valid = {Date{today_.days - Any(0, 999)}, std::nullopt};
      if (Chance(20)) fact.valid.to = Date{today_.days + Any(0, 999)};
      history.facts.push_back(std::move(fact));
    }
    for (const profile::Relation& relation : relations_) {
      if (relation.from == history.citizen || relation.to == history.citizen) {
        history.relations.push_back(relation);
      }
    }
    return std::make_shared<profile::FactView>(history, profile::AsOf{today_, now_});
  }

  void Relate(uint64_t from, profile::RelationKind kind, uint64_t to) {
    if (!Chance(70)) return;
    relations_.push_back(
        {CitizenId(from), kind, CitizenId(to), {Date{0}, std::nullopt}, AnyInstant(), AnyEvent()});
  }

  // People who may be anything, on some day of the calendars.
  void MakePeople(const profile::Dictionary& dictionary) {
    today_ = Date{Date::Of(2024, 1, 15).days + Any(0, 1000)};
    now_ = Instant{(today_.days + 1) * kMicrosPerDay};
    made_up_ = Chance(20);
    relations_.clear();
    Relate(kApplicant, profile::RelationKind::kParent, 2);
    Relate(kApplicant,
           Chance(80) ? profile::RelationKind::kParent : profile::RelationKind::kGuardian, 3);
    Relate(4, profile::RelationKind::kSpouse, kApplicant);
    Relate(5, profile::RelationKind::kParent, kApplicant);
    household_ = {};
    const int filled = Chance(50) ? 95 : 40;
    household_.person = AnyPerson(dictionary, kApplicant, filled);
    if (Chance(90)) household_.children.push_back(AnyPerson(dictionary, 2, filled));
    household_.children.push_back(AnyPerson(dictionary, 3, filled));
    household_.spouses.push_back(AnyPerson(dictionary, 4, filled));
    household_.parents.push_back(AnyPerson(dictionary, 5, filled));
    event_date_.reset();
    if (Chance(80)) event_date_ = Date{today_.days - Any(0, 400)};
  }

  Subject AnySubject() {
    Subject subject{&household_, nullptr, event_date_, made_up_};
    if (Chance(90)) {
      const CitizenId about(static_cast<uint64_t>(Any(2, kPeople)));
      subject.about = household_.Find(about);
    }
    return subject;
  }

  std::mt19937_64 random_{20260315};
  Date today_;
  Instant now_;
  bool made_up_ = false;
  std::vector<profile::Relation> relations_;
  profile::Household household_;
  std::optional<Date> event_date_;
};

}  // namespace kstati::eligibility
