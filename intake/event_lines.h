// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kstati::intake {

// In which order events may be worked at: those that name the same person one after the other, as
// they came, all others beside each other. So a birth waits for the registration of the mother that
// came before it. Not safe from several threads.
class EventLines {
 public:
  // The event's number, in order of coming. `people`: all whom it names, each as often as it likes.
  uint64_t Add(const std::vector<std::string>& people);
  // The first one that waits for no other, to be worked at until Done; nullopt: there is none.
  std::optional<uint64_t> Next();
  // It is recorded or refused: the next ones of its people need not wait for it any more.
  void Done(uint64_t number);

  size_t size() const { return events_.size(); }

 private:
  struct Event {
    std::set<std::string> people;
    size_t waits_for = 0;  // lines in which another one stands before it
  };

  uint64_t added_ = 0;
  std::map<uint64_t, Event> events_;
  std::map<std::string, std::deque<uint64_t>> lines_;  // by person; none is empty
  std::set<uint64_t> ready_;
};

}  // namespace kstati::intake
