// SPDX-License-Identifier: Apache-2.0
// Formulas over lists: filters, positions, and iterations (FEEL, DMN 1.5, 10.3.2.5 and 10.3.2.14).
#include <functional>
#include <utility>

#include "eligibility/certificate_verifier/formula.h"

namespace kstati::certificate_verifier {

using eligibility::feel::CollectMissing;
using eligibility::feel::InputId;
using eligibility::feel::UnionOfUnknowns;

namespace {

// Of one range; the steps of a formula end before it.
constexpr int64_t kItemsMax = 10'000'000;

// What is no list counts as a list of it; null as an empty one.
std::vector<Value> ItemsOf(const Value& base) {
  if (base.is(Kind::kList)) return base.list();
  return base.is_null() ? std::vector<Value>() : std::vector<Value>{base};
}

Value ItemAt(const std::vector<Value>& items, const Decimal& position) {
  const std::optional<int64_t> at = position.ToInt64();
  const auto size = static_cast<int64_t>(items.size());
  if (!at || *at == 0 || *at > size || *at < -size) return Value::Null();
  return items[static_cast<size_t>(*at > 0 ? *at - 1 : size + *at)];
}

}  // namespace

Value Formula::Filter(const Form& formula) {
  const Value base = Compute(formula.at(2));
  if (base.is_unknown()) return base;
  std::vector<Value> kept;
  std::vector<InputId> missing;
  for (const Value& item : ItemsOf(base)) {
    locals_[formula.at(1).get<int64_t>()] = item;
    const Value condition = Compute(formula.at(3));
    if (condition.is_true()) kept.push_back(item);
    if (condition.is_unknown()) CollectMissing(condition, missing);
  }
  if (missing.empty()) return Value::List(std::move(kept));
  for (const Value& item : kept) CollectMissing(item, missing);
  return Value::Unknown(missing);
}

// ["position", i, list, f]: f is a position. ["select", i, list, f]: a position or a condition,
// which the first item shows.
Value Formula::Position(const Form& formula) {
  const Value base = Compute(formula.at(2));
  if (base.is_unknown()) return base;
  const std::vector<Value> items = ItemsOf(base);
  const bool selects = formula.at(0) == "select";
  locals_[formula.at(1).get<int64_t>()] =
      items.empty() || !selects ? Value::Null() : Value(items.front());
  const Value first = Compute(formula.at(3));
  if (first.is(Kind::kNumber)) return ItemAt(items, first.number());
  if (first.is_unknown()) {
    return selects && items.empty() ? first : UnionOfUnknowns(first, base);
  }
  return selects ? Filter(formula) : Value::Null();
}

struct Formula::Walk {
  std::function<bool()> visit;
  std::vector<InputId> missing;  // what decides which items there are
  bool no_list = false;
};

bool Formula::VisitItem(const Form& iterators, size_t at, Value item, Walk& walk) {
  locals_[iterators.at(at).at(0).get<int64_t>()] = std::move(item);
  return Iterate(iterators, at + 1, walk);
}

// [[i, list] or [i, from, to]...], each within those before it.
bool Formula::Iterate(const Form& iterators, size_t at, Walk& walk) {
  if (at == iterators.size()) return walk.visit();
  const Form& iterator = iterators.at(at);
  const Value domain = Compute(iterator.at(1));
  if (iterator.size() > 2) {
    return IterateRange(iterators, at, {domain, Compute(iterator.at(2)), true, true, true, true},
                        walk);
  }
  if (domain.is_unknown()) {
    CollectMissing(domain, walk.missing);
    return true;
  }
  if (domain.is(Kind::kRange)) return IterateRange(iterators, at, domain.range(), walk);
  if (domain.is_null()) {
    walk.no_list = true;
    return true;
  }
  for (const Value& item : ItemsOf(domain)) {
    if (!VisitItem(iterators, at, item, walk)) return false;
  }
  return true;
}

// Whole numbers or days, upwards or downwards, without an end that does not belong.
bool Formula::IterateRange(const Form& iterators, size_t at, const eligibility::feel::Range& range,
                           Walk& walk) {
  const Value from = range.start;
  const Value to = range.end;
  if (from.is_unknown() || to.is_unknown()) {
    CollectMissing(from, walk.missing);
    CollectMissing(to, walk.missing);
    return true;
  }
  std::optional<int64_t> first;
  std::optional<int64_t> last;
  const bool numbers = from.is(Kind::kNumber) && to.is(Kind::kNumber);
  if (numbers) {
    first = from.number().ToInt64();
    last = to.number().ToInt64();
  } else if (from.is(Kind::kDate) && to.is(Kind::kDate)) {
    first = from.date().days;
    last = to.date().days;
  }
  if (!first || !last) {
    walk.no_list = true;
    return true;
  }
  const int64_t step = *first <= *last ? 1 : -1;
  const __int128 distance = (static_cast<__int128>(*last) - *first) * step;
  Require(distance <= kItemsMax, "a formula takes too many steps");
  const auto count = static_cast<int64_t>(distance) + 1;
  for (int64_t i = range.start_included ? 0 : 1; i < count - (range.end_included ? 0 : 1); ++i) {
    const int64_t value = *first + i * step;
    Value item = numbers ? Value::Number(value) : Value::OfDate(Date{value});
    if (!VisitItem(iterators, at, std::move(item), walk)) return false;
  }
  return true;
}

// ["for", iterators, body, i?]: local i has the results so far.
Value Formula::For(const Form& formula) {
  std::vector<Value> results;
  Walk walk;
  walk.visit = [&] {
    if (formula.size() > 3) {
      locals_[formula.at(3).get<int64_t>()] = Value::List(std::vector<Value>(results));
    }
    results.push_back(Compute(formula.at(2)));
    return true;
  };
  Iterate(formula.at(1), 0, walk);
  if (walk.no_list) return Value::Null();
  if (walk.missing.empty()) return Value::List(std::move(results));
  for (const Value& result : results) CollectMissing(result, walk.missing);
  return Value::Unknown(walk.missing);
}

// ["some" or "every", iterators, condition], or with one list ["some", i, list, condition].
Value Formula::Quantified(const Form& formula, bool some) {
  const bool one = formula.size() == 4;
  const Form iterators =
      one ? Form::array({Form::array({formula.at(1), formula.at(2)})}) : formula.at(1);
  const Form& condition = formula.at(one ? 3 : 2);
  const auto join = [&](const Value& a, const Value& b) { return some ? Or(a, b) : And(a, b); };
  Value joined = Value::Boolean(!some);
  Walk walk;
  walk.visit = [&] {
    joined = join(joined, Compute(condition));
    return some ? !joined.is_true() : !joined.is_false();
  };
  Iterate(iterators, 0, walk);
  if (walk.no_list) joined = join(joined, Value::Null());
  if (!walk.missing.empty()) joined = join(joined, Value::Unknown(walk.missing));
  return joined;
}

// ["range", sign, f or null, sign, f or null]: null when its ends have no order or a wrong one.
Value Formula::Range(const Form& formula) {
  eligibility::feel::Range range;
  range.has_start = !formula.at(2).is_null();
  range.has_end = !formula.at(4).is_null();
  range.start_included = formula.at(1) == ">=";
  range.end_included = formula.at(3) == "<=";
  if (range.has_start) range.start = Compute(formula.at(2));
  if (range.has_end) range.end = Compute(formula.at(4));
  if (range.start.has_unknown() || range.end.has_unknown()) {
    return UnionOfUnknowns(range.start, range.end);
  }
  if (range.has_start && range.has_end && !range.start.is_null() && !range.end.is_null()) {
    const std::optional<int> order = OrderOf(range.start, range.end);
    if (!order || *order > 0) return Value::Null();
  }
  return Value::OfRange(std::move(range));
}

}  // namespace kstati::certificate_verifier
