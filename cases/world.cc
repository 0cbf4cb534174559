// SPDX-License-Identifier: Apache-2.0
#include "cases/world.h"

#include "cases/clock.h"

namespace kstati::cases {

std::shared_ptr<const graph::ServiceGraph> GraphOfDay::On(const graph::Catalogue& catalogue,
                                                          const graph::Calendars& calendars,
                                                          Date date) {
  const std::lock_guard lock(mutex_);
  if (!graph_ || graph_->date() != date) {
    graph_ = std::make_shared<const graph::ServiceGraph>(catalogue, date, &calendars);
  }
  return graph_;
}

std::string VersionOfCalendar::Of(const WorkingCalendar& calendar) {
  const std::lock_guard lock(mutex_);
  if (calendar_ != &calendar) {
    calendar_ = &calendar;
    version_ = CalendarVersion(calendar);
  }
  return version_;
}

}  // namespace kstati::cases
