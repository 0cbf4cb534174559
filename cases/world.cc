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

std::string VersionOfCalendar::Of(const WorkingCalendar& calendar) {
  const std::lock_guard lock(mutex_);
  if (calendar_ != &calendar) {
    calendar_ = &calendar;
    version_ = CalendarVersion(calendar);
  }
  return version_;
}

}  // namespace kstati::cases
