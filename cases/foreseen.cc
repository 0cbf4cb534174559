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

Result<std::optional<eligibility::Decision>> DecideAsOfApplying(Draft& draft, const Case& c,
                                                                const Viewpoint& viewpoint,
                                                                const eligibility::Subject& today) {
  std::optional<eligibility::Decision> decided;
  // What the state started by itself follows the facts until it is handed over.
  const bool untouched = c.status == Status::kStarted && !c.consent.empty();
  if (untouched || !today.today || draft.today() <= *today.today) return decided;
  Viewpoint then = ForeseenOn(viewpoint, *today.today);
  const bool outside = then.about != nullptr && then.household->Find(c.about) == nullptr;
  if (outside) {
    KSTATI_TRY(const profile::History history, draft.Load(c.about));
    const profile::AsOf as_of{*today.today, then.about->as_of().known_at};
    then.about = std::make_shared<const profile::FactView>(history, as_of);
  }
  eligibility::Subject subject = then.subject();
  subject.today = today.today;
  subject.law_on = today.law_on;
  const graph::Service& service = *draft.world().catalogue().FindService(c.service);
  eligibility::Decision decision = draft.world().program->Decide(service, subject, true);
  const bool entitled = decision.verdict == eligibility::Verdict::kEligible ||
                        decision.verdict == eligibility::Verdict::kLikely;
  if (entitled) decided = std::move(decision);
  return decided;
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
