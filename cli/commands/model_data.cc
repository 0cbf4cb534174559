// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_data.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "cases/draft.h"
#include "cli/bulk_use.h"
#include "profile/household.h"
#include "recommender/evaluation/quality_form.h"
#include "recommender/inference/infer.h"

namespace kstati::cli {

namespace {

Result<std::vector<recommender::Feedback>> ReadFeedbacks(const profile::Store& store) {
  std::vector<recommender::Feedback> feedbacks;
  KSTATI_TRY_VOID(store.ForEachEntry(
      recommender::kFeedbackLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(auto feedback, recommender::DecodeFeedback(*record.value));
        feedbacks.push_back(std::move(feedback));
        return true;
      }));
  return feedbacks;
}

// Of what a list led to, by the latest case that has ended or come to a result since; one that
// still goes on says nothing.
Result<void> FillCompletions(const profile::Store& store, recommender::Interaction& interaction) {
  const auto taken = [](const auto& shown) { return shown.taken; };
  if (!interaction.known_at || std::ranges::none_of(interaction.shown, taken)) return {};
  KSTATI_TRY(const auto records, store.Records(interaction.citizen, cases::kCaseRecord));
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(const cases::Case c, cases::DecodeCase(bytes));
    const bool has_result = cases::HadResult(c);
    if (cases::IsOpen(c.status) && !has_result) continue;
    if (c.history.back().at <= *interaction.known_at) continue;  // an earlier application
    for (recommender::Interaction::Shown& shown : interaction.shown) {
      const bool is_it = shown.taken && c.service == shown.service && c.about == shown.about;
      if (is_it) shown.completed = has_result;
    }
  }
  return {};
}

// By what was known when it was shown.
Result<recommender::EventEstimates> EstimatesAt(const System& system,
                                                const recommender::Interaction& interaction) {
  const auto household =
      HouseholdsOf(system)(interaction.citizen, interaction.on, interaction.known_at);
  if (!household && household.error().code == ErrorCode::kNotFound) return {};
  if (!household) return Fail(household.error());
  return recommender::inference::EstimatesOf(*household->person, interaction.on,
                                             *system.inference());
}

Result<std::vector<recommender::Exposure>> ReadExposures(const profile::Store& store) {
  std::vector<recommender::Exposure> exposures;
  KSTATI_TRY_VOID(store.ForEachEntry(
      recommender::kExposureLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(auto exposure, recommender::DecodeExposure(*record.value));
        exposures.push_back(std::move(exposure));
        return true;
      }));
  return exposures;
}

}  // namespace

Result<std::vector<recommender::ExposureOutcome>> ReadOutcomes(const profile::Store& store) {
  KSTATI_TRY(auto exposures, ReadExposures(store));
  KSTATI_TRY(const auto feedbacks, ReadFeedbacks(store));
  return recommender::JoinOutcomes(std::move(exposures), feedbacks);
}

size_t RemoveUnsettled(std::vector<recommender::ExposureOutcome>& outcomes, Date today) {
  return std::erase_if(outcomes, [today](const recommender::ExposureOutcome& outcome) {
    return !recommender::IsSettled(outcome.exposure.on, today);
  });
}

Result<std::vector<recommender::Interaction>> ReadInteractions(const System& system) {
  const profile::Store& store = system.store();
  std::vector<recommender::Interaction> interactions;
  KSTATI_TRY_VOID(store.ForEachEntry(
      recommender::kInteractionLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(auto interaction, recommender::DecodeInteraction(*record.value));
        interactions.push_back(std::move(interaction));
        return true;
      }));
  KSTATI_TRY(auto outcomes, ReadOutcomes(store));
  RemoveUnsettled(outcomes, system.world().Today());
  for (const recommender::ExposureOutcome& outcome : outcomes) {
    interactions.push_back(recommender::ToInteraction(outcome));
  }
  KSTATI_TRY(const auto feedbacks, ReadFeedbacks(store));
  recommender::FillPasts(interactions, feedbacks);
  for (recommender::Interaction& interaction : interactions) {
    KSTATI_TRY_VOID(FillCompletions(store, interaction));
  }
  if (system.inference() == nullptr) return interactions;
  for (recommender::Interaction& interaction : interactions) {
    KSTATI_TRY(interaction.background.estimates, EstimatesAt(system, interaction));
  }
  return interactions;
}

recommender::LoadHouseholdOn HouseholdsOf(const System& system) {
  return [&system, now = system.world().Now(),
          use = std::make_shared<BulkUse>(system, "learn_or_judge_models")](
             CitizenId citizen, Date on,
             std::optional<Instant> known_at) -> Result<profile::Household> {
    KSTATI_TRY_VOID(use->Of(citizen));
    KSTATI_TRY(profile::Household household,
               profile::LoadHousehold(citizen, {on, known_at.value_or(now)},
                                      [&](CitizenId who) { return system.store().Load(who); }));
    KSTATI_TRY_VOID(use->Of(household));
    return household;
  };
}

Json ToJson(const std::vector<recommender::evaluation::RefusedRow>& refused) {
  Json rows = Json::array();
  for (const auto& row : refused) rows.push_back({{"line", row.line}, {"reason", row.reason}});
  return rows;
}

void PrintRefused(const Terminal& terminal, const std::string& file,
                  const std::vector<recommender::evaluation::RefusedRow>& refused) {
  constexpr size_t kShownMax = 20;
  for (size_t i = 0; i < std::min(refused.size(), kShownMax); ++i) {
    terminal.err << file << ":" << refused[i].line << ": left out: " << refused[i].reason << "\n";
  }
  if (refused.size() > kShownMax) {
    terminal.err << file << ": " << refused.size() - kShownMax << " more rows left out\n";
  }
}

Json ToJson(const recommender::evaluation::Estimate& estimate) {
  return recommender::evaluation::FormOf<Json>(estimate);
}

Json ToJson(const recommender::evaluation::RankingQuality& quality) {
  return recommender::evaluation::FormOf<Json>(quality);
}

Json ToJson(const recommender::evaluation::RankingGain& gain) {
  return recommender::evaluation::FormOf<Json>(gain);
}

std::string Readable(const recommender::evaluation::Estimate& estimate) {
  char text[96];
  std::snprintf(text, sizeof text, "%.4f (%.4f to %.4f)", estimate.value, estimate.low,
                estimate.high);
  return text;
}

std::string Readable(const recommender::evaluation::RankingGain& gain) {
  return "ndcg@5 " + Readable(gain.ndcg_at_5) + "  first hit " + Readable(gain.hit_rate_at_1) +
         "  log loss " + Readable(gain.log_loss);
}

std::string Readable(const recommender::evaluation::RankingQuality& quality) {
  char error[32];
  std::snprintf(error, sizeof error, "%.4f", quality.calibration_error);
  return Readable(recommender::evaluation::RankingGain{quality.ndcg_at_5, quality.hit_rate_at_1,
                                                       quality.log_loss}) +
         "  ECE " + error;
}

}  // namespace kstati::cli
