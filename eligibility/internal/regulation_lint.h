// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eligibility/feel/program.h"
#include "eligibility/internal/witness.h"
#include "eligibility/lint.h"

namespace kstati::eligibility {

// The checks of the rules of one regulation, on one day. For one thread.
class RegulationLint {
 public:
  // Everything referred to must outlive it.
  RegulationLint(const Program& program, const Rulebook& book, DateSteps& steps,
                 const graph::Service& service, const graph::Regulation& regulation, Date day,
                 std::string region);

  std::vector<Finding> Run();

 private:
  // Criteria that no person fails, or fails alone; grounds that follow from them alone.
  void CheckCriteria();
  void CheckCriterion(size_t index);
  void CheckGrounds();
  // The criterion that alone makes criterion `index` hold; nullopt when there is none.
  std::optional<size_t> ImpliedBy(size_t index);
  // People whom no variant covers, or several do.
  void CheckVariants();
  void CheckOverlap(size_t first, size_t second, const std::vector<Demand>& common);
  // Parts of criteria that never matter.
  void CheckBranches();
  void CheckBranches(const graph::Criterion& criterion, const Rule& rule);

  std::vector<Demand> AllHold() const;
  const Rule* RuleOf(size_t index) const;
  const Rule* CategoryOf(size_t index) const;
  Finding FindingAt(std::string check, const graph::Criterion& criterion) const;
  // A person with these facts, as an example; what follows from relations is stated instead.
  graph::Example ExampleOf(const std::vector<Assumption>& facts, std::string name) const;
  void StateFollowing(const std::vector<Assumption>& facts, graph::Example& example) const;
  std::optional<graph::Example> Shown(std::vector<Demand> demands, std::string name);
  // Who shows `shown`, which is about criterion `index`, and fails another criterion.
  std::optional<graph::Example> ShownBeside(const Demand& shown, size_t index,
                                            const std::string& name);

  const Program& program_;
  const Rulebook& book_;
  const graph::Service& service_;
  const graph::Regulation& regulation_;
  const Plan& plan_;
  const Date day_;
  const std::string region_;
  WitnessSearch search_;
  std::vector<bool> can_fail_;  // by criterion; true also when that is not known
  std::vector<Finding> findings_;
};

// A part of a rule that decides nothing: an operand of "or" that is true only when another is, of
// "and" that fails only when another does, a branch of "if" that is never taken.
struct DeadPart {
  feel::NodeIndex node = feel::kNoNode;
  std::string why;
  // Who shows it: the part is as it would have to be to matter, and changes nothing. Empty when
  // nobody is: it is never so.
  std::vector<Demand> shown_by;
};

// Parts of rules as rules of their own. A deque: rules stay in place.
using Parts = std::deque<Rule>;

// Only what is proven. `parts` keeps the rules that the demands refer to.
std::vector<DeadPart> FindDeadParts(const Rule& rule, WitnessSearch& search, Parts& parts);

}  // namespace kstati::eligibility
