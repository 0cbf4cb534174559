// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/completion.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "eligibility/internal/completion_domains.h"

namespace kstati::eligibility {
namespace {

// One completion, as far as it had to be told.
struct Branch {
  std::map<Missing, size_t> values;  // positions in the domains
  std::vector<Assumption> assumed;
  Ruling ruling;
  std::vector<Truth> truths;
  bool open = false;  // facts without a domain could still change it

  bool EndsAs(const Branch& other) const {
    return ruling.verdict == other.ruling.verdict && ruling.grounds == other.ruling.grounds;
  }
};

// Walks through all completions, a fact after another in the order in which rules miss them.
class CompletionSearch {
 public:
  CompletionSearch(const Rulebook& book, const Subject& subject, const graph::Service& service,
                   const std::string& region, const CompletionLimits& limits)
      : book_(book),
        subject_(subject),
        service_(service),
        limits_(limits),
        day_(subject.day()),
        region_(region) {}

  Completion Run(const std::vector<Missing>& missing) {
    Completion completion;
    UseDomains(false);
    if (!AreEntangled(missing) || AreTooMany(missing)) return completion;
    Explore();
    if (met_date_ && !cut_short_) {  // again, with what the day's ages tell apart
      UseDomains(true);
      branches_.clear();
      varied_.clear();
      evaluations_ = 0;
      if (AreTooMany(missing)) return completion;
      Explore();
    }
    if (cut_short_ || branches_.empty()) return completion;
    Agree(completion);
    if (!completion.ruling) FindIndifferent(missing, completion);
    return completion;
  }

 private:
  using Fact = std::pair<Missing, uint32_t>;  // and its slot

  void UseDomains(bool dates) {
    with_dates_ = dates;
    domains_ = book_.domains->Of(book_, service_, day_, region_, dates);
  }

  uint32_t RecordedSlot(const Missing& missing) const {
    uint32_t slot = book_.Find(missing.attribute).value_or(kNone);
    while (slot != kNone && book_.slots[slot].origin == Origin::kAlias) {
      slot = book_.slots[slot].target;
    }
    return slot;
  }

  // Whether some missing fact is entangled. One of a caller who names none may be.
  bool AreEntangled(const std::vector<Missing>& missing) const {
    if (missing.empty()) return !domains_->entangled.empty();
    return std::ranges::any_of(missing, [&](const Missing& one) {
      return domains_->entangled.contains(RecordedSlot(one));
    });
  }

  // Whether the completions of the facts that are missing now are; later ones may come to them.
  bool AreTooMany(const std::vector<Missing>& missing) const {
    size_t count = 1;
    for (const Missing& one : missing) {
      const auto domain = domains_->values.find(RecordedSlot(one));
      if (domain != domains_->values.end()) count *= domain->second.size();
      if (count > limits_.max_evaluations) return true;
    }
    return false;
  }

  void Explore() {
    if (++evaluations_ > limits_.max_evaluations) cut_short_ = true;
    if (Stops()) return;
    std::optional<Fact> next;
    Branch branch = EvaluateNow(next);
    if (!next) {
      branches_.push_back(std::move(branch));
      return;
    }
    const auto& [missing, slot] = *next;
    varied_.emplace(missing, slot);
    const std::vector<feel::Value>& values = domains_->values.at(slot);
    assumed_.push_back({missing.citizen, missing.attribute, {}});
    for (size_t i = 0; i < values.size() && !Stops(); ++i) {
      assumed_.back().value = FromFeel(values[i]);
      chosen_[missing] = i;
      Explore();
    }
    chosen_.erase(missing);
    assumed_.pop_back();
  }

  bool Stops() const { return cut_short_ || (met_date_ && !with_dates_); }

  Branch EvaluateNow(std::optional<Fact>& next) {
    Subject subject = subject_;
    subject.assumed.insert(subject.assumed.end(), assumed_.begin(), assumed_.end());
    Evaluation evaluation(book_, subject, false);
    Branch branch{chosen_, assumed_, RuleOn(service_, book_, evaluation), {}, false};
    const Plan& plan = book_.plans.at(branch.ruling.regulation);
    std::vector<feel::InputId> missing = branch.ruling.missing;
    bool settled = branch.ruling.verdict == Verdict::kNotEligible;
    for (size_t i = 0; i < plan.rules.size(); ++i) {
      if (plan.rules[i] == kNone) {
        branch.truths.push_back(Truth::kUnknown);
        settled = false;
        continue;
      }
      const RuleCell& rule = evaluation.RuleAt(FrameFor(service_.about), plan.rules[i]);
      branch.truths.push_back(rule.truth);
      if (rule.truth != Truth::kUnknown) continue;
      // Of a refusal, only a criterion that could add a ground is looked into.
      const GroundId& ground = branch.ruling.regulation->criteria[i].ground;
      if (std::ranges::binary_search(branch.ruling.grounds, ground)) continue;
      settled = false;
      if (!rule.cell.value.is_unknown()) continue;
      missing.insert(missing.end(), rule.cell.value.missing().begin(),
                     rule.cell.value.missing().end());
    }
    if (!settled) next = Choose(missing, evaluation);
    branch.open = branch.ruling.verdict == Verdict::kUndetermined || (!settled && !missing.empty());
    return branch;
  }

