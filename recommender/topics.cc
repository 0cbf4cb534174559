// SPDX-License-Identifier: Apache-2.0
#include "recommender/topics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "base/check.h"

namespace kstati::recommender {
namespace {

constexpr std::array<std::string_view, 11> kTopicNames{
    "none",       "situation", "deadline", "benefit", "effort", "age",
    "occupation", "region",    "demand",   "uses",    "fresh"};

// Columns that are told, and by which topic. Health, sex, income, marriage and property never are,
// nor what was estimated and nobody announced.
constexpr std::array<std::pair<std::string_view, Topic>, 27> kTopics{{
    {"in_situation", Topic::kSituation},
    {"situation_days", Topic::kSituation},
    {"days_left_to_apply", Topic::kDeadline},
    {"pays", Topic::kBenefit},
    {"pays_monthly", Topic::kBenefit},
    {"benefit_to_subsistence", Topic::kBenefit},
    {"visits", Topic::kEffort},
    {"fee_roubles", Topic::kEffort},
    {"term_days", Topic::kEffort},
    {"mode", Topic::kEffort},
    {"person_age_years", Topic::kAge},
    {"employed", Topic::kOccupation},
    {"self_employed", Topic::kOccupation},
    {"student", Topic::kOccupation},
    {"pensioner", Topic::kOccupation},
    {"region_band_0", Topic::kRegion},
    {"region_band_1", Topic::kRegion},
    {"region_band_2", Topic::kRegion},
    {"region_band_3", Topic::kRegion},
    {"service_regional", Topic::kRegion},
    {"service_priority", Topic::kDemand},
    {"service_position_a", Topic::kDemand},
    {"service_position_b", Topic::kDemand},
    {"service_position_c", Topic::kDemand},
    {"segment_share", Topic::kDemand},
    {"ease_score", Topic::kUses},
    {"association_score", Topic::kUses},
}};

// Columns that hold, or are computed from, facts of others than the person. What is decided of a
// service is decided from facts of whom it is about and of the family.
constexpr std::array<std::string_view, 8> kOfRelatives{
    "minor_children",        "youngest_child_age_years", "household_size",       "about_age_years",
    "income_to_subsistence", "verdict_eligible",         "verdict_undetermined", "verdict_likely"};

Topic TopicOf(std::string_view column) {
  const auto found = std::ranges::find(kTopics, column, &std::pair<std::string_view, Topic>::first);
  return found == kTopics.end() ? Topic::kNone : found->second;
}

class Row {
 public:
  explicit Row(std::span<const float> values) : values_(values) {}

  bool BearsOut(Topic topic) const {
    switch (topic) {
      case Topic::kNone: return false;
      case Topic::kSituation: return Is("in_situation", 1);
      case Topic::kDeadline: return Value("days_left_to_apply") >= 0;
      case Topic::kBenefit: return Is("pays", 1);
      case Topic::kEffort: return Is("visits", 0) && !(Value("fee_roubles") > 0);
      case Topic::kAge: return !std::isnan(Value("person_age_years"));
      case Topic::kOccupation:
        return Is("employed", 1) || Is("self_employed", 1) || Is("student", 1) ||
               Is("pensioner", 1);
      case Topic::kRegion: return !std::isnan(Value("region_band_0"));
      case Topic::kDemand: return true;
      case Topic::kUses: return Value("ease_score") > 0;
      case Topic::kFresh: return false;  // no column says it
    }
    return false;
  }

 private:
  float Value(std::string_view column) const {
    const auto names = FeatureNames();
    const auto found = std::ranges::find(names, column);
    KSTATI_CHECK(found != names.end());
    return values_[static_cast<size_t>(found - names.begin())];
  }
  bool Is(std::string_view column, float value) const { return Value(column) == value; }

  std::span<const float> values_;
};

}  // namespace

std::string_view NameOf(Topic topic) { return kTopicNames[static_cast<size_t>(topic)]; }

void HideRelatives(std::span<float> row) {
  const auto names = FeatureNames();
  KSTATI_CHECK(row.size() == names.size());
  for (size_t column = 0; column < names.size(); ++column) {
    const bool of_relatives = std::ranges::find(kOfRelatives, names[column]) != kOfRelatives.end();
    if (of_relatives) row[column] = std::numeric_limits<float>::quiet_NaN();
  }
}

std::vector<Topic> Told(std::span<const float> row, std::span<const float> shares) {
  const auto names = FeatureNames();
  KSTATI_CHECK(row.size() == names.size() && shares.size() == names.size());
  const Row values(row);
  std::array<float, kTopicNames.size()> sums{};
  for (size_t column = 0; column < names.size(); ++column) {
    sums[static_cast<size_t>(TopicOf(names[column]))] += shares[column];
  }
  std::vector<Topic> told;
  for (size_t topic = 1; topic < sums.size(); ++topic) {
    const bool is_told = sums[topic] >= kShareTold && values.BearsOut(static_cast<Topic>(topic));
    if (is_told) told.push_back(static_cast<Topic>(topic));
  }
  std::ranges::stable_sort(told, std::greater(),
                           [&](Topic topic) { return sums[static_cast<size_t>(topic)]; });
  if (told.size() > kTopicsTold) told.resize(kTopicsTold);
  return told;
}

}  // namespace kstati::recommender
