// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eligibility/feel/scope.h"
#include "eligibility/feel/type.h"

namespace kstati::eligibility::feel {

// What a name stands for at one place of the text.
struct Resolution {
  enum class Form {
    kNone,
    kLocal,      // frame[local]
    kItemField,  // an entry of the filtered item, which is frame[local]
    kSlot,       // Environment::Load(id)
    kNative,
    kBuiltin,  // id
  };
  Form form = Form::kNone;
  uint16_t local = 0;
  uint32_t id = 0;
  Type type;
  std::optional<NativeFunction> native;
  // Filtered items (innermost first) whose entries are not known before evaluation and hide the
  // resolution if they have an entry of this name.
  std::vector<uint16_t> open_items;
};

// The names visible at the place being parsed: locals of frames, entries of filtered items, the
// Scope, the built-in functions; inner names hide outer ones.
class Names {
 public:
  explicit Names(const Scope& scope) : scope_(scope) { frames_.emplace_back(); }

  // A new local of the current frame.
  uint16_t Declare(std::string name, Type type);
  // A local named "item" whose entries are visible by their bare names.
  uint16_t DeclareItem(Type element);
  // Another name of a local of the current frame.
  void DeclareAlias(std::string name, uint16_t local, Type type);
  // A local without a name.
  uint16_t Reserve() { return Take(frames_.back()); }
  // Whether a frame had no room for a local; nothing that uses these names may be evaluated then.
  bool full() const { return full_; }
  size_t Mark() const { return locals_.size(); }
  void PopTo(size_t mark) { locals_.resize(mark); }
  // Whether the local was resolved since it was declared; `mark` is Mark() before Declare.
  bool WasUsed(size_t mark) const { return locals_[mark].used; }

  void PushFrame() { frames_.emplace_back(); }
  struct Frame {
    uint16_t size = 0;
    std::vector<std::pair<uint16_t, uint16_t>> captures;  // outer local, own local
  };
  Frame PopFrame();
  uint16_t frame_size() const { return frames_.back().size; }

  // `called`: the name is followed by an opening parenthesis. Functions hide values of a type
  // that cannot be called.
  Resolution Resolve(const std::string& name, bool called);
  std::optional<Type> ResolveType(const std::string& name) const {
    return scope_.ResolveType(name);
  }
  // Items whose entries are not known, innermost first.
  std::vector<uint16_t> OpenItems();

  // The known name closest to `name`; empty when none is close.
  std::string Nearest(std::string_view name) const;

 private:
  struct Local {
    std::string name;
    uint16_t index = 0;
    Type type;
    size_t frame = 0;
    bool is_item = false;
    bool used = false;
  };
  uint16_t Take(Frame& frame);
  // The index of an outer local in the current frame, captured on the way when necessary.
  uint16_t Access(const Local& local);
  uint16_t AccessFrom(size_t frame, const Local& local);
  bool ResolveLocal(const std::string& name, bool called, Resolution& resolution);

  const Scope& scope_;
  std::vector<Frame> frames_;
  std::vector<Local> locals_;
  bool full_ = false;
};

}  // namespace kstati::eligibility::feel
