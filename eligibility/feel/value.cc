// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/value.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "eligibility/feel/spare.h"

namespace kstati::eligibility::feel {
namespace {

// Memory that one thread keeps for the next values of a kind; more than that goes back.
template <class T>
class Spare {
 public:
  ~Spare() { gone_ = true; }

  // Whether the thread keeps anything yet, or any more.
  static Spare* OfThread() {
    thread_local Spare spare;
    return gone_ ? nullptr : &spare;
  }

  bool Take(T& kept) {
    return TakeAny(kept, [](const T&) { return true; });
  }
  // The last one left of those that fit.
  template <class Fits>
  bool TakeAny(T& kept, const Fits& fits) {
    const auto found = std::find_if(kept_.rbegin(), kept_.rend(), fits);
    if (found == kept_.rend()) return false;
    kept = std::move(*found);
    *found = std::move(kept_.back());
    kept_.pop_back();
    return true;
  }
  bool Leave(T&& gone) {
    constexpr size_t kMost = 64;
    if (kept_.capacity() == 0) kept_.reserve(kMost);
    if (kept_.size() == kMost) return false;
    kept_.push_back(std::move(gone));
    return true;
  }

 private:
  // Values of other thread locals may end after it.
  static inline thread_local bool gone_ = false;
  std::vector<T> kept_;
};

// One block of a size; freed with the thread.
template <size_t size>
struct Block {
  Block() = default;
  explicit Block(void* memory) : at(memory) {}
  Block(Block&& other) noexcept : at(std::exchange(other.at, nullptr)) {}
  Block& operator=(Block&& other) noexcept {
    std::swap(at, other.at);
    return *this;
  }
  ~Block() { ::operator delete(at); }
  void* at = nullptr;
};

struct Shared {
  std::atomic<uint32_t> references{1};
};

template <class T>
struct Storage : Shared {
  explicit Storage(T value) : data(std::move(value)) {}

  static void* operator new(size_t size) {
    auto* const spare = Spare<Block<sizeof(Storage)>>::OfThread();
    Block<sizeof(Storage)> block;
    if (spare != nullptr && spare->Take(block)) return std::exchange(block.at, nullptr);
    return ::operator new(size);
  }
  static void operator delete(void* memory) {
    auto* const spare = Spare<Block<sizeof(Storage)>>::OfThread();
    Block<sizeof(Storage)> block(memory);
    if (spare != nullptr) spare->Leave(std::move(block));
  }

  T data;
};

using StringStorage = Storage<std::string>;
using ListStorage = Storage<std::vector<Value>>;
using ContextStorage = Storage<Value::Entries>;
using RangeStorage = Storage<Range>;
using FunctionStorage = Storage<FunctionData>;
using UnknownStorage = Storage<std::vector<InputId>>;

template <class T>
T* PointerIn(uint64_t word) {
  return reinterpret_cast<T*>(static_cast<uintptr_t>(word));
}

constexpr size_t kLargestSpare = 256;  // items; larger ones are rare

bool AnyHasUnknown(const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(),
                     [](const Value& value) { return value.has_unknown(); });
}

int NestingAbove(const std::vector<Value>& values) {
  int deepest = 0;
  for (const Value& value : values) deepest = std::max(deepest, value.nesting());
  return deepest + 1;
}

}  // namespace

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kNull: return "Null";
    case Kind::kBoolean: return "boolean";
    case Kind::kNumber: return "number";
    case Kind::kDate: return "date";
    case Kind::kTime: return "time";
    case Kind::kDateTime: return "date and time";
    case Kind::kMonthsDuration: return "years and months duration";
    case Kind::kTimeDuration: return "days and time duration";
    case Kind::kUnknown: return "unknown";
    case Kind::kString: return "string";
    case Kind::kList: return "list";
    case Kind::kContext: return "context";
    case Kind::kRange: return "range";
    case Kind::kFunction: return "function";
  }
  return "";
}

template <class T>
const T& Value::Data(Kind kind) const {
  KSTATI_DCHECK(kind_ == kind);
  return PointerIn<Storage<T>>(payload_.words[0])->data;
}

