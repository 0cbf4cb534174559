// SPDX-License-Identifier: Apache-2.0
#include "cases/trigger_record.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kFormat = 1;
constexpr size_t kKept = 500;  // of one situation: the latest

constexpr std::array<std::string_view, kTriggerReasonCount> kNames{
    "started",  "offered",    "announced",      "not_eligible", "facts_missing",
    "held",     "under_way",  "household_told", "too_late",     "inferred",
    "excluded", "no_consent", "no_regulation",  "declined"};

const TriggerDecision* LatestAbout(const std::vector<TriggerDecision>& known,
                                   const TriggerDecision& decision) {
  const auto found = std::find_if(known.rbegin(), known.rend(), [&](const TriggerDecision& other) {
    return other.service == decision.service && other.about == decision.about;
  });
  return found == known.rend() ? nullptr : &*found;
}

}  // namespace

std::string_view NameOf(TriggerReason reason) { return kNames[static_cast<size_t>(reason)]; }

bool Starts(TriggerReason reason) {
  return reason == TriggerReason::kStarted || reason == TriggerReason::kOffered ||
         reason == TriggerReason::kAnnounced;
}

bool AddChanged(std::vector<TriggerDecision>& known, std::vector<TriggerDecision> decisions) {
  bool added = false;
  for (TriggerDecision& decision : decisions) {
    const TriggerDecision* latest = LatestAbout(known, decision);
    if (latest != nullptr) {
      const bool same = latest->reason == decision.reason && latest->details == decision.details;
      const bool by_itself = Starts(latest->reason) && decision.reason == TriggerReason::kUnderWay;
      if (same || by_itself) continue;
    }
    known.push_back(std::move(decision));
    added = true;
  }
  if (known.size() > kKept) {
    known.erase(known.begin(), known.end() - static_cast<std::ptrdiff_t>(kKept));
  }
  return added;
}

std::string Encode(const std::vector<TriggerDecision>& decisions) {
  ByteWriter writer;
  writer.Number(kFormat).Number(decisions.size());
  for (const TriggerDecision& decision : decisions) {
    writer.Moment(decision.at).Text(decision.cause.source.text()).Text(decision.cause.id.text());
    writer.Text(decision.service.text()).Number(decision.about.number());
    writer.Number(static_cast<uint64_t>(decision.reason)).Number(decision.details.size());
    for (const std::string& detail : decision.details) writer.Text(detail);
  }
  return writer.Take();
}

Result<std::vector<TriggerDecision>> DecodeTriggers(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kFormat) {
    return Fail(ErrorCode::kUnsupported, "stored trigger decisions have an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  std::vector<TriggerDecision> decisions(reader.Count());
  bool fits = true;
  for (TriggerDecision& decision : decisions) {
    decision.at = reader.Moment();
    decision.cause.source = RegistryId(reader.Text());
    decision.cause.id = EventId(reader.Text());
    decision.service = ServiceId(reader.Text());
    decision.about = CitizenId(reader.Number());
    const uint64_t reason = reader.Number();
    fits &= reason < kTriggerReasonCount;
    decision.reason = static_cast<TriggerReason>(fits ? reason : 0);
    for (size_t left = reader.Count(); left > 0; --left) decision.details.push_back(reader.Text());
  }
  KSTATI_TRY_VOID(reader.Finish("trigger decisions"));
  if (!fits) {
    return Fail(ErrorCode::kCorrupt, "a stored trigger decision has an unknown reason", {},
                "restore the store from a backup");
  }
  return decisions;
}

}  // namespace kstati::cases
