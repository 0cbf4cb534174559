// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tests/conformance/neutral_catalogue.h"

namespace kstati::neutral {

// The facts of one person as an evaluation loads them.
class KnownFacts final : public eligibility::feel::Environment {
 public:
  explicit KnownFacts(std::vector<eligibility::feel::Value> by_slot) : values(std::move(by_slot)) {}
  eligibility::feel::Value Load(uint32_t slot) override { return values[slot]; }

  std::vector<eligibility::feel::Value> values;  // by slot
};

// The values that a missing fact may turn out to have, null (not applicable) first:
// - codes and booleans: each; sets of up to ten codes: every subset;
// - numbers, dates and texts: each value that a rule compares the fact with, one below the first,
//   one between neighbours and one above the last, which is all that comparisons can tell apart;
// - larger sets: empty, full and the single codes; lists and sets without declared codes: those
//   that occur. These are not all there are, so a decision over them is not proven.
struct Domain {
  std::vector<eligibility::feel::Value> values;
  bool whole = true;
};
std::vector<Domain> DomainsOf(const Catalogue& catalogue, const std::vector<Person>& persons);

// What the completions of a person's missing facts come to.
struct Outcomes {
  bool any_true = false;
  bool any_false = false;
  bool any_other = false;  // a completion gave neither true nor false
  bool proven = false;     // every completion was evaluated, or both answers occur
  uint64_t evaluated = 0;

  bool open() const { return any_true && any_false; }
};

// Evaluates the completions of `missing` (slots) in `known`, or `most` of them drawn with a fixed
// seed when there are more; stops when both answers have occurred. `known` is left completed.
Outcomes Complete(const eligibility::feel::Expression& expression,
                  const std::vector<uint32_t>& missing, const std::vector<Domain>& domains,
                  uint64_t most, KnownFacts& known);

}  // namespace kstati::neutral
