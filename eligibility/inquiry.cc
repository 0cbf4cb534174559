// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "eligibility/internal/completion.h"
#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/outcome.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/internal/ruling.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

Latency LatencyOf(const profile::Attribute* attribute, const profile::Dictionary& dictionary) {
  const profile::Registry* registry =
      attribute == nullptr ? nullptr : dictionary.FindRegistry(attribute->registry);
  return registry == nullptr ? Latency::kInteragency : registry->latency;
}

// The inputs of the decision's regulation that are on record.
std::vector<AttributeId> RecordedInputs(const Decision& decision, const Rulebook& book,
                                        Evaluation& evaluation) {
  std::vector<AttributeId> recorded;
  for (const graph::Input& input : decision.regulation->inputs) {
    for (const AttributeId& id : input.any_of) {
      const profile::Attribute* attribute = book.dictionary.Find(id);
      if (attribute == nullptr) continue;
      const uint32_t frame = FrameFor(decision.described->about);
      const feel::Value& value = evaluation.Load(frame, attribute->index).value;
      // A document is there or not; of another fact, any value will do.
      const bool there = attribute->type == profile::ValueType::kDocument
                             ? value.is_true()
                             : !value.is_unknown() && !value.is_null();
      if (there) recorded.push_back(id);
    }
  }
  return recorded;
}

// The slowest source of what the decision lacks; of alternative inputs the fastest counts.
Latency SlowestOf(const Decision& decision, const std::vector<AttributeId>& recorded,
                  const profile::Dictionary& dictionary) {
  Latency slowest = Latency::kAtHand;
  for (const Missing& missing : decision.missing) {
    if (missing.attribute.empty()) continue;
    slowest = std::max(slowest, LatencyOf(dictionary.Find(missing.attribute), dictionary));
  }
  for (const graph::Input& input : decision.regulation->inputs) {
    Latency fastest = Latency::kOnSite;
    for (const AttributeId& id : input.any_of) {
      const bool there = std::ranges::find(recorded, id) != recorded.end();
      fastest =
          std::min(fastest, there ? Latency::kAtHand : LatencyOf(dictionary.Find(id), dictionary));
    }
    slowest = std::max(slowest, fastest);
  }
  return slowest;
}

std::string RegionOf(const Rulebook& book, Evaluation& evaluation) {
  if (book.region_slot == kNone) return {};
  const feel::Value& region = evaluation.Load(kApplicantFrame, book.region_slot).value;
  return region.is(feel::Kind::kString) ? region.string() : std::string();
}

std::optional<Decimal> AmountOf(const Decision& decision, const Rulebook& book,
                                Evaluation& evaluation) {
  const uint32_t rule = book.plans.at(decision.regulation).amount;
  const bool granted =
      decision.verdict == Verdict::kEligible || decision.verdict == Verdict::kLikely;
  if (rule == kNone || !granted) return std::nullopt;
  const feel::Value& value =
      evaluation.RuleAt(FrameFor(decision.described->about), rule).cell.value;
  if (!value.is(feel::Kind::kNumber)) return std::nullopt;
  return value.number();
}

void AddRuling(Ruling ruling, const graph::Service& service, Evaluation& evaluation,
               Decision& decision) {
  decision.verdict = ruling.verdict;
  decision.in_force = ruling.in_force;
  decision.regulation = ruling.regulation;
  decision.variant = ruling.variant;
  decision.grounds = std::move(ruling.grounds);
  decision.rests_on_unconfirmed = ruling.mark.unconfirmed;
  if (ruling.mark.reported_by != nullptr) decision.founded_at = ruling.mark.known_at;
  for (const feel::InputId input : ruling.missing) {
    decision.missing.push_back(evaluation.MissingAt(input, service.about));
  }
  std::ranges::sort(decision.missing);
  const auto repeated = std::ranges::unique(decision.missing);
  decision.missing.erase(repeated.begin(), repeated.end());
}

