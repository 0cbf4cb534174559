// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "profile/value.h"

namespace kstati::eligibility {

// Facts person.f0, person.f1, ...: booleans, and sums from 0 to 3 in halves, so that between any
// two that a rule compares with there is one.
class RandomFacts {
 public:
  RandomFacts(std::mt19937& random, size_t count) : random_(random) {
    for (size_t i = 0; i < count; ++i) sums_.push_back(random() % 3 == 0);
  }

  size_t size() const { return sums_.size(); }
  static std::string Name(size_t i) { return "person.f" + std::to_string(i); }
  // As SmallCatalogue::Attribute takes it; `more` are further keys.
  std::string Description(size_t i, const std::string& more = {}) const {
    return "id: " + Name(i) + ", type: " + (sums_[i] ? "money" : "boolean") +
           ", name: {ru: Ф, en: F}, registry: zags, category: income, completeness: open" + more;
  }
  unsigned ValueCount(size_t i) const { return sums_[i] ? kHalves : 2; }
  profile::FactValue Value(size_t i, unsigned value) const {
    if (sums_[i]) return *Decimal(static_cast<int64_t>(value)).Divide(2);
    return value == 1;
  }
  unsigned AnyValue(size_t i) { return static_cast<unsigned>(random_() % ValueCount(i)); }

  // A rule of "and", "or", "not" and comparisons, nested so deep.
  std::string AnyRule(int depth) {
    const size_t i = random_() % size();
    if (depth == 0 || random_() % 4 == 0) {
      if (!sums_[i]) return random_() % 2 == 0 ? Name(i) : "not(" + Name(i) + ")";
      const char* signs[] = {">=", "<", "=", "!="};
      return Name(i) + " " + signs[random_() % 4] + " " + std::to_string(1 + random_() % 2);
    }
    const std::string word = random_() % 2 == 0 ? " and " : " or ";
    return "(" + AnyRule(depth - 1) + word + AnyRule(depth - 1) + ")";
  }

 private:
  static constexpr unsigned kHalves = 7;
  std::mt19937& random_;
  std::vector<bool> sums_;
};

// So many times KSTATI_TEST_SCALE.
inline size_t Scaled(size_t rounds) {
  const char* scale = std::getenv("KSTATI_TEST_SCALE");
  return rounds * (scale == nullptr ? 1 : std::max(1UL, std::strtoul(scale, nullptr, 10)));
}

}  // namespace kstati::eligibility
