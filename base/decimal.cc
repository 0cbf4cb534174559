// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

// The variant of libbidgcc000: arguments by value, rounding mode and flags as parameters.
// _Decimal128 must never be used beside it: both define __bid128_add with different ABIs.
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
#include <bid_functions.h>

#include "base/check.h"

namespace kstati {
namespace {

// IEEE 754 rounding modes in the library's numbering.
constexpr unsigned kToNearestEven = 0;
constexpr unsigned kTowardNegative = 1;
constexpr unsigned kTowardPositive = 2;
constexpr unsigned kTowardZero = 3;
constexpr unsigned kToNearestAway = 4;

constexpr unsigned kInvalidFlag = 0x01;
constexpr unsigned kInexactFlag = 0x20;

constexpr int kExponentBias = 6176;
constexpr int kLeastScale = -6111;
constexpr int kGreatestScale = 6176;
constexpr int kDigitsMax = 34;
constexpr uint64_t kSignBit = uint64_t{1} << 63;
constexpr uint64_t kExponentShift = 49;
constexpr uint64_t kCoefficientHighMask = (uint64_t{1} << kExponentShift) - 1;

using Coefficient = unsigned __int128;

static_assert(std::endian::native == std::endian::little);

BID_UINT128 Load(const Decimal& value) {
  BID_UINT128 raw;
  static_assert(sizeof(raw) == sizeof(value));
  std::memcpy(&raw, &value, sizeof(raw));
  return raw;
}

Decimal Store(BID_UINT128 raw) {
  Decimal value;
  std::memcpy(static_cast<void*>(&value), &raw, sizeof(raw));
  return value;
}

std::optional<Decimal> StoreFinite(BID_UINT128 raw) {
  if (!bid128_isFinite(raw)) return std::nullopt;
  return Store(raw);
}

struct Parts {
  bool negative;
  int exponent;  // of the last digit
  Coefficient coefficient;
};

// Requires a finite number. Coefficients above 34 digits are not canonical and count as zero;
// they never arise because every Decimal is a result of the library.
Parts Unpack(BID_UINT128 raw) {
  const uint64_t high = raw.w[1];
  return {(high & kSignBit) != 0,
          static_cast<int>((high >> kExponentShift) & 0x3FFF) - kExponentBias,
          (Coefficient{high & kCoefficientHighMask} << 64) | raw.w[0]};
}

BID_UINT128 Pack(uint64_t coefficient, int exponent) {
  BID_UINT128 raw;
  raw.w[0] = coefficient;
  raw.w[1] = static_cast<uint64_t>(exponent + kExponentBias) << kExponentShift;
  return raw;
}

std::string DigitsOf(Coefficient coefficient) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(coefficient % 10));
    coefficient /= 10;
  } while (coefficient != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t SkipDigits(std::string_view text, size_t position) {
  while (position < text.size() && IsDigit(text[position])) ++position;
  return position;
}

// Checks "-?digits?(.digits)?([eE][+-]?digits)?" with a digit before the exponent.
bool IsNumber(std::string_view text) {
  size_t position = text.starts_with('-') ? 1 : 0;
  const size_t whole = position;
  position = SkipDigits(text, position);
  size_t digits = position - whole;
  if (position < text.size() && text[position] == '.') {
    const size_t fraction = position + 1;
    position = SkipDigits(text, fraction);
    if (position == fraction) return false;
    digits += position - fraction;
  }
  if (digits == 0) return false;
  if (position < text.size() && (text[position] == 'e' || text[position] == 'E')) {
    ++position;
    if (position < text.size() && (text[position] == '+' || text[position] == '-')) ++position;
    const size_t exponent = position;
    position = SkipDigits(text, exponent);
    if (position == exponent || position - exponent > 5) return false;
  }
  return position == text.size();
}

// base ** exponent by repeated squaring; nullopt as soon as a product is not exact.
std::optional<BID_UINT128> ExactPower(BID_UINT128 base, uint64_t exponent) {
  unsigned flags = 0;
  BID_UINT128 result = Pack(1, 0);
  while (true) {
    if (exponent & 1) result = bid128_mul(result, base, kToNearestEven, &flags);
    exponent >>= 1;
    if (exponent == 0) break;
    base = bid128_mul(base, base, kToNearestEven, &flags);
    if ((flags & kInexactFlag) != 0) return std::nullopt;
  }
  if ((flags & kInexactFlag) != 0 || !bid128_isFinite(result)) return std::nullopt;
  return result;
}

unsigned DirectedMode(Rounding mode, bool negative) {
  switch (mode) {
    case Rounding::kHalfEven: return kToNearestEven;
    case Rounding::kHalfUp:
    case Rounding::kHalfDown: return kToNearestAway;
    case Rounding::kUp: return negative ? kTowardNegative : kTowardPositive;
    case Rounding::kDown: return kTowardZero;
    case Rounding::kFloor: return kTowardNegative;
    case Rounding::kCeiling: return kTowardPositive;
  }
  return kToNearestEven;
}

}  // namespace

