// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/model.h"
#include "eligibility/feel/expression.h"
#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::dmn {

// A type of a model: the form its values have, and the tests they pass beside it. Immutable.
struct ItemType {
  feel::Type form;
  std::vector<feel::Expression> tests;      // of the whole value, which is slot 0
  std::shared_ptr<const ItemType> element;  // of a collection; null: any
  std::vector<std::pair<std::string, std::shared_ptr<const ItemType>>> components;
  std::shared_ptr<const ItemType> result;  // of a function; null: any
  std::string allowed;  // the allowed values as FEEL, in the order of the model; may be empty
};

using ItemTypePointer = std::shared_ptr<const ItemType>;  // null: any

// The value as the type has it: a list of one becomes its item and an item a list of one where the
// type asks for it, a date becomes midnight UTC. Null when the value is not of the type or fails
// one of its tests. What is unknown passes.
feel::Value Conform(const feel::Value& value, const ItemTypePointer& type);

// The types of one model and, under their prefixes, of those it imports.
class ItemTypes {
 public:
  // Resolves the definitions of `model`; `imported` has what each of its imports defines.
  ItemTypes(const Model& model, std::span<const ItemTypes* const> imported,
            std::vector<Issue>& issues);

  // A built-in or defined type; null for "Any", and with an issue for a name that nobody defines.
  ItemTypePointer Find(const TypeName& name, std::vector<Issue>& issues) const;
  // The form a name in FEEL's "instance of" stands for; nullopt when nobody defines it.
  std::optional<feel::Type> FormOf(std::string_view name) const;
  std::vector<std::string> Names() const;

 private:
  struct Pending;

  ItemTypePointer Resolve(const std::string& name, Pending& pending);
  ItemTypePointer Refer(const TypeName& name, Pending& pending);
  ItemTypePointer Make(const ItemDefinition& item, Pending& pending);
  ItemTypePointer MakeFunction(const FunctionItem& function, Pending& pending);

  std::map<std::string, ItemTypePointer, std::less<>> types_;  // with prefixes
};

}  // namespace kstati::eligibility::dmn
