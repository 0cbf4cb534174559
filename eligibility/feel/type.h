// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// What is known before evaluation about a value. Every type also admits null and unknown.
class Type {
 public:
  struct Field;
  struct Signature;

  Type() = default;  // any
  static Type Any() { return {}; }
  // Every kind but kUnknown; kList, kContext, kRange and kFunction without detail.
  static Type Of(Kind kind);
  static Type Null() { return Of(Kind::kNull); }
  static Type Boolean() { return Of(Kind::kBoolean); }
  static Type Number() { return Of(Kind::kNumber); }
  static Type String() { return Of(Kind::kString); }
  static Type Date() { return Of(Kind::kDate); }
  // A string out of a closed list; comparing it with another literal is an issue.
  static Type Code(std::vector<std::string> values);
  static Type ListOf(Type element);
  static Type RangeOf(Type element);
  static Type FunctionOf(std::vector<Type> parameters, Type result);
  // A context with exactly these entries.
  static Type ContextOf(std::vector<Field> fields);

  bool is_any() const { return any_; }
  bool is(Kind kind) const { return !any_ && kind_ == kind; }
  Kind kind() const { return kind_; }  // requires !is_any()
  // Whether a value of this type may also be of `kind` (any and null may be everything).
  bool MayBe(Kind kind) const;

  // The element type of a list or range; any when it is not known.
  Type element() const;
  // The entries of a context; nullptr when they are not known.
  const std::vector<Field>* fields() const;
  const Type* FindField(std::string_view name) const;
  // What a function takes and gives; nullptr when it is not known.
  const Signature* signature() const;
  // The closed list of a code; nullptr for every other type.
  const std::vector<std::string>* codes() const;

  // "number", "list of date", "any".
  std::string ToString() const;

 private:
  struct Detail;
  bool any_ = true;
  Kind kind_ = Kind::kNull;
  std::shared_ptr<const Detail> detail_;
};

struct Type::Field {
  std::string name;
  Type type;
};

struct Type::Signature {
  std::vector<Type> parameters;
  Type result;
};

// Whether every value of `type` is one of `wanted`: DMN 1.5, 10.3.2.9.3. A type that is not known
// conforms only to any.
bool Conforms(const Type& type, const Type& wanted);

// The narrowest type that admits both.
Type Join(const Type& a, const Type& b);

}  // namespace kstati::eligibility::feel
