// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

std::string StatusName(const Wording& wording, cases::Status status) {
  return wording.Message("case.status." + std::string(cases::NameOf(status)));
}

}  // namespace

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
  if (service != nullptr) written.authority = AuthorityName(wording, *service);
  return written;
}

rpc::Notification WriteNotification(const Wording& wording,
                                    const cases::SequencedNotification& sequenced) {
  const cases::Notification& notification = sequenced.notification;
  rpc::Notification written;
  written.sequence = static_cast<int64_t>(sequenced.sequence);
  written.citizen = notification.citizen.ToString();
  written.at = notification.at.ToString();
  const std::map<std::string, Messages::Argument> arguments{
      {"service", ServiceName(wording, notification.service)}};
  written.title = wording.Message(notification.message + ".title", arguments);
  written.text = wording.Message(notification.message + ".text", arguments);
  written.case_id = notification.case_id.text();
  return written;
}

}  // namespace kstati::thrift
