// SPDX-License-Identifier: Apache-2.0
#include "intake/event_lines.h"

#include "base/check.h"

namespace kstati::intake {

uint64_t EventLines::Add(const std::vector<std::string>& people) {
  const uint64_t number = ++added_;
  Event& event = events_[number];
  event.people.insert(people.begin(), people.end());
  for (const std::string& person : event.people) {
    std::deque<uint64_t>& line = lines_[person];
    if (!line.empty()) ++event.waits_for;
    line.push_back(number);
  }
  if (event.waits_for == 0) ready_.insert(number);
  return number;
}

std::optional<uint64_t> EventLines::Next() {
  if (ready_.empty()) return std::nullopt;
  const uint64_t number = *ready_.begin();
  ready_.erase(ready_.begin());
  return number;
}

void EventLines::Done(uint64_t number) {
  const auto done = events_.find(number);
  KSTATI_CHECK(done != events_.end());
  for (const std::string& person : done->second.people) {
    const auto line = lines_.find(person);
    KSTATI_CHECK(line != lines_.end() && line->second.front() == number);
    line->second.pop_front();
    if (line->second.empty()) {
      lines_.erase(line);
      continue;
    }
    const uint64_t next = line->second.front();
    if (--events_.at(next).waits_for == 0) ready_.insert(next);
  }
  events_.erase(done);
}

}  // namespace kstati::intake