// Decides what plain evaluation leaves undetermined, or leaves out the facts that do not matter.
// The truths of criteria that all completions give; empty when they are not of one regulation.
std::vector<Truth> CompleteDecision(const Rulebook& book, const Subject& subject,
                                    Decision& decision) {
  Completion completion =
      Complete(book, subject, *decision.described, decision.region, decision.missing);
  if (!completion.ruling) {
    std::erase_if(decision.missing, [&](const Missing& one) {
      return std::ranges::find(completion.indifferent, one) != completion.indifferent.end();
    });
    return {};
  }
  decision.verdict = completion.ruling->verdict;
  decision.regulation = completion.ruling->regulation;
  decision.variant = completion.ruling->variant;
  decision.grounds = std::move(completion.ruling->grounds);
  decision.missing.clear();
  for (Completion::Domain& domain : completion.varied) {
    decision.completed.push_back(std::move(domain.fact));
  }
  const Mark& mark = completion.ruling->mark;
  decision.rests_on_unconfirmed = mark.unconfirmed;
  decision.founded_at.reset();  // facts that turned out not to matter found nothing
  if (mark.reported_by != nullptr) decision.founded_at = mark.known_at;
  return std::move(completion.truths);
}

void AddTruths(const std::vector<Truth>& truths, Decision& decision) {
  for (size_t i = 0; i < truths.size(); ++i) {
    CriterionOutcome& outcome = decision.criteria[i];
    if (outcome.truth != Truth::kUnknown || truths[i] == Truth::kUnknown) continue;
    outcome.truth = truths[i];
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
  decision.as_of = {subject_.day(), person.as_of().known_at};
  decision.described = &service;
  const bool about_another = service.about != graph::About::kPerson;
  const bool known = !about_another || subject_.about != nullptr;
  decision.about = about_another && known ? subject_.about->citizen() : decision.applicant;
  Evaluation& evaluation = explain ? Recording() : Plain();
  AddRuling(RuleOn(service, book_, evaluation), service, evaluation, decision);
  if (decision.regulation == nullptr) return decision;
  std::vector<Truth> completed;
  const bool open = decision.verdict == Verdict::kUndetermined;
  if (explain || open) decision.region = RegionOf(book_, evaluation);
  if (open && known && !decision.missing.empty()) {
    completed = CompleteDecision(book_, subject_, decision);
  }
  if (explain || !decision.regulation->term_by_latency.empty()) {
    std::vector<AttributeId> recorded = RecordedInputs(decision, book_, evaluation);
    decision.slowest = SlowestOf(decision, recorded, book_.dictionary);
    if (explain) decision.recorded = std::move(recorded);
  }
  if (explain) {
    decision.criteria = DescribeCriteria(*decision.regulation, service.about, book_, evaluation);
    AddTruths(completed, decision);
    decision.categories = DescribeCategories(*decision.in_force, service.about, book_, evaluation);
    decision.amount = AmountOf(decision, book_, evaluation);
  }
  return decision;
}

Verdict Inquiry::VerdictOn(const graph::Service& service) {
  const Ruling ruling = VerdictAlone(service, book_, Plain());
  const bool may_be_completed = ruling.verdict == Verdict::kUndetermined && !ruling.missing.empty();
  return may_be_completed ? Decide(service, false).verdict : ruling.verdict;
}

void Inquiry::Restart(Subject subject) {
  subject_ = std::move(subject);
  KSTATI_CHECK(subject_.household != nullptr && subject_.household->person != nullptr);
  for (const auto* evaluation : {&plain_, &recording_}) {
    if (*evaluation) (*evaluation)->Restart();
  }
}

feel::Work Inquiry::work() const {
  feel::Work all;
  for (const auto* evaluation : {&plain_, &recording_}) {
    if (!*evaluation) continue;
    all.computed += (*evaluation)->work().computed;
    all.reused += (*evaluation)->work().reused;
  }
  return all;
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