Decimal::Decimal(int64_t value) {
  const bool negative = value < 0;
  words_[0] = negative ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  if (negative) words_[1] |= kSignBit;
}

Decimal Decimal::Scaled(int64_t digits, int scale) {
  KSTATI_CHECK(scale >= 0 && scale <= kDigitsMax);
  Decimal number(digits);
  number.words_[1] -= static_cast<uint64_t>(scale) << kExponentShift;
  return number;
}

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  if (!IsNumber(text)) return std::nullopt;
  std::string terminated(text);
  unsigned flags = 0;
  return StoreFinite(bid128_from_string(terminated.data(), kToNearestEven, &flags));
}

std::string Decimal::ToString() const {
  const Parts parts = Unpack(Load(*this));
  if (parts.coefficient == 0) return "0";
  std::string digits = DigitsOf(parts.coefficient);
  if (parts.exponent >= 0) {
    digits.append(static_cast<size_t>(parts.exponent), '0');
  } else {
    const size_t fraction = static_cast<size_t>(-parts.exponent);
    if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
    digits.insert(digits.size() - fraction, 1, '.');
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return parts.negative ? "-" + digits : digits;
}

std::optional<int64_t> Decimal::ToInt64() const {
  if (!IsInteger()) return std::nullopt;
  unsigned flags = 0;
  const int64_t value = bid128_to_int64_int(Load(*this), &flags);
  if ((flags & kInvalidFlag) != 0) return std::nullopt;
  return value;
}

double Decimal::ToDouble() const {
  unsigned flags = 0;
  return bid128_to_binary64(Load(*this), kToNearestEven, &flags);
}

bool Decimal::IsZero() const { return Unpack(Load(*this)).coefficient == 0; }

bool Decimal::IsNegative() const { return (words_[1] & kSignBit) != 0 && !IsZero(); }

bool Decimal::IsInteger() const {
  const BID_UINT128 raw = Load(*this);
  if (Unpack(raw).exponent >= 0) return true;
  unsigned flags = 0;
  return bid128_quiet_equal(bid128_round_integral_zero(raw, &flags), raw, &flags) != 0;
}

std::optional<Decimal> Decimal::Add(Decimal other) const {
  unsigned flags = 0;
  return StoreFinite(bid128_add(Load(*this), Load(other), kToNearestEven, &flags));
}

std::optional<Decimal> Decimal::Subtract(Decimal other) const {
  unsigned flags = 0;
  return StoreFinite(bid128_sub(Load(*this), Load(other), kToNearestEven, &flags));
}

std::optional<Decimal> Decimal::Multiply(Decimal other) const {
  unsigned flags = 0;
  return StoreFinite(bid128_mul(Load(*this), Load(other), kToNearestEven, &flags));
}

std::optional<Decimal> Decimal::Divide(Decimal other) const {
  unsigned flags = 0;
  return StoreFinite(bid128_div(Load(*this), Load(other), kToNearestEven, &flags));
}

std::optional<Decimal> Decimal::Modulo(Decimal other) const {
  unsigned flags = 0;
  const std::optional<Decimal> remainder =
      StoreFinite(bid128_fmod(Load(*this), Load(other), &flags));
  if (!remainder || remainder->IsZero()) return remainder;
  return remainder->IsNegative() == other.IsNegative() ? remainder : remainder->Add(other);
}

std::optional<Decimal> Decimal::Power(Decimal exponent) const {
  unsigned flags = 0;
  const BID_UINT128 base = Load(*this);
  if (const std::optional<int64_t> whole = exponent.ToInt64()) {
    const uint64_t size =
        *whole < 0 ? uint64_t{0} - static_cast<uint64_t>(*whole) : static_cast<uint64_t>(*whole);
    if (const auto exact = ExactPower(base, size)) {
      if (*whole >= 0) return Store(*exact);
      return StoreFinite(bid128_div(Pack(1, 0), *exact, kToNearestEven, &flags));
    }
  }
  return StoreFinite(bid128_pow(base, Load(exponent), kToNearestEven, &flags));
}

Decimal Decimal::Negate() const {
  Decimal result = *this;
  result.words_[1] ^= kSignBit;
  return result;
}

Decimal Decimal::Abs() const {
  Decimal result = *this;
  result.words_[1] &= ~kSignBit;
  return result;
}

std::optional<Decimal> Decimal::Round(int scale, Rounding mode) const {
  if (scale < kLeastScale || scale > kGreatestScale) return std::nullopt;
  const BID_UINT128 raw = Load(*this);
  const Parts parts = Unpack(raw);
  if (parts.exponent >= -scale) return *this;  // no digit after the last one kept
  const BID_UINT128 unit = Pack(1, -scale);
  unsigned flags = 0;
  const BID_UINT128 rounded =
      bid128_quantize(raw, unit, DirectedMode(mode, parts.negative), &flags);
  if (!bid128_isFinite(rounded)) return std::nullopt;
  if (mode != Rounding::kHalfDown) return Store(rounded);
  // A tie went away from zero. The distance to the rounded value has at most 34 digits: exact.
  const BID_UINT128 distance = bid128_abs(bid128_sub(rounded, raw, kToNearestEven, &flags));
  const BID_UINT128 half = scale == kGreatestScale ? Pack(0, 0) : Pack(5, -scale - 1);
  if (bid128_quiet_equal(distance, half, &flags) == 0) return Store(rounded);
  return StoreFinite(bid128_quantize(raw, unit, kTowardZero, &flags));
}

std::optional<Decimal> Decimal::SquareRoot() const {
  unsigned flags = 0;
  return StoreFinite(bid128_sqrt(Load(*this), kToNearestEven, &flags));
}

std::optional<Decimal> Decimal::Exponential() const {
  unsigned flags = 0;
  return StoreFinite(bid128_exp(Load(*this), kToNearestEven, &flags));
}

std::optional<Decimal> Decimal::Logarithm() const {
  unsigned flags = 0;
  return StoreFinite(bid128_log(Load(*this), kToNearestEven, &flags));
}

bool Decimal::operator==(const Decimal& other) const {
  // The same sign, exponent and high half of the coefficient: the low halves decide.
  if (words_[1] == other.words_[1]) return words_[0] == other.words_[0];
  unsigned flags = 0;
  return bid128_quiet_equal(Load(*this), Load(other), &flags) != 0;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  // The same sign, exponent and high half of the coefficient: the low halves decide.
  if (words_[1] == other.words_[1]) {
    return (words_[1] & kSignBit) != 0 ? other.words_[0] <=> words_[0]
                                       : words_[0] <=> other.words_[0];
  }
  unsigned flags = 0;
  const BID_UINT128 a = Load(*this);
  const BID_UINT128 b = Load(other);
  if (bid128_quiet_less(a, b, &flags) != 0) return std::strong_ordering::less;
  if (bid128_quiet_equal(a, b, &flags) != 0) return std::strong_ordering::equal;
  return std::strong_ordering::greater;
}

}  // namespace kstati