template <class T>
Value Value::Adopt(Kind kind, T* data) {
  Value value;
  value.kind_ = kind;
  value.payload_.words[0] = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(data));
  return value;
}

void Value::Retain() const noexcept {
  PointerIn<Shared>(payload_.words[0])->references.fetch_add(1, std::memory_order_relaxed);
}

void Value::Drop() noexcept {
  auto& references = PointerIn<Shared>(payload_.words[0])->references;
  if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) Destroy();
}

std::vector<Value> SpareItems() {
  std::vector<Value> items;
  if (auto* const spare = Spare<std::vector<Value>>::OfThread()) spare->Take(items);
  return items;
}

void LeaveItems(std::vector<Value> items) {
  if (items.capacity() == 0 || items.capacity() > kLargestSpare) return;
  items.clear();
  if (auto* const spare = Spare<std::vector<Value>>::OfThread()) spare->Leave(std::move(items));
}

Value::Entries SpareEntries(size_t size) {
  Value::Entries entries;
  const auto fits = [size](const Value::Entries& left) { return left.size() == size; };
  if (auto* const spare = Spare<Value::Entries>::OfThread()) spare->TakeAny(entries, fits);
  entries.resize(size);
  return entries;
}

namespace {

// Names keep their memory.
void LeaveEntries(Value::Entries entries) {
  if (entries.capacity() > kLargestSpare) return;
  for (Value::Entry& entry : entries) entry.value = Value();
  if (auto* const spare = Spare<Value::Entries>::OfThread()) spare->Leave(std::move(entries));
}

}  // namespace

void Value::Destroy() noexcept {
  switch (kind_) {
    case Kind::kString: delete PointerIn<StringStorage>(payload_.words[0]); break;
    case Kind::kList: {
      auto* const storage = PointerIn<ListStorage>(payload_.words[0]);
      LeaveItems(std::move(storage->data));
      delete storage;
      break;
    }
    case Kind::kContext: {
      auto* const storage = PointerIn<ContextStorage>(payload_.words[0]);
      LeaveEntries(std::move(storage->data));
      delete storage;
      break;
    }
    case Kind::kRange: delete PointerIn<RangeStorage>(payload_.words[0]); break;
    case Kind::kFunction: delete PointerIn<FunctionStorage>(payload_.words[0]); break;
    case Kind::kUnknown: delete PointerIn<UnknownStorage>(payload_.words[0]); break;
    default: break;
  }
}

Value& Value::operator=(const Value& other) noexcept {
  if (this != &other) {
    Value copy(other);
    Release();
    MoveFrom(copy);
  }
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  if (this != &other) {
    Value taken(std::move(other));
    Release();
    MoveFrom(taken);
  }
  return *this;
}

Value Value::Boolean(bool value) {
  Value result;
  result.kind_ = Kind::kBoolean;
  result.payload_.words[0] = value ? 1 : 0;
  return result;
}

Value Value::Number(Decimal value) {
  Value result;
  result.kind_ = Kind::kNumber;
  static_assert(sizeof(value) == sizeof(result.payload_.words));
  std::memcpy(result.payload_.words, &value, sizeof(value));
  return result;
}

Value Value::String(std::string text) {
  return Adopt(Kind::kString, new StringStorage(std::move(text)));
}

namespace {

// A zone in 31 bits: its name's number over 18 bits of offset.
constexpr int kOffsetBits = 18;
constexpr int32_t kOffsetBias = 1 << (kOffsetBits - 1);

int32_t Pack(const Zone& zone) {
  return (static_cast<int32_t>(zone.name) << kOffsetBits) | (zone.offset_seconds + kOffsetBias);
}

Zone Unpack(bool present, int32_t packed) {
  const int32_t offset = (packed & ((1 << kOffsetBits) - 1)) - kOffsetBias;
  return {present, offset, static_cast<ZoneName>(packed >> kOffsetBits)};
}

}  // namespace

Value Value::OfDate(Date date) {
  Value result;
  result.kind_ = Kind::kDate;
  result.payload_.words[0] = static_cast<uint64_t>(date.days);
  return result;
}

Value Value::OfTime(TimeOfDay time) {
  Value result;
  result.kind_ = Kind::kTime;
  result.payload_.words[0] = static_cast<uint64_t>(time.nanos);
  result.zoned_ = time.zone.present;
  result.detail_ = Pack(time.zone);
  return result;
}

