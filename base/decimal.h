// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kstati {

enum class Rounding { kHalfEven, kHalfUp, kHalfDown, kUp, kDown, kFloor, kCeiling };

// An IEEE 754 decimal128 number (34 digits), never infinite and never NaN: every operation whose
// result is not a number (division by zero, overflow) returns nullopt. Exact where 34 digits
// suffice, else rounded half-even. Binary floating point never touches money.
// Backed by Intel's library (binary integer decimal encoding).
class Decimal {
 public:
  Decimal() = default;     // zero
  Decimal(int64_t value);  // NOLINT(google-explicit-constructor): integers are exact

  // digits * 10^-scale, exactly; scale in 0..34.
  static Decimal Scaled(int64_t digits, int scale);
  // "-12.50", "1e3"; no blanks, no signs but a leading one. nullopt when it is not a number.
  static std::optional<Decimal> Parse(std::string_view text);

  // Plain notation without exponent and without trailing zeros of the fraction: "10", "0.5".
  std::string ToString() const;
  // nullopt when it is not a whole number or does not fit.
  std::optional<int64_t> ToInt64() const;
  // The nearest double; only for scores and pictures, never for a decision.
  double ToDouble() const;

  bool IsZero() const;
  bool IsNegative() const;
  bool IsInteger() const;

  std::optional<Decimal> Add(Decimal other) const;
  std::optional<Decimal> Subtract(Decimal other) const;
  std::optional<Decimal> Multiply(Decimal other) const;
  std::optional<Decimal> Divide(Decimal other) const;  // nullopt when other is zero
  std::optional<Decimal> Modulo(Decimal other) const;  // floored: the sign of `other`
  std::optional<Decimal> Power(Decimal exponent) const;
  Decimal Negate() const;
  Decimal Abs() const;
  // Rounded to `scale` digits after the point (negative: before it); scale in -6111..6176.
  std::optional<Decimal> Round(int scale, Rounding mode) const;
  std::optional<Decimal> SquareRoot() const;
  std::optional<Decimal> Exponential() const;
  std::optional<Decimal> Logarithm() const;

  // By value: 1.0 equals 1.
  bool operator==(const Decimal& other) const;
  std::strong_ordering operator<=>(const Decimal& other) const;

 private:
  uint64_t words_[2] = {0, 0x3040000000000000ULL};  // BID128 zero, little-endian words
};

}  // namespace kstati
