// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;
using Items = std::vector<Value>;

// Equality for searching: values of different kinds are simply different.
bool Same(const Value& a, const Value& b) { return Equals(a, b) == Truth::kTrue; }

// A position from 1, or from -1 backwards, as an index; nullopt outside of `size`.
std::optional<size_t> IndexOf(const Value& position, size_t size) {
  const auto whole = position.number().Round(0, Rounding::kDown);
  const auto at = whole ? whole->ToInt64() : std::nullopt;
  const auto count = static_cast<int64_t>(size);
  if (!at || *at == 0 || *at > count || *at < -count) return std::nullopt;
  return static_cast<size_t>(*at > 0 ? *at - 1 : count + *at);
}

Value ListContains(Arguments arguments, CallContext&) {
  Value found = Value::Boolean(false);
  for (const Value& item : arguments[0].list()) {
    const Truth equal = Equals(item, arguments[1]);
    found = Or(found, ToValue(equal == Truth::kNull ? Truth::kFalse : equal, item, arguments[1]));
    if (found.is_true()) break;
  }
  return found;
}

Value Count(Arguments arguments, CallContext&) {
  return Value::Number(static_cast<int64_t>(arguments[0].list().size()));
}

// Own rule: only an unknown list makes the result unknown, unknown items are kept.
Value Append(Arguments arguments, CallContext& call) {
  if (arguments[0].is_unknown()) return UnionOfUnknowns(arguments);
  Items items = arguments[0].list();
  if (!call.MayMakeItems(items.size() + arguments.size())) return Value::Null();
  items.insert(items.end(), arguments.begin() + 1, arguments.end());
  return Value::List(std::move(items));
}

Value Concatenate(Arguments arguments, CallContext& call) {
  Items items;
  for (const Value& argument : arguments) {
    if (argument.is_null()) return call.Fail("an argument is null");
    if (argument.is(Kind::kList)) {
      items.insert(items.end(), argument.list().begin(), argument.list().end());
    } else {
      items.push_back(argument);
    }
    if (!call.MayMakeItems(items.size())) return Value::Null();
  }
  return Value::List(std::move(items));
}

void AddDistinct(const Value& item, Items& items) {
  const bool known = std::any_of(items.begin(), items.end(),
                                 [&](const Value& other) { return Same(item, other); });
  if (!known) items.push_back(item);
}

// Looking every item up among the others takes quadratic time.
constexpr size_t kLargestSet = 5000;

Value DistinctValues(Arguments arguments, CallContext& call) {
  if (arguments[0].list().size() > kLargestSet) return call.Fail("the list is too long");
  Items items;
  for (const Value& item : arguments[0].list()) AddDistinct(item, items);
  return Value::List(std::move(items));
}

Value Union(Arguments arguments, CallContext& call) {
  const Value all = Concatenate(arguments, call);
  return all.is_null() ? all : DistinctValues(std::span(&all, 1), call);
}

// Own rule: an unknown new item is kept; anything else unknown makes the result unknown.
Value InsertBefore(Arguments arguments, CallContext& call) {
  if (arguments[0].is_unknown() || arguments[1].is_unknown()) return UnionOfUnknowns(arguments);
  Items items = arguments[0].list();
  const auto index = IndexOf(arguments[1], items.size());
  if (!index) return call.Fail("there is no item at this position");
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), arguments[2]);
  return Value::List(std::move(items));
}

Value Remove(Arguments arguments, CallContext& call) {
  Items items = arguments[0].list();
  const auto index = IndexOf(arguments[1], items.size());
  if (!index) return call.Fail("there is no item at this position");
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(*index));
  return Value::List(std::move(items));
}

Value Reverse(Arguments arguments, CallContext&) {
  const Items& items = arguments[0].list();
  return Value::List(Items(items.rbegin(), items.rend()));
}

Value IndexesOf(Arguments arguments, CallContext&) {
  Items positions;
  const Items& items = arguments[0].list();
  for (size_t i = 0; i < items.size(); ++i) {
    if (!Same(items[i], arguments[1])) continue;
    positions.push_back(Value::Number(static_cast<int64_t>(i + 1)));
  }
  return Value::List(std::move(positions));
}

bool FlattenInto(const Value& value, Items& items, CallContext& call) {
  if (!value.is(Kind::kList)) {
    items.push_back(value);
    return call.MayMakeItems(items.size());
  }
  return std::all_of(value.list().begin(), value.list().end(),
                     [&](const Value& item) { return FlattenInto(item, items, call); });
}

Value Flatten(Arguments arguments, CallContext& call) {
  Items items;
  if (!FlattenInto(arguments[0], items, call)) return Value::Null();
  return Value::List(std::move(items));
}

Value Sublist(Arguments arguments, CallContext& call) {
  const Items& items = arguments[0].list();
  const auto index = IndexOf(arguments[1], items.size());
  if (!index) return call.Fail("there is no item at this position");
  size_t count = items.size() - *index;
  if (arguments.size() > 2 && !arguments[2].is_null()) {
    const auto wanted = arguments[2].number().ToInt64();
    if (!wanted || *wanted < 1 || *wanted > static_cast<int64_t>(count)) {
      return call.Fail("the length goes beyond the list");
    }
    count = static_cast<size_t>(*wanted);
  }
  const auto begin = items.begin() + static_cast<std::ptrdiff_t>(*index);
  return Value::List(Items(begin, begin + static_cast<std::ptrdiff_t>(count)));
}

