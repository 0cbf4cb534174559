// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "cli/config.h"
#include "cli/doctor.h"
#include "recommender/evaluation/drift.h"

namespace kstati::cli {

// Whether the scores of the active model have moved since its first month, and whether what it
// forecast came true, by the lists that it put in order. nullopt where no model is active, it
// ordered nothing yet, or the store cannot be read: then others tell.
std::optional<Finding> ExamineDrift(const Config& config);

// The months of one model, oldest first; at least one.
Finding DriftIn(const std::vector<recommender::evaluation::ModelMonth>& months);

}  // namespace kstati::cli
