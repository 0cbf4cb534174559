// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "recommender/trees/forest.h"

// The bytes are refused with what to do, or give trees that both paths evaluate to the same bits.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace trees = kstati::recommender::trees;
  const auto model = trees::ReadTreeModel({reinterpret_cast<const char*>(data), size});
  if (!model) {
    KSTATI_CHECK(!model.error().message.empty() && !model.error().remedy.empty());
    return 0;
  }
  constexpr size_t kColumnsMax = 1000;
  if (model->columns > kColumnsMax) return 0;
  const trees::Forest forest(*model);
  constexpr size_t kRows = 3;
  std::vector<float> rows(kRows * model->columns);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i] = i % 5 == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i % 7) - 3;
  }
  std::vector<float> scalar(kRows);
  forest.Margins(rows.data(), kRows, scalar.data(), trees::ForestPath::kScalar);
  if (!trees::Forest::HasVectorPath()) return 0;
  std::vector<float> vector(kRows);
  forest.Margins(rows.data(), kRows, vector.data(), trees::ForestPath::kVector);
  for (size_t row = 0; row < kRows; ++row) {
    KSTATI_CHECK(scalar[row] == vector[row] || std::isnan(scalar[row]));
  }
  return 0;
}
