// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/output.h"
#include "cli/system.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/csv.h"
#include "recommender/exposure.h"
#include "recommender/interaction.h"
#include "recommender/ranker.h"

namespace kstati::cli {

// What the commands about models read of a store.

// All that people were shown and took up: recorded interactions, then the lists that were shown,
// with what became of them; each with what was known beside facts when it was shown. Without lists
// of which something can still be taken up: what was not taken yet is no refusal.
Result<std::vector<recommender::Interaction>> ReadInteractions(const System& system);
// Of lists, those included of which something can still be taken up.
Result<std::vector<recommender::ExposureOutcome>> ReadOutcomes(const profile::Store& store);
// Takes them out, and tells how many there were.
size_t RemoveUnsettled(std::vector<recommender::ExposureOutcome>& outcomes, Date today);
// Households as they were on a day, by what was known at the instant asked for, or is known now.
// Each of whom one is loaded sees the use. `system` outlives it.
recommender::LoadHouseholdOn HouseholdsOf(const System& system);

// Rows that were left out of a file, for the answer and for whoever looks on.
Json ToJson(const std::vector<recommender::evaluation::RefusedRow>& refused);
void PrintRefused(const Terminal& terminal, const std::string& file,
                  const std::vector<recommender::evaluation::RefusedRow>& refused);

Json ToJson(const recommender::evaluation::Estimate& estimate);
Json ToJson(const recommender::evaluation::RankingQuality& quality);
Json ToJson(const recommender::evaluation::RankingGain& gain);
// "0.5123 (0.5011 to 0.5236)"
std::string Readable(const recommender::evaluation::Estimate& estimate);
// "ndcg@5 0.7 (0.6 to 0.8)  first hit ...  log loss ...", without a line's end.
std::string Readable(const recommender::evaluation::RankingQuality& quality);
std::string Readable(const recommender::evaluation::RankingGain& gain);

}  // namespace kstati::cli
