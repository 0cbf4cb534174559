// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/internal/answer_analysis.h"

#include <algorithm>
#include <string>

#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/internal/service_rules.h"

namespace kstati::eligibility::questions {

using profile::ValueType;

namespace {

std::vector<PossibleAnswer> Listed(const std::vector<std::string>& texts) {
  std::vector<PossibleAnswer> answers;
  for (const std::string& text : texts) answers.push_back({text});
  return answers;
}

// What no rule names is one answer more.
std::vector<PossibleAnswer> Texts(const std::vector<std::string>& named) {
  std::vector<PossibleAnswer> answers = Listed(named);
  answers.push_back({std::string()});
  return answers;
}

Decimal Before(Decimal value) {
  const Decimal less = value.Subtract(1).value_or(value);
  return less < Decimal(0) && Decimal(0) < value ? value.Divide(2).value_or(less) : less;
}
Decimal After(Decimal value) { return value.Add(1).value_or(value); }
std::optional<Decimal> Middle(Decimal low, Decimal high) {
  const auto sum = low.Add(high);
  const auto half = sum ? sum->Divide(2) : sum;
  return half ? std::optional(*half) : std::nullopt;
}

// At each point, between neighbours, and beyond both ends.
std::vector<PossibleAnswer> Cells(const std::vector<Decimal>& points, Decimal without_points) {
  if (points.empty()) return {{without_points}};
  std::vector<PossibleAnswer> answers{{Before(points.front()), {}, points.front()}};
  for (size_t i = 0; i < points.size(); ++i) {
    answers.push_back({points[i]});
    if (i + 1 == points.size()) break;
    if (const auto middle = Middle(points[i], points[i + 1])) {
      answers.push_back({*middle, points[i], points[i + 1]});
    }
  }
  answers.push_back({After(points.back()), points.back(), {}});
  return answers;
}

std::vector<PossibleAnswer> Numbers(const std::vector<Decimal>& compared, bool may_be_negative) {
  std::vector<PossibleAnswer> answers = Cells(compared, Decimal(0));
  const auto negative = [&](const PossibleAnswer& answer) {
    return std::get<Decimal>(answer.value) < Decimal(0);
  };
  if (!may_be_negative) std::erase_if(answers, negative);
  return answers;
}

// One answer for each stretch of days; `starts` are their first days but the first stretch's.
std::vector<PossibleAnswer> Dates(const std::vector<Date>& starts, Date today) {
  if (starts.empty()) return {{today}};
  std::vector<PossibleAnswer> answers{{starts.front().AddDays(-1), {}, starts.front()}};
  for (size_t i = 0; i < starts.size(); ++i) {
    const Date before = starts[i].AddDays(-1);
    if (i + 1 == starts.size()) {
      answers.push_back({starts[i], before, {}});
    } else if (starts[i].AddDays(1) == starts[i + 1]) {
      answers.push_back({starts[i]});
    } else {
      const Date middle{before.days + (starts[i + 1].days - before.days) / 2};
      answers.push_back({middle, before, starts[i + 1]});
    }
  }
  return answers;
}

std::string RegionOf(const Rulebook& book, const Subject& subject) {
  if (book.region_slot == kNone) return {};
  Evaluation evaluation(book, subject, false);
  const feel::Value& region = evaluation.Load(kApplicantFrame, book.region_slot).value;
  return region.is(feel::Kind::kString) ? region.string() : std::string();
}

}  // namespace

AnswerAnalysis::AnswerAnalysis(const Program& program, const Subject& subject)
    : today_(subject.day()) {
  const Rulebook& book = program.book();
  ValueAnalysis analysis(book, nullptr, today_, RegionOf(book, subject), People::kReal);
  for (const graph::Service& service : book.catalogue.services()) {
    for (const uint32_t rule : RulesOf(service, book, today_)) analysis.Add(book.rules[rule]);
  }
  values_ = analysis.Result();
  // Regulations and figures differ by region without comparing it with anything.
  if (book.region_slot != kNone) values_[book.region_slot].exhaustive = false;
}

PossibleAnswers AnswerAnalysis::Of(const profile::Attribute& attribute) const {
  const auto found = values_.find(attribute.index);
  const PossibleValues none;
  const PossibleValues& told = found == values_.end() ? none : found->second;
  switch (attribute.type) {
    case ValueType::kBoolean:
    case ValueType::kDocument:
    case ValueType::kEvent: return {{{true}, {false}}, true};
    case ValueType::kCode:
      if (!attribute.codes.empty()) return {Listed(attribute.CodesOn(today_)), true};
      break;
    case ValueType::kNumber: return {Numbers(told.numbers, true), told.exhaustive};
    case ValueType::kMoney:
    case ValueType::kPayment: return {Numbers(told.numbers, false), told.exhaustive};
    case ValueType::kDate: return {Dates(told.days, today_), told.exhaustive};
    case ValueType::kText: break;
  }
  return {Texts(told.words), told.exhaustive};
}

}  // namespace kstati::eligibility::questions
