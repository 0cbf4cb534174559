// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/tck_compare.h"

#include <algorithm>

#include "base/decimal.h"

namespace kstati::tck {
namespace {

using eligibility::feel::Kind;
using eligibility::feel::Value;

Match CompareNumbers(const Decimal& expected, const Decimal& actual) {
  if (expected == actual) return Match::kExact;
  const auto difference = expected.Subtract(actual);
  const bool close = difference && difference->Abs() < *Decimal::Parse("0.00000001");
  return close ? Match::kClose : Match::kDifferent;
}

Match CompareLists(const Value& expected, const Value& actual) {
  if (expected.list().size() != actual.list().size()) return Match::kDifferent;
  Match worst = Match::kExact;
  for (size_t i = 0; i < expected.list().size(); ++i) {
    worst = std::max(worst, Compare(expected.list()[i], actual.list()[i]));
  }
  return worst;
}

Match CompareContexts(const Value& expected, const Value& actual) {
  if (expected.context().size() != actual.context().size()) return Match::kDifferent;
  Match worst = Match::kExact;
  for (const Value::Entry& entry : expected.context()) {
    const Value* other = actual.Find(entry.name);
    worst = std::max(worst, other == nullptr ? Match::kDifferent : Compare(entry.value, *other));
  }
  return worst;
}

}  // namespace

Match Compare(const Value& expected, const Value& actual) {
  if (expected.kind() != actual.kind()) return Match::kDifferent;
  if (expected.is(Kind::kNumber)) return CompareNumbers(expected.number(), actual.number());
  if (expected.is(Kind::kList)) return CompareLists(expected, actual);
  if (expected.is(Kind::kContext)) return CompareContexts(expected, actual);
  return Identical(expected, actual) ? Match::kExact : Match::kDifferent;
}

}  // namespace kstati::tck
