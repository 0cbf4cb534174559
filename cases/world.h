// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/clock.h"
#include "eligibility/program.h"
#include "graph/calendars.h"
#include "graph/courses.h"
#include "graph/exclusion.h"
#include "graph/service_graph.h"
#include "graph/validity.h"
#include "profile/store.h"

namespace kstati::cases {

// The service graphs of the days asked for last, since regulations change with the date: today, and
// the days on which people were told what is compared with it. Safe from any thread.
class GraphOfDay {
 public:
  static constexpr size_t kKept = 4;

  // All calls with the same `catalogue` and `calendars`, which outlive the graphs.
  std::shared_ptr<const graph::ServiceGraph> On(const graph::Catalogue& catalogue,
                                                const graph::Calendars& calendars, Date date);

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<const graph::ServiceGraph>> graphs_;  // latest asked for first
};

// The calendars by which terms run: the country's, and those that some keep instead.
struct TermCalendars {
  const WorkingCalendar& country;
  const graph::Calendars& others;

  // The other calendar with that id; the country's when it is empty, or nobody keeps such a one.
  const WorkingCalendar& Of(std::string_view id) const;
};

// What calendars say, counted once; see CalendarVersion. Safe from any thread.
class CalendarVersions {
 public:
  // `owner` keeps the calendar alive as long as this; null: something else does.
  std::string Of(const WorkingCalendar& calendar,
                 const std::shared_ptr<const graph::Calendars>& owner);

 private:
  struct Version {
    std::shared_ptr<const graph::Calendars> owner;  // so that no other calendar takes its address
    std::string text;
  };
  std::mutex mutex_;
  std::map<const WorkingCalendar*, Version> versions_;
};

// What everything runs on. All parts outlive the users.
struct World {
  const eligibility::Program* program = nullptr;
  // Of the catalogue; null: it has none, and then everything is decided by officials.
  const graph::Courses* courses = nullptr;
  profile::Store* store = nullptr;
  const Clock* clock = nullptr;
  std::string time_zone = "Europe/Moscow";  // where legal days begin
  // How long documents are accepted that services give.
  std::shared_ptr<const graph::Validities> validities = std::make_shared<const graph::Validities>();
  // Who keeps another calendar than the country's.
  std::shared_ptr<const graph::Calendars> calendars = std::make_shared<const graph::Calendars>();
  // Of which services the law gives only so many together.
  std::shared_ptr<const std::vector<graph::Exclusion>> exclusions =
      std::make_shared<const std::vector<graph::Exclusion>>();
  std::shared_ptr<GraphOfDay> graph_of_day = std::make_shared<GraphOfDay>();
  std::shared_ptr<CalendarVersions> calendar_versions = std::make_shared<CalendarVersions>();
  // Changes that lost a race go through here one at a time, so that a busy household starves
  // nobody.
  std::shared_ptr<std::mutex> contended = std::make_shared<std::mutex>();

  Instant Now() const { return clock->Now(); }
  const graph::Course* CourseOf(const graph::Service& service,
                                const graph::Regulation& regulation) const {
    return courses == nullptr ? nullptr : courses->Of(service, regulation);
  }
  Date Today() const { return LocalDate(clock->Now(), time_zone); }
  const graph::Catalogue& catalogue() const { return program->catalogue(); }
  TermCalendars term_calendars() const { return {catalogue().calendar(), *calendars}; }
  // By which terms of the service run for people of the region: the id of another calendar than the
  // country's, else empty.
  std::string CalendarOf(const graph::Service& service, std::string_view region) const;
  // The version of the calendar with that id, as TermCalendars::Of finds it.
  std::string VersionOfCalendar(std::string_view id) const;
  // Changes whenever one of all calendars does.
  std::string VersionOfCalendars() const;
  std::shared_ptr<const graph::ServiceGraph> Graph(Date date) const {
    return graph_of_day->On(program->catalogue(), *calendars, date);
  }
};

// Runs `attempt` until it succeeds or fails for another reason than a lost race (`lost_race`
// tells). The first attempt runs beside others, later ones one at a time in this process.
template <class Attempt, class LostRace>
auto Repeat(const World& world, const Attempt& attempt, const LostRace& lost_race)
    -> decltype(attempt()) {
  constexpr int kAttemptsMax = 64;  // other processes and first attempts can still come between
  auto outcome = attempt();
  if (outcome || !lost_race(outcome.error())) return outcome;
  const std::lock_guard lock(*world.contended);
  for (int count = 1; count < kAttemptsMax; ++count) {
    outcome = attempt();
    if (outcome || !lost_race(outcome.error())) break;
  }
  return outcome;
}

}  // namespace kstati::cases
