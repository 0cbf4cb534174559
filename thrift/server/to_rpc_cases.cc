// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc.h"

#include "cases/message_text.h"

namespace kstati::thrift {
namespace {

std::string StatusName(const Wording& wording, cases::Status status) {
  return wording.Message("case.status." + std::string(cases::NameOf(status)));
}

std::string GroundText(const Wording& wording, const GroundId& id) {
  const graph::RefusalGround* ground = wording.catalogue().FindGround(id);
  return ground == nullptr ? id.text() : wording.of(ground->text);
}

rpc::Named MakeNamed(std::string id, std::string name) {
  rpc::Named named;
  named.id = std::move(id);
  named.name = std::move(name);
  return named;
}

rpc::Named NameOverride(const Wording& wording, cases::Override reason) {
  const std::string id(cases::NameOf(reason));
  return MakeNamed(id, wording.Message("override." + id));
}

rpc::Ruling WriteRuling(const Wording& wording, const cases::Ruling& ruling) {
  rpc::Ruling written;
  written.decided = cases::NameOf(ruling.decided);
  written.by_official = !ruling.official.empty();
  written.by = wording.Message(written.by_official ? "ruling.by_official" : "ruling.by_rules");
  written.verdict = WriteVerdict(ruling.verdict);
  for (const GroundId& ground : ruling.grounds) {
    written.grounds.push_back(MakeNamed(ground.text(), GroundText(wording, ground)));
  }
  if (ruling.override_reason != cases::Override::kNone) {
    written.__set_override_reason(NameOverride(wording, ruling.override_reason));
  }
  written.at = ruling.at.ToString();
  return written;
}

std::string DetailName(const Wording& wording, cases::TriggerReason reason,
                       const std::string& detail) {
  switch (reason) {
    case cases::TriggerReason::kNotEligible: return GroundText(wording, GroundId(detail));
    case cases::TriggerReason::kExcluded: return ServiceName(wording, ServiceId(detail));
    default: return AttributeName(wording, AttributeId(detail));
  }
}

// How it goes on: what was decided, what is waited for, what was refused.
void WriteCourse(const Wording& wording, const cases::Case& c, rpc::Case& written) {
  for (const cases::Ruling& ruling : c.rulings) {
    written.rulings.push_back(WriteRuling(wording, ruling));
  }
  for (const AttributeId& attribute : c.awaited) {
    written.awaited.push_back(MakeNamed(attribute.text(), AttributeName(wording, attribute)));
  }
  if (c.wait_until) written.__set_wait_until(c.wait_until->ToString());
  for (const CaseId& id : c.compensation) written.compensation.push_back(id.text());
  for (const cases::RefusedStep& step : c.refused) {
    rpc::RefusedStep item;
    item.status = cases::NameOf(step.status);
    item.action = cases::NameOf(step.action);
    item.at = step.at.ToString();
    written.refused_steps.push_back(std::move(item));
  }
  written.refused_count = static_cast<int64_t>(c.refused_steps);
}

}  // namespace

rpc::TriggerDecision WriteTrigger(const Wording& wording, const SituationId& situation,
                                  const cases::TriggerDecision& decision) {
  rpc::TriggerDecision written;
  written.at = decision.at.ToString();
  written.situation = situation.text();
  written.service_id = decision.service.text();
  written.about = decision.about.ToString();
  written.starts = cases::Starts(decision.reason);
  written.reason = cases::NameOf(decision.reason);
  std::string details;
  for (const std::string& detail : decision.details) {
    std::string name = DetailName(wording, decision.reason, detail);
    details += (details.empty() ? "" : "; ") + name;
    written.details.push_back(MakeNamed(detail, std::move(name)));
  }
  std::map<std::string, Messages::Argument> arguments{{"details", details}};
  arguments.emplace(
      "service", decision.service.empty() ? std::string() : ServiceName(wording, decision.service));
  written.text = wording.Message("trigger." + written.reason, arguments);
  return written;
}

rpc::OverrideCount WriteOverrideCount(const Wording& wording, const cases::OverrideCount& count) {
  rpc::OverrideCount written;
  written.service_id = count.service.text();
  written.service_name = ServiceName(wording, count.service);
  written.reason = NameOverride(wording, count.reason);
  written.decided = cases::NameOf(count.decided);
  written.count = static_cast<int64_t>(count.count);
  return written;
}

rpc::Case WriteCase(const Wording& wording, const cases::Case& c,
                    const eligibility::Decision* decision) {
  rpc::Case written;
  written.id = c.id.text();
  written.citizen = c.citizen.ToString();
  written.about = c.about.ToString();
  written.service_id = c.service.text();
  const bool erased = c.service.empty();
  written.service_name = erased ? wording.Message("case.erased") : ServiceName(wording, c.service);
  written.situation = c.situation.text();
  written.mode = WriteMode(c.mode);
  written.status = cases::NameOf(c.status);
  written.status_name = StatusName(wording, c.status);
  written.opened_at = c.opened_at.ToString();
  if (c.due) written.__set_due(c.due->ToString());
  if (!c.due_note.empty()) written.due_note = wording.Message(c.due_note);
  for (const cases::StatusChange& change : c.history) {
    rpc::StatusChange item;
    item.status = cases::NameOf(change.status);
    item.name = StatusName(wording, change.status);
    item.at = change.at.ToString();
    if (!change.reason.empty()) item.reason = wording.Message(change.reason);
    written.history.push_back(std::move(item));
  }
  written.verdict = WriteVerdict(c.verdict);
  if (decision != nullptr) written.reasons = WriteReasons(wording, *decision);
  if (!c.consent.empty()) written.__set_consent(c.consent.text());
  const graph::Service* service = wording.catalogue().FindService(c.service);
  WriteCourse(wording, c, written);
  if (service != nullptr) written.authority = AuthorityName(wording, *service);
  return written;
}

rpc::Notification WriteNotification(const Wording& wording,
                                    const cases::SequencedNotification& sequenced,
                                    const cases::Case* c) {
  const cases::Notification& notification = sequenced.notification;
  rpc::Notification written;
  written.sequence = static_cast<int64_t>(sequenced.sequence);
  written.citizen = notification.citizen.ToString();
  written.at = notification.at.ToString();
  const std::string service = ServiceName(wording, notification.service);
  written.title = wording.Message(notification.message + ".title", {{"service", service}});
  written.text = cases::TextOfMessage({wording.messages, wording.dictionary(), wording.language},
                                      notification, service, c);
  written.case_id = notification.case_id.text();
  if (sequenced.delivery) {
    written.__set_delivery(std::string(cases::NameOf(sequenced.delivery->state)));
    const std::string reason = cases::ReasonOf(*sequenced.delivery);
    if (!reason.empty()) written.__set_delivery_reason(reason);
  }
  return written;
}

}  // namespace kstati::thrift
