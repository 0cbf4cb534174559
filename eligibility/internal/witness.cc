// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/witness.h"
#include "base/micros.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace kstati::eligibility {
namespace {

void GatherLeaves(const Rule& rule, const Rulebook& book, std::set<uint32_t>& seen,
                  std::set<uint32_t>& leaves);

void GatherLeaves(uint32_t slot, const Rulebook& book, std::set<uint32_t>& seen,
                  std::set<uint32_t>& leaves) {
  if (!seen.insert(slot).second) return;
  const Slot& described = book.slots[slot];
  if (described.origin == Origin::kAlias) {
    GatherLeaves(described.target, book, seen, leaves);
  } else if (described.origin == Origin::kDerived) {
    GatherLeaves(book.derived[described.target], book, seen, leaves);
  } else if (described.origin == Origin::kModel) {
    for (const ModelDecision::Input& input : book.model_decisions[described.target].inputs) {
      GatherLeaves(input.slot, book, seen, leaves);
    }
  } else {
    leaves.insert(slot);
  }
}

void GatherLeaves(const Rule& rule, const Rulebook& book, std::set<uint32_t>& seen,
                  std::set<uint32_t>& leaves) {
  for (const uint32_t slot : rule.expression.slots()) GatherLeaves(slot, book, seen, leaves);
}

std::shared_ptr<const profile::FactView> Nobody(CitizenId citizen, Date day) {
  profile::History history;
  history.citizen = citizen;
  const profile::AsOf as_of{day, Instant{day.days * kMicrosPerDay}};
  return std::make_shared<const profile::FactView>(history, as_of);
}

// The made-up people once something has been given to them.
struct Outlook {
  Outlook(const Rulebook& book, Subject people, const std::vector<Assumption>* assumed)
      : given(assumed), subject(std::move(people)), evaluation(book, subject, false) {}

  const std::vector<Assumption>* given;
  Subject subject;
  Evaluation evaluation;
};

}  // namespace

std::set<uint32_t> LeavesOf(const Rule& rule, const Rulebook& book) {
  std::set<uint32_t> seen;
  std::set<uint32_t> leaves;
  GatherLeaves(rule, book, seen, leaves);
  return leaves;
}

WitnessSearch::WitnessSearch(const Rulebook& book, graph::About about, Date day, std::string region,
                             std::map<uint32_t, PossibleValues> possible,
                             const WitnessLimits& limits)
    : book_(book),
      about_(about),
      day_(day),
      region_(std::move(region)),
      possible_(std::move(possible)),
      limits_(limits) {
  household_.person = Nobody(kMadeUpApplicant, day_);
  if (about_ != graph::About::kPerson) other_ = Nobody(kMadeUpOther, day_);
}

Witness WitnessSearch::Find(std::vector<Demand> demands) {
  demands.insert(demands.end(), required_.begin(), required_.end());
  SortByFacts(demands);
  chosen_.clear();
  facts_.clear();
  evaluations_ = 0;
  whole_ = true;
  Witness witness;
  if (Search(demands)) {
    witness.end = Witness::End::kFound;
    witness.facts = facts_;
  } else if (whole_) {
    witness.end = Witness::End::kImpossible;
  } else {
    ++open_;
  }
  return witness;
}

Subject WitnessSearch::SubjectOf(const std::vector<Assumption>& facts) const {
  Subject subject;
  subject.household = &household_;
  subject.about = other_;
  subject.only_stated = true;
  subject.nothing_recorded = true;
  if (!region_.empty()) {
    subject.assumed.push_back({kMadeUpApplicant, AttributeId("person.region_code"), region_});
  }
  subject.assumed.insert(subject.assumed.end(), facts.begin(), facts.end());
  return subject;
}

feel::Value WitnessSearch::ValueOf(const Rule& rule, const std::vector<Assumption>& facts) const {
  const Subject subject = SubjectOf(facts);
  return Evaluation(book_, subject, false)
      .ValueOf(rule, FrameFor(about_))
      .value_or(feel::Value::Unknown(feel::InputId{0}));
}

