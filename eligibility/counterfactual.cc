// SPDX-License-Identifier: Apache-2.0
#include "eligibility/counterfactual.h"

#include <algorithm>
#include <set>
#include <utility>

#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/possible_values.h"
#include "eligibility/internal/service_rules.h"
#include "eligibility/internal/value_words.h"

namespace kstati::eligibility {
namespace {

// A fact that the person could change, and what into.
struct Candidate {
  CitizenId citizen;
  AttributeId attribute;
  std::vector<profile::FactValue> values;  // the nearest to the present first; not the present one
};

constexpr int kKopecks = 2;  // digits after the point

bool IsYes(Verdict verdict) { return verdict == Verdict::kEligible || verdict == Verdict::kLikely; }

// How far a value is from the present one; words are all equally far.
Decimal Distance(const feel::Value& from, const feel::Value& to) {
  if (from.is(feel::Kind::kNumber) && to.is(feel::Kind::kNumber)) {
    const auto difference = to.number().Subtract(from.number());
    if (!difference) return Decimal(0);
    return difference->Abs();
  }
  if (from.is(feel::Kind::kDate) && to.is(feel::Kind::kDate)) {
    return Decimal(std::abs(to.date().days - from.date().days));
  }
  return Decimal(0);
}

bool GoesTheAllowedWay(const feel::Value& from, const feel::Value& to,
                       profile::Direction direction) {
  if (direction == profile::Direction::kBoth || from.is_unknown()) return true;
  if (from.is(feel::Kind::kNumber) && to.is(feel::Kind::kNumber)) {
    return (direction == profile::Direction::kUp) == (from.number() < to.number());
  }
  if (from.is(feel::Kind::kDate) && to.is(feel::Kind::kDate)) {
    return (direction == profile::Direction::kUp) == (from.date() < to.date());
  }
  return true;
}

// Whether `value` lies between the two, or is `b`; false for what has no order.
bool IsTowards(const feel::Value& a, const feel::Value& value, const feel::Value& b) {
  if (a.is(feel::Kind::kNumber) && value.is(feel::Kind::kNumber) && b.is(feel::Kind::kNumber)) {
    const bool up = a.number() < b.number();
    return up ? a.number() < value.number() && value.number() <= b.number()
              : b.number() <= value.number() && value.number() < a.number();
  }
  if (a.is(feel::Kind::kDate) && value.is(feel::Kind::kDate) && b.is(feel::Kind::kDate)) {
    const bool up = a.date() < b.date();
    return up ? a.date() < value.date() && value.date() <= b.date()
              : b.date() <= value.date() && value.date() < a.date();
  }
  return false;
}

// The last value before `limit` on the way to it from `from`: of a day earlier or later, or with so
// many digits after the point.
std::optional<feel::Value> LastBefore(const feel::Value& limit, const feel::Value& from,
                                      int digits) {
  if (limit.is(feel::Kind::kDate)) {
    const bool up = from.date() < limit.date();
    return feel::Value::OfDate(limit.date().AddDays(up ? -1 : 1));
  }
  const bool up = from.number() < limit.number();
  const auto step = Decimal(1).Divide(digits == kKopecks ? 100 : 1);
  const auto edge = limit.number().Round(digits, up ? Rounding::kCeiling : Rounding::kFloor);
  if (!step || !edge) return std::nullopt;
  const auto last = up ? edge->Subtract(*step) : edge->Add(*step);
  if (!last) return std::nullopt;
  return feel::Value::Number(*last);
}

// `value` may stand for a stretch of values that rules treat alike, anywhere in it. This is the end
// of the stretch towards the present value; nullopt when there is nothing between.
std::optional<feel::Value> NearEnd(const std::vector<feel::Value>& possible,
                                   const feel::Value& present, const feel::Value& value,
                                   int digits) {
  if (!IsTowards(value, present, present)) return std::nullopt;
  feel::Value limit = present;
  for (const feel::Value& other : possible) {
    if (IsTowards(value, other, limit)) limit = other;
  }
  const std::optional<feel::Value> last = LastBefore(limit, value, digits);
  if (!last || Identical(*last, limit) || !IsTowards(value, *last, limit)) return std::nullopt;
  return last;
}

class Search {
 public:
  Search(const Program& program, const graph::Service& service, const Subject& subject,
         const CounterfactualLimits& limits)
      : program_(program),
        book_(program.book()),
        service_(service),
        subject_(subject),
        limits_(limits) {}

