// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "eligibility/program.h"
#include "eligibility/questions/planner.h"
#include "eligibility/questions/possible_answers.h"

namespace kstati::eligibility::questions {

// What a person said when asked.
struct Answer {
  CitizenId citizen;  // whose fact it is; 0: the person in the attribute's role
  AttributeId attribute;
  std::optional<profile::FactValue> value;  // nullopt: the person does not know
};

// A service about which no question is left.
struct SettledService {
  const graph::Service* service = nullptr;   // into the catalogue
  Verdict verdict = Verdict::kUndetermined;  // undetermined: nothing that may be asked decides it
};

// One thing to ask.
struct Asked {
  CitizenId citizen;  // whose fact it is; 0: nobody is known in the attribute's role
  const profile::Attribute* attribute = nullptr;  // into the dictionary
  std::vector<PossibleAnswer> answers;            // between which it makes a difference
  std::vector<const graph::Service*> decides;     // open services that depend on it
};

struct NextQuestion {
  std::optional<Asked> asked;  // nullopt: nothing is left to ask
  // Of the questions that remain, the one asked too, when the person knows every answer.
  double expected = 0;
  double at_least = 0;
  uint32_t at_most = 0;
  // No order of questions expects fewer. Otherwise the plan is a good one, and `at_least` what is
  // proven of every plan.
  bool exact = true;
  std::vector<SettledService> settled;  // in the order of the goals
  std::vector<const graph::Service*> open;
};

struct QuestionLimits {
  // Evaluations of single rules for one question: a fifth of a second. What is not seen by then is
  // left to later questions.
  uint64_t max_evaluations = 20'000;
  uint64_t max_evaluations_of_one = 4'096;  // rule: twelve questions that are true or false
  size_t max_answers = 500;                 // of one questionnaire; nobody is asked more
  PlannerLimits planner = {};
};

// The question to ask next so that all `goals` are decided after as few as possible. Answers stand
// for facts; nothing is recorded.
//
// A pure function: the same answers give the same question. So going back is to leave out the last
// answer, and coming back later is to give the same answers again. Of several answers about one
// thing the last one counts.
//
// Never asks what a registry holds, what was answered or is not known, nor what changes no
// decision. kInvalidArgument when an answer is of another type, not on the closed list, about
// somebody who is not of the household, or about something that may not be asked; kNotFound when
// there is no such attribute.
Result<NextQuestion> NextQuestionOf(const Program& program, const Subject& subject,
                                    std::span<const graph::Service* const> goals,
                                    std::span<const Answer> answers,
                                    const QuestionLimits& limits = {});

}  // namespace kstati::eligibility::questions
