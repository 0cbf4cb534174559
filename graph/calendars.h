// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/issue.h"
#include "graph/catalogue.h"

namespace kstati::graph {

// A calendar that some keep instead of the country's.
struct OtherCalendar {
  std::string id;
  std::vector<std::string> authorities;  // who keep it for all that they provide
  std::vector<ServiceId> services;       // for which it is kept, whoever provides them
  std::string region;                    // only for people there; empty: for everybody
  LegalSource source;
  WorkingCalendar calendar;
};

// By which days authorities work.
class Calendars {
 public:
  Calendars() = default;
  explicit Calendars(std::vector<OtherCalendar> others) : others_(std::move(others)) {}

  // The one that is kept for the service in the region: one of the region before one for everybody,
  // then one that names the service before one of its authority. Null: the country's.
  const WorkingCalendar* Find(const Service& service, std::string_view region) const;
  // The same with its id.
  const OtherCalendar* FindOther(const Service& service, std::string_view region) const;
  const OtherCalendar* FindById(std::string_view id) const;  // null: nobody keeps such a one
  const std::vector<OtherCalendar>& others() const { return others_; }
  bool empty() const { return others_.empty(); }

 private:
  std::vector<OtherCalendar> others_;
};

// Reads other_calendars.yaml of a catalogue folder and, for each entry, the years in
// other_calendars/ID/calendars; without the file everybody keeps the country's calendar. Problems,
// two calendars for the same thing among them, are appended to `issues`.
Calendars LoadCalendars(const std::string& folder, const Catalogue& catalogue,
                        std::vector<Issue>& issues);

}  // namespace kstati::graph
