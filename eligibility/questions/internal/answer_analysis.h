// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/possible_values.h"
#include "eligibility/program.h"
#include "eligibility/questions/possible_answers.h"
#include "profile/dictionary.h"

namespace kstati::eligibility::questions {

// The answers that the rules of a program tell apart for one subject: true and false, the codes
// that hold on the day, else what lies at and between the values that rules compare a fact with.
// Rules and figures of law are those in force for the subject. The program must outlive it.
class AnswerAnalysis {
 public:
  AnswerAnalysis(const Program& program, const Subject& subject);

  // About an attribute that is recorded under its own name.
  PossibleAnswers Of(const profile::Attribute& attribute) const;

 private:
  const Date today_;
  std::map<uint32_t, PossibleValues> values_;  // by slot
};

}  // namespace kstati::eligibility::questions
