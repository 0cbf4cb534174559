// SPDX-License-Identifier: Apache-2.0
#include "cases/world.h"

#include <algorithm>
#include <iterator>

#include "cases/clock.h"

namespace kstati::cases {

std::shared_ptr<const graph::ServiceGraph> GraphOfDay::On(const graph::Catalogue& catalogue,
                                                          const graph::Calendars& calendars,
                                                          Date date) {
  const std::lock_guard lock(mutex_);
  auto found = std::ranges::find(graphs_, date, [](const auto& graph) { return graph->date(); });
  if (found == graphs_.end()) {
    graphs_.resize(std::min(graphs_.size(), kKept - 1));
    graphs_.push_back(std::make_shared<const graph::ServiceGraph>(catalogue, date, &calendars));
    found = std::prev(graphs_.end());
  }
  std::rotate(graphs_.begin(), found, std::next(found));
  return graphs_.front();
}

const WorkingCalendar& TermCalendars::Of(std::string_view id) const {
  const graph::OtherCalendar* other = id.empty() ? nullptr : others.FindById(id);
  return other == nullptr ? country : other->calendar;
}

std::string CalendarVersions::Of(const WorkingCalendar& calendar,
                                 const std::shared_ptr<const graph::Calendars>& owner) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = versions_.try_emplace(&calendar);
  if (is_new) entry->second = {owner, CalendarVersion(calendar)};
  return entry->second.text;
}

std::string World::CalendarOf(const graph::Service& service, std::string_view region) const {
  const graph::OtherCalendar* other = calendars->FindOther(service, region);
  return other == nullptr ? std::string() : other->id;
}

std::string World::VersionOfCalendar(std::string_view id) const {
  const WorkingCalendar& calendar = term_calendars().Of(id);
  const bool of_country = &calendar == &catalogue().calendar();
  return calendar_versions->Of(calendar, of_country ? nullptr : calendars);
}

std::string World::VersionOfCalendars() const {
  std::map<std::string_view, std::string> by_id;
  for (const graph::OtherCalendar& other : calendars->others()) {
    by_id.emplace(other.id, VersionOfCalendar(other.id));
  }
  std::string versions = VersionOfCalendar({});
  for (const auto& [id, version] : by_id) versions += " " + std::string(id) + "=" + version;
  return versions;
}

}  // namespace kstati::cases
