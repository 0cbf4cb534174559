// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "recommender/evaluation/csv.h"
#include "recommender/models/histories.h"

namespace kstati::recommender::evaluation {

// Who took up what. Column `user`, `item`, and optionally `time` (numbers, or text that sorts, such
// as ISO dates): with it a history is in the order of time, rows without one first, else in that of
// the file. Where at least nineteen times in twenty are numbers, a row with another one is refused.
struct InteractionTable {
  models::Histories histories;      // of people in the order of their first row
  std::vector<std::string> people;  // names of the histories
  std::vector<RefusedRow> refused;  // of the file; with an empty user or item, or an odd time
  size_t repeated = 0;              // rows that say again that a user took an item
};

// Adds the rows of a file to a table: people and items known already keep their numbers.
// kInvalidArgument when a column is missing or no row is left.
Result<void> AddInteractions(const Csv& csv, const std::string& place, InteractionTable& table);

// What people of a second table hold, in the numbering of the first. With a person of the same name
// in both, the given split is of rows: the first table's are known, the second's are wanted.
struct HeldOutPerson {
  std::vector<models::ItemIndex> known;  // empty for somebody whom training has not seen
  std::vector<models::ItemIndex> wanted;
};
std::vector<HeldOutPerson> HeldOutPeople(const InteractionTable& training,
                                         const InteractionTable& held_out);
// How many of the second table's people are in the first.
size_t CountKnown(const InteractionTable& known, const InteractionTable& held_out);

}  // namespace kstati::recommender::evaluation
