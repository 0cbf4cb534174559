// SPDX-License-Identifier: Apache-2.0
#include "cases/delivery_record.h"

#include "base/bytes.h"
#include "profile/ledger/encoding.h"
#include "profile/ledger/hash.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kDeliveryForm = 1;
constexpr size_t kKeyBytes = 16;
constexpr std::string_view kStateNames[] = {"waiting", "delivered", "refused", "undeliverable",
                                            "suppressed"};
constexpr uint64_t kStates = std::size(kStateNames);
constexpr uint64_t kReceptions = 3;

}  // namespace

std::string_view NameOf(DeliveryState state) { return kStateNames[static_cast<size_t>(state)]; }

std::string ReasonOf(const DeliveryRecord& record) {
  if (record.state == DeliveryState::kSuppressed) return record.why;
  if (record.state == DeliveryState::kDelivered || record.attempts.empty()) return {};
  return record.attempts.back().reason;
}

std::string Encode(const DeliveryRecord& record) {
  ByteWriter writer;
  writer.Number(kDeliveryForm).Number(static_cast<uint64_t>(record.state));
  writer.Moment(record.changed_at).Text(record.why);
  writer.Number(record.attempts.size());
  for (const DeliveryAttempt& attempt : record.attempts) {
    writer.Moment(attempt.at).Text(attempt.channel);
    writer.Number(static_cast<uint64_t>(attempt.reception)).Text(attempt.reason);
  }
  return writer.Take();
}

Result<DeliveryRecord> DecodeDeliveryRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  DeliveryRecord record;
  const bool of_this_form = reader.Number() == kDeliveryForm;
  const uint64_t state = reader.Number();
  bool known = of_this_form && state < kStates;
  record.state = static_cast<DeliveryState>(state < kStates ? state : 0);
  record.changed_at = reader.Moment();
  record.why = reader.Text();
  const size_t attempts = reader.Count();
  for (size_t i = 0; i < attempts && reader.ok(); ++i) {
    DeliveryAttempt attempt;
    attempt.at = reader.Moment();
    attempt.channel = reader.Text();
    const uint64_t reception = reader.Number();
    known = known && reception < kReceptions;
    attempt.reception = static_cast<delivery::Reception>(reception < kReceptions ? reception : 0);
    attempt.reason = reader.Text();
    record.attempts.push_back(std::move(attempt));
  }
  KSTATI_TRY_VOID(reader.Finish("delivery of a message"));
  if (!known) {
    return Fail(ErrorCode::kCorrupt, "delivery of a message: an unknown number", {},
                "use the version of kstati that wrote the store, or a newer one; else "
                "bring the store back from a backup");
  }
  return record;
}

std::string MessageKey(std::string_view outbox_entry) {
  const profile::ledger::Hash hash = profile::ledger::Sha256(outbox_entry);
  return profile::ledger::ToHex(BytesOf(hash).substr(0, kKeyBytes));
}

Result<std::map<std::string, DeliveryRecord>> DeliveriesTo(const profile::Store& store,
                                                           CitizenId citizen) {
  KSTATI_TRY(const auto records, store.Records(citizen, kDeliveryRecord));
  std::map<std::string, DeliveryRecord> deliveries;
  for (const auto& [key, bytes] : records) {
    KSTATI_TRY(DeliveryRecord record, DecodeDeliveryRecord(bytes));
    deliveries.emplace(key, std::move(record));
  }
  return deliveries;
}

}  // namespace kstati::cases
