// SPDX-License-Identifier: Apache-2.0
// Days, times of day, and days with a time (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.6).
#pragma once

#include <optional>
#include <string>

#include "eligibility/certificate_verifier/operators.h"

namespace kstati::certificate_verifier {

// Whether it is a date, or a date and time.
bool IsMoment(const Value& value);
// The day of a moment.
Date DayOfMoment(const Value& moment);
// Of two times, or two dates with times: by whole seconds; nullopt when only one tells its zone.
std::optional<int> OrderOfClocks(const Value& a, const Value& b);
// A moment or a time, a duration later (sign 1) or earlier (-1); null when there is none.
Value ShiftedMoment(const Value& from, const Value& by, int sign);
// From the second moment or time to the first; null when only one tells its zone.
Value TimeBetween(const Value& a, const Value& b);
// A property of a moment or a time; nullopt when it has no such.
std::optional<Value> PartOfMoment(const Value& value, const std::string& name);
// Whole months between the days of two moments.
Value MonthsFromTo(const Value& first, const Value& second);

}  // namespace kstati::certificate_verifier