  // The first missing fact with a domain that is not assumed yet.
  std::optional<Fact> Choose(const std::vector<feel::InputId>& inputs,
                             const Evaluation& evaluation) {
    for (const feel::InputId input : inputs) {
      if ((input & kParameterInput) != 0) continue;
      const uint32_t slot = evaluation.SlotOf(input);
      const Missing missing = evaluation.MissingAt(input, service_.about);
      if (chosen_.contains(missing)) continue;
      if (domains_->values.contains(slot)) return std::pair(missing, slot);
      met_date_ = met_date_ || IsDate(slot);
    }
    return std::nullopt;
  }

  bool IsDate(uint32_t slot) const {
    if (slot == book_.SlotOf(Builtin::kEventDate)) return true;
    return slot < book_.dictionary.attributes().size() &&
           TypeOf(book_.dictionary.at(slot)).is(feel::Kind::kDate);
  }

  void Agree(Completion& completion) const {
    const Branch& first = branches_.front();
    Ruling common = first.ruling;
    std::vector<Truth> truths = first.truths;
    for (const Branch& branch : branches_) {
      const Ruling& ruling = branch.ruling;
      if (ruling.verdict != common.verdict || ruling.verdict == Verdict::kUndetermined) return;
      std::erase_if(common.grounds, [&](const GroundId& ground) {
        return !std::ranges::binary_search(ruling.grounds, ground);
      });
      common.mark.Add(ruling.mark);
      if (ruling.regulation != common.regulation) {
        common.regulation = common.in_force;
        common.variant = nullptr;
        truths.clear();
      }
      for (size_t i = 0; i < truths.size(); ++i) {
        if (truths[i] != branch.truths[i]) truths[i] = Truth::kUnknown;
      }
    }
    if (common.verdict == Verdict::kNotEligible && common.grounds.empty()) return;
    completion.ruling = std::move(common);
    completion.truths = std::move(truths);
    for (const auto& [fact, slot] : varied_) {
      Completion::Domain& domain = completion.varied.emplace_back(Completion::Domain{fact, {}});
      for (const feel::Value& value : domains_->values.at(slot)) {
        domain.values.push_back(FromFeel(value));
      }
    }
    for (const Branch& branch : branches_) completion.ways.push_back(branch.assumed);
  }

  // A fact matters when two completions that differ in nothing else come to different outcomes.
  void FindIndifferent(const std::vector<Missing>& missing, Completion& completion) const {
    const bool whole = std::ranges::none_of(branches_, &Branch::open);
    if (!whole || branches_.size() > kMaxCompared) return;
    for (const Missing& one : missing) {
      if (!Matters(one)) completion.indifferent.push_back(one);
    }
  }

  bool Matters(const Missing& fact) const {
    for (const Branch& a : branches_) {
      if (!a.values.contains(fact)) continue;
      for (const Branch& b : branches_) {
        if (!a.EndsAs(b) && DifferOnlyIn(fact, a, b)) return true;
      }
    }
    return false;
  }

  static bool DifferOnlyIn(const Missing& fact, const Branch& a, const Branch& b) {
    return std::ranges::all_of(a.values, [&](const auto& entry) {
      const auto other = b.values.find(entry.first);
      return entry.first == fact || other == b.values.end() || other->second == entry.second;
    });
  }

  // Pairs of completions are compared, so that their number counts twice.
  static constexpr size_t kMaxCompared = 256;

  const Rulebook& book_;
  const Subject& subject_;
  const graph::Service& service_;
  const CompletionLimits limits_;
  const Date day_;
  const std::string region_;
  std::shared_ptr<const CompletionDomains> domains_;
  std::vector<Assumption> assumed_;
  std::map<Missing, size_t> chosen_;
  std::map<Missing, uint32_t> varied_;  // and their slots
  std::vector<Branch> branches_;
  size_t evaluations_ = 0;
  bool with_dates_ = false;
  bool met_date_ = false;
  bool cut_short_ = false;
};

}  // namespace

Completion Complete(const Rulebook& book, const Subject& subject, const graph::Service& service,
                    const std::string& region, const std::vector<Missing>& missing,
                    const CompletionLimits& limits) {
  return CompletionSearch(book, subject, service, region, limits).Run(missing);
}

}  // namespace kstati::eligibility