// Merges sorted halves with a predicate that may be inconsistent, unknown or no boolean at all.
class Sorter {
 public:
  Sorter(const Value& precedes, CallContext& call) : precedes_(precedes), call_(call) {}

  Value Sort(Items items) {
    Items room(items.size());
    SortPart(items, room, 0, items.size());
    if (!missing_.empty()) return Value::Unknown(missing_);
    return failed_ ? call_.Fail("the order of two items is not true or false")
                   : Value::List(std::move(items));
  }

 private:
  bool Precedes(const Value& a, const Value& b) {
    if (failed_) return false;
    const std::array<Value, 2> pair{a, b};
    const Value answer = call_.Invoke(precedes_, pair);
    if (answer.is_unknown()) {
      CollectMissing(answer, missing_);
    } else if (!answer.is(Kind::kBoolean)) {
      failed_ = true;
    }
    return answer.is_true();
  }

  void SortPart(Items& items, Items& room, size_t begin, size_t end) {
    if (end - begin < 2) return;
    const size_t middle = begin + (end - begin) / 2;
    SortPart(items, room, begin, middle);
    SortPart(items, room, middle, end);
    size_t left = begin;
    size_t right = middle;
    for (size_t to = begin; to < end; ++to) {
      const bool take_right =
          left == middle || (right < end && Precedes(items[right], items[left]));
      room[to] = std::move(items[take_right ? right++ : left++]);
    }
    std::move(room.begin() + static_cast<std::ptrdiff_t>(begin),
              room.begin() + static_cast<std::ptrdiff_t>(end),
              items.begin() + static_cast<std::ptrdiff_t>(begin));
  }

  const Value& precedes_;
  CallContext& call_;
  std::vector<InputId> missing_;
  bool failed_ = false;
};

Value Sort(Arguments arguments, CallContext& call) {
  return Sorter(arguments[1], call).Sort(arguments[0].list());
}

Value ReplaceMatching(const Items& items, Arguments arguments, CallContext& call) {
  Items replaced;
  for (const Value& item : items) {
    const std::array<Value, 2> pair{item, arguments[2]};
    const Value match = call.Invoke(arguments[1], pair);
    if (match.is_unknown()) return match;
    if (!match.is(Kind::kBoolean)) return call.Fail("the match is not true or false");
    replaced.push_back(match.is_true() ? arguments[2] : item);
  }
  return Value::List(std::move(replaced));
}

Value ListReplace(Arguments arguments, CallContext& call) {
  Items items = arguments[0].list();
  if (arguments[1].is(Kind::kFunction)) return ReplaceMatching(items, arguments, call);
  const auto index = IndexOf(arguments[1], items.size());
  if (!index) return call.Fail("there is no item at this position");
  items[*index] = arguments[2];
  return Value::List(std::move(items));
}

}  // namespace

// tidy: table
std::vector<Builtin> ListBuiltins() {
  const Type list = Type::Of(Kind::kList);
  constexpr auto kShallow = UnknownRule::kShallow;
  constexpr auto kOwn = UnknownRule::kOwn;
  constexpr auto kDeep = UnknownRule::kDeep;
  constexpr auto kFirst = ResultRule::kFirst;
  return {
      {.name = "list contains",
       .parameters = "list:l, element:x",
       .result = Type::Boolean(),
       .unknown = kShallow,
       .run = ListContains},
      {.name = "count",
       .parameters = "list:l",
       .result = Type::Number(),
       .unknown = kShallow,
       .run = Count},
      {.name = "append",
       .parameters = "list:l, item...:x",
       .result = list,
       .unknown = kOwn,
       .run = Append,
       .keeps_lists = true},
      {.name = "concatenate",
       .parameters = "list...:x",
       .result = list,
       .unknown = kShallow,
       .run = Concatenate,
       .keeps_lists = true},
      {.name = "union",
       .parameters = "list...:x",
       .result = list,
       .run = Union,
       .keeps_lists = true},
      {.name = "insert before",
       .parameters = "list:l, position:n, newItem:x",
       .result = list,
       .unknown = kOwn,
       .run = InsertBefore},
      {.name = "remove",
       .parameters = "list:l, position:n",
       .result = list,
       .unknown = kShallow,
       .run = Remove,
       .rule = kFirst},
      {.name = "reverse",
       .parameters = "list:l",
       .result = list,
       .unknown = kShallow,
       .run = Reverse,
       .rule = kFirst},
      {.name = "index of",
       .parameters = "list:l, match:x",
       .result = Type::ListOf(Type::Number()),
       .run = IndexesOf},
      {.name = "distinct values",
       .parameters = "list:l",
       .result = list,
       .unknown = kDeep,
       .run = DistinctValues,
       .rule = kFirst},
      {.name = "flatten", .parameters = "list:l", .result = list, .run = Flatten},
      {.name = "sublist",
       .parameters = "list:l, start position:n, length?:n",
       .result = list,
       .unknown = kShallow,
       .run = Sublist,
       .rule = kFirst},
      {.name = "sort",
       .parameters = "list:l, precedes:f",
       .result = list,
       .run = Sort,
       .rule = kFirst},
      {.name = "list replace",
       .parameters = "list:l, position:n, newItem:x | list:l, match:f, newItem:x",
       .result = list,
       .run = ListReplace},
  };
}

}  // namespace kstati::eligibility::feel
