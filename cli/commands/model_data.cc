// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_data.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>

#include "profile/household.h"
#include "recommender/evaluation/quality_form.h"

namespace kstati::cli {

Result<std::vector<recommender::ExposureOutcome>> ReadOutcomes(const profile::Store& store) {
  std::vector<recommender::Exposure> exposures;
  std::vector<recommender::Feedback> feedbacks;
  KSTATI_TRY_VOID(store.ForEachEntry(
      recommender::kExposureLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(auto exposure, recommender::DecodeExposure(*record.value));
        exposures.push_back(std::move(exposure));
        return true;
      }));
  KSTATI_TRY_VOID(store.ForEachEntry(
      recommender::kFeedbackLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(auto feedback, recommender::DecodeFeedback(*record.value));
        feedbacks.push_back(std::move(feedback));
        return true;
      }));
  return recommender::JoinOutcomes(std::move(exposures), feedbacks);
}

Result<std::vector<recommender::Interaction>> ReadInteractions(const profile::Store& store) {
  std::vector<recommender::Interaction> interactions;
  KSTATI_TRY_VOID(store.ForEachEntry(
      recommender::kInteractionLog, [&](const profile::LogRecord& record) -> Result<bool> {
        KSTATI_TRY(auto interaction, recommender::DecodeInteraction(*record.value));
        interactions.push_back(std::move(interaction));
        return true;
      }));
  KSTATI_TRY(const auto outcomes, ReadOutcomes(store));
  for (const recommender::ExposureOutcome& outcome : outcomes) {
    interactions.push_back(recommender::ToInteraction(outcome));
  }
  return interactions;
}

recommender::LoadHouseholdOn HouseholdsOf(const System& system) {
  return [&system, now = system.world().Now()](CitizenId citizen, Date on,
                                               std::optional<Instant> known_at) {
    return profile::LoadHousehold(citizen, {on, known_at.value_or(now)},
                                  [&](CitizenId who) { return system.store().Load(who); });
  };
}

std::string WhoActs() {
  passwd entry{};
  passwd* found = nullptr;
  char buffer[4096];
  const int failed = getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found);
  return failed == 0 && found != nullptr ? found->pw_name : "uid " + std::to_string(geteuid());
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
