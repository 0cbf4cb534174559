// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace kstati::graph::picture {

// Where one of a row of things wants to be.
struct Wish {
  double place = 0;
  double weight = 1;    // > 0
  double distance = 0;  // at least, to the one before
};

// Places in the order of the wishes that keep all distances, with the least sum of weighted squares
// of how far each is from its wish: exact, by pooling neighbours that press each other.
std::vector<double> Spread(const std::vector<Wish>& wishes);

}  // namespace kstati::graph::picture
