// SPDX-License-Identifier: Apache-2.0
// FEEL's functions beside those of functions.h (DMN 1.5, 10.3.4).
#include "eligibility/certificate_verifier/any_functions.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "eligibility/certificate_verifier/fitting.h"
#include "eligibility/certificate_verifier/functions.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::CollectMissing;
using eligibility::feel::InputId;
using eligibility::feel::UnionOfUnknowns;

// --- Lists ---

bool Same(const Value& a, const Value& b) { return Compared("=", a, b)->is_true(); }

std::optional<size_t> PlaceOf(const Value& position, size_t size) {
  const auto whole = position.number().Round(0, Rounding::kDown);
  const auto at = whole ? whole->ToInt64() : std::nullopt;
  const auto count = static_cast<int64_t>(size);
  if (!at || *at == 0 || *at > count || *at < -count) return std::nullopt;
  return static_cast<size_t>(*at > 0 ? *at - 1 : count + *at);
}

Value ListContains(const Items& arguments, Formula&) {
  Value found = Value::Boolean(false);
  for (const Value& item : arguments[0].list()) {
    const Value equal = *Compared("=", item, arguments[1]);
    found = Or(found, equal.is_null() ? Value::Boolean(false) : equal);
    if (found.is_true()) break;
  }
  return found;
}

Value Append(const Items& arguments, Formula&) {
  if (arguments[0].is_unknown()) return UnionOfUnknowns(arguments);
  Items items = arguments[0].list();
  items.insert(items.end(), arguments.begin() + 1, arguments.end());
  return Value::List(std::move(items));
}

Value Concatenate(const Items& arguments, Formula&) {
  Items items;
  for (const Value& argument : arguments) {
    if (argument.is_null()) return Value::Null();
    if (argument.is(Kind::kList)) {
      items.insert(items.end(), argument.list().begin(), argument.list().end());
    } else {
      items.push_back(argument);
    }
  }
  return Value::List(std::move(items));
}

Value DistinctValues(const Items& arguments, Formula&) {
  constexpr size_t kLargestSet = 5000;
  if (arguments[0].list().size() > kLargestSet) return Value::Null();
  Items items;
  for (const Value& item : arguments[0].list()) {
    const auto same = [&](const Value& other) { return Same(item, other); };
    if (std::ranges::none_of(items, same)) items.push_back(item);
  }
  return Value::List(std::move(items));
}

Value UnionOf(const Items& arguments, Formula& formula) {
  const Value all = Concatenate(arguments, formula);
  return all.is_null() ? all : DistinctValues({all}, formula);
}

Value InsertBefore(const Items& arguments, Formula&) {
  if (arguments[0].is_unknown() || arguments[1].is_unknown()) return UnionOfUnknowns(arguments);
  Items items = arguments[0].list();
  const auto place = PlaceOf(arguments[1], items.size());
  if (!place) return Value::Null();
  items.insert(items.begin() + static_cast<std::ptrdiff_t>(*place), arguments[2]);
  return Value::List(std::move(items));
}

Value Remove(const Items& arguments, Formula&) {
  Items items = arguments[0].list();
  const auto place = PlaceOf(arguments[1], items.size());
  if (!place) return Value::Null();
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(*place));
  return Value::List(std::move(items));
}

Value Reverse(const Items& arguments, Formula&) {
  const Items& items = arguments[0].list();
  return Value::List(Items(items.rbegin(), items.rend()));
}

Value IndexOf(const Items& arguments, Formula&) {
  Items places;
  for (size_t i = 0; i < arguments[0].list().size(); ++i) {
    if (!Same(arguments[0].list()[i], arguments[1])) continue;
    places.push_back(Value::Number(static_cast<int64_t>(i + 1)));
  }
  return Value::List(std::move(places));
}

void Flatten(const Value& value, Items& items) {
  if (!value.is(Kind::kList)) return items.push_back(value);
  for (const Value& item : value.list()) Flatten(item, items);
}

Value Flattened(const Items& arguments, Formula&) {
  Items items;
  Flatten(arguments[0], items);
  return Value::List(std::move(items));
}

Value Sublist(const Items& arguments, Formula&) {
  const Items& items = arguments[0].list();
  const auto place = PlaceOf(arguments[1], items.size());
  if (!place) return Value::Null();
  size_t count = items.size() - *place;
  if (arguments.size() > 2 && !arguments[2].is_null()) {
    const auto wanted = arguments[2].number().ToInt64();
    if (!wanted || *wanted < 1 || *wanted > static_cast<int64_t>(count)) return Value::Null();
    count = static_cast<size_t>(*wanted);
  }
  const auto first = items.begin() + static_cast<std::ptrdiff_t>(*place);
  return Value::List(Items(first, first + static_cast<std::ptrdiff_t>(count)));
}