bool WitnessSearch::Search(std::span<const Demand> demands) {
  if (++evaluations_ > limits_.max_evaluations) {
    whole_ = false;
    return false;
  }
  std::vector<Overrun> overruns;
  std::deque<Outlook> outlooks;  // by what is given
  const auto outlook_of = [&](const std::vector<Assumption>* given) -> Outlook& {
    const auto known = std::ranges::find(outlooks, given, &Outlook::given);
    if (known != outlooks.end()) return *known;
    Subject subject = SubjectOf(facts_);
    if (given != nullptr) {
      subject.assumed.insert(subject.assumed.end(), given->begin(), given->end());
    }
    subject.overruns = &overruns;
    return outlooks.emplace_back(book_, std::move(subject), given);
  };
  std::optional<feel::Value> open;  // the value of the first demand that is not settled
  Evaluation* open_in = nullptr;
  for (const Demand& demand : demands) {
    Evaluation& evaluation = outlook_of(demand.given).evaluation;
    const uint32_t frame = FrameFor(demand.about.value_or(about_));
    std::optional<feel::Value> value = evaluation.ValueOf(*demand.rule, frame);
    if (!value) {  // cut short: nothing is known of it, and other facts would take as long
      whole_ = false;
      evaluations_ = limits_.max_evaluations + 1;
      return false;
    }
    if (!value->is_unknown()) {
      if (value->is_true() != demand.holds) return false;
    } else if (!open) {
      open = std::move(value);
      open_in = &evaluation;
    }
  }
  if (!open) return true;
  const std::optional<Fact> fact = Choose(*open, *open_in);
  if (!fact) {
    whole_ = false;
    return false;
  }
  return TryValues(demands, *fact);
}

bool WitnessSearch::TryValues(std::span<const Demand> demands, const Fact& fact) {
  const auto& [citizen, slot] = fact;
  chosen_.insert(fact);
  facts_.push_back({citizen, book_.IdOf(slot), {}});
  for (const feel::Value& value : ValuesOf(fact)) {
    facts_.back().value = FromFeel(value);
    if (Search(demands)) return true;
    if (evaluations_ > limits_.max_evaluations) break;
  }
  facts_.pop_back();
  chosen_.erase(fact);
  return false;
}

std::vector<feel::Value> WitnessSearch::ValuesOf(const Fact& fact) {
  const auto& [citizen, slot] = fact;
  const PossibleValues& possible = possible_.at(slot);
  whole_ = whole_ && possible.exhaustive;
  std::vector<feel::Value> values = possible.values;
  const Slot& described = book_.slots[slot];
  const bool null_means_none = described.complete && described.absent.is_null();
  if (possible.null_is_told || null_means_none) values.push_back(feel::Value::Null());
  const AttributeId& attribute = book_.IdOf(slot);
  for (const Assumption& one : preferred_) {
    if (one.citizen != citizen || one.attribute != attribute) continue;
    std::ranges::stable_partition(
        values, [&](const feel::Value& value) { return FromFeel(value) == one.value; });
  }
  return values;
}

std::optional<WitnessSearch::Fact> WitnessSearch::Choose(const feel::Value& unknown,
                                                         Evaluation& evaluation) const {
  for (const feel::InputId input : unknown.missing()) {
    if (const std::optional<Fact> fact = FactOf(input, evaluation)) return fact;
  }
  return std::nullopt;
}

std::optional<WitnessSearch::Fact> WitnessSearch::FactOf(feel::InputId input,
                                                         Evaluation& evaluation) const {
  if ((input & kParameterInput) != 0) return std::nullopt;
  const uint32_t slot = evaluation.SlotOf(input);
  const Slot& described = book_.slots[slot];
  if (described.origin == Origin::kBuiltin &&
      IsMemberList(static_cast<Builtin>(described.target))) {
    return StatedFact();
  }
  const Fact fact{evaluation.HolderOf(input), slot};
  const bool known = possible_.contains(slot) && !possible_.at(slot).values.empty();
  return known && !chosen_.contains(fact) ? std::optional(fact) : std::nullopt;
}

// An attribute that follows from relatives and is not stated yet.
std::optional<WitnessSearch::Fact> WitnessSearch::StatedFact() const {
  for (const auto& [slot, possible] : possible_) {
    const Slot& described = book_.slots[slot];
    if (described.origin != Origin::kDerived) continue;
    const bool own = described.holder == Holder::kPerson || about_ == graph::About::kPerson;
    const Fact fact{own ? kMadeUpApplicant : kMadeUpOther, slot};
    if (!chosen_.contains(fact)) return fact;
  }
  return std::nullopt;
}

void WitnessSearch::SortByFacts(std::vector<Demand>& demands) const {
  if (demands.empty()) return;
  const std::set<uint32_t> first = LeavesOf(*demands.front().rule, book_);
  const auto shares = [&](const Demand& demand) {
    return std::ranges::any_of(LeavesOf(*demand.rule, book_),
                               [&](uint32_t leaf) { return first.contains(leaf); });
  };
  std::stable_partition(demands.begin() + 1, demands.end(), shares);
}

}  // namespace kstati::eligibility
