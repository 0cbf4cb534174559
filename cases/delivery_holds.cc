// SPDX-License-Identifier: Apache-2.0
#include "cases/delivery_holds.h"

#include <algorithm>

#include "base/micros.h"
#include "cases/clock_keeping.h"
#include "cases/dealings.h"
#include "cases/draft.h"
#include "cases/openings.h"
#include "recommender/turned_down.h"

namespace kstati::cases {
namespace {

// The status of a case that the message tells of.
std::string_view StatusTold(const Notification& notification) {
  constexpr std::string_view kBegins = "notification.";
  const std::string_view message = notification.message;
  return message.starts_with(kBegins) ? message.substr(kBegins.size()) : std::string_view();
}

Result<bool> StandsInFeed(const profile::Store& store, const Notification& notification) {
  KSTATI_TRY(const auto records, store.Records(notification.citizen, kNotificationRecord));
  const std::string bytes = Encode(notification);
  return std::ranges::any_of(records, [&](const auto& record) { return record.second == bytes; });
}

// Of the case's service about whom the case is, after its life event; without a case, about
// anybody.
Result<bool> WasTurnedDown(const World& world, const Notification& notification,
                           const std::optional<Case>& c) {
  KSTATI_TRY(const recommender::Past past, PastOf(*world.store, notification.citizen));
  KSTATI_TRY(const auto turned_down, TurnedDownBy(world, notification.citizen, past));
  if (turned_down.empty()) return false;
  if (c) {
    Draft draft(world, world.Now());  // never committed
    KSTATI_TRY(const Date since, DayBehind(draft, *c));
    return recommender::IsTurnedDown(turned_down, c->service, c->about, since, world.Today());
  }
  return std::ranges::any_of(turned_down, [&](const auto& decline) {
    const auto& [service, about] = decline.first;
    return service == notification.service &&
           recommender::IsTurnedDown(turned_down, service, about, std::nullopt, world.Today());
  });
}

}  // namespace

Result<std::optional<Case>> CaseOf(const profile::Store& store, const Notification& notification) {
  KSTATI_TRY(const std::optional<std::string> bytes,
             store.GetRecord(notification.citizen, kCaseRecord, notification.case_id.text()));
  if (!bytes) return std::nullopt;
  KSTATI_TRY(Case c, DecodeCase(*bytes));
  return c;
}

Result<std::optional<size_t>> BudgetLeft(const World& world, const DeliveryRules& rules,
                                         CitizenId citizen) {
  if (rules.budget_messages == 0) return std::nullopt;
  KSTATI_TRY(const auto deliveries, DeliveriesTo(*world.store, citizen));
  const Instant since{world.Now().micros - rules.budget_days * kMicrosPerDay};
  const auto delivered = std::ranges::count_if(deliveries, [&](const auto& delivery) {
    const DeliveryRecord& record = delivery.second;
    return record.state == DeliveryState::kDelivered && record.changed_at > since;
  });
  const auto left = rules.budget_messages - delivered;
  return left > 0 ? static_cast<size_t>(left) : size_t{0};
}

namespace {

Result<std::optional<CaseClock>> StoredClock(const profile::Store& store,
                                             const Notification& notification) {
  KSTATI_TRY(const std::optional<std::string> bytes,
             store.GetRecord(notification.citizen, kClockRecord, notification.case_id.text()));
  if (!bytes) return std::nullopt;
  KSTATI_TRY(CaseClock clock, DecodeCaseClock(*bytes));
  return clock;
}

// A term that cannot be counted holds nothing up.
Result<bool> TermEndsBetween(const World& world, const Notification& notification, Instant from,
                             Instant to) {
  KSTATI_TRY(const std::optional<CaseClock> clock, StoredClock(*world.store, notification));
  if (!clock || !clock->Runs()) return false;
  const Result<std::optional<Deadline>> deadline =
      DeadlineOf({world.term_calendars().Of(clock->calendar), world.time_zone}, *clock);
  return deadline && *deadline && (*deadline)->breach > from && (*deadline)->breach <= to;
}

}  // namespace

bool IsSuggestion(const Notification& notification) {
  const std::string_view told = StatusTold(notification);
  return told == NameOf(Status::kAnnounced) || told == NameOf(Status::kOffered);
}

Result<std::string> WhySuppressed(const World& world, const DeliveryRules& rules,
                                  const Notification& notification) {
  KSTATI_TRY(const bool stands, StandsInFeed(*world.store, notification));
  if (!stands) return "erased";
  if (StatusTold(notification) == NameOf(Status::kDeclined)) return "declined";
  const bool annulled = StatusTold(notification) == NameOf(Status::kAnnulled);
  if (!annulled && !IsSuggestion(notification)) return "";
  KSTATI_TRY(const std::optional<Case> c, CaseOf(*world.store, notification));
  if (annulled) return c && c->history.back().reason == kLaterEvent ? "overtaken" : "";
  if (c && c->status == Status::kDeclined) return "declined";
  if (c && NameOf(c->status) != StatusTold(notification)) return "overtaken";
  KSTATI_TRY(const bool turned_down, WasTurnedDown(world, notification, c));
  if (turned_down) return "declined";
  KSTATI_TRY(const auto left, BudgetLeft(world, rules, notification.citizen));
  return left && *left == 0 ? "budget" : "";
}

Result<std::optional<Instant>> HeldUntil(const World& world, const DeliveryRules& rules,
                                         const Notification& notification) {
  const Instant now = world.Now();
  const std::optional<Instant> morning = rules.quiet.EndAfter(now);
  if (!morning || !rules.deadlines_break_quiet) return morning;
  KSTATI_TRY(const bool ends, TermEndsBetween(world, notification, now, *morning));
  return ends ? std::nullopt : morning;
}

}  // namespace kstati::cases
