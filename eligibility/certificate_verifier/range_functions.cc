// SPDX-License-Identifier: Apache-2.0
// How ranges and points lie to each other (DMN 1.5, 10.3.4.11).
#include <compare>

#include "eligibility/certificate_verifier/fitting.h"

namespace kstati::certificate_verifier {
namespace {

// A place between values: right before a value, or right after it.
struct Cut {
  const Value* value;
  bool after;
};

// Requires values that have an order.
std::strong_ordering operator<=>(const Cut& a, const Cut& b) {
  const int order = OrderOf(*a.value, *b.value).value();
  return order != 0 ? order <=> 0 : a.after <=> b.after;
}

bool operator==(const Cut& a, const Cut& b) { return (a <=> b) == 0; }

// What lies between two cuts; a point is all that lies between the cuts around it.
struct Stretch {
  Cut from;
  Cut to;
};

bool IsBefore(const Stretch& a, const Stretch& b) { return a.to <= b.from; }

// They share the value that ends one and starts the other.
bool Meets(const Stretch& a, const Stretch& b) {
  return a.to.after && !b.from.after && OrderOf(*a.to.value, *b.from.value) == 0;
}

bool Overlaps(const Stretch& a, const Stretch& b) { return b.from < a.to && a.from < b.to; }

bool OverlapsBefore(const Stretch& a, const Stretch& b) {
  return a.from < b.from && b.from < a.to && a.to <= b.to;
}

bool Finishes(const Stretch& a, const Stretch& b) { return a.to == b.to && b.from <= a.from; }

bool Includes(const Stretch& a, const Stretch& b) { return a.from <= b.from && b.to <= a.to; }

bool Starts(const Stretch& a, const Stretch& b) { return a.from == b.from && a.to <= b.to; }

bool Coincides(const Stretch& a, const Stretch& b) { return a.from == b.from && a.to == b.to; }

// nullopt of a range that has no end on some side.
std::optional<Stretch> StretchOf(const Value& value) {
  if (!value.is(Kind::kRange)) return Stretch{{&value, false}, {&value, true}};
  const eligibility::feel::Range& range = value.range();
  if (!range.has_start || !range.has_end) return std::nullopt;
  return Stretch{{&range.start, !range.start_included}, {&range.end, range.end_included}};
}

bool HaveOrder(const Stretch& a, const Stretch& b) {
  return OrderOf(*a.from.value, *b.from.value) && OrderOf(*a.to.value, *b.to.value) &&
         OrderOf(*a.from.value, *a.to.value) && OrderOf(*a.to.value, *b.from.value);
}

template <bool (*relation)(const Stretch&, const Stretch&), bool swapped = false>
Value Related(const Items& arguments, Formula&) {
  const auto a = StretchOf(arguments[swapped ? 1 : 0]);
  const auto b = StretchOf(arguments[swapped ? 0 : 1]);
  if (!a || !b || !HaveOrder(*a, *b)) return Value::Null();
  return Value::Boolean(relation(*a, *b));
}

}  // namespace

const FunctionTable& RangeFunctions() {
  static const FunctionTable functions{
      {"before", {"xx", Open::kNowhere, Related<IsBefore>}},
      {"after", {"xx", Open::kNowhere, Related<IsBefore, true>}},
      {"meets", {"rr", Open::kNowhere, Related<Meets>}},
      {"met by", {"rr", Open::kNowhere, Related<Meets, true>}},
      {"overlaps", {"rr", Open::kNowhere, Related<Overlaps>}},
      {"overlaps before", {"rr", Open::kNowhere, Related<OverlapsBefore>}},
      {"overlaps after", {"rr", Open::kNowhere, Related<OverlapsBefore, true>}},
      {"finishes", {"xr", Open::kNowhere, Related<Finishes>}},
      {"finished by", {"rx", Open::kNowhere, Related<Finishes, true>}},
      {"includes", {"rx", Open::kNowhere, Related<Includes>}},
      {"during", {"xr", Open::kNowhere, Related<Includes, true>}},
      {"starts", {"xr", Open::kNowhere, Related<Starts>}},
      {"started by", {"rx", Open::kNowhere, Related<Starts, true>}},
      {"coincides", {"xx", Open::kNowhere, Related<Coincides>}},
  };
  return functions;
}

}  // namespace kstati::certificate_verifier
