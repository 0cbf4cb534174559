// SPDX-License-Identifier: Apache-2.0
// The AVX-512 path: sixteen rows at a time through one tree after another. Thresholds and columns
// of a level of up to sixteen splits lie in one register and are picked by a permutation; only
// deeper levels and the values themselves are gathered.
#include "recommender/trees/forest.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace kstati::recommender::trees {

#if defined(__x86_64__)

namespace {

constexpr size_t kLanes = 16;
constexpr int kRegisterLevels = 5;  // 1, 2, 4, 8 and 16 splits fit a register

#define KSTATI_AVX512 __attribute__((target("avx512f")))

// The splits of a level at which each lane stands.
struct Level {
  __m512 thresholds;
  __m512i features;
};

KSTATI_AVX512 inline Level PickLevel(const float* thresholds, const uint32_t* features,
                                     __m512i place, int level) {
  if (level < kRegisterLevels) {
    return {_mm512_permutexvar_ps(place, _mm512_loadu_ps(thresholds)),
            _mm512_permutexvar_epi32(place, _mm512_loadu_si512(features))};
  }
  if (level == kRegisterLevels) {
    return {_mm512_permutex2var_ps(_mm512_loadu_ps(thresholds), place,
                                   _mm512_loadu_ps(thresholds + kLanes)),
            _mm512_permutex2var_epi32(_mm512_loadu_si512(features), place,
                                      _mm512_loadu_si512(features + kLanes))};
  }
  return {_mm512_i32gather_ps(place, thresholds, 4), _mm512_i32gather_epi32(place, features, 4)};
}

}  // namespace

bool Forest::HasVectorPath() {
  static const bool has = __builtin_cpu_supports("avx512f") != 0;
  return has;
}

KSTATI_AVX512 void Forest::VectorMargins(const float* rows, size_t count, float* margins) const {
  constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
  const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i column_mask = _mm512_set1_epi32(0x7fffffff);
  const __m512i one = _mm512_set1_epi32(1);
  std::vector<float> block(columns_ * kLanes);  // column by column, a lane a row
  for (size_t first = 0; first < count; first += kLanes) {
    const size_t filled = std::min(kLanes, count - first);
    for (size_t row = 0; row < kLanes; ++row) {
      const float* values = row < filled ? rows + (first + row) * columns_ : nullptr;
      for (size_t column = 0; column < columns_; ++column) {
        block[column * kLanes + row] = values != nullptr ? values[column] : kMissing;
      }
    }
    __m512 sum = _mm512_set1_ps(base_margin_);
    for (const FullTree& tree : trees_) {
      const float* thresholds = thresholds_.data() + tree.splits;
      const uint32_t* features = features_.data() + tree.splits;
      __m512i place = _mm512_setzero_si512();  // within the level
      for (int level = 0; level < tree.depth; ++level) {
        const Level at = PickLevel(thresholds, features, place, level);
        const __m512i column = _mm512_and_si512(at.features, column_mask);
        const __m512i index = _mm512_add_epi32(_mm512_slli_epi32(column, 4), lane);
        const __m512 value = _mm512_i32gather_ps(index, block.data(), 4);
        const __mmask16 above = _mm512_cmp_ps_mask(value, at.thresholds, _CMP_GE_OQ);
        const __mmask16 missing = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
        const __mmask16 missing_right =
            _mm512_mask_cmplt_epi32_mask(missing, at.features, _mm512_setzero_si512());
        place = _mm512_slli_epi32(place, 1);
        place = _mm512_mask_add_epi32(place, above | missing_right, place, one);
        thresholds += size_t{1} << level;
        features += size_t{1} << level;
      }
      const float* leaves = leaves_.data() + tree.leaves;
      sum = _mm512_add_ps(sum, _mm512_i32gather_ps(place, leaves, 4));
    }
    const auto mask = static_cast<__mmask16>((1U << filled) - 1);
    _mm512_mask_storeu_ps(margins + first, mask, sum);
  }
}

#undef KSTATI_AVX512

#else

bool Forest::HasVectorPath() { return false; }

void Forest::VectorMargins(const float*, size_t, float*) const { KSTATI_CHECK(HasVectorPath()); }

#endif

}  // namespace kstati::recommender::trees
