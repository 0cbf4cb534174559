// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/slots.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "base/check.h"

namespace kstati::eligibility {
namespace {

constexpr std::array<std::string_view, kBuiltinCount> kBuiltinNames{
    "children",
    "parents",
    "spouses",
    "event.date",
    "relation.parent_of_child",
    "relation.guardian_of_child",
    "relation.spouse_of_deceased",
    "relation.child_of_deceased",
    "relation.parent_of_deceased",
};

uint8_t NeedsOf(std::string_view holder) {
  if (holder == "child") return kNeedsChild;
  if (holder == "deceased") return kNeedsDeceased;
  return holder == "about" ? kFollowsAbout : 0;
}

Holder HolderOf(std::string_view holder) {
  if (holder == "about") return Holder::kAbout;
  return holder == "person" ? Holder::kPerson : Holder::kRole;
}

uint8_t NeedsOf(Builtin builtin) {
  switch (builtin) {
    case Builtin::kParentOfChild:
    case Builtin::kGuardianOfChild: return kNeedsChild;
    case Builtin::kSpouseOfDeceased:
    case Builtin::kChildOfDeceased:
    case Builtin::kParentOfDeceased: return kNeedsDeceased;
    default: return 0;
  }
}

Slot SlotOf(const profile::Attribute& attribute, const profile::Dictionary& dictionary) {
  Slot slot;
  slot.holder = HolderOf(attribute.holder());
  slot.needs = NeedsOf(attribute.holder());
  slot.complete = attribute.completeness == profile::Completeness::kComplete;
  if (attribute.is_reported()) {
    slot.origin = Origin::kReported;
    if (slot.complete) slot.absent = ToFeel(AbsentValue(attribute));
    slot.own = slot.holder != Holder::kRole;
  } else if (!attribute.same_as.empty()) {
    const profile::Attribute* target = dictionary.Find(attribute.same_as);
    if (target == nullptr) return slot;  // the dictionary's loader has reported it
    slot.origin = Origin::kAlias;
    slot.target = target->index;
    slot.shifts = slot.holder == Holder::kRole && HolderOf(target->holder()) != Holder::kRole;
  }
  return slot;
}

}  // namespace

std::string_view NameOf(Builtin builtin) { return kBuiltinNames[static_cast<size_t>(builtin)]; }

feel::Type TypeOf(const profile::Attribute& attribute) {
  if (attribute.type == profile::ValueType::kCode) return feel::Type::Code(attribute.AllCodes());
  return ExpressionTypeOf(attribute);
}

feel::Type ExpressionTypeOf(const profile::Attribute& attribute) {
  switch (attribute.type) {
    case profile::ValueType::kBoolean:
    case profile::ValueType::kDocument:
    case profile::ValueType::kEvent: return feel::Type::Boolean();
    case profile::ValueType::kNumber:
    case profile::ValueType::kMoney:
    case profile::ValueType::kPayment: return feel::Type::Number();
    case profile::ValueType::kText:
    case profile::ValueType::kCode: return feel::Type::String();
    case profile::ValueType::kDate: return feel::Type::Date();
  }
  return feel::Type::Any();
}

feel::Value ToFeel(const profile::FactValue& value) {
  struct Converter {
    feel::Value operator()(profile::NotApplicable) const { return feel::Value::Null(); }
    feel::Value operator()(bool truth) const { return feel::Value::Boolean(truth); }
    feel::Value operator()(const Decimal& number) const { return feel::Value::Number(number); }
    feel::Value operator()(const std::string& text) const { return feel::Value::String(text); }
    feel::Value operator()(Date date) const { return feel::Value::OfDate(date); }
  };
  return std::visit(Converter{}, value);
}

profile::FactValue FromFeel(const feel::Value& value) {
  KSTATI_CHECK(!value.is_unknown());
  switch (value.kind()) {
    case feel::Kind::kNull: return profile::NotApplicable{};
    case feel::Kind::kBoolean: return value.boolean();
    case feel::Kind::kNumber: return value.number();
    case feel::Kind::kString: return value.string();
    case feel::Kind::kDate: return value.date();
    default: return feel::ToText(value);
  }
}

profile::FactValue AbsentValue(const profile::Attribute& attribute) {
  switch (attribute.type) {
    case profile::ValueType::kBoolean:
    case profile::ValueType::kDocument:
    case profile::ValueType::kEvent: return false;
    case profile::ValueType::kNumber:
    case profile::ValueType::kMoney:
    case profile::ValueType::kPayment: return Decimal();
    case profile::ValueType::kCode:
      if (attribute.FindCode("none") != nullptr) return std::string("none");
      return profile::NotApplicable{};
    case profile::ValueType::kText:
    case profile::ValueType::kDate: return profile::NotApplicable{};
  }
  return profile::NotApplicable{};
}

std::vector<Slot> MakeSlots(const profile::Dictionary& dictionary) {
  std::vector<Slot> slots;
  slots.reserve(dictionary.attributes().size() + kBuiltinCount);
  for (const profile::Attribute& attribute : dictionary.attributes()) {
    KSTATI_CHECK(attribute.index == slots.size());
    slots.push_back(SlotOf(attribute, dictionary));
  }
  for (uint32_t i = 0; i < kBuiltinCount; ++i) {
    Slot& slot = slots.emplace_back();
    slot.origin = Origin::kBuiltin;
    slot.target = i;
    slot.needs = NeedsOf(static_cast<Builtin>(i));
  }
  return slots;
}

}  // namespace kstati::eligibility
