// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/program.h"
#include "profile/registry_event.h"
#include "recommender/suggest.h"

namespace kstati::recommender {

Date Day(std::string_view text);

// The catalogue in tests/unit/recommender/catalogue, and a few people whom registries tell of.
class SmallLife : public testing::Test {
 protected:
  static constexpr std::string_view kToday = "2026-03-15";

  SmallLife();

  const graph::Catalogue& catalogue() const { return catalogue_; }
  const eligibility::Program& program() const { return *program_; }

  // An event of `type` about the subject; not yet recorded.
  profile::RegistryEvent Event(std::string_view source, std::string_view type, uint64_t subject,
                               std::string_view on = kToday);
  // The value is typed by the dictionary.
  static void Add(profile::RegistryEvent& event, const profile::Dictionary& dictionary,
                  uint64_t citizen, std::string_view attribute, std::string_view value,
                  std::string_view from = "2000-01-01");

  // Records facts and relations without asking what they mean.
  void Know(uint64_t citizen, std::string_view attribute, std::string_view value,
            std::string_view from = "2000-01-01");
  void Relate(uint64_t from, profile::RelationKind kind, uint64_t to);
  // A person who was born that day and lives in Moscow.
  void Person(uint64_t citizen, std::string_view birth_date, std::string_view sex = "female");

  void Record(const profile::RegistryEvent& event);
  // Records the event and says what it announced.
  std::vector<LifeEvent> Happen(const profile::RegistryEvent& event);
  // By all that is recorded, or what was known at the instant.
  profile::Household HouseholdOf(uint64_t citizen, std::string_view on = kToday,
                                 std::optional<Instant> known_at = std::nullopt) const;
  // When whatever was recorded last was.
  Instant Recorded() const;

  OpenSituation Open(std::string_view situation, uint64_t citizen, uint64_t about,
                     std::string_view since) const;
  SuggestRequest Ask(const profile::Household& household,
                     std::vector<OpenSituation> situations = {}) const;

  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  std::unique_ptr<eligibility::Program> program_;
  std::map<CitizenId, profile::History> histories_;
  int told_ = 0;
};

// "event.child_born of 7: child 7, mother 3": for comparing at a glance.
std::string Shown(const LifeEvent& event);
std::vector<std::string> Shown(const std::vector<LifeEvent>& events);
// "child_birth of 3 about 7 until 2027-09-15".
std::vector<std::string> Shown(const std::vector<OpenSituation>& situations);
// "child_card about 7".
std::vector<std::string> Shown(const std::vector<Suggested>& items);

}  // namespace kstati::recommender
