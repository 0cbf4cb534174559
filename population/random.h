// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kstati::population {

// Digests that are the same on every machine and in every release.
uint64_t Mix(uint64_t a, uint64_t b);
uint64_t DigestOf(std::string_view text);
// In [0, 1), from the upper bits of a digest.
double Fraction(uint64_t digest);
// Sixteen hexadecimal digits.
std::string Hexadecimal(uint64_t number);

// Seeded random numbers (SplitMix64). The distributions of the standard library differ between
// implementations; these do not, so a seed names one population everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  double Uniform();                            // in [0, 1)
  int64_t Between(int64_t low, int64_t high);  // both ends possible; low <= high
  bool Chance(double probability);
  double Normal(double mean, double deviation);
  int64_t Poisson(double mean);
  size_t Pick(std::span<const double> weights);  // an index; some weight is positive

 private:
  uint64_t state_;
};

}  // namespace kstati::population
