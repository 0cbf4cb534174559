// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recommender/evaluation/csv.h"
#include "recommender/evaluation/interaction_file.h"

namespace kstati::bench {

// Visits of people to areas of a portal: one person a line, the areas by number. `items` keep
// their numbers.
Result<recommender::evaluation::InteractionTable> ReadVisits(const std::string& path,
                                                             std::vector<std::string> items = {});

// Events of family life that are forecast one year ahead.
enum class FamilyEvent { kFirstChild, kLeavesHome, kMarries };

// The person-periods of a table of family states by age (columns a15 to a30, one person a row):
// every year in which the event has not happened yet. Features: age, state, years in it and since
// earlier steps, and what the table says about the person beside the states.
Result<recommender::evaluation::Csv> FamilyPeriods(const std::string& path, FamilyEvent event);

// Take-up of unemployment benefit: column `ui` is the event, all others are features.
Result<recommender::evaluation::Csv> TakeUpRows(const std::string& path);

}  // namespace kstati::bench
