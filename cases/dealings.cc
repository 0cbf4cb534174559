// SPDX-License-Identifier: Apache-2.0
#include "cases/dealings.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "cases/draft.h"
#include "recommender/exposure.h"

namespace kstati::cases {
namespace {

using recommender::Dealing;
using recommender::Past;

// The past with this service about this person alone.
Result<Past> DealingWith(const profile::Store& store, CitizenId citizen, const ServiceId& service,
                         CitizenId about) {
  Past past;
  const Dealing sought{service, about, {}, {}};
  KSTATI_TRY(const auto bytes, store.GetRecord(citizen, kDealingRecord, DealingId(sought)));
  if (!bytes) return past;
  KSTATI_TRY(Dealing dealing, recommender::DecodeDealing(*bytes));
  past.Put(std::move(dealing));
  return past;
}

void KeepDealing(Draft& draft, CitizenId citizen, const Past& past) {
  for (const Dealing& dealing : past.dealings()) {
    draft.PutRecord(citizen, kDealingRecord, DealingId(dealing), recommender::Encode(dealing));
  }
}

}  // namespace

std::string DealingId(const Dealing& dealing) {
  return dealing.service.text() + "#" + std::to_string(dealing.about.number());
}

Result<Past> PastOf(const profile::Store& store, CitizenId citizen) {
  Past past;
  KSTATI_TRY(const auto records, store.Records(citizen, kDealingRecord));
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(Dealing dealing, recommender::DecodeDealing(bytes));
    past.Put(std::move(dealing));
  }
  return past;
}

Result<std::map<recommender::ServiceAbout, Date>> TurnedDownBy(const World& world,
                                                               CitizenId citizen,
                                                               const Past& past) {
  std::map<recommender::ServiceAbout, Date> turned_down;
  KSTATI_TRY(const auto records, world.store->Records(citizen, kTurnedDownRecord));
  for (const auto& [service, bytes] : records) {
    ByteReader reader(bytes);
    const Date on = reader.Day();
    KSTATI_TRY_VOID(reader.Finish("a stored decline"));
    turned_down.emplace(recommender::ServiceAbout(ServiceId(service), CitizenId()), on);
  }
  for (const Dealing& dealing : past.dealings()) {
    if (dealing.declined.empty()) continue;
    Date& last = turned_down[{dealing.service, dealing.about}];
    last = std::max(last, LocalDate(dealing.declined.back(), world.time_zone));
  }
  return turned_down;
}

Result<bool> DeclinedSince(const profile::Store& store, CitizenId citizen, const ServiceId& service,
                           CitizenId about, Instant since) {
  for (const CitizenId whom : {about, CitizenId()}) {
    KSTATI_TRY(const Past past, DealingWith(store, citizen, service, whom));
    for (const Dealing& dealing : past.dealings()) {
      if (!dealing.declined.empty() && dealing.declined.back() >= since) return true;
    }
  }
  return false;
}

Result<void> NoteAccepted(Draft& draft, CitizenId citizen, const ServiceId& service,
                          CitizenId about) {
  KSTATI_TRY_VOID(NoteTaken(draft, citizen, service, about));
  const recommender::Feedback feedback{
      citizen, draft.now(), {}, service, std::string(recommender::kAccepted), about};
  draft.AppendLog(citizen, recommender::kFeedbackLog, Encode(feedback));
  return {};
}

Result<void> NoteTaken(Draft& draft, CitizenId citizen, const ServiceId& service, CitizenId about) {
  KSTATI_TRY(Past past, DealingWith(*draft.world().store, citizen, service, about));
  past.Take(service, about, draft.now());
  KeepDealing(draft, citizen, past);
  return {};
}

Result<void> NoteDeclined(Draft& draft, CitizenId citizen, const ServiceId& service,
                          CitizenId about) {
  KSTATI_TRY(Past past, DealingWith(*draft.world().store, citizen, service, about));
  past.Decline(service, about, draft.now());
  KeepDealing(draft, citizen, past);
  return {};
}

}  // namespace kstati::cases
