// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/conversion.h"

#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

std::optional<Value> ConvertItems(const Value& list, const Type& element) {
  std::vector<Value> items;
  items.reserve(list.list().size());
  for (const Value& item : list.list()) {
    auto converted = Convert(item, element);
    if (!converted) return std::nullopt;
    items.push_back(*std::move(converted));
  }
  return Value::List(std::move(items));
}

// A declared entry must be there; others are kept as they are.
std::optional<Value> ConvertEntries(const Value& context, const std::vector<Type::Field>& fields) {
  Value::Entries entries = context.context();
  for (const Type::Field& field : fields) {
    bool found = false;
    for (Value::Entry& entry : entries) {
      if (entry.name != field.name) continue;
      auto converted = Convert(entry.value, field.type);
      if (!converted) return std::nullopt;
      entry.value = *std::move(converted);
      found = true;
    }
    if (!found) return std::nullopt;
  }
  return Value::Context(std::move(entries));
}

}  // namespace

std::optional<Value> Convert(const Value& value, const Type& type) {
  if (type.is_any() || value.is_null() || value.is_unknown()) return value;
  if (type.is(Kind::kList)) {
    const Type element = type.element();
    if (value.is(Kind::kList)) return element.is_any() ? value : ConvertItems(value, element);
    auto converted = Convert(value, element);
    if (!converted) return std::nullopt;
    return Value::List({*std::move(converted)});
  }
  if (value.is(Kind::kList)) {
    if (value.list().size() != 1) return std::nullopt;
    return Convert(Value(value.list().front()), type);
  }
  if (value.is(Kind::kContext) && type.is(Kind::kContext) && type.fields() != nullptr) {
    return ConvertEntries(value, *type.fields());
  }
  if (value.is(Kind::kDate) && type.is(Kind::kDateTime)) {
    return Value::OfDateTime({value.date(), 0, {true, 0}});
  }
  if (InstanceOf(value, type).is_false()) return std::nullopt;
  return value;
}

}  // namespace kstati::eligibility::feel