  Counterfactuals Run() {
    FindCandidates();
    const size_t most = std::min(limits_.most_changes, candidates_.size());
    found_.complete = found_.complete && most == candidates_.size();
    for (size_t size = 1; size <= most && !Spent(); ++size) TrySets(size, 0);
    found_.complete = found_.complete && !Spent();
    return std::move(found_);
  }

 private:
  void FindCandidates() {
    Evaluation evaluation(book_, subject_, false);
    const Date day = evaluation.today();
    std::string region;
    if (book_.region_slot != kNone) {
      const feel::Value& value = evaluation.Load(kApplicantFrame, book_.region_slot).value;
      if (value.is(feel::Kind::kString)) region = value.string();
    }
    ValueAnalysis analysis(book_, nullptr, day, region, People::kReal);
    for (const uint32_t rule : RulesOf(service_, book_, day, region)) {
      analysis.Add(book_.rules[rule]);
    }
    for (const auto& [slot, possible] : analysis.Result()) {
      if (slot >= book_.dictionary.attributes().size()) continue;
      const profile::Attribute& attribute = book_.dictionary.at(slot);
      if (!attribute.changed_by_person) continue;
      found_.complete = found_.complete && possible.exhaustive;
      AddCandidate(attribute, possible, subject_.household->person);
      if (service_.about == graph::About::kChild && subject_.about != nullptr) {
        AddCandidate(attribute, possible, subject_.about);
      }
    }
  }

  void AddCandidate(const profile::Attribute& attribute, const PossibleValues& possible,
                    const std::shared_ptr<const profile::FactView>& person) {
    const profile::Fact* fact = person->Find(attribute.id);
    const Slot& slot = book_.slots[attribute.index];
    const feel::Value present = fact != nullptr ? ToFeel(fact->value)
                                : slot.complete ? slot.absent
                                                : feel::Value::Unknown(0);
    const bool money = attribute.type == profile::ValueType::kMoney ||
                       attribute.type == profile::ValueType::kPayment;
    std::vector<feel::Value> values;
    for (const feel::Value& value : possible.values) {
      if (Identical(value, present)) continue;
      if (!GoesTheAllowedWay(present, value, attribute.direction)) continue;
      values.push_back(value);
      const std::optional<feel::Value> near =
          NearEnd(possible.values, present, value, money ? kKopecks : 0);
      if (near) values.push_back(*near);
    }
    std::ranges::stable_sort(values, {},
                             [&](const feel::Value& value) { return Distance(present, value); });
    if (values.empty()) return;
    Candidate& candidate = candidates_.emplace_back();
    candidate.citizen = person->citizen();
    candidate.attribute = attribute.id;
    for (const feel::Value& value : values) candidate.values.push_back(FromFeel(value));
  }

  bool Spent() const { return evaluations_ >= limits_.max_evaluations; }

  // Sets of `size` candidates, from `first` on, beside those chosen.
  void TrySets(size_t size, size_t first) {
    if (chosen_.size() == size) {
      if (!HasFoundPart() && TryValues(0)) Report();
      return;
    }
    for (size_t i = first; i < candidates_.size() && !Spent(); ++i) {
      chosen_.push_back(i);
      TrySets(size, i + 1);
      chosen_.pop_back();
    }
  }

  bool HasFoundPart() const {
    return std::ranges::any_of(enough_, [&](const std::vector<size_t>& part) {
      return std::ranges::includes(chosen_, part);
    });
  }

  // Whether some values of the chosen facts from `position` on make a yes; they are then in
  // `values_`.
  bool TryValues(size_t position) {
    if (position == chosen_.size()) return Decides();
    const Candidate& candidate = candidates_[chosen_[position]];
    for (size_t i = 0; i < candidate.values.size() && !Spent(); ++i) {
      values_.resize(position);
      values_.push_back(i);
      if (TryValues(position + 1)) return true;
    }
    return false;
  }

  bool Decides() {
    ++evaluations_;
    Subject changed = subject_;
    for (const Change& change : Changes()) {
      changed.assumed.push_back({change.citizen, change.attribute, change.value});
    }
    return IsYes(program_.Decide(service_, changed, false).verdict);
  }

  std::vector<Change> Changes() const {
    std::vector<Change> changes;
    for (size_t i = 0; i < chosen_.size(); ++i) {
      const Candidate& candidate = candidates_[chosen_[i]];
      changes.push_back({candidate.citizen, candidate.attribute, candidate.values[values_[i]]});
    }
    return changes;
  }

