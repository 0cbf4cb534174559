// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/exposure_evaluation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "recommender/evaluation/drawings.h"
#include "recommender/internal/digest.h"

namespace kstati::recommender::evaluation {
namespace {

// Of even drawings it is 0 but for rounding.
constexpr double kDrawingErrorMax = 1e-6;
// Where an even drawing lies on average in what is left.
constexpr double kMiddle = 0.5;
// Of drawings outside of an interval, on either side.
constexpr double kUnsoundTail = 0.0025;
constexpr int kResamplesMin = 1'000;  // to know so thin a tail

constexpr size_t kDepth = 5;
constexpr double kProbabilityMin = 1e-6;

// Indices from 0 in the order of first appearance.
class People {
 public:
  uint32_t Of(CitizenId citizen) {
    return index_.emplace(citizen, static_cast<uint32_t>(index_.size())).first->second;
  }
  size_t size() const { return index_.size(); }

 private:
  std::map<CitizenId, uint32_t> index_;
};

// What would be shown of the offers from `first` on: services of a fresh life event before others,
// then the best; ties go to the earlier one.
size_t BestFrom(size_t first, const Exposure& exposure, const std::vector<double>& scores) {
  size_t best = first;
  const auto worth = [&](size_t i) {
    return std::pair(IsFresh(exposure.offers[i].situation_since, exposure.on), scores[i]);
  };
  for (size_t i = first + 1; i < scores.size(); ++i) {
    if (worth(i) > worth(best)) best = i;
  }
  return best;
}

double LossOf(double score, bool taken) {
  const double kept = std::clamp(score, kProbabilityMin, 1 - kProbabilityMin);
  return -std::log(taken ? kept : 1 - kept);
}

// Offers as they would be shown by a score.
std::vector<size_t> OrderBy(const Exposure& exposure, double Exposure::Offer::* score) {
  std::vector<double> scores;
  std::vector<bool> fresh;
  for (const Exposure::Offer& offer : exposure.offers) {
    scores.push_back(offer.*score);
    fresh.push_back(IsFresh(offer.situation_since, exposure.on));
  }
  return OrderOf(scores, fresh);
}

// How many of what else was left are better than what was drawn, as a share; ties count half.
double PlaceDrawn(const Exposure& exposure, size_t place) {
  double better = 0;
  for (size_t other = place + 1; other < exposure.offers.size(); ++other) {
    const double lead = exposure.offers[other].score - exposure.offers[place].score;
    better += lead > 0 ? 1 : lead == 0 ? 0.5 : 0;
  }
  const size_t others = exposure.offers.size() - place - 1;
  return others == 0 ? 0.5 : better / static_cast<double>(others);
}

bool IsInFirstHalf(CitizenId citizen) {
  return internal::Spread(citizen.number() ^ 0x5eed) % 2 == 0;
}

Estimate WideEstimate(size_t people, const std::function<double(const Multiplicity&)>& figure,
                      BootstrapOptions options) {
  options.resamples = std::max(options.resamples, kResamplesMin);
  return EstimateOf(Draw(people, figure, options), kUnsoundTail);
}

}  // namespace

std::vector<ExposureOutcome> OfUnseen(const StoredModel& model,
                                      std::vector<ExposureOutcome> outcomes) {
  std::erase_if(outcomes, [&model](const ExposureOutcome& outcome) {
    const CitizenId citizen = outcome.exposure.citizen;
    return PartOf(citizen, model.seed, model.held_out_share) != Part::kJudged;
  });
  return outcomes;
}

Result<std::vector<LoggedChoice>> ChoicesOf(const std::vector<ExposureOutcome>& outcomes,
                                            const ScoreOffers& score) {
  std::vector<LoggedChoice> choices;
  People people;
  for (const auto& [exposure, taken] : outcomes) {
    const auto explored = [](const Exposure::Offer& offer) { return offer.explored; };
    if (std::ranges::none_of(exposure.offers, explored)) continue;
    KSTATI_TRY(const std::vector<double> scores, score(exposure));
    if (scores.empty()) continue;
    for (size_t place = 0; place < exposure.shown; ++place) {
      const Exposure::Offer& offer = exposure.offers[place];
      if (!offer.explored) continue;
      const size_t best = BestFrom(place, exposure, scores);
      choices.push_back({people.Of(exposure.citizen), offer.propensity, best == place ? 1.0 : 0.0,
                         taken[place] ? 1.0 : 0.0, offer.score, exposure.offers[best].score});
    }
  }
  return choices;
}

Result<SameAgainstSame> CheckSameAgainstSame(const std::vector<ExposureOutcome>& outcomes,
                                             const BootstrapOptions& options) {
  struct Person {
    double taken = 0;
    double shown = 0;
    double drawn = 0;
    double drawings = 0;
    bool first_half = false;
  };
  std::vector<Person> people;
  People index;
  double weighted = 0;
  double logged = 0;
  double drawings = 0;
  for (const auto& [exposure, taken] : outcomes) {
    const uint32_t number = index.Of(exposure.citizen);
    people.resize(index.size());
    Person& person = people[number];
    person.first_half = IsInFirstHalf(exposure.citizen);
    for (size_t place = 0; place < exposure.shown; ++place) {
      person.taken += taken[place] ? 1 : 0;
      person.shown += 1;
      const Exposure::Offer& offer = exposure.offers[place];
      if (!offer.explored) continue;
      const auto left = static_cast<double>(exposure.offers.size() - place);
      weighted += (taken[place] ? 1 : 0) / (left * offer.propensity);
      logged += taken[place] ? 1 : 0;
      drawings += 1;
      person.drawn += PlaceDrawn(exposure, place);
      person.drawings += 1;
    }
  }
  const auto first = std::ranges::count(people, true, &Person::first_half);
  if (first < 2 || static_cast<size_t>(first) + 2 > people.size()) {
    return Fail(ErrorCode::kInvalidArgument, "there are too few people to set against each other",
                "exposures", "collect lists of at least a few people");
  }
  SameAgainstSame same;
  same.people = people.size();
  same.halves = WideEstimate(
      people.size(),
      [&](const Multiplicity& times) {
        double taken[2] = {0, 0};
        double shown[2] = {1e-9, 1e-9};
        for (size_t i = 0; i < people.size(); ++i) {
          const size_t half = people[i].first_half ? 0 : 1;
          taken[half] += times[i] * people[i].taken;
          shown[half] += times[i] * people[i].shown;
        }
        return taken[0] / shown[0] - taken[1] / shown[1];
      },
      options);
  same.drawings = static_cast<size_t>(drawings);
  if (same.drawings == 0) return same;
  same.drawing_error = (weighted - logged) / drawings;
  same.drawn_place = WideEstimate(
      people.size(),
      [&](const Multiplicity& times) {
        double drawn = 0;
        double count = 1e-9;
        for (size_t i = 0; i < people.size(); ++i) {
          drawn += times[i] * people[i].drawn;
          count += times[i] * people[i].drawings;
        }
        return drawn / count;
      },
      options);
  return same;
}

Result<void> RequireSound(const SameAgainstSame& same) {
  const auto fail = [](const char* message, const char* remedy) {
    return Fail(ErrorCode::kUnsupported, message, "exposures", remedy);
  };
  if (same.halves.low > 0 || same.halves.high < 0) {
    return fail("two halves of the people differ though nothing was done to either",
                "look for lists or feedback that were lost or counted twice; collect longer");
  }
  if (same.drawings == 0) return {};
  if (std::abs(same.drawing_error) > kDrawingErrorMax) {
    return fail("the propensities in the log are not those of an even drawing",
                "judge by lists that this version of kstati showed");
  }
  if (same.drawn_place.low > kMiddle || same.drawn_place.high < kMiddle) {
    return fail("the explored places were not drawn evenly among what was left",
                "judge by lists that this version of kstati showed; collect longer");
  }
  return {};
}

ShadowReport ReportOnShadow(const std::vector<ExposureOutcome>& outcomes) {
  ShadowReport report;
  double rows = 0;
  for (const auto& [exposure, taken] : outcomes) {
    if (exposure.shadow_version.empty() || exposure.offers.empty()) continue;
    ++report.exposures;
    const auto own = OrderBy(exposure, &Exposure::Offer::order);
    const auto shadow = OrderBy(exposure, &Exposure::Offer::shadow_order);
    const size_t depth = std::min(kDepth, own.size());
    report.same_first += own.front() == shadow.front() ? 1 : 0;
    const auto end = shadow.begin() + static_cast<std::ptrdiff_t>(depth);
    const auto common =
        std::count_if(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(depth),
                      [&](size_t offer) { return std::find(shadow.begin(), end, offer) != end; });
    report.overlap_at_5 += static_cast<double>(common) / static_cast<double>(depth);
    for (size_t place = 0; place < exposure.shown; ++place) {
      report.log_loss += LossOf(exposure.offers[place].score, taken[place]);
      report.shadow_log_loss += LossOf(exposure.offers[place].shadow_score, taken[place]);
      rows += 1;
    }
  }
  if (report.exposures == 0) return report;
  report.same_first /= static_cast<double>(report.exposures);
  report.overlap_at_5 /= static_cast<double>(report.exposures);
  report.log_loss /= std::max(1.0, rows);
  report.shadow_log_loss /= std::max(1.0, rows);
  return report;
}

}  // namespace kstati::recommender::evaluation
