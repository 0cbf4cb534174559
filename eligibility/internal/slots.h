// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"
#include "profile/dictionary.h"
#include "profile/fact.h"

namespace kstati::eligibility {

// The names that rules see beside the dictionary's attributes. Their slots follow the attributes',
// and before those of decisions.
enum class Builtin : uint32_t {
  kChildren,
  kParents,
  kSpouses,
  kEventDate,
  kParentOfChild,
  kGuardianOfChild,
  kSpouseOfDeceased,
  kChildOfDeceased,
  kParentOfDeceased,
};

inline constexpr uint32_t kBuiltinCount = 9;

std::string_view NameOf(Builtin builtin);

inline bool IsMemberList(Builtin builtin) { return builtin <= Builtin::kSpouses; }

// Where the value of a slot comes from.
enum class Origin : uint8_t {
  kReported,  // a fact of the holder's profile
  kAlias,     // the slot `target`, in the frame of the person in the role when `shifts`
  kDerived,   // the derived expression `target`
  kBroken,    // an expression with errors or in a circle: always unknown
  kBuiltin,   // the builtin `target`
  kModel,     // the outcome of the decision model's decision `target`
  kDecision,  // what is decided of the service `target`, as NameOf(Verdict)
};

// Whom a value depends on beside the person whose frame it is, as bits.
inline constexpr uint8_t kNeedsChild = 1;
inline constexpr uint8_t kNeedsDeceased = 2;
inline constexpr uint8_t kFollowsAbout = 4;  // whoever the service is about, be it the applicant

// Whose profile holds a fact, seen from a frame.
enum class Holder : uint8_t { kPerson, kRole, kAbout };

struct Slot {
  Origin origin = Origin::kBroken;
  // kAlias: the target is read in the profile of the child or deceased. kDecision: it is decided
  // about whom the service is about, whoever asks.
  bool shifts = false;
  Holder holder = Holder::kPerson;
  bool complete = false;  // no record means `absent`
  bool own = false;       // follows from one person's facts alone, so it may be shown in lists
  uint8_t needs = 0;      // transitively
  uint32_t target = 0;
  feel::Value absent;
};

// The type a rule sees for an attribute.
feel::Type TypeOf(const profile::Attribute& attribute);
// The type an attribute's own expression must have: the closed list of a code is not demanded.
feel::Type ExpressionTypeOf(const profile::Attribute& attribute);

feel::Value ToFeel(const profile::FactValue& value);
// Kinds that no attribute has (durations, lists) become text. Requires a known value.
profile::FactValue FromFeel(const feel::Value& value);
// What "no record" means in a complete registry: false, zero, or the code "none"; null (not
// applicable) for dates, texts and codes without "none". No payment is zero roubles.
profile::FactValue AbsentValue(const profile::Attribute& attribute);

// Builtins after the attributes, every origin settled but those of derived attributes, which start
// as kBroken until their expression compiles.
std::vector<Slot> MakeSlots(const profile::Dictionary& dictionary);

}  // namespace kstati::eligibility
