// SPDX-License-Identifier: Apache-2.0
#include "cases/zeros.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "cases/deciding.h"

namespace kstati::cases {
namespace {

bool IsOnRecord(const graph::Input& input, const eligibility::Decision& decision) {
  return std::ranges::any_of(input.any_of, [&](const AttributeId& id) {
    return std::ranges::find(decision.recorded, id) != decision.recorded.end();
  });
}

bool IsAskable(const AttributeId& id, const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = ReportedAs(dictionary, id);
  return attribute != nullptr && attribute->askable;
}

// To bring: nothing of it is on record, and no registry can be asked for any of it.
void AddPapers(const eligibility::Decision& decision, const profile::Dictionary& dictionary,
               Zeros& zeros) {
  for (const graph::Input& input : decision.regulation->inputs) {
    const bool only_person = std::ranges::all_of(
        input.any_of, [&](const AttributeId& id) { return IsAskable(id, dictionary); });
    if (IsOnRecord(input, decision) || !only_person) continue;
    zeros.blockers.push_back({.zero = Zero::kPaper, .any_of = input.any_of});
  }
  if (decision.regulation->visits > 0) {
    zeros.blockers.push_back({.zero = Zero::kPaper, .visits = decision.regulation->visits});
  }
}

// Whole days from the application until it was decided, or until now; nullopt: never applied for.
std::optional<int64_t> DaysWaited(const Case& c, Instant now, const std::string& zone) {
  std::optional<Instant> began;
  for (const StatusChange& change : c.history) {
    if (!began && change.status == Status::kStarted) began = change.at;
    const bool decided = change.status == Status::kGranted || change.status == Status::kRefused ||
                         !IsOpen(change.status);
    if (began && decided) return LocalDate(change.at, zone).days - LocalDate(*began, zone).days;
  }
  if (!began) return std::nullopt;
  return LocalDate(now, zone).days - LocalDate(*began, zone).days;
}

}  // namespace

std::string_view NameOf(Zero zero) {
  switch (zero) {
    case Zero::kInput: return "input";
    case Zero::kWaiting: return "waiting";
    case Zero::kPaper: return "paper";
  }
  return "unknown";
}

bool Zeros::IsZero(Zero zero) const {
  return std::ranges::find(blockers, zero, &ZeroBlocker::zero) == blockers.end();
}

int Zeros::score() const {
  int zero = 0;
  for (const Zero each : {Zero::kInput, Zero::kWaiting, Zero::kPaper}) zero += IsZero(each) ? 1 : 0;
  return zero;
}

Zeros ZerosOf(const eligibility::Decision& decision, const profile::Dictionary& dictionary) {
  Zeros zeros;
  std::set<AttributeId> told;
  for (const eligibility::Missing& missing : decision.missing) {
    const bool first = told.insert(missing.attribute).second;
    if (!first || !IsAskable(missing.attribute, dictionary)) continue;
    zeros.blockers.push_back({.zero = Zero::kInput, .any_of = {missing.attribute}});
  }
  const Term& term = decision.term();
  if (term.value > 0 && term.unit != TermUnit::kMinutes) {
    zeros.blockers.push_back({.zero = Zero::kWaiting, .term = term});
  }
  AddPapers(decision, dictionary, zeros);
  return zeros;
}

std::optional<Zeros> ZerosOf(const Case& c, const eligibility::Decision* decision,
                             const profile::Dictionary& dictionary, Instant now,
                             const std::string& zone) {
  const std::optional<int64_t> days = DaysWaited(c, now, zone);
  if (!days) return std::nullopt;
  Zeros zeros;
  std::set<AttributeId> asked;
  for (const auto& [fact, value] : c.told) asked.insert(fact.second);
  if (c.status == Status::kInformationAsked) asked.insert(c.awaited.begin(), c.awaited.end());
  for (const AttributeId& attribute : asked) {
    zeros.blockers.push_back({.zero = Zero::kInput, .any_of = {attribute}});
  }
  if (*days > 0) zeros.blockers.push_back({.zero = Zero::kWaiting, .days = *days});
  if (decision != nullptr && decision->regulation != nullptr) {
    AddPapers(*decision, dictionary, zeros);
  }
  return zeros;
}

}  // namespace kstati::cases
