// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/fitting.h"

#include "eligibility/certificate_verifier/functions.h"

namespace kstati::certificate_verifier {
namespace {

Kind KindOfLetter(char letter) {
  switch (letter) {
    case 'n': return Kind::kNumber;
    case 's': return Kind::kString;
    case 'd': return Kind::kDate;
    case 't': return Kind::kTime;
    case 'z': return Kind::kDateTime;
    case 'm': return Kind::kMonthsDuration;
    case 'u': return Kind::kTimeDuration;
    case 'f': return Kind::kFunction;
    case 'c': return Kind::kContext;
    case 'r': return Kind::kRange;
    default: return Kind::kList;
  }
}

// The argument as the parameter wants it; nullopt when it does not fit.
std::optional<Value> Fitted(const Value& argument, char letter, bool optional) {
  if (letter == 'x' || argument.is_unknown()) return argument;
  const Kind wanted = KindOfLetter(letter);
  if (argument.is(wanted)) return argument;
  if (argument.is_null()) return optional ? std::optional(argument) : std::nullopt;
  if (wanted == Kind::kList) return Value::List({argument});
  const Value only = Single(argument);
  if (!argument.is(Kind::kList) || (!only.is(wanted) && !only.is_unknown())) return std::nullopt;
  return only;
}

}  // namespace

std::optional<Fitting> Fit(std::string_view parameters, const Items& arguments) {
  Fitting fitting;
  size_t next = 0;
  for (size_t at = 0; at < parameters.size(); ++at) {
    const char letter = parameters[at];
    const char mark = at + 1 < parameters.size() ? parameters[at + 1] : ' ';
    const bool optional = mark == '?';
    const bool many = mark == '+';
    if (optional || many) ++at;
    if (next == arguments.size()) {
      if (optional) continue;
      return std::nullopt;
    }
    do {
      std::optional<Value> fitted = Fitted(arguments[next++], letter, optional);
      fitting.fits = fitting.fits && fitted.has_value();
      if (fitted) fitting.arguments.push_back(*std::move(fitted));
    } while (many && next < arguments.size());
  }
  if (next != arguments.size()) return std::nullopt;
  return fitting;
}

}  // namespace kstati::certificate_verifier
