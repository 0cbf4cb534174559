// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "eligibility/internal/completion.h"
#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/outcome.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

template <class T>
void SortOnce(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

// What the criteria of one regulation came to.
struct Tally {
  bool unknown = false;
  Mark mark;
  std::vector<const graph::Criterion*> failed;
  std::vector<feel::InputId> missing;
};

Tally Count(const graph::Regulation& regulation, const Plan& plan, uint32_t frame,
            Evaluation& evaluation) {
  Tally tally;
  tally.mark.unconfirmed = plan.unconfirmed;
  for (size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i] == kNone) {  // a rule with errors decides nothing
      tally.unknown = true;
      continue;
    }
    const RuleCell& rule = evaluation.RuleAt(frame, plan.rules[i]);
    tally.mark.Add(rule.cell.mark);
    if (rule.truth == Truth::kFails) tally.failed.push_back(&regulation.criteria[i]);
    if (rule.truth != Truth::kUnknown) continue;
    tally.unknown = true;
    if (!rule.cell.value.is_unknown()) continue;  // cut short
    const auto inputs = rule.cell.value.missing();
    tally.missing.insert(tally.missing.end(), inputs.begin(), inputs.end());
  }
  return tally;
}

void Conclude(const Tally& tally, const graph::Service& service, Evaluation& evaluation,
              Decision& decision) {
  decision.rests_on_unconfirmed = tally.mark.unconfirmed;
  if (tally.mark.reported_by != nullptr) decision.founded_at = tally.mark.known_at;
  if (!tally.failed.empty()) {
    decision.verdict = Verdict::kNotEligible;
    for (const graph::Criterion* criterion : tally.failed) {
      decision.grounds.push_back(criterion->ground);
    }
    SortOnce(decision.grounds);
  } else if (tally.unknown) {
    decision.verdict = Verdict::kUndetermined;
    for (const feel::InputId input : tally.missing) {
      decision.missing.push_back(evaluation.MissingAt(input, service.about));
    }
    SortOnce(decision.missing);
  } else {
    decision.verdict =
        decision.regulation->conditions.empty() ? Verdict::kEligible : Verdict::kLikely;
  }
}

// Decides what plain evaluation leaves undetermined, or leaves out the facts that do not matter.
void CompleteDecision(const Rulebook& book, const Subject& subject, Decision& decision) {
  const Completion completion = Complete(book, subject, *decision.described, *decision.regulation,
                                         decision.missing);
  if (!completion.verdict) {
    std::erase_if(decision.missing, [&](const Missing& one) {
      return std::ranges::find(completion.indifferent, one) != completion.indifferent.end();
    });
    return;
  }
  decision.verdict = *completion.verdict;
  decision.grounds.assign(completion.grounds.begin(), completion.grounds.end());
  decision.missing.clear();
  decision.completed = completion.varied;
  decision.rests_on_unconfirmed |= completion.mark.unconfirmed;
  if (completion.mark.reported_by != nullptr) decision.founded_at = completion.mark.known_at;
  for (size_t i = 0; i < decision.criteria.size(); ++i) {
    CriterionOutcome& outcome = decision.criteria[i];
    if (outcome.truth != Truth::kUnknown || completion.truths[i] == Truth::kUnknown) continue;
    outcome.truth = completion.truths[i];
    outcome.missing.clear();
    outcome.by_completion = true;
  }
}

}  // namespace

Inquiry::Inquiry(const Program& program, Subject subject)
    : book_(*program.book_), subject_(std::move(subject)) {
  KSTATI_CHECK(subject_.household != nullptr && subject_.household->person != nullptr);
}

Inquiry::~Inquiry() = default;

Evaluation& Inquiry::Plain() {
  if (!plain_) plain_ = std::make_unique<Evaluation>(book_, subject_, false);
  return *plain_;
}

Evaluation& Inquiry::Recording() {
  if (!recording_) recording_ = std::make_unique<Evaluation>(book_, subject_, true);
  return *recording_;
}

Decision Inquiry::Decide(const graph::Service& service, bool explain) {
  const profile::FactView& person = *subject_.household->person;
  Decision decision;
  decision.service = service.id;
  decision.applicant = person.citizen();
  decision.as_of = person.as_of();
  decision.described = &service;
  const bool about_another = service.about != graph::About::kPerson;
  const bool known = !about_another || subject_.about != nullptr;
  decision.about = about_another && known ? subject_.about->citizen() : decision.applicant;
  decision.regulation = service.RegulationOn(decision.as_of.valid_at);
  if (decision.regulation == nullptr) {
    // Nothing is owed by rules that are not in force, and no refusal ground of theirs applies.
    decision.verdict = Verdict::kNotEligible;
    return decision;
  }
  const auto plan = book_.plans.find(decision.regulation);
  KSTATI_CHECK(plan != book_.plans.end());  // the service is the program's own
  Evaluation& evaluation = explain ? Recording() : Plain();
  Tally tally = Count(*decision.regulation, plan->second, FrameFor(service.about), evaluation);
  tally.unknown |= !known;
  Conclude(tally, service, evaluation, decision);
  if (explain) {
    decision.criteria =
        DescribeCriteria(*decision.regulation, plan->second, service.about, book_, evaluation);
  }
  const bool open = decision.verdict == Verdict::kUndetermined && known;
  if (open && plan->second.entangled && !decision.missing.empty() && !plan->second.broken) {
    CompleteDecision(book_, subject_, decision);
  }
  return decision;
}

std::optional<profile::FactValue> Inquiry::Evaluate(const AttributeId& attribute) {
  const profile::Attribute* described = book_.dictionary.Find(attribute);
  if (described == nullptr) return std::nullopt;
  const feel::Value& value =
      Plain()
          .Load(subject_.about == nullptr ? kApplicantFrame : kAboutAnotherFrame, described->index)
          .value;
  if (value.is_unknown()) return std::nullopt;
  return FromFeel(value);
}

}  // namespace kstati::eligibility