  void Report() {
    found_.sets.push_back(Changes());
    enough_.push_back(chosen_);
  }

  const Program& program_;
  const Rulebook& book_;
  const graph::Service& service_;
  const Subject& subject_;
  const CounterfactualLimits& limits_;
  std::vector<Candidate> candidates_;
  std::vector<size_t> chosen_;  // ascending
  std::vector<size_t> values_;  // of the chosen
  std::vector<std::vector<size_t>> enough_;
  size_t evaluations_ = 0;
  Counterfactuals found_;
};

// The household of the same histories on another day; nullopt when they are not there.
std::optional<profile::Household> HouseholdOn(const profile::Household& household, Date day) {
  const profile::FactView& person = *household.person;
  const auto load = [&](CitizenId citizen) -> Result<profile::History> {
    const auto found = std::ranges::find(household.histories, citizen, &profile::History::citizen);
    if (found == household.histories.end()) {
      return Fail(ErrorCode::kNotFound, "the history is not at hand");
    }
    return *found;
  };
  auto later = profile::LoadHousehold(person.citizen(), {day, person.as_of().known_at}, load);
  if (!later) return std::nullopt;
  return *std::move(later);
}

// The days from which on other records of the histories are valid than on the day before.
std::set<Date> DaysOfOtherRecords(const std::vector<profile::History>& histories) {
  std::set<Date> days;
  const auto add = [&](const DateInterval& valid) {
    days.insert(valid.from);
    if (valid.to) days.insert(valid.to->AddDays(1));
  };
  for (const profile::History& history : histories) {
    for (const profile::Fact& fact : history.facts) add(fact.valid);
    for (const profile::Relation& relation : history.relations) add(relation.valid);
  }
  return days;
}

// Looks at one day after another.
class Waiting {
 public:
  Waiting(const Program& program, const graph::Service& service, const Subject& subject)
      : program_(program), service_(service), subject_(subject), later_(subject) {}

  // The first of the following days on which the service is decided "yes".
  std::optional<Date> FirstDay(int days_ahead) {
    const std::set<Date> turns = DaysOfOtherRecords(subject_.household->histories);
    for (int ahead = 1; ahead <= days_ahead; ++ahead) {
      const Date day = subject_.day().AddDays(ahead);
      if ((ahead == 1 || turns.contains(day)) && !Load(day)) return std::nullopt;
      later_.today = day;
      if (IsYes(program_.Decide(service_, later_, false).verdict)) return day;
    }
    return std::nullopt;
  }

 private:
  // False when not everybody who would be looked at is at hand.
  bool Load(Date day) {
    household_ = HouseholdOn(*subject_.household, day);
    if (!household_) return false;
    later_.household = &*household_;
    if (subject_.about == nullptr) return true;
    later_.about = household_->Find(subject_.about->citizen());
    return later_.about != nullptr;
  }

  const Program& program_;
  const graph::Service& service_;
  const Subject& subject_;
  Subject later_;
  std::optional<profile::Household> household_;
};

}  // namespace

Counterfactuals WhatWouldChange(const Program& program, const graph::Service& service,
                                const Subject& subject, const CounterfactualLimits& limits) {
  if (program.Decide(service, subject, false).verdict != Verdict::kNotEligible) return {};
  Counterfactuals found = Search(program, service, subject, limits).Run();
  found.by_waiting = Waiting(program, service, subject).FirstDay(limits.days_ahead);
  return found;
}

std::vector<std::string> InWords(const Counterfactuals& counterfactuals, const Program& program,
                                 CitizenId applicant, const Messages& messages, Language language) {
  std::vector<std::string> sentences;
  for (const std::vector<Change>& set : counterfactuals.sets) {
    std::string list;
    for (const Change& change : set) {
      const profile::Attribute* attribute = program.dictionary().Find(change.attribute);
      std::string name = attribute->name.in(language);
      if (change.citizen != applicant) {
        name = messages.Format(language, "reason.kin.relative", {{"name", name}});
      }
      list += (list.empty() ? "" : "; ") + name + ": " +
              AttributeInWords(change.value, *attribute, messages, language);
    }
    sentences.push_back(messages.Format(language, "reason.change", {{"list", list}}));
  }
  if (counterfactuals.by_waiting) {
    const std::string day = DayInWords(*counterfactuals.by_waiting, messages, language);
    sentences.push_back(messages.Format(language, "reason.change.waiting", {{"day", day}}));
  }
  return sentences;
}

}  // namespace kstati::eligibility
