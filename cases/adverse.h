// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cases/case.h"
#include "eligibility/decision.h"
#include "profile/dictionary.h"

namespace kstati::cases {

// Whether what nothing proves counts as reported: the "no" that a complete registry's silence
// stands for, and a person's own word about what the dictionary lets people report themselves.
enum class Unproved { kCounts, kDoesNotCount };
// Whether all that an outcome rests on was reported by registries that may report it.
bool IsReported(const eligibility::CriterionOutcome& outcome, const profile::Dictionary& dictionary,
                Unproved unproved);

// Whether a "yes" may be given without an official: every criterion holds on reported facts.
bool IsConfirmedYes(const eligibility::Decision& decision, const profile::Dictionary& dictionary);

// Leave to act against a person. Nobody has it but whoever holds a "no" that rests on reported
// facts and confirmed law, or an official's ruling: the state acts against nobody on a guess.
class AdverseLeave {
 public:
  // nullopt unless every ground of the "no" stands on criteria whose law is confirmed and which
  // fail on facts that registries reported: silence does not count, nor do completion and anybody's
  // own word.
  static std::optional<AdverseLeave> ByRules(const eligibility::Decision& decision,
                                             const profile::Dictionary& dictionary);
  // nullopt unless the ruling names its official, decides against the person and, for a refusal,
  // names grounds.
  static std::optional<AdverseLeave> ByOfficial(Ruling ruling);

  const Ruling& ruling() const { return ruling_; }

 private:
  explicit AdverseLeave(Ruling ruling) : ruling_(std::move(ruling)) {}

  Ruling ruling_;
};

}  // namespace kstati::cases
