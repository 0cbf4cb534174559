// SPDX-License-Identifier: Apache-2.0
#include "cases/notification.h"

#include "base/bytes.h"

namespace kstati::cases {

std::string Encode(const Notification& notification) {
  ByteWriter writer;
  writer.Number(notification.citizen.number()).Moment(notification.at).Text(notification.message);
  writer.Text(notification.case_id.text()).Text(notification.service.text());
  return writer.Take();
}

Result<Notification> DecodeNotification(std::string_view bytes) {
  ByteReader reader(bytes);
  Notification notification;
  notification.citizen = CitizenId(reader.Number());
  notification.at = reader.Moment();
  notification.message = reader.Text();
  notification.case_id = CaseId(reader.Text());
  notification.service = ServiceId(reader.Text());
  KSTATI_TRY_VOID(reader.Finish("notification"));
  return notification;
}

}  // namespace kstati::cases