Value Value::OfDateTime(DateTime moment) {
  Value result;
  result.kind_ = Kind::kDateTime;
  result.payload_.words[0] = static_cast<uint64_t>(moment.date.days);
  result.payload_.words[1] = static_cast<uint64_t>(moment.nanos);
  result.zoned_ = moment.zone.present;
  result.detail_ = Pack(moment.zone);
  return result;
}

Value Value::OfMonths(MonthsDuration duration) {
  Value result;
  result.kind_ = Kind::kMonthsDuration;
  result.payload_.words[0] = static_cast<uint64_t>(duration.months);
  return result;
}

Value Value::OfNanos(TimeDuration duration) {
  Value result;
  result.kind_ = Kind::kTimeDuration;
  const auto bits = static_cast<unsigned __int128>(duration.nanos);
  result.payload_.words[0] = static_cast<uint64_t>(bits);
  result.payload_.words[1] = static_cast<uint64_t>(bits >> 64);
  return result;
}

Value Value::List(std::vector<Value> items) {
  const bool unknown = AnyHasUnknown(items);
  const int nesting = NestingAbove(items);
  Value result = Adopt(Kind::kList, new ListStorage(std::move(items)));
  result.holds_unknown_ = unknown;
  result.detail_ = nesting;
  return result;
}

Value Value::Context(Entries entries) {
  bool unknown = false;
  int nesting = 0;
  for (const Entry& entry : entries) {
    unknown = unknown || entry.value.has_unknown();
    nesting = std::max(nesting, entry.value.nesting());
  }
  Value result = Adopt(Kind::kContext, new ContextStorage(std::move(entries)));
  result.holds_unknown_ = unknown;
  result.detail_ = nesting + 1;
  return result;
}

Value Value::OfRange(Range range) {
  const bool unknown = range.start.has_unknown() || range.end.has_unknown();
  const int nesting = std::max(range.start.nesting(), range.end.nesting()) + 1;
  Value result = Adopt(Kind::kRange, new RangeStorage(std::move(range)));
  result.holds_unknown_ = unknown;
  result.detail_ = nesting;
  return result;
}

Value Value::OfFunction(FunctionData function) {
  const bool unknown = AnyHasUnknown(function.captures);
  const int nesting = NestingAbove(function.captures);
  Value result = Adopt(Kind::kFunction, new FunctionStorage(std::move(function)));
  result.holds_unknown_ = unknown;
  result.detail_ = nesting;
  return result;
}

Value Value::Unknown(InputId input) { return Unknown(std::span<const InputId>(&input, 1)); }

