// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recommender/inference/inference_table.h"
#include "recommender/inference/inferred_event.h"
#include "recommender/inference/signals.h"

namespace kstati::recommender::inference {

// The hazard of one kind in discrete time, and what fresh signals add to it: a logistic regression
// on splines of age, the person's state and signals by how fresh they are. Its log odds are
// calibrated, so that they are one sum: a constant and a weight for each column.
struct KindModel {
  double constant = 0;
  std::vector<double> weights;  // as ColumnsOf

  double Probability(const std::vector<double>& row) const;
};

// What a model knows people from: nobody is asked on what was learned from made-up lives.
enum class LearnedFrom { kSimulation, kRecords };

std::string_view NameOf(LearnedFrom from);  // "simulation", "records"

// Immutable; safe from any thread.
class InferenceModel {
 public:
  explicit InferenceModel(LearnedFrom from = LearnedFrom::kSimulation) : learned_from_(from) {}

  LearnedFrom learned_from() const { return learned_from_; }
  // Calibrated by Platt's method on people whom the weights have not seen. kInvalidArgument, with
  // the kind, when either table lacks rows of one outcome.
  Result<void> Fit(EventKind kind, const InferenceTable& training,
                   const InferenceTable& calibration);

  // Null when the model does not know the kind.
  const KindModel* Find(EventKind kind) const;

  // A JSON text of columns and weights. Decode refuses a text whose columns are not this program's
  // (kUnsupported) and what is no model (kCorrupt).
  std::string Encode() const;
  static Result<InferenceModel> Decode(std::string_view bytes);
  // Of that text: what is trained on estimates notes by whose.
  std::string Digest() const;
  // From a file that holds such a text; kNotFound when it cannot be read.
  static Result<InferenceModel> Read(const std::string& file);
  // In place of what the file held; kUnavailable when it cannot be written.
  Result<void> Write(const std::string& file) const;

 private:
  LearnedFrom learned_from_;
  std::map<EventKind, KindModel> kinds_;
};

}  // namespace kstati::recommender::inference
