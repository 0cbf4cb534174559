// SPDX-License-Identifier: Apache-2.0
#include "cli/model_fit.h"

namespace kstati::cli {

using recommender::StoredModel;
using recommender::inference::InferenceModel;

std::string DigestOf(const InferenceModel* inference) {
  return inference == nullptr ? std::string() : inference->Digest();
}

Result<void> RequireSameEstimates(const StoredModel& model, const std::string& digest) {
  const bool reads_estimates = model.stage == "model" && model.inference;
  if (!reads_estimates || *model.inference == digest) return {};
  return Fail(ErrorCode::kConflict,
              model.inference->empty()
                  ? "the model was trained without estimates, and model.inference gives some"
                  : "the model was trained on estimates of another model than model.inference",
              model.version,
              "train a model with the configured model.inference, or configure the one it was "
              "trained with");
}

Result<void> RequireFit(const StoredModel& model, const Config& config) {
  if (recommender::IsWorseThanPopularity(model)) {
    return Fail(ErrorCode::kConflict,
                "the model orders worse than popularity on people whom it has not seen",
                model.version, "train on more, or give --anyway");
  }
  const std::string& file = config.Text("model.inference");
  if (file.empty()) return RequireSameEstimates(model, {});
  KSTATI_TRY(const InferenceModel inference, InferenceModel::Read(file));
  return RequireSameEstimates(model, inference.Digest());
}

}  // namespace kstati::cli
