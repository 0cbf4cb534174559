// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eligibility/feel/program.h"
#include "eligibility/internal/witness.h"
#include "eligibility/lint.h"

namespace kstati::eligibility {

// What is checked: a regulation as it applies on a day in a region, to everybody or to a category.
struct LintScope {
  const graph::Service* service = nullptr;
  const graph::Regulation* whole = nullptr;      // in force that day in that region
  const graph::Variant* variant = nullptr;       // of `whole`, whose people alone are meant
  std::vector<const graph::Regulation*> others;  // criteria that stand in one are checked there
  std::vector<uint32_t> required;                // rules that everybody checked meets besides
  Date day;
  std::string region;

  const graph::Regulation& regulation() const { return variant ? *variant->regulation : *whole; }
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

// The checks of the rules of one regulation. For one thread.
class RegulationLint {
 public:
  // Everything referred to must outlive it. `steps` are of the scope's day.
  RegulationLint(const Program& program, DateSteps& steps, LintScope scope);

  std::vector<Finding> Run();

  // After Run: whether it is proven that nobody meets all criteria.
  bool nobody_qualifies() const { return nobody_qualifies_; }
  // After Run: the grounds on which somebody is refused. A finding "ground-unreachable" says only
  // that it is not one of these.
  const std::set<GroundId>& reached() const { return reached_; }

  // Questions that stayed open: neither a person was found nor that there is none.
  size_t open() const { return open_ + search_.open(); }

  // Whether the regulation accepts a finding, with its reason.
  bool Accepts(const Finding& finding) const;
  // Parts of a derived attribute that decide nothing on this day in this region.
  std::vector<Finding> DeadPartsOfDerived(uint32_t slot);
  // A person whose value of the attribute decides a criterion; nullopt when none was found.
  std::optional<graph::Example> PersonWith(uint32_t slot, const std::string& name);
  // A person who meets all criteria; nullopt when none was found.
  std::optional<graph::Example> EntitledPerson(const std::string& name);

 private:
  // Criteria that no person fails, or fails alone.
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
  void CheckBranches(const graph::Criterion& criterion, const Rule& rule, const std::string& what);
  // Likewise of the amount, among those whom it is paid.
  void CheckAmount();
  // Looks for people by the truths in a rule that gives anything, and by `others`.
  WitnessSearch SearchFor(const Rule& rule, const std::vector<uint32_t>& others);
  // `part` says what of it is dead and where; the place is that of the rule.
  Finding DeadPartAt(const DeadPart& part, const Rule& rule, const Location& where, std::string of,
                     const std::string& in) const;

  std::vector<Demand> AllHold() const;
  void ReportNobody();
  // Whether it is checked here.
  bool IsOwn(size_t index) const;
  const Rule* RuleOf(size_t index) const;
  const Rule* CategoryOf(size_t index) const;
  Finding FindingAt(std::string check, const graph::Criterion& criterion) const;
  std::string Named(const std::string& part) const;  // of a category: "woman.income"
  std::string OfCategory() const;                    // " of the category woman", or nothing
  // A person with these facts, as an example; what follows from relations is stated instead.
  graph::Example ExampleOf(const std::vector<Assumption>& facts, std::string name) const;
  void StateFollowing(const std::vector<Assumption>& facts, graph::Example& example) const;
  // Of a category, first a person of no other: who has two is refused nothing and granted nothing.
  std::optional<graph::Example> Shown(std::vector<Demand> demands, std::string name);
  // Who shows `shown`, which is about criterion `index`, and fails another criterion.
  std::optional<graph::Example> ShownBeside(const Demand& shown, size_t index,
                                            const std::string& name);

  const Program& program_;
  const Rulebook& book_;
  const LintScope scope_;
  const graph::Service& service_;
  const graph::Regulation& regulation_;
  const Plan& plan_;
  const std::vector<uint32_t>& categories_;  // rules of the whole regulation's variants
  DateSteps& steps_;
  WitnessSearch search_;
  std::vector<bool> can_fail_;  // by criterion; true also when that is not known
  size_t open_ = 0;             // of other searches
  bool nobody_qualifies_ = false;
  std::set<GroundId> reached_;
  std::vector<Finding> findings_;
};

// Only what is proven, also within a rule that gives no truth: branches, and what they are chosen
// by. `parts` keeps the rules that the demands refer to.
std::vector<DeadPart> FindDeadParts(const Rule& rule, WitnessSearch& search, Parts& parts);

// The rule itself when it gives truth, and whatever branches within it are chosen by.
std::vector<const Rule*> TruthsIn(const Rule& rule, Parts& parts);

}  // namespace kstati::eligibility