// By halves, as FEEL's order need not be one: every comparison counts.
class Sorter {
 public:
  Sorter(const Value& precedes, Formula& formula) : precedes_(precedes), formula_(formula) {}

  Value Sort(Items items) {
    items = Sorted(std::move(items));
    if (!missing_.empty()) return Value::Unknown(missing_);
    return failed_ ? Value::Null() : Value::List(std::move(items));
  }

 private:
  Items Sorted(Items items) {
    if (items.size() < 2) return items;
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    const Items left = Sorted(Items(items.begin(), middle));
    const Items right = Sorted(Items(middle, items.end()));
    Items merged;
    size_t a = 0;
    size_t b = 0;
    while (a < left.size() || b < right.size()) {
      const bool takes_right =
          a == left.size() || (b < right.size() && Precedes(right[b], left[a]));
      merged.push_back(takes_right ? right[b++] : left[a++]);
    }
    return merged;
  }

  bool Precedes(const Value& a, const Value& b) {
    if (failed_) return false;
    const Value answer = formula_.Invoke(precedes_, {a, b});
    if (answer.is_unknown()) {
      CollectMissing(answer, missing_);
    } else if (!answer.is(Kind::kBoolean)) {
      failed_ = true;
    }
    return answer.is_true();
  }

  const Value& precedes_;
  Formula& formula_;
  std::vector<InputId> missing_;
  bool failed_ = false;
};

Value Sort(const Items& arguments, Formula& formula) {
  return Sorter(arguments[1], formula).Sort(arguments[0].list());
}

Value Replace(const Items& arguments, Formula& formula) {
  Items items = arguments[0].list();
  if (!arguments[1].is(Kind::kFunction)) {
    const Value position = Single(arguments[1]);
    const auto place = position.is(Kind::kNumber) ? PlaceOf(position, items.size()) : std::nullopt;
    if (!place) return Value::Null();
    items[*place] = arguments[2];
    return Value::List(std::move(items));
  }
  for (Value& item : items) {
    const Value match = formula.Invoke(arguments[1], {item, arguments[2]});
    if (match.is_unknown()) return match;
    if (!match.is(Kind::kBoolean)) return Value::Null();
    if (match.is_true()) item = arguments[2];
  }
  return Value::List(std::move(items));
}

// --- Numbers of a list ---

using Number = std::optional<Decimal>;

std::optional<std::vector<Decimal>> NumbersOf(const Value& list, size_t least) {
  std::vector<Decimal> numbers;
  for (const Value& item : list.list()) {
    if (!item.is(Kind::kNumber)) return std::nullopt;
    numbers.push_back(item.number());
  }
  if (numbers.size() < least) return std::nullopt;
  return numbers;
}

Number MeanOf(const std::vector<Decimal>& numbers) {
  Number sum = Decimal();
  for (const Decimal& number : numbers) sum = sum ? sum->Add(number) : sum;
  return sum ? sum->Divide(static_cast<int64_t>(numbers.size())) : sum;
}

Value Mean(const Items& arguments, Formula&) {
  const auto numbers = NumbersOf(arguments[0], 1);
  return numbers ? NumberOrNull(MeanOf(*numbers)) : Value::Null();
}

Value Product(const Items& arguments, Formula&) {
  const auto numbers = NumbersOf(arguments[0], 1);
  if (!numbers) return Value::Null();
  Number product = Decimal(1);
  for (const Decimal& number : *numbers) product = product ? product->Multiply(number) : product;
  return NumberOrNull(product);
}

Value Median(const Items& arguments, Formula&) {
  auto numbers = NumbersOf(arguments[0], 1);
  if (!numbers) return Value::Null();
  std::ranges::sort(*numbers);
  const size_t middle = numbers->size() / 2;
  if (numbers->size() % 2 == 1) return Value::Number((*numbers)[middle]);
  const Number sum = (*numbers)[middle - 1].Add((*numbers)[middle]);
  return NumberOrNull(sum ? sum->Divide(2) : sum);
}

// Of a sample.
Value Deviation(const Items& arguments, Formula&) {
  const auto numbers = NumbersOf(arguments[0], 2);
  const Number mean = numbers ? MeanOf(*numbers) : Number();
  if (!mean) return Value::Null();
  Number sum = Decimal();
  for (const Decimal& number : *numbers) {
    const Number distance = number.Subtract(*mean);
    const Number square = distance ? distance->Multiply(*distance) : Number();
    sum = sum && square ? sum->Add(*square) : Number();
  }
  const Number variance = sum ? sum->Divide(static_cast<int64_t>(numbers->size()) - 1) : Number();
  return NumberOrNull(variance ? variance->SquareRoot() : Number());
}

