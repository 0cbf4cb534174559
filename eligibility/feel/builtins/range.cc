// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builtin.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

// A point is the range that holds only itself.
Range AsRange(const Value& value) {
  if (value.is(Kind::kRange)) return value.range();
  return {value, value, true, true, true, true};
}

// One end of an interval compared with one end of another.
class Ends {
 public:
  // Whether every end of both has a common order.
  static bool Fit(const Range& a, const Range& b) {
    return a.has_start && a.has_end && b.has_start && b.has_end && Order(a.start, b.start) &&
           Order(a.end, b.end) && Order(a.start, a.end) && Order(a.end, b.start);
  }
};

bool Less(const Value& a, const Value& b) { return *Order(a, b) < 0; }
bool Same(const Value& a, const Value& b) { return *Order(a, b) == 0; }

// The relations of Allen's algebra as the standard defines them. Requires ends that fit.
bool Before(const Range& a, const Range& b) {
  return Less(a.end, b.start) || (Same(a.end, b.start) && !(a.end_included && b.start_included));
}

bool Meets(const Range& a, const Range& b) {
  return a.end_included && b.start_included && Same(a.end, b.start);
}

// Whether a ends inside or after the start of b.
bool Reaches(const Range& a, const Range& b) { return Less(b.start, a.end) || Meets(a, b); }

bool Overlaps(const Range& a, const Range& b) { return Reaches(a, b) && Reaches(b, a); }

bool OverlapsBefore(const Range& a, const Range& b) {
  const bool starts_first =
      Less(a.start, b.start) || (Same(a.start, b.start) && a.start_included && !b.start_included);
  const bool ends_first =
      Less(a.end, b.end) || (Same(a.end, b.end) && (!a.end_included || b.end_included));
  return starts_first && Reaches(a, b) && ends_first;
}

bool Finishes(const Range& a, const Range& b) {
  return a.end_included == b.end_included && Same(a.end, b.end) &&
         (Less(b.start, a.start) ||
          (Same(a.start, b.start) && (!a.start_included || b.start_included)));
}

bool Includes(const Range& a, const Range& b) {
  const bool starts_inside =
      Less(a.start, b.start) || (Same(a.start, b.start) && (a.start_included || !b.start_included));
  const bool ends_inside =
      Less(b.end, a.end) || (Same(a.end, b.end) && (a.end_included || !b.end_included));
  return starts_inside && ends_inside;
}

bool Starts(const Range& a, const Range& b) {
  return a.start_included == b.start_included && Same(a.start, b.start) &&
         (Less(a.end, b.end) || (Same(a.end, b.end) && (!a.end_included || b.end_included)));
}

bool Coincides(const Range& a, const Range& b) {
  return Same(a.start, b.start) && Same(a.end, b.end) && a.start_included == b.start_included &&
         a.end_included == b.end_included;
}

using Relation = bool (*)(const Range&, const Range&);

template <Relation relation, bool swapped>
Value Related(Arguments arguments, CallContext& call) {
  const Range a = AsRange(arguments[swapped ? 1 : 0]);
  const Range b = AsRange(arguments[swapped ? 0 : 1]);
  if (!Ends::Fit(a, b)) return call.Fail("the arguments have no common order");
  return Value::Boolean(relation(a, b));
}

Builtin Make(std::string_view name, std::string_view parameters, BuiltinFunction run) {
  return {.name = name, .parameters = parameters, .result = Type::Boolean(), .run = run};
}

}  // namespace

std::vector<Builtin> RangeBuiltins() {
  constexpr std::string_view kAny =
      "range1:r, range2:r | point:x, range:r | range:r, point:x | point1:x, point2:x";
  constexpr std::string_view kRanges = "range1:r, range2:r";
  constexpr std::string_view kPointFirst = "range1:r, range2:r | point:x, range:r";
  constexpr std::string_view kRangeFirst = "range1:r, range2:r | range:r, point:x";
  constexpr std::string_view kAlike = "range1:r, range2:r | point1:x, point2:x";
  return {
      Make("before", kAny, Related<Before, false>),
      Make("after", kAny, Related<Before, true>),
      Make("meets", kRanges, Related<Meets, false>),
      Make("met by", kRanges, Related<Meets, true>),
      Make("overlaps", kRanges, Related<Overlaps, false>),
      Make("overlaps before", kRanges, Related<OverlapsBefore, false>),
      Make("overlaps after", kRanges, Related<OverlapsBefore, true>),
      Make("finishes", kPointFirst, Related<Finishes, false>),
      Make("finished by", kRangeFirst, Related<Finishes, true>),
      Make("includes", kRangeFirst, Related<Includes, false>),
      Make("during", kPointFirst, Related<Includes, true>),
      Make("starts", kPointFirst, Related<Starts, false>),
      Make("started by", kRangeFirst, Related<Starts, true>),
      Make("coincides", kAlike, Related<Coincides, false>),
      {.name = "range", .parameters = "from:s", .result = Type::Of(Kind::kRange), .run = MakeRange},
  };
}

}  // namespace kstati::eligibility::feel
