// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/names.h"

#include <limits>

#include "base/text_distance.h"
#include "eligibility/feel/builtin.h"

namespace kstati::eligibility::feel {
namespace {

bool EntriesAreOpen(const Type& item) {
  return item.is_any() || item.is(Kind::kNull) ||
         (item.is(Kind::kContext) && item.fields() == nullptr);
}

bool CanBeCalled(const Type& type) { return type.MayBe(Kind::kFunction); }

}  // namespace

std::optional<NativeFunction> Scope::ResolveFunction(std::string_view) const {
  return std::nullopt;
}

std::optional<Type> Scope::ResolveType(std::string_view) const { return std::nullopt; }

uint16_t Names::Declare(std::string name, Type type) {
  const uint16_t index = Reserve();
  locals_.push_back({std::move(name), index, std::move(type), frames_.size() - 1, false, false});
  return index;
}

void Names::DeclareAlias(std::string name, uint16_t local, Type type) {
  locals_.push_back({std::move(name), local, std::move(type), frames_.size() - 1, false, false});
}

uint16_t Names::DeclareItem(Type element) {
  const uint16_t index = Declare("item", std::move(element));
  locals_.back().is_item = true;
  return index;
}

Names::Frame Names::PopFrame() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  return frame;
}

uint16_t Names::Take(Frame& frame) {
  if (frame.size == std::numeric_limits<uint16_t>::max()) {
    full_ = true;
    return frame.size - 1;
  }
  return frame.size++;
}

uint16_t Names::Access(const Local& local) { return AccessFrom(frames_.size() - 1, local); }

uint16_t Names::AccessFrom(size_t frame, const Local& local) {
  if (frame == local.frame) return local.index;
  const uint16_t outer = AccessFrom(frame - 1, local);
  for (const auto& [from, own] : frames_[frame].captures) {
    if (from == outer) return own;
  }
  const uint16_t own = Take(frames_[frame]);
  frames_[frame].captures.emplace_back(outer, own);
  return own;
}

bool Names::ResolveLocal(const std::string& name, bool called, Resolution& resolution) {
  for (size_t i = locals_.size(); i-- > 0;) {
    Local& local = locals_[i];
    if (local.name == name && (!called || CanBeCalled(local.type) || !FindBuiltin(name))) {
      local.used = true;
      resolution.form = Resolution::Form::kLocal;
      resolution.local = Access(local);
      resolution.type = local.type;
      return true;
    }
    if (!local.is_item) continue;
    if (const Type* field = local.type.FindField(name)) {
      resolution.form = Resolution::Form::kItemField;
      resolution.local = Access(local);
      resolution.type = *field;
      return true;
    }
    if (EntriesAreOpen(local.type) && !called) resolution.open_items.push_back(Access(local));
  }
  return false;
}

Resolution Names::Resolve(const std::string& name, bool called) {
  Resolution resolution;
  if (ResolveLocal(name, called, resolution)) return resolution;
  const std::optional<uint32_t> builtin = FindBuiltin(name);
  if (const auto binding = scope_.Resolve(name)) {
    if (!called || CanBeCalled(binding->type) || !builtin) {
      resolution.form = Resolution::Form::kSlot;
      resolution.id = binding->slot;
      resolution.type = binding->type;
      return resolution;
    }
  }
  if (called) {
    if (auto native = scope_.ResolveFunction(name)) {
      resolution.form = Resolution::Form::kNative;
      resolution.id = native->function;
      resolution.native = std::move(native);
      return resolution;
    }
  }
  if (builtin) {
    resolution.form = Resolution::Form::kBuiltin;
    resolution.id = *builtin;
    resolution.type = Type::Of(Kind::kFunction);
  }
  return resolution;
}

std::vector<uint16_t> Names::OpenItems() {
  std::vector<uint16_t> items;
  for (size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i].is_item && EntriesAreOpen(locals_[i].type)) items.push_back(Access(locals_[i]));
  }
  return items;
}

std::string Names::Nearest(std::string_view name) const {
  std::vector<std::string> known = scope_.Names();
  for (const Local& local : locals_) {
    known.push_back(local.name);
    if (!local.is_item || local.type.fields() == nullptr) continue;
    for (const Type::Field& field : *local.type.fields()) known.push_back(field.name);
  }
  for (const Builtin& builtin : Builtins()) known.emplace_back(builtin.name);
  constexpr size_t kLongestName = 100;  // the search takes time in the square of the length
  return name.size() > kLongestName ? std::string() : kstati::Nearest(name, known);
}

}  // namespace kstati::eligibility::feel
