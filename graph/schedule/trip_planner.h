// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/schedule/trips.h"

namespace kstati::graph::schedule {

// Everything as soon as it can be, trip by trip; where to go on a day its caller says. A copy goes
// on from where it is. Tasks and days must outlive it.
class TripPlanner {
 public:
  TripPlanner(const std::vector<Task>& tasks, Day start, const std::vector<Day>& not_before);

  // On which something can be visited next; nullopt when nothing is left, or past the calendar.
  std::optional<Day> NextDay() const;
  // Where something can be visited that day.
  std::vector<std::string> PlacesOn(Day day) const;
  // Of the visits that could be made on a day that of least time until `latest`, at the place where
  // most can be done.
  std::string ChoosePlace(Day day, const std::vector<TaskDays>& latest) const;
  // Does all that can be done at the place, with what gets ready there.
  void GoOut(Day day, const std::string& place);

  const std::vector<DayOut>& trips() const { return plan_.trips; }
  size_t task_count() const { return tasks_->size(); }
  // However the rest is arranged, it is done no sooner.
  Day FinishAtLeast() const;
  // What was not done lies past the calendar.
  Plan Finished() const;

 private:
  bool IsReady(const Task& task) const;
  void Settle();
  Day EarliestOf(size_t number) const;
  Day FirstFreeDay() const;
  bool IsWaiting(size_t number) const;
  Day DayOf(size_t number) const;
  bool CanGo(size_t number, Day day) const;
  std::string PlaceFor(size_t first, Day day) const;
  bool JoinReady();
  void Visit(size_t number);

  const std::vector<Task>* tasks_;
  Day start_;
  const std::vector<Day>* not_before_;
  std::vector<uint8_t> done_;
  std::vector<Day> next_;  // the next visit, as soon as the task alone can
  Plan plan_;
};

}  // namespace kstati::graph::schedule
