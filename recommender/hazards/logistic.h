// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace kstati::recommender::hazards {

// The probability whose log odds are `margin`.
inline double Logistic(double margin) { return 1 / (1 + std::exp(-margin)); }

}  // namespace kstati::recommender::hazards
