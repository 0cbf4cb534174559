// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/stored_models.h"

namespace kstati::recommender::evaluation {

// Of what people of a group took up, how much an order shows them in its first places.
struct Recall {
  static constexpr size_t kDepth = 5;

  uint64_t people = 0;
  uint64_t taken = 0;
  uint64_t found = 0;  // among the first kDepth of the list it was shown in
  Estimate share;      // found of what was taken, with its interval over people

  // The interval is not added up.
  Recall& operator+=(const Recall& other);
};

struct GroupRecall {
  Recall all;
  // By what people are grouped by and by group: see GroupsOf, on the day of the latest list, and
  // "habit", see HabitOf.
  std::map<std::string, std::map<std::string, Recall>> groups;
};

// How the person took up what was taken up before: "remote" where more than half of it asked for no
// visit, else "visits"; "?" where nothing is known.
std::string HabitOf(const Past& past, Date on, const graph::Catalogue& catalogue);

// Of a stored model, over citizens whom it has not seen and who took something up. Lists that are
// no longer than kDepth are left out: every order finds everything there. kNotFound when the model
// is not stored; whatever Ranker::Load refuses.
Result<GroupRecall> RecallByGroup(const StoredModels& models, const std::string& version,
                                  const std::vector<Interaction>& interactions,
                                  const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
                                  const BootstrapOptions& bootstrap);

}  // namespace kstati::recommender::evaluation