Value Mode(const Items& arguments, Formula&) {
  auto numbers = NumbersOf(arguments[0], 0);
  if (!numbers) return Value::Null();
  std::map<Decimal, size_t> counts;
  size_t most = 0;
  for (const Decimal& number : *numbers) most = std::max(most, ++counts[number]);
  Items modes;
  for (const auto& [number, count] : counts) {
    if (count == most) modes.push_back(Value::Number(number));
  }
  return Value::List(std::move(modes));
}

// --- Texts ---

bool GoesOn(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Where each character starts, and the end.
std::vector<size_t> StartsOf(const std::string& text) {
  std::vector<size_t> starts;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!GoesOn(text[i])) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}

Value Substring(const Items& arguments, Formula&) {
  const std::string& text = arguments[0].string();
  const std::vector<size_t> starts = StartsOf(text);
  const auto place = PlaceOf(arguments[1], starts.size() - 1);
  if (!place) return Value::Null();
  size_t end = starts.size() - 1;
  if (arguments.size() > 2 && !arguments[2].is_null()) {
    const auto whole = arguments[2].number().Round(0, Rounding::kDown);
    const auto length = whole ? whole->ToInt64() : std::nullopt;
    if (!length || *length < 1) return Value::Null();
    if (*length < static_cast<int64_t>(end - *place)) end = *place + static_cast<size_t>(*length);
  }
  return Value::String(text.substr(starts[*place], starts[end] - starts[*place]));
}

Value SubstringBefore(const Items& arguments, Formula&) {
  const size_t at = arguments[0].string().find(arguments[1].string());
  return Value::String(at == std::string::npos ? std::string()
                                               : arguments[0].string().substr(0, at));
}

Value SubstringAfter(const Items& arguments, Formula&) {
  const std::string& match = arguments[1].string();
  const size_t at = arguments[0].string().find(match);
  return Value::String(at == std::string::npos ? std::string()
                                               : arguments[0].string().substr(at + match.size()));
}

Value StringJoin(const Items& arguments, Formula&) {
  const bool delimited = arguments.size() > 1 && arguments[1].is(Kind::kString);
  std::string text;
  bool first = true;
  for (const Value& item : arguments[0].list()) {
    if (item.is_null()) continue;
    if (!item.is(Kind::kString)) return Value::Null();
    if (!first && delimited) text += arguments[1].string();
    first = false;
    text += item.string();
    Require(text.size() <= (1U << 20U), "a text is too long");
  }
  return Value::String(std::move(text));
}

Value UpperCase(const Items& arguments, Formula&) {
  std::string text;
  icu::UnicodeString::fromUTF8(arguments[0].string())
      .toUpper(icu::Locale::getRoot())
      .toUTF8String(text);
  return Value::String(std::move(text));
}

Value LowerCase(const Items& arguments, Formula&) {
  std::string text;
  icu::UnicodeString::fromUTF8(arguments[0].string())
      .toLower(icu::Locale::getRoot())
      .toUTF8String(text);
  return Value::String(std::move(text));
}

Value TextOf(const Items& arguments, Formula&) {
  return arguments[0].is_null() ? Value::Null() : Value::String(ToText(arguments[0]));
}

Value NumberOfText(const Items& arguments, Formula&) {
  return NumberOrNull(Decimal::Parse(arguments[0].string()).has_value()
                          ? Number(*Decimal::Parse(arguments[0].string()))
                          : Number());
}

// A separator is one sign of those.
bool Separates(const Value& separator, std::string_view signs) {
  return separator.is_null() || (separator.string().size() == 1 &&
                                 signs.find(separator.string()) != std::string_view::npos);
}

Value NumberOfSeparated(const Items& arguments, Formula& formula) {
  const Value grouping = arguments[1];
  const Value point = arguments.size() > 2 ? arguments[2] : Value::Null();
  if (!Separates(grouping, " ,.") || !Separates(point, ",.")) return Value::Null();
  if (!grouping.is_null() && Same(grouping, point)) return Value::Null();
  std::string digits;
  bool split = false;  // a comma that is a point can be one only
  for (const char sign : arguments[0].string()) {
    const std::string one(1, sign);
    if (!grouping.is_null() && one == grouping.string()) continue;
    const bool comma = !point.is_null() && point.string() == "," && !split;
    if (sign == '.' && !point.is_null() && point.string() == ",") return Value::Null();
    split = split || (comma && sign == ',');
    digits += comma && sign == ',' ? '.' : sign;
  }
  return NumberOfText({Value::String(std::move(digits))}, formula);
}

