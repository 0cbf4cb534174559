// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "eligibility/internal/date_steps.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

// The values of a fact that some rules tell apart: one of each kind that they treat alike.
struct PossibleValues {
  std::vector<feel::Value> values;  // each once, null ("not applicable") left out
  // Every value there is behaves as one of these (a date within the years of DateSteps). Otherwise
  // they are a sample.
  bool exhaustive = true;
  bool null_is_told = false;  // some rule asks whether the fact applies at all
  // What lies between the values: numbers that the fact is compared with, first days of stretches
  // of days, words. Sorted.
  std::vector<Decimal> numbers = {};
  std::vector<Date> days = {};
  std::vector<std::string> words = {};
};

// Whether the people are real, so that lists of relatives hold what is known of them, or made up:
// then whatever follows from a list is stated directly.
enum class People { kReal, kMadeUp };

// Finds what rules compare facts with: the code list; true and false; for numbers, dates and texts
// each constant and value of law that a fact is compared with, itself or through other attributes
// (an age), and one value between each two and beyond the ends.
//
// Invariant: a fact of which some use was not understood is not exhaustive.
class ValueAnalysis {
 public:
  // Parameters as in force in `region` ("" when nobody knows it) on the day. Without `steps`, which
  // take their time, no date is exhaustive that is more than compared.
  ValueAnalysis(const Rulebook& book, DateSteps* steps, Date day, std::string region,
                People people);

  void Add(const Rule& rule);

  // By slot: every reported attribute and builtin that the rules reach and, of made-up people, the
  // derived attributes that follow from lists.
  std::map<uint32_t, PossibleValues> Result() const;

 private:
  struct Leaf {
    std::set<Decimal> numbers;
    std::set<Date> days;  // first days of stretches
    std::set<std::string> words;
    bool blurred = false;  // used in some way that is not understood
    bool null_is_told = false;
  };
  using Values = std::vector<feel::Value>;
  using Program = feel::Program;

  bool IsStated(const Slot& slot) const;
  Leaf* Reach(uint32_t slot);
  void Walk(const Program& program, feel::NodeIndex index);
  void WalkSlot(uint32_t slot);
  // What another service's decision or a decision model tells apart.
  void WalkOther(uint32_t slot);
  void WalkIn(const Program& program, const feel::Node& node);
  void Compare(const Program& program, feel::NodeIndex whole, feel::NodeIndex a, feel::NodeIndex b);
  void Push(const Program& program, feel::NodeIndex index, const Values& constants);
  void PushArithmetic(const Program& program, feel::NodeIndex index, const Values& constants);
  void PushSlot(uint32_t slot, const Values& constants);
  // False when the node follows from anything but one date.
  bool PushSteps(const Program& program, feel::NodeIndex index, const Values& constants);
  void Blur(const Program& program);
  void BlurPart(const Program& program, feel::NodeIndex index);
  void BlurSlot(uint32_t slot);
  std::optional<Values> ConstantsOf(const Program& program, feel::NodeIndex index);
  std::optional<Values> LawValues(const Program& program, const feel::Node& call);
  void PushDimensions(const Program& program, const feel::Node& call,
                      const graph::Parameter& parameter);
  PossibleValues Describe(uint32_t slot, const Leaf& leaf) const;

  const Rulebook& book_;
  DateSteps* const steps_;
  const Date day_;
  const std::string region_;
  const People people_;
  std::map<uint32_t, Leaf> leaves_;
  std::set<uint32_t> walked_;   // attributes that follow from others
  std::set<uint32_t> blurred_;  // likewise
};

// Whether the rule reads children, parents or spouses itself.
bool ReadsRelatives(const Rule& rule, const Rulebook& book);

}  // namespace kstati::eligibility
