// SPDX-License-Identifier: Apache-2.0
#include "population/random.h"

#include <cmath>
#include <cstdio>
#include <numbers>

#include "base/check.h"

namespace kstati::population {
namespace {

constexpr uint64_t kStep = 0x9e3779b97f4a7c15ULL;

uint64_t Spread(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

}  // namespace

uint64_t Mix(uint64_t a, uint64_t b) { return Spread(Spread(a + kStep) ^ (b + kStep)); }

uint64_t DigestOf(std::string_view text) {
  uint64_t state = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char byte : text) {
    state = (state ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  }
  return Spread(state);
}

double Fraction(uint64_t digest) { return static_cast<double>(digest >> 11) * 0x1p-53; }

std::string Hexadecimal(uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

uint64_t Random::Next() {
  state_ += kStep;
  return Spread(state_);
}

double Random::Uniform() { return Fraction(Next()); }

int64_t Random::Between(int64_t low, int64_t high) {
  KSTATI_CHECK(low <= high);
  const auto width = static_cast<double>(high - low) + 1;
  return low + static_cast<int64_t>(Uniform() * width);
}

bool Random::Chance(double probability) { return Uniform() < probability; }

double Random::Normal(double mean, double deviation) {
  const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
  return mean + deviation * radius * std::cos(2 * std::numbers::pi * Uniform());
}

int64_t Random::Poisson(double mean) {
  if (mean > 50) return std::max<int64_t>(0, std::llround(Normal(mean, std::sqrt(mean))));
  const double limit = std::exp(-mean);
  int64_t count = 0;
  for (double product = Uniform(); product > limit; product *= Uniform()) ++count;
  return count;
}

size_t Random::Pick(std::span<const double> weights) {
  double total = 0;
  for (const double weight : weights) total += weight;
  KSTATI_CHECK(total > 0);
  double left = Uniform() * total;
  for (size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.size() - 1;
}

}  // namespace kstati::population
