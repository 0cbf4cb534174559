// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/certificate_verifier/formula.h"

namespace kstati::certificate_verifier {

using Items = std::vector<Value>;

// When the arguments decide, though something in them is unknown.
enum class Open {
  kNowhere,  // never
  kInside,   // when no argument is unknown as a whole
  kSelf,     // the function tells
};

// Letters: x any, n number, s text, d date, t time, z date and time, m months, u days, l list,
// f function, c context, r range; "?" optional; "+" any number of them.
struct Function {
  std::string_view parameters;
  Open open;
  Value (*run)(const Items&, Formula&);
};

// Several forms of one name are tried in their order.
using FunctionTable = std::multimap<std::string, Function>;

struct Fitting {
  bool fits = true;
  Items arguments;
};

// The arguments as the parameters want them; nullopt for another number of them.
std::optional<Fitting> Fit(std::string_view parameters, const Items& arguments);

// --- The functions, by file ---

const FunctionTable& DayFunctions();
const FunctionTable& PatternFunctions();
const FunctionTable& RangeFunctions();
const FunctionTable& ContextFunctions();

}  // namespace kstati::certificate_verifier
