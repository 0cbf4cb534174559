// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eligibility/feel/builtin.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

Value GetValue(Arguments arguments, CallContext& call) {
  std::vector<Value> keys{arguments[1]};
  if (arguments[1].is(Kind::kList)) keys = arguments[1].list();
  Value at = arguments[0];
  for (const Value& key : keys) {
    if (at.is_unknown() || key.is_unknown()) return UnionOfUnknowns(at, key);
    if (!at.is(Kind::kContext) || !key.is(Kind::kString)) {
      return call.Fail("there is no such entry");
    }
    const Value* entry = at.Find(key.string());
    if (entry == nullptr) return call.Fail("there is no such entry");
    at = Value(*entry);
  }
  return keys.empty() ? call.Fail("there are no keys") : at;
}

Value GetEntries(Arguments arguments, CallContext&) {
  std::vector<Value> entries;
  for (const Value::Entry& entry : arguments[0].context()) {
    entries.push_back(Value::Context({{"key", Value::String(entry.name)}, {"value", entry.value}}));
  }
  return Value::List(std::move(entries));
}

void Put(Value::Entries& entries, const std::string& name, Value value) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Value::Entry& entry) { return entry.name == name; });
  if (found == entries.end()) {
    entries.push_back({name, std::move(value)});
  } else {
    found->value = std::move(value);
  }
}

// The context with the entry at the end of the path of keys replaced or added; nullopt when a key
// is no string or the path leads through something that is no context.
std::optional<Value> PutAt(const Value& context, std::span<const Value> keys, const Value& value) {
  if (!context.is(Kind::kContext) || !keys.front().is(Kind::kString)) return std::nullopt;
  const std::string& name = keys.front().string();
  Value::Entries entries = context.context();
  if (keys.size() == 1) {
    Put(entries, name, value);
    return Value::Context(std::move(entries));
  }
  const Value* inner = context.Find(name);
  if (inner == nullptr) return std::nullopt;
  auto changed = PutAt(*inner, keys.subspan(1), value);
  if (!changed) return std::nullopt;
  Put(entries, name, *std::move(changed));
  return Value::Context(std::move(entries));
}

// Own rule: an unknown value is kept in its entry.
Value ContextPut(Arguments arguments, CallContext& call) {
  const auto unknown_inside = [](const Value& value) { return value.has_unknown(); };
  std::vector<Value> keys{arguments[1]};
  if (arguments[1].is(Kind::kList)) keys = arguments[1].list();
  const bool nested = keys.size() > 1 && unknown_inside(arguments[0]);
  if (arguments[0].is_unknown() || unknown_inside(arguments[1]) || nested) {
    return UnionOfUnknowns(arguments);
  }
  if (keys.empty() || keys.size() > 100) return call.Fail("there are no keys, or too many");
  auto changed = PutAt(arguments[0], keys, arguments[2]);
  return changed ? *std::move(changed) : call.Fail("there is no such entry");
}

Value ContextMerge(Arguments arguments, CallContext& call) {
  Value::Entries entries;
  for (const Value& context : arguments[0].list()) {
    if (!context.is(Kind::kContext)) return call.Fail("an item is not a context");
    for (const Value::Entry& entry : context.context()) Put(entries, entry.name, entry.value);
  }
  return Value::Context(std::move(entries));
}

Value MakeContext(Arguments arguments, CallContext& call) {
  Value::Entries entries;
  for (const Value& item : arguments[0].list()) {
    const Value* key = item.is(Kind::kContext) ? item.Find("key") : nullptr;
    const Value* value = item.is(Kind::kContext) ? item.Find("value") : nullptr;
    if (key == nullptr || value == nullptr || !key->is(Kind::kString)) {
      return call.Fail("an item is not an entry with key and value");
    }
    const bool twice = std::any_of(entries.begin(), entries.end(), [&](const Value::Entry& entry) {
      return entry.name == key->string();
    });
    if (twice) return call.Fail("an entry is given twice");
    entries.push_back({key->string(), *value});
  }
  return Value::Context(std::move(entries));
}

}  // namespace

std::vector<Builtin> ContextBuiltins() {
  const Type context = Type::Of(Kind::kContext);
  return {
      {.name = "get value",
       .parameters = "m:c, key:s | m:c, keys:l",
       .result = Type::Any(),
       .unknown = UnknownRule::kShallow,
       .run = GetValue},
      {.name = "get entries",
       .parameters = "m:c",
       .result = Type::ListOf(context),
       .unknown = UnknownRule::kShallow,
       .run = GetEntries},
      {.name = "context put",
       .parameters = "context:c, key:s, value:x | context:c, keys:l, value:x",
       .result = context,
       .unknown = UnknownRule::kOwn,
       .run = ContextPut},
      {.name = "context merge", .parameters = "contexts:l", .result = context, .run = ContextMerge},
      {.name = "context", .parameters = "entries:l", .result = context, .run = MakeContext},
  };
}

}  // namespace kstati::eligibility::feel
