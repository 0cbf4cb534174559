// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "profile/fact.h"
#include "recommender/features.h"
#include "recommender/inference/inferred_event.h"

namespace kstati::recommender::inference {

// One row for each person and day on which an event could have gone unnoticed.
struct InferenceTable {
  FeatureMatrix rows;
  std::vector<uint8_t> happened;  // within kWindowDays, and no registry has told of it
  std::vector<uint32_t> person;   // from 0, in order of adding
};

// Puts a table together row by row.
class InferenceRows {
 public:
  // Requires IsAtRisk. Rows of one person follow each other.
  void Add(EventKind kind, const profile::FactView& person, Date on, bool happened);

  size_t size() const { return happened_.size(); }
  size_t happened() const;
  InferenceTable Table() const;

 private:
  std::vector<std::vector<double>> rows_;
  std::vector<uint8_t> happened_;
  std::vector<uint32_t> person_;
  CitizenId last_;
};

}  // namespace kstati::recommender::inference