Value Value::Unknown(std::span<const InputId> inputs) {
  KSTATI_CHECK(!inputs.empty());
  std::vector<InputId> sorted;
  if (inputs.size() > 1) {
    sorted.assign(inputs.begin(), inputs.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    inputs = sorted;
  }
  if (inputs.size() > kInlineInputs) return Adopt(Kind::kUnknown, new UnknownStorage(sorted));
  Value result;
  result.kind_ = Kind::kUnknown;
  result.inline_inputs_ = static_cast<uint8_t>(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) result.payload_.inputs[i] = inputs[i];
  return result;
}

Decimal Value::number() const {
  KSTATI_DCHECK(kind_ == Kind::kNumber);
  Decimal value;
  std::memcpy(static_cast<void*>(&value), payload_.words, sizeof(value));
  return value;
}

const std::string& Value::string() const { return Data<std::string>(Kind::kString); }
const std::vector<Value>& Value::list() const { return Data<std::vector<Value>>(Kind::kList); }
const Value::Entries& Value::context() const { return Data<Entries>(Kind::kContext); }
const Range& Value::range() const { return Data<Range>(Kind::kRange); }
const FunctionData& Value::function() const { return Data<FunctionData>(Kind::kFunction); }

TimeOfDay Value::time() const {
  return {static_cast<int64_t>(Word(Kind::kTime, 0)), Unpack(zoned_, detail_)};
}

DateTime Value::date_time() const {
  return {Date{static_cast<int64_t>(Word(Kind::kDateTime, 0))},
          static_cast<int64_t>(payload_.words[1]), Unpack(zoned_, detail_)};
}

MonthsDuration Value::months() const {
  return {static_cast<int64_t>(Word(Kind::kMonthsDuration, 0))};
}

TimeDuration Value::nanos() const {
  const uint64_t low = Word(Kind::kTimeDuration, 0);
  const auto bits = (static_cast<unsigned __int128>(payload_.words[1]) << 64) | low;
  return {static_cast<Nanoseconds>(bits)};
}

std::span<const InputId> Value::missing() const {
  KSTATI_DCHECK(kind_ == Kind::kUnknown);
  if (inline_inputs_ == 0) return PointerIn<UnknownStorage>(payload_.words[0])->data;
  return {payload_.inputs, inline_inputs_};
}

const Value* Value::Find(std::string_view name) const {
  for (const Entry& entry : context()) {
    if (entry.name == name) return &entry.value;
  }
  return nullptr;
}

void CollectMissing(const Value& value, std::vector<InputId>& inputs) {
  if (!value.has_unknown()) return;
  switch (value.kind()) {
    case Kind::kUnknown:
      inputs.insert(inputs.end(), value.missing().begin(), value.missing().end());
      break;
    case Kind::kList:
      for (const Value& item : value.list()) CollectMissing(item, inputs);
      break;
    case Kind::kContext:
      for (const Value::Entry& entry : value.context()) CollectMissing(entry.value, inputs);
      break;
    case Kind::kRange:
      CollectMissing(value.range().start, inputs);
      CollectMissing(value.range().end, inputs);
      break;
    case Kind::kFunction:
      for (const Value& capture : value.function().captures) CollectMissing(capture, inputs);
      break;
    default: break;
  }
}

Value UnionOfUnknowns(std::span<const Value> values) {
  std::vector<InputId> inputs;
  for (const Value& value : values) CollectMissing(value, inputs);
  return Value::Unknown(inputs);
}

Value UnionOfUnknowns(const Value& a, const Value& b) {
  if (a.is_unknown() && !b.has_unknown()) return a;
  if (b.is_unknown() && !a.has_unknown()) return b;
  std::vector<InputId> inputs;
  CollectMissing(a, inputs);
  CollectMissing(b, inputs);
  return Value::Unknown(inputs);
}

namespace {

bool IdenticalLists(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), Identical);
}

bool IdenticalContexts(const Value::Entries& a, const Value::Entries& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Value::Entry& x, const Value::Entry& y) {
                      return x.name == y.name && Identical(x.value, y.value);
                    });
}

bool IdenticalRanges(const Range& a, const Range& b) {
  return a.has_start == b.has_start && a.has_end == b.has_end &&
         a.start_included == b.start_included && a.end_included == b.end_included &&
         Identical(a.start, b.start) && Identical(a.end, b.end);
}

bool IdenticalFunctions(const FunctionData& a, const FunctionData& b) {
  return a.form == b.form && a.index == b.index && a.program == b.program &&
         IdenticalLists(a.captures, b.captures);
}

}  // namespace

bool Identical(const Value& a, const Value& b) {
  if (a.kind() != b.kind() || a.has_unknown() || b.has_unknown()) return false;
  switch (a.kind()) {
    case Kind::kNull: return true;
    case Kind::kBoolean: return a.boolean() == b.boolean();
    case Kind::kNumber: return a.number() == b.number();
    case Kind::kDate: return a.date() == b.date();
    case Kind::kTime: return a.time() == b.time();
    case Kind::kDateTime: return a.date_time() == b.date_time();
    case Kind::kMonthsDuration: return a.months() == b.months();
    case Kind::kTimeDuration: return a.nanos() == b.nanos();
    case Kind::kUnknown: return false;
    case Kind::kString: return a.string() == b.string();
    case Kind::kList: return IdenticalLists(a.list(), b.list());
    case Kind::kContext: return IdenticalContexts(a.context(), b.context());
    case Kind::kRange: return IdenticalRanges(a.range(), b.range());
    case Kind::kFunction: return IdenticalFunctions(a.function(), b.function());
  }
  return false;
}

}  // namespace kstati::eligibility::feel
