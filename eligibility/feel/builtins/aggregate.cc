// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;
using Number = std::optional<Decimal>;

// The items as numbers; nullopt when one is none.
std::optional<std::vector<Decimal>> Numbers(const Value& list) {
  std::vector<Decimal> numbers;
  for (const Value& item : list.list()) {
    if (!item.is(Kind::kNumber)) return std::nullopt;
    numbers.push_back(item.number());
  }
  return numbers;
}

Number SumOf(const std::vector<Decimal>& numbers) {
  Number sum = Decimal();
  for (const Decimal number : numbers) {
    if (sum) sum = sum->Add(number);
  }
  return sum;
}

Number MeanOf(const std::vector<Decimal>& numbers) {
  const Number sum = SumOf(numbers);
  return sum ? sum->Divide(static_cast<int64_t>(numbers.size())) : sum;
}

Number ProductOf(const std::vector<Decimal>& numbers) {
  Number product = Decimal(1);
  for (const Decimal number : numbers) {
    if (product) product = product->Multiply(number);
  }
  return product;
}

Number MedianOf(std::vector<Decimal> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const size_t middle = numbers.size() / 2;
  if (numbers.size() % 2 == 1) return numbers[middle];
  const Number sum = numbers[middle - 1].Add(numbers[middle]);
  return sum ? sum->Divide(2) : sum;
}

// Of a sample: divided by one less than the count.
Number DeviationOf(const std::vector<Decimal>& numbers) {
  const Number mean = MeanOf(numbers);
  Number sum = mean ? Number(Decimal()) : Number();
  for (const Decimal number : numbers) {
    const Number distance = sum ? number.Subtract(*mean) : Number();
    const Number square = distance ? distance->Multiply(*distance) : Number();
    sum = square ? sum->Add(*square) : Number();
  }
  const Number variance = sum ? sum->Divide(static_cast<int64_t>(numbers.size()) - 1) : Number();
  return variance ? variance->SquareRoot() : Number();
}

Value MaybeNumber(const Number& number, CallContext& call) {
  return number ? Value::Number(*number) : call.Fail("the result is out of range");
}

// Applies `fold` to at least `least` numbers.
Value FoldNumbers(Arguments arguments, CallContext& call, size_t least,
                  Number (*fold)(const std::vector<Decimal>&)) {
  const auto numbers = Numbers(arguments[0]);
  if (!numbers) return call.Fail("an item is not a number");
  if (numbers->size() < least) return call.Fail("the list has too few items");
  return MaybeNumber(fold(*numbers), call);
}

Value Sum(Arguments arguments, CallContext& call) { return FoldNumbers(arguments, call, 1, SumOf); }
Value Mean(Arguments arguments, CallContext& call) {
  return FoldNumbers(arguments, call, 1, MeanOf);
}
Value Product(Arguments arguments, CallContext& call) {
  return FoldNumbers(arguments, call, 1, ProductOf);
}
Value Deviation(Arguments arguments, CallContext& call) {
  return FoldNumbers(arguments, call, 2, DeviationOf);
}
Value Median(Arguments arguments, CallContext& call) {
  return FoldNumbers(arguments, call, 1,
                     [](const std::vector<Decimal>& numbers) { return MedianOf(numbers); });
}

// The most frequent numbers, ascending.
Value Mode(Arguments arguments, CallContext& call) {
  auto numbers = Numbers(arguments[0]);
  if (!numbers) return call.Fail("an item is not a number");
  std::sort(numbers->begin(), numbers->end());
  std::vector<Value> modes;
  size_t most = 0;
  for (size_t i = 0; i < numbers->size();) {
    size_t end = i;
    while (end < numbers->size() && (*numbers)[end] == (*numbers)[i]) ++end;
    if (end - i > most) modes.clear();
    if (end - i >= most) modes.push_back(Value::Number((*numbers)[i]));
    most = std::max(most, end - i);
    i = end;
  }
  return Value::List(std::move(modes));
}

// The least (sign -1) or greatest (sign 1) item in FEEL's order.
Value Extreme(Arguments arguments, CallContext& call, int sign) {
  const std::vector<Value>& items = arguments[0].list();
  if (items.empty()) return call.Fail("the list is empty");
  const Value* best = &items.front();
  for (const Value& item : items) {
    const std::optional<int> order = Order(item, *best);
    if (!order) return call.Fail("the items have no common order");
    if (*order * sign > 0) best = &item;
  }
  return *best;
}

Value Least(Arguments arguments, CallContext& call) { return Extreme(arguments, call, -1); }
Value Greatest(Arguments arguments, CallContext& call) { return Extreme(arguments, call, 1); }

// Shallow rule: unknown items count as in a conjunction or disjunction.
Value All(Arguments arguments, CallContext&) {
  Value all = Value::Boolean(true);
  for (const Value& item : arguments[0].list()) all = And(all, item);
  return all;
}

Value Any(Arguments arguments, CallContext&) {
  Value any = Value::Boolean(false);
  for (const Value& item : arguments[0].list()) any = Or(any, item);
  return any;
}

Builtin Numeric(std::string_view name, BuiltinFunction run) {
  return {.name = name, .parameters = "list...:l", .result = Type::Number(), .run = run};
}

}  // namespace

std::vector<Builtin> AggregateBuiltins() {
  constexpr std::string_view kItems = "list...:l";
  return {
      Numeric("sum", Sum),
      Numeric("mean", Mean),
      Numeric("median", Median),
      Numeric("stddev", Deviation),
      Numeric("product", Product),
      {.name = "mode", .parameters = kItems, .result = Type::ListOf(Type::Number()), .run = Mode},
      {.name = "min",
       .parameters = kItems,
       .result = Type::Any(),
       .run = Least,
       .rule = ResultRule::kElement},
      {.name = "max",
       .parameters = kItems,
       .result = Type::Any(),
       .run = Greatest,
       .rule = ResultRule::kElement},
      {.name = "all",
       .parameters = kItems,
       .result = Type::Boolean(),
       .unknown = UnknownRule::kShallow,
       .run = All},
      {.name = "any",
       .parameters = kItems,
       .result = Type::Boolean(),
       .unknown = UnknownRule::kShallow,
       .run = Any},
  };
}

}  // namespace kstati::eligibility::feel
