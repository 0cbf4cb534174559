// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/type.h"

#include <algorithm>
#include <optional>

namespace kstati::eligibility::feel {

struct Type::Detail {
  Type element;
  std::vector<Field> fields;
  bool has_fields = false;
  std::vector<std::string> codes;
  std::optional<Signature> signature;
};

Type Type::Of(Kind kind) {
  Type type;
  type.any_ = false;
  type.kind_ = kind;
  return type;
}

Type Type::Code(std::vector<std::string> values) {
  Type type = String();
  auto detail = std::make_shared<Detail>();
  detail->codes = std::move(values);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::ListOf(Type element) {
  Type type = Of(Kind::kList);
  auto detail = std::make_shared<Detail>();
  detail->element = std::move(element);
  type.detail_ = std::move(detail);
  return type;
}

Type Type::RangeOf(Type element) {
  Type type = ListOf(std::move(element));
  type.kind_ = Kind::kRange;
  return type;
}

Type Type::FunctionOf(std::vector<Type> parameters, Type result) {
  Type type = Of(Kind::kFunction);
  auto detail = std::make_shared<Detail>();
  detail->signature = Signature{std::move(parameters), std::move(result)};
  type.detail_ = std::move(detail);
  return type;
}

Type Type::ContextOf(std::vector<Field> fields) {
  Type type = Of(Kind::kContext);
  auto detail = std::make_shared<Detail>();
  detail->fields = std::move(fields);
  detail->has_fields = true;
  type.detail_ = std::move(detail);
  return type;
}

bool Type::MayBe(Kind kind) const { return any_ || kind_ == Kind::kNull || kind_ == kind; }

Type Type::element() const { return detail_ ? detail_->element : Type(); }

const std::vector<Type::Field>* Type::fields() const {
  return detail_ && detail_->has_fields ? &detail_->fields : nullptr;
}

const Type* Type::FindField(std::string_view name) const {
  if (fields() == nullptr) return nullptr;
  for (const Field& field : *fields()) {
    if (field.name == name) return &field.type;
  }
  return nullptr;
}

const Type::Signature* Type::signature() const {
  return detail_ && detail_->signature ? &*detail_->signature : nullptr;
}

const std::vector<std::string>* Type::codes() const {
  return detail_ && is(Kind::kString) ? &detail_->codes : nullptr;
}

std::string Type::ToString() const {
  if (any_) return "any";
  std::string text(NameOf(kind_));
  if ((kind_ == Kind::kList || kind_ == Kind::kRange) && !element().is_any()) {
    text += " of " + element().ToString();
  }
  return text;
}

namespace {

bool SignaturesConform(const Type::Signature& has, const Type::Signature& wanted) {
  return Conforms(has.result, wanted.result) &&
         std::equal(has.parameters.begin(), has.parameters.end(), wanted.parameters.begin(),
                    wanted.parameters.end(),
                    [](const Type& own, const Type& given) { return Conforms(given, own); });
}

}  // namespace

bool Conforms(const Type& type, const Type& wanted) {
  if (wanted.is_any()) return true;
  if (type.is_any()) return false;
  if (type.is(Kind::kNull)) return true;
  if (type.kind() != wanted.kind()) return false;
  switch (wanted.kind()) {
    case Kind::kList:
    case Kind::kRange: return Conforms(type.element(), wanted.element());
    case Kind::kFunction:
      if (wanted.signature() == nullptr) return true;
      return type.signature() != nullptr &&
             SignaturesConform(*type.signature(), *wanted.signature());
    case Kind::kContext: break;
    default: return true;
  }
  if (wanted.fields() == nullptr) return true;
  return std::all_of(wanted.fields()->begin(), wanted.fields()->end(), [&](const auto& field) {
    const Type* own = type.FindField(field.name);
    return own != nullptr && Conforms(*own, field.type);
  });
}

Type Join(const Type& a, const Type& b) {
  if (a.is_any() || b.is_any()) return Type::Any();
  if (a.is(Kind::kNull)) return b;
  if (b.is(Kind::kNull)) return a;
  if (a.kind() != b.kind()) return Type::Any();
  switch (a.kind()) {
    case Kind::kList: return Type::ListOf(Join(a.element(), b.element()));
    case Kind::kRange: return Type::RangeOf(Join(a.element(), b.element()));
    case Kind::kContext: {
      if (a.fields() == nullptr || b.fields() == nullptr) return Type::Of(Kind::kContext);
      if (a.fields()->size() != b.fields()->size()) return Type::Of(Kind::kContext);
      std::vector<Type::Field> fields;
      for (const Type::Field& field : *a.fields()) {
        const Type* other = b.FindField(field.name);
        if (other == nullptr) return Type::Of(Kind::kContext);
        fields.push_back({field.name, Join(field.type, *other)});
      }
      return Type::ContextOf(std::move(fields));
    }
    default: return Type::Of(a.kind());
  }
}

}  // namespace kstati::eligibility::feel
