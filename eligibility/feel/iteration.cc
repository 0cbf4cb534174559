// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "eligibility/feel/evaluator.h"
#include "eligibility/feel/operators.h"
#include "eligibility/feel/spare.h"

namespace kstati::eligibility::feel {

struct Evaluator::Walk {
  std::function<bool()> visit;
  std::vector<InputId> missing;  // inputs that decide what there is to visit
  bool null_domain = false;      // something to iterate over was null or no list
};

Value Evaluator::EvalFilter(const Node& node) {
  const Value base = Eval(node.a);
  if (base.is_unknown()) return base;
  std::vector<Value> single;
  if (!base.is(Kind::kList) && !base.is_null()) single.push_back(base);
  const std::vector<Value>& items = base.is(Kind::kList) ? base.list() : single;
  if (node.flags == kFilterByCondition) return FilterByCondition(node, items);
  // A filter whose type is not known before evaluation shows it on the first item.
  Value* item = &frame_[node.local];
  *item = items.empty() || node.flags == kFilterByIndex ? Value::Null() : items.front();
  const Value first = Eval(node.b);
  if (first.is(Kind::kNumber)) return FilterByIndex(node, items, first);
  if (node.flags != kFilterByIndex) {
    if (first.is_unknown() && items.empty()) return first;
    return first.is_unknown() && !program_->types[node.b].is(Kind::kBoolean)
               ? UnionOfUnknowns(first, base)
               : FilterByCondition(node, items);
  }
  return first.is_unknown() ? UnionOfUnknowns(first, base) : Value::Null();
}

Value Evaluator::FilterByIndex(const Node& node, const std::vector<Value>& items,
                               const Value& position) {
  const std::optional<int64_t> index = position.number().ToInt64();
  const auto size = static_cast<int64_t>(items.size());
  if (!index || *index == 0 || *index > size || *index < -size) {
    Note(node, "there is no item at this position");
    return Value::Null();
  }
  return items[static_cast<size_t>(*index > 0 ? *index - 1 : size + *index)];
}

// An item whose condition is unknown may or may not belong, so the whole list is unknown.
Value Evaluator::FilterByCondition(const Node& node, const std::vector<Value>& items) {
  std::vector<Value> kept = SpareItems();
  std::vector<InputId> missing;
  for (const Value& candidate : items) {
    frame_[node.local] = candidate;
    const Value condition = Eval(node.b);
    if (condition.is_true()) kept.push_back(candidate);
    if (condition.is_unknown()) CollectMissing(condition, missing);
    if (cut_short_) return Value::Null();
  }
  if (!missing.empty()) {
    for (const Value& value : kept) CollectMissing(value, missing);
    return Value::Unknown(missing);
  }
  return Bounded(node, Value::List(std::move(kept)));
}

bool Evaluator::VisitItem(const Node& node, size_t triple, Value item, Walk& walk) {
  if (cut_short_) return false;
  frame_[program_->children[node.a + triple + 2]] = std::move(item);
  return Iterate(node, triple + 3, walk);
}

// Visits every combination of the iterators from `triple` on; false when the visitor stopped.
bool Evaluator::Iterate(const Node& node, size_t triple, Walk& walk) {
  if (triple == node.b) return walk.visit();
  const Value domain = Eval(program_->children[node.a + triple]);
  const NodeIndex last = program_->children[node.a + triple + 1];
  if (last != kNoNode) {
    return IterateRange(node, triple, {domain, Eval(last), true, true, true, true}, walk);
  }
  if (domain.is_unknown()) {
    CollectMissing(domain, walk.missing);
    return true;
  }
  if (domain.is(Kind::kRange)) {
    return IterateRange(node, triple, domain.range(), walk);
  }
  return IterateItems(node, triple, domain, walk);
}

bool Evaluator::IterateItems(const Node& node, size_t triple, const Value& domain, Walk& walk) {
  if (domain.is_null()) {
    Note(node, "there is no list to iterate over");
    walk.null_domain = true;
    return true;
  }
  if (!domain.is(Kind::kList)) return VisitItem(node, triple, domain, walk);
  for (const Value& item : domain.list()) {
    if (!VisitItem(node, triple, item, walk)) return false;
  }
  return true;
}

// Whole numbers or days from one end to the other, also downwards, without an end that is excluded.
bool Evaluator::IterateRange(const Node& node, size_t triple, const Range& range, Walk& walk) {
  const Value& from = range.start;
  const Value& to = range.end;
  if (from.is_unknown() || to.is_unknown()) {
    CollectMissing(from, walk.missing);
    CollectMissing(to, walk.missing);
    return true;
  }
  const bool dates = from.is(Kind::kDate) && to.is(Kind::kDate);
  const bool numbers = from.is(Kind::kNumber) && to.is(Kind::kNumber);
  const auto first = numbers ? from.number().ToInt64()
                     : dates ? std::optional(from.date().days)
                             : std::nullopt;
  const auto last = numbers ? to.number().ToInt64()
                    : dates ? std::optional(to.date().days)
                            : std::nullopt;
  if (!first || !last) {
    Note(node, "an iteration needs whole numbers or dates as its ends");
    walk.null_domain = true;
    return true;
  }
  const int64_t step = *first <= *last ? 1 : -1;
  if (*first == *last && !(range.start_included && range.end_included)) return true;
  const int64_t begin = range.start_included ? *first : *first + step;
  const int64_t end = range.end_included ? *last : *last - step;
  const bool both_excluded = !range.start_included && !range.end_included;
  if (both_excluded && begin == *last) return true;  // nothing between neighbours
  for (int64_t at = begin;; at += step) {
    Value item = numbers ? Value::Number(at) : Value::OfDate(Date{at});
    if (!VisitItem(node, triple, std::move(item), walk)) return false;
    if (at == end) return true;
  }
}

Value Evaluator::EvalFor(const Node& node) {
  std::vector<Value> results;
  Walk walk;
  walk.visit = [&] {
    if ((node.flags & kUsesPartial) != 0) {
      frame_[node.local] = Bounded(node, Value::List(std::vector<Value>(results)));
    }
    results.push_back(Eval(node.c));
    if (results.size() > limits_.max_list_items) CutShort(node, "a list is too long");
    return !cut_short_;
  };
  Iterate(node, 0, walk);
  if (cut_short_ || walk.null_domain) return Value::Null();
  if (!walk.missing.empty()) {
    for (const Value& result : results) CollectMissing(result, walk.missing);
    return Value::Unknown(walk.missing);
  }
  return Bounded(node, Value::List(std::move(results)));
}

// `some` is a disjunction over all combinations, `every` a conjunction.
Value Evaluator::EvalQuantified(const Node& node) {
  const bool some = node.op == Op::kSome;
  Value folded = Value::Boolean(!some);
  Walk walk;
  walk.visit = [&] {
    const Value one = Eval(node.c);
    folded = some ? Or(folded, one) : And(folded, one);
    return some ? !folded.is_true() : !folded.is_false();
  };
  Iterate(node, 0, walk);
  if (walk.null_domain) folded = some ? Or(folded, Value::Null()) : And(folded, Value::Null());
  if (!walk.missing.empty()) {
    const Value open = Value::Unknown(walk.missing);
    folded = some ? Or(folded, open) : And(folded, open);
  }
  return folded;
}

}  // namespace kstati::eligibility::feel
