// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <variant>

#include "recommender/ranker.h"

namespace kstati::recommender {
namespace {

constexpr int kFormat = 1;

// Showings that a prior weighs as much as: below that many the wider share rules.
constexpr double kServicePriorShowings = 20;
constexpr double kSegmentPriorShowings = 20;

// All services together, under a name that no service has.
constexpr std::string_view kEverything = "*";

std::string_view AgeBand(int64_t years) {
  if (years < 18) return "0-17";
  if (years < 25) return "18-24";
  if (years < 35) return "25-34";
  if (years < 45) return "35-44";
  if (years < 60) return "45-59";
  return years < 75 ? "60-74" : "75+";
}

std::string InSegment(const ServiceId& service, std::string_view segment) {
  return service.text() + "|" + std::string(segment);
}

}  // namespace

std::string Popularity::SegmentOf(const profile::FactView& person, Date on) {
  static const AttributeId kBirthDate("person.birth_date");
  static const AttributeId kRegion("person.region_code");
  const profile::Fact* birth = person.Find(kBirthDate);
  const Date* born = birth == nullptr ? nullptr : std::get_if<Date>(&birth->value);
  const profile::Fact* home = person.Find(kRegion);
  const std::string* region = home == nullptr ? nullptr : std::get_if<std::string>(&home->value);
  std::string segment(born == nullptr ? "?" : AgeBand(MonthsBetween(*born, on) / 12));
  return segment + "|" + (region == nullptr ? "?" : *region);
}

void Popularity::Count(const profile::Household& household, const Interaction& interaction) {
  const std::string segment = SegmentOf(*household.person, interaction.on);
  const auto add = [this](std::string key, bool taken) {
    Tally& tally = tallies_[std::move(key)];
    tally.shown += 1;
    tally.taken += taken ? 1 : 0;
  };
  for (const Interaction::Shown& shown : interaction.shown) {
    add(std::string(kEverything), shown.taken);
    add(shown.service.text(), shown.taken);
    add(InSegment(shown.service, segment), shown.taken);
  }
}

double Popularity::Score(const profile::Household& household, const Candidate& candidate,
                         Date on) const {
  return Scores(household, {&candidate, 1}, on).front();
}

std::vector<double> Popularity::Scores(const profile::Household& household,
                                       std::span<const Candidate> candidates, Date on) const {
  return Scores(SegmentOf(*household.person, on), candidates);
}

std::vector<double> Popularity::Scores(std::string_view segment,
                                       std::span<const Candidate> candidates) const {
  const auto find = [this](std::string_view key) {
    const auto found = tallies_.find(key);
    return found == tallies_.end() ? Tally{} : found->second;
  };
  const auto smoothed = [](const Tally& tally, double prior, double weight) {
    return (tally.taken + weight * prior) / (tally.shown + weight);
  };
  const Tally everything = find(kEverything);
  // Twice the overall share, since the middle priority stands for a service as popular as the
  // average.
  const double scale = everything.shown > 0 ? 2 * everything.taken / everything.shown : 1;
  std::vector<double> scores;
  scores.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    const ServiceId& service = candidate.service->id;
    const double by_priority = std::min(1.0, scale * candidate.service->priority / 100);
    const double overall = smoothed(find(service.text()), by_priority, kServicePriorShowings);
    scores.push_back(smoothed(find(InSegment(service, segment)), overall, kSegmentPriorShowings));
  }
  return scores;
}

bool Popularity::empty() const { return tallies_.empty(); }

std::string Popularity::Encode() const {
  nlohmann::json tallies = nlohmann::json::object();
  for (const auto& [key, tally] : tallies_) tallies[key] = {tally.shown, tally.taken};
  return nlohmann::json{{"format", kFormat}, {"tallies", std::move(tallies)}}.dump(1);
}

Result<Popularity> Popularity::Decode(std::string_view bytes) {
  const auto corrupt = [] {
    return Fail(ErrorCode::kCorrupt, "the popularity of services cannot be read", {},
                "train again, or restore the model folder from a copy");
  };
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  if (!json.is_object() || json.value("format", 0) != kFormat) return corrupt();
  const auto tallies = json.find("tallies");
  if (tallies == json.end() || !tallies->is_object()) return corrupt();
  Popularity popularity;
  for (const auto& [key, tally] : tallies->items()) {
    const bool is_pair =
        tally.is_array() && tally.size() == 2 && tally[0].is_number() && tally[1].is_number();
    if (!is_pair) return corrupt();
    const Tally counted{tally[0].get<double>(), tally[1].get<double>()};
    if (counted.taken < 0 || counted.taken > counted.shown) return corrupt();
    popularity.tallies_.emplace(key, counted);
  }
  return popularity;
}

}  // namespace kstati::recommender
