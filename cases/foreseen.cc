// SPDX-License-Identifier: Apache-2.0
#include "cases/foreseen.h"

#include <algorithm>
#include <utility>

namespace kstati::cases {

Viewpoint ForeseenOn(const Viewpoint& today, Date day) {
  const profile::Household& household = *today.household;
  const auto find = [&household](CitizenId citizen) -> Result<profile::History> {
    const auto found = std::ranges::find(household.histories, citizen, &profile::History::citizen);
    if (found != household.histories.end()) return *found;
    return Fail(ErrorCode::kNotFound, "no history was read of a member", "citizen",
                "read the household first");
  };
  const profile::FactView& person = *household.person;
  auto then = profile::LoadHousehold(person.citizen(), {day, person.as_of().known_at}, find);
  if (!then) return today;
  Viewpoint foreseen = today;
  foreseen.household = std::make_shared<const profile::Household>(std::move(*then));
  if (today.about) {
    if (auto about = foreseen.household->Find(today.about->citizen())) {
      foreseen.about = std::move(about);
    }
  }
  return foreseen;
}

const Viewpoint& Foresight::ViewpointOn(Date day) { return On(day).viewpoint; }

const eligibility::Decision& Foresight::DecisionOn(const graph::Service& service, Date day) {
  Day& then = On(day);
  const auto [entry, is_new] = then.decided.try_emplace(service.id);
  if (is_new) entry->second = then.inquiry->Decide(service, true);
  return entry->second;
}

Foresight::Day& Foresight::On(Date day) {
  const auto [entry, is_new] = days_.try_emplace(day);
  if (is_new) {
    entry->second.viewpoint = ForeseenOn(today_, day);
    eligibility::Subject subject = entry->second.viewpoint.subject();
    subject.today = day;
    entry->second.inquiry = std::make_unique<eligibility::Inquiry>(program_, std::move(subject));
  }
  return entry->second;
}

}  // namespace kstati::cases
