// SPDX-License-Identifier: Apache-2.0
// FEEL's functions of contexts (DMN 1.5, 10.3.4.10).
#include <algorithm>
#include <span>

#include "eligibility/certificate_verifier/fitting.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::UnionOfUnknowns;

constexpr size_t kKeysMax = 100;

Items KeysOf(const Value& keys) { return keys.is(Kind::kList) ? keys.list() : Items{keys}; }

Value EntryAt(const Items& arguments, Formula&) {
  const Items keys = KeysOf(arguments[1]);
  if (keys.empty()) return Value::Null();
  Value at = arguments[0];
  for (const Value& key : keys) {
    if (EitherUnknown(at, key)) return UnionOfUnknowns(at, key);
    if (!at.is(Kind::kContext) || !key.is(Kind::kString)) return Value::Null();
    const Value* const entry = at.Find(key.string());
    if (entry == nullptr) return Value::Null();
    at = Value(*entry);
  }
  return at;
}

Value EntriesOf(const Items& arguments, Formula&) {
  Items entries;
  for (const Value::Entry& entry : arguments[0].context()) {
    entries.push_back(Value::Context({{"key", Value::String(entry.name)}, {"value", entry.value}}));
  }
  return Value::List(std::move(entries));
}

// An entry keeps its place when its value changes.
Value With(const Value& context, const std::string& name, Value value) {
  Value::Entries entries = context.context();
  const auto same = [&](const Value::Entry& entry) { return entry.name == name; };
  const auto place = std::ranges::find_if(entries, same);
  if (place == entries.end()) {
    entries.push_back({name, std::move(value)});
  } else {
    place->value = std::move(value);
  }
  return Value::Context(std::move(entries));
}

// Null when the keys do not lead through contexts.
Value WithAt(const Value& context, std::span<const Value> keys, const Value& value) {
  const Value& key = keys.front();
  if (!context.is(Kind::kContext) || !key.is(Kind::kString)) return Value::Null();
  if (keys.size() == 1) return With(context, key.string(), value);
  const Value* const inner = context.Find(key.string());
  if (inner == nullptr) return Value::Null();
  Value changed = WithAt(*inner, keys.subspan(1), value);
  return changed.is_null() ? changed : With(context, key.string(), std::move(changed));
}

// What is put may be unknown; where it is put may not.
Value Put(const Items& arguments, Formula&) {
  const Value& context = arguments[0];
  const Items keys = KeysOf(arguments[1]);
  const bool open = context.is_unknown() || arguments[1].has_unknown() ||
                    (keys.size() > 1 && context.has_unknown());
  if (open) return UnionOfUnknowns(arguments);
  if (keys.empty() || keys.size() > kKeysMax) return Value::Null();
  return WithAt(context, keys, arguments[2]);
}

Value Merged(const Items& arguments, Formula&) {
  Value merged = Value::Context({});
  for (const Value& context : arguments[0].list()) {
    if (!context.is(Kind::kContext)) return Value::Null();
    for (const Value::Entry& entry : context.context()) {
      merged = With(merged, entry.name, entry.value);
    }
  }
  return merged;
}

Value OfEntries(const Items& arguments, Formula&) {
  Value::Entries entries;
  for (const Value& item : arguments[0].list()) {
    const bool holds = item.is(Kind::kContext);
    const Value* const key = holds ? item.Find("key") : nullptr;
    const Value* const value = holds ? item.Find("value") : nullptr;
    if (key == nullptr || value == nullptr || !key->is(Kind::kString)) return Value::Null();
    const auto same = [&](const Value::Entry& entry) { return entry.name == key->string(); };
    if (std::ranges::any_of(entries, same)) return Value::Null();
    entries.push_back({key->string(), *value});
  }
  return Value::Context(std::move(entries));
}

}  // namespace

const FunctionTable& ContextFunctions() {
  static const FunctionTable functions{
      {"get value", {"cs", Open::kInside, EntryAt}},
      {"get value", {"cl", Open::kInside, EntryAt}},
      {"get entries", {"c", Open::kInside, EntriesOf}},
      {"context put", {"csx", Open::kSelf, Put}},
      {"context put", {"clx", Open::kSelf, Put}},
      {"context merge", {"l", Open::kNowhere, Merged}},
      {"context", {"l", Open::kNowhere, OfEntries}},
  };
  return functions;
}

}  // namespace kstati::certificate_verifier