// --- Numbers ---

Value Size(const Items& arguments, Formula&) { return Value::Number(arguments[0].number().Abs()); }

Value Exponential(const Items& arguments, Formula&) {
  return NumberOrNull(arguments[0].number().Exponential());
}

Value Logarithm(const Items& arguments, Formula&) {
  return NumberOrNull(arguments[0].number().Logarithm());
}

Value Root(const Items& arguments, Formula&) {
  return NumberOrNull(arguments[0].number().SquareRoot());
}

// --- Others ---

Value Is(const Items& arguments, Formula&) {
  return Value::Boolean(Identical(arguments[0], arguments[1]));
}

const FunctionTable& OtherFunctions() {
  static const FunctionTable functions{
      {"list contains", {"lx", Open::kInside, ListContains}},
      {"append", {"lx+", Open::kSelf, Append}},
      {"concatenate", {"x+", Open::kInside, Concatenate}},
      {"union", {"x+", Open::kNowhere, UnionOf}},
      {"insert before", {"lnx", Open::kSelf, InsertBefore}},
      {"remove", {"ln", Open::kInside, Remove}},
      {"reverse", {"l", Open::kInside, Reverse}},
      {"index of", {"lx", Open::kNowhere, IndexOf}},
      {"distinct values", {"l", Open::kNowhere, DistinctValues}},
      {"flatten", {"l", Open::kNowhere, Flattened}},
      {"sublist", {"lnn?", Open::kInside, Sublist}},
      {"sort", {"lf", Open::kNowhere, Sort}},
      {"list replace", {"lxx", Open::kNowhere, Replace}},
      {"mean", {"l", Open::kNowhere, Mean}},
      {"median", {"l", Open::kNowhere, Median}},
      {"product", {"l", Open::kNowhere, Product}},
      {"stddev", {"l", Open::kNowhere, Deviation}},
      {"mode", {"l", Open::kNowhere, Mode}},
      {"substring", {"snn?", Open::kNowhere, Substring}},
      {"upper case", {"s", Open::kNowhere, UpperCase}},
      {"lower case", {"s", Open::kNowhere, LowerCase}},
      {"substring before", {"ss", Open::kNowhere, SubstringBefore}},
      {"substring after", {"ss", Open::kNowhere, SubstringAfter}},
      {"string join", {"ls?", Open::kNowhere, StringJoin}},
      {"string", {"x", Open::kNowhere, TextOf}},
      {"number", {"s", Open::kNowhere, NumberOfText}},
      {"number", {"ss?s?", Open::kNowhere, NumberOfSeparated}},
      {"abs", {"n", Open::kNowhere, Size}},
      {"sqrt", {"n", Open::kNowhere, Root}},
      {"exp", {"n", Open::kNowhere, Exponential}},
      {"log", {"n", Open::kNowhere, Logarithm}},
      {"is", {"xx", Open::kNowhere, Is}},
  };
  return functions;
}

// Of these several arguments stand for the items of one list.
bool Gathers(const std::string& name) {
  return name == "mean" || name == "median" || name == "product" || name == "stddev" ||
         name == "mode";
}

Value Run(const Function& function, const Items& arguments, Formula& formula) {
  const bool held = std::ranges::any_of(arguments, [&](const Value& argument) {
    return function.open == Open::kNowhere
               ? argument.has_unknown()
               : function.open == Open::kInside && argument.is_unknown();
  });
  return held ? UnionOfUnknowns(arguments) : function.run(arguments, formula);
}

}  // namespace

std::optional<Value> OfAny(const std::string& name, const std::vector<Value>& arguments,
                           Formula& formula) {
  const bool items = Gathers(name) && arguments.size() > 1;
  const Items taken = items ? Items{Value::List(Items(arguments))} : arguments;
  bool count_fits = false;
  for (const FunctionTable* table : {&OtherFunctions(), &DayFunctions(), &PatternFunctions(),
                                     &RangeFunctions(), &ContextFunctions()}) {
    const auto [begin, end] = table->equal_range(name);
    for (auto function = begin; function != end; ++function) {
      const std::optional<Fitting> fitting = Fit(function->second.parameters, taken);
      count_fits = count_fits || fitting.has_value();
      if (fitting && fitting->fits) return Run(function->second, fitting->arguments, formula);
    }
  }
  return count_fits ? std::optional(Value::Null()) : std::nullopt;
}

}  // namespace kstati::certificate_verifier
