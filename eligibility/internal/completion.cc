// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/completion.h"

#include <algorithm>
#include <map>
#include <utility>

#include "eligibility/internal/completion_domains.h"

namespace kstati::eligibility {
namespace {

// What one completion comes to; unknown criteria when a fact without a domain is missing.
struct Outcome {
  std::vector<Truth> truths;
  std::set<GroundId> grounds;
  Mark mark;
  bool open = false;
  bool settled = false;  // open criteria can add nothing to the refusal

  bool refuses() const { return !grounds.empty(); }
  bool ended() const { return settled || !open; }
  bool SameAs(const Outcome& other) const {
    return grounds == other.grounds && ended() == other.ended();
  }
};

struct Branch {
  std::map<Missing, size_t> values;  // positions in the domains
  Outcome outcome;
};

// Walks through all completions, a fact after another in the order in which rules miss them.
class CompletionSearch {
 public:
  CompletionSearch(const Rulebook& book, const Subject& subject, const graph::Service& service,
                   const graph::Regulation& regulation, const CompletionLimits& limits)
      : book_(book),
        subject_(subject),
        service_(service),
        regulation_(regulation),
        plan_(book.plans.at(&regulation)),
        limits_(limits),
        domains_(book.domains->Of(book, plan_, subject.household->person->as_of().valid_at,
                                  Region())) {}

  Completion Run(const std::vector<Missing>& missing) {
    Completion completion;
    if (CompletionsOf(missing) > limits_.max_evaluations) return completion;
    Explore();
    if (cut_short_ || branches_.empty()) return completion;
    completion.varied.assign(varied_.begin(), varied_.end());
    Agree(completion);
    if (!completion.verdict) FindIndifferent(missing, completion);
    return completion;
  }

 private:
  std::string Region() const {
    if (book_.region_slot == kNone) return {};
    Evaluation evaluation(book_, subject_, false);
    const feel::Value& region = evaluation.Load(kApplicantFrame, book_.region_slot).value;
    return region.is(feel::Kind::kString) ? region.string() : std::string();
  }

  const std::vector<feel::Value>* DomainOf(uint32_t slot) const {
    const auto found = domains_->find(slot);
    return found == domains_->end() ? nullptr : &found->second;
  }

  // Of the facts that are missing now; later ones may come to them.
  size_t CompletionsOf(const std::vector<Missing>& missing) const {
    size_t count = 1;
    for (const Missing& one : missing) {
      const auto slot = one.attribute.empty() ? std::nullopt : book_.Find(one.attribute);
      const auto* domain = slot ? DomainOf(EndOf(*slot)) : nullptr;
      if (domain != nullptr) count *= domain->size();
      if (count > limits_.max_evaluations) break;
    }
    return count;
  }

  uint32_t EndOf(uint32_t slot) const {
    while (book_.slots[slot].origin == Origin::kAlias) slot = book_.slots[slot].target;
    return slot;
  }

  void Explore() {
    if (++evaluations_ > limits_.max_evaluations) cut_short_ = true;
    if (cut_short_) return;
    std::optional<std::pair<Missing, uint32_t>> next;
    Outcome outcome = EvaluateNow(next);
    if (!next) {
      branches_.push_back({chosen_, std::move(outcome)});
      return;
    }
    const auto& [missing, slot] = *next;
    varied_.insert(missing);
    const std::vector<feel::Value>& values = *DomainOf(slot);
    assumed_.push_back({missing.citizen, missing.attribute, {}});
    for (size_t i = 0; i < values.size() && !cut_short_; ++i) {
      assumed_.back().value = FromFeel(values[i]);
      chosen_[missing] = i;
      Explore();
    }
    chosen_.erase(missing);
    assumed_.pop_back();
  }

