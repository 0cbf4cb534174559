// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc_register.h"

#include <cstdlib>

namespace kstati::thrift {
namespace {

std::string MessageOrNothing(const Wording& wording, const std::string& key) {
  return key.empty() ? std::string() : wording.Message(key);
}

rpc::ClockEntry WriteClockEntry(const Wording& wording, const cases::ClockEntry& entry) {
  rpc::ClockEntry written;
  written.mark = cases::NameOf(entry.mark);
  written.name = wording.Message("clock.mark." + written.mark);
  written.at = entry.at.ToString();
  written.recorded_at = entry.recorded_at.ToString();
  written.ground = MessageOrNothing(wording, entry.ground);
  written.ends_by = MessageOrNothing(wording, entry.until);
  if (entry.due) written.__set_due(entry.due->ToString());
  written.calendar_version = entry.calendar;
  return written;
}

std::string StateOf(const cases::CaseClock& clock) {
  if (clock.Runs()) return "runs";
  return clock.Stands() ? "stands" : "stopped";
}

rpc::ResultVersion WriteResultVersion(const Wording& wording, const cases::ResultVersion& version) {
  rpc::ResultVersion written;
  written.change = cases::NameOf(version.change);
  written.name = wording.Message("result.change." + written.change);
  written.at = version.at.ToString();
  written.valid_from = version.valid.from.ToString();
  if (version.valid.to) written.__set_valid_to(version.valid.to->ToString());
  written.outcome = version.outcome;
  written.outcome_name = wording.Message("case.status." + version.outcome);
  for (const AttributeId& output : version.outputs) {
    rpc::Named& named = written.outputs.emplace_back();
    named.id = output.text();
    named.name = AttributeName(wording, output);
  }
  written.reason = MessageOrNothing(wording, version.reason);
  return written;
}

std::string BlockerInWords(const Wording& wording, const cases::ZeroBlocker& blocker) {
  const std::string zero(cases::NameOf(blocker.zero));
  if (blocker.term) {
    return wording.Message(
        "zero." + zero + ".term",
        {{"term", TermInWords(wording, blocker.term->value, blocker.term->unit)}});
  }
  if (blocker.days > 0) return wording.Message("zero." + zero + ".days", {{"count", blocker.days}});
  if (blocker.visits > 0) {
    return wording.Message("passport.visits", {{"count", blocker.visits}});
  }
  std::string names;
  for (const AttributeId& id : blocker.any_of) {
    names += (names.empty() ? "" : wording.Message("passport.or")) + AttributeName(wording, id);
  }
  return wording.Message("zero." + zero + ".fact", {{"name", names}});
}

}  // namespace

std::string TermInWords(const Wording& wording, int64_t value, TermUnit unit) {
  return wording.Message("passport.term." + std::string(NameOf(unit)), {{"count", value}});
}

rpc::CaseClock WriteClock(const Wording& wording, const cases::CaseClock& clock,
                          const cases::Reckoning& reckoning, Instant now) {
  rpc::CaseClock written;
  written.case_id = clock.case_id.text();
  written.term = TermInWords(wording, clock.term.value, clock.term.unit);
  written.state = StateOf(clock);
  written.state_name = wording.Message("clock.state." + written.state);
  const auto deadline = cases::DeadlineOf(reckoning, clock);
  if (deadline && *deadline) {
    written.__set_due((*deadline)->due.ToString());
    written.__set_breached_from((*deadline)->breach.ToString());
    if ((*deadline)->risk) written.__set_risk_from((*deadline)->risk->ToString());
  }
  if (const auto state = cases::StateAt(reckoning, clock, now)) {
    written.at_risk = state->at_risk;
    written.breached = state->breached;
    written.passed = TermInWords(wording, state->passed, state->unit);
    const std::string left = TermInWords(wording, std::abs(state->remaining), state->unit);
    const bool over = state->remaining < 0;
    written.remaining = over ? wording.Message("clock.over", {{"term", left}}) : left;
  }
  for (const cases::ClockEntry& entry : clock.entries) {
    written.entries.push_back(WriteClockEntry(wording, entry));
  }
  return written;
}

rpc::ResultRecord WriteResult(const Wording& wording, const cases::ResultRecord& record,
                              Date today) {
  rpc::ResultRecord written;
  written.id = record.id;
  written.case_id = record.case_id.text();
  written.about = record.about.ToString();
  written.service_id = record.service.text();
  written.service_name = ServiceName(wording, record.service);
  const graph::Service* service = wording.catalogue().FindService(record.service);
  written.authority = service == nullptr ? record.authority : AuthorityName(wording, *service);
  written.stands = record.StandsOn(today);
  for (const cases::ResultVersion& version : record.versions) {
    written.versions.push_back(WriteResultVersion(wording, version));
  }
  for (const cases::Sharing& sharing : record.sharings) {
    rpc::ResultSharing& shared = written.sharings.emplace_back();
    shared.with_whom = sharing.with;
    shared.given_at = sharing.given_at.ToString();
    if (sharing.last_day) shared.__set_last_day(sharing.last_day->ToString());
    if (sharing.ended_at) shared.__set_ended_at(sharing.ended_at->ToString());
  }
  return written;
}

rpc::Zeros WriteZeros(const Wording& wording, const cases::Zeros& zeros) {
  rpc::Zeros written;
  written.score = zeros.score();
  for (const cases::ZeroBlocker& blocker : zeros.blockers) {
    rpc::ZeroBlocker& one = written.blockers.emplace_back();
    one.zero = cases::NameOf(blocker.zero);
    one.text = BlockerInWords(wording, blocker);
  }
  return written;
}

}  // namespace kstati::thrift
