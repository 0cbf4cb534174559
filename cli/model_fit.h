// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "cli/config.h"
#include "recommender/inference/inference_model.h"
#include "recommender/stored_models.h"

namespace kstati::cli {

// Digest of the model whose estimates are features of an order; empty where there is none.
std::string DigestOf(const recommender::inference::InferenceModel* inference);

// kConflict when trees were trained on the estimates of another model than the one with this
// digest: what they read would mean something else. Passes what earlier versions trained, which
// noted none.
Result<void> RequireSameEstimates(const recommender::StoredModel& model, const std::string& digest);

// Whether the model should order suggestions of this configuration: not when it orders worse than
// popularity, nor on estimates of another model (kConflict).
Result<void> RequireFit(const recommender::StoredModel& model, const Config& config);

}  // namespace kstati::cli