  Outcome EvaluateNow(std::optional<std::pair<Missing, uint32_t>>& next) {
    Subject subject = subject_;
    subject.assumed.insert(subject.assumed.end(), assumed_.begin(), assumed_.end());
    Evaluation evaluation(book_, subject, false);
    Outcome outcome;
    for (size_t i = 0; i < plan_.rules.size(); ++i) {
      const RuleCell& rule = evaluation.RuleAt(FrameFor(service_.about), plan_.rules[i]);
      outcome.truths.push_back(rule.truth);
      outcome.mark.Add(rule.cell.mark);
      if (rule.truth == Truth::kFails) outcome.grounds.insert(regulation_.criteria[i].ground);
      if (rule.truth != Truth::kUnknown) continue;
      outcome.open = true;
      if (!next && rule.cell.value.is_unknown()) next = Choose(rule.cell.value, evaluation);
    }
    outcome.settled = IsSettled(outcome);
    if (outcome.settled) next.reset();
    return outcome;
  }

  // A refusal to which the open criteria could add no ground.
  bool IsSettled(const Outcome& outcome) const {
    if (!outcome.refuses()) return false;
    for (size_t i = 0; i < outcome.truths.size(); ++i) {
      if (outcome.truths[i] != Truth::kUnknown) continue;
      if (!outcome.grounds.contains(regulation_.criteria[i].ground)) return false;
    }
    return true;
  }

  // The first missing fact with a domain that is not assumed yet.
  std::optional<std::pair<Missing, uint32_t>> Choose(const feel::Value& unknown,
                                                     const Evaluation& evaluation) const {
    for (const feel::InputId input : unknown.missing()) {
      if ((input & kParameterInput) != 0) continue;
      const uint32_t slot = evaluation.SlotOf(input);
      const Missing missing = evaluation.MissingAt(input, service_.about);
      if (DomainOf(slot) != nullptr && !chosen_.contains(missing)) return std::pair(missing, slot);
    }
    return std::nullopt;
  }

  void Agree(Completion& completion) const {
    const Outcome& first = branches_.front().outcome;
    completion.truths = first.truths;
    completion.grounds = first.grounds;
    bool all_refuse = true;
    bool all_hold = true;
    for (const Branch& branch : branches_) {
      const Outcome& outcome = branch.outcome;
      all_refuse = all_refuse && outcome.refuses();
      all_hold = all_hold && !outcome.refuses() && !outcome.open;
      std::erase_if(completion.grounds,
                    [&](const GroundId& ground) { return !outcome.grounds.contains(ground); });
      for (size_t i = 0; i < completion.truths.size(); ++i) {
        if (completion.truths[i] != outcome.truths[i]) completion.truths[i] = Truth::kUnknown;
      }
      completion.mark.Add(outcome.mark);
    }
    if (all_hold) {
      completion.verdict =
          regulation_.conditions.empty() ? Verdict::kEligible : Verdict::kLikely;
    } else if (all_refuse && !completion.grounds.empty()) {
      completion.verdict = Verdict::kNotEligible;
    }
  }

  // A fact matters when two completions that differ in nothing else come to different outcomes.
  void FindIndifferent(const std::vector<Missing>& missing, Completion& completion) const {
    const bool whole =
        std::ranges::all_of(branches_, [](const Branch& branch) { return branch.outcome.ended(); });
    if (!whole || branches_.size() > kMaxCompared) return;
    for (const Missing& one : missing) {
      if (!Matters(one)) completion.indifferent.push_back(one);
    }
  }

  bool Matters(const Missing& fact) const {
    for (const Branch& a : branches_) {
      if (!a.values.contains(fact)) continue;
      for (const Branch& b : branches_) {
        if (!a.outcome.SameAs(b.outcome) && DifferOnlyIn(fact, a, b)) return true;
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
  const graph::Regulation& regulation_;
  const Plan& plan_;
  const CompletionLimits limits_;
  const std::shared_ptr<const CompletionDomains> domains_;
  std::vector<Assumption> assumed_;
  std::map<Missing, size_t> chosen_;
  std::set<Missing> varied_;
  std::vector<Branch> branches_;
  size_t evaluations_ = 0;
  bool cut_short_ = false;
};

}  // namespace

Completion Complete(const Rulebook& book, const Subject& subject, const graph::Service& service,
                    const graph::Regulation& regulation, const std::vector<Missing>& missing,
                    const CompletionLimits& limits) {
  return CompletionSearch(book, subject, service, regulation, limits).Run(missing);
}

}  // namespace kstati::eligibility
