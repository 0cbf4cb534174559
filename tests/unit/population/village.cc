// SPDX-License-Identifier: Apache-2.0
#include "village.h"

#include "base/check.h"
#include "eligibility/known_attributes.h"
#include "population/registration.h"

namespace kstati::population {

Date Day(std::string_view text) {
  const Result<Date> day = Date::Parse(text);
  KSTATI_CHECK(day.has_value());
  return *day;
}

Law::Law() {
  const std::string folder = KSTATI_DATA "/catalogue";
  std::vector<Issue> issues;
  dictionary = profile::LoadDictionary(folder, issues);
  catalogue = graph::LoadCatalogue(folder, eligibility::KnownAttributesOf(dictionary), issues);
  program = std::make_unique<eligibility::Program>(catalogue, dictionary, issues);
  for (const Issue& issue : issues) {
    if (issue.severity == Severity::kError) ADD_FAILURE() << Render(issue, {});
  }
}

const Law& TheLaw() {
  static const Law law;
  return law;
}

PopulationOptions Options(uint64_t citizens, uint64_t seed) {
  PopulationOptions options;
  options.citizens = citizens;
  options.seed = seed;
  options.today = Day(kToday);
  return options;
}

FactSource Source(uint64_t seed, double unknown_share) {
  FactSourceOptions options;
  options.seed = seed;
  options.unknown_share = unknown_share;
  options.settled = Day("2023-01-01");
  return FactSource(TheLaw().dictionary, TheLaw().catalogue, options);
}

void Village::Record(const profile::RegistryEvent& event) {
  const Instant now{Day(kToday).days * 86'400'000'000 + ++recorded_};
  for (const CitizenId citizen : profile::ConcernedBy(event)) {
    profile::History& history = histories_[citizen];
    history.citizen = citizen;
    history = profile::WithEvent(std::move(history), event, now);
    ++history.version;
  }
}

void Village::RecordRegistrations(const Population& population, const FactSource& source) {
  for (const auto& event : Registrations(population, source)) Record(event);
}

std::vector<CitizenId> Village::citizens() const {
  std::vector<CitizenId> all;
  for (const auto& [citizen, history] : histories_) all.push_back(citizen);
  return all;
}

Result<profile::Household> Village::HouseholdOf(CitizenId citizen, Date on) const {
  const auto load = [this](CitizenId id) -> Result<profile::History> {
    const auto found = histories_.find(id);
    if (found != histories_.end()) return found->second;
    return Fail(ErrorCode::kNotFound, "no profile");
  };
  return profile::LoadHousehold(citizen, {on, Instant{Day("2100-01-01").days * 86'400'000'000}},
                                load);
}

recommender::LoadHouseholdOn Village::Load() const {
  return [this](CitizenId citizen, Date on, std::optional<Instant>) {
    return HouseholdOf(citizen, on);
  };
}

std::vector<profile::RegistryEvent> Registrations(const Population& population,
                                                  const FactSource& source) {
  std::vector<profile::RegistryEvent> events;
  VisitRegistrations(population, source, Day(kToday), [&](const profile::RegistryEvent& event) {
    events.push_back(event);
    return true;
  });
  return events;
}

std::string Bytes(const std::vector<profile::RegistryEvent>& events) {
  std::string bytes;
  for (const auto& event : events) bytes += profile::CanonicalBytes(event);
  return bytes;
}

}  // namespace kstati::population
