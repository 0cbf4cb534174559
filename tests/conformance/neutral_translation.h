// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"
#include "tests/conformance/neutral_facts.h"

namespace kstati::neutral {

// The FEEL text of a rule:
//   {"all": [rule, ...]}  {"any": [rule, ...]}  {"not": rule}
//   {"fact": name, "op": op, "value": value}         op: = != < <= > >= in intersects
//   {"count": {"fact": list, "where": rule}, "op": op, "value": number}; "where" may be left out,
//   and may stand beside {"count": list}. Facts inside it are fields of the list's member when it
//   has them, else facts of the person; without "fact" the member itself is compared.
//
// The text is true or false, never null, for every person whose facts are known or not applicable
// (null): on a fact that is not applicable `=`, `in`, `intersects` and the comparisons are false,
// `!=` is true (it is the negation of `=`), and a list has no members to count.
Result<std::string> Translate(const nlohmann::json& rule, const Facts& facts);

}  // namespace kstati::neutral
