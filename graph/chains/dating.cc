// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/dating.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace kstati::graph::chains {
namespace {

// Invariant: a fact is supplied once and keeps its giver, and a step supplies only after all its
// inputs were there. So no circle supports itself.
class Dater {
 public:
  Dater(const Ways& ways, const Choice& choice)
      : ways_(ways), there_(ways.facts().size(), 0), giver_(ways.facts().size(), kNobody) {
    when_.resize(ways.facts().size());
    for (const uint32_t action : choice.actions) {
      DatedAction step;
      step.action = action;
      waiting_.push_back(std::move(step));
    }
    const Moment start{false, ways.request().start};
    for (uint32_t fact = 0; fact < ways.facts().size(); ++fact) {
      const Origin origin = ways.facts()[fact].origin;
      if (origin == Origin::kHeld || origin == Origin::kStateHolds) Supply(fact, start, kNobody);
    }
    for (const uint32_t fact : choice.brought) Supply(fact, start, kNobody);
  }

  std::optional<Dating> Date() {
    while (TakeNext()) {
    }
    Dating dating;
    for (size_t goal = 0; goal < ways_.goals().size(); ++goal) {
      if (ways_.reachable()[goal] == 0) continue;
      const uint32_t fact = ways_.goals()[goal];
      if (there_[fact] == 0) return std::nullopt;
      Use(giver_[fact]);
    }
    KeepUsed(dating);
    return dating;
  }

 private:
  void Supply(uint32_t fact, Moment when, uint32_t giver) {
    if (there_[fact] != 0) return;
    there_[fact] = 1;
    when_[fact] = when;
    giver_[fact] = giver;
  }

  // The waiting step that can begin and ends first gives what it gives.
  bool TakeNext() {
    size_t best = waiting_.size();
    for (size_t i = 0; i < waiting_.size(); ++i) {
      if (Begin(waiting_[i]) && (best == waiting_.size() || Order(i) < Order(best))) best = i;
    }
    if (best == waiting_.size()) return false;
    const auto place = static_cast<uint32_t>(done_.size());
    done_.push_back(std::move(waiting_[best]));
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(best));
    for (const uint32_t output : ways_.actions()[done_[place].action].outputs) {
      Supply(output, done_[place].finish, place);
    }
    return true;
  }

  std::tuple<Moment, int, ServiceId, uint32_t> Order(size_t i) const {
    const Action& action = ways_.actions()[waiting_[i].action];
    return {waiting_[i].finish, -action.service->priority, action.service->id, waiting_[i].action};
  }

  bool Begin(DatedAction& step) const {
    const Action& action = ways_.actions()[step.action];
    step.start = {false, ways_.request().start};
    step.satisfied_by.clear();
    step.given_by.clear();
    for (const std::vector<uint32_t>& any_of : action.inputs) {
      const auto first = std::ranges::min_element(
          any_of, {}, [this](uint32_t fact) { return std::tuple(there_[fact] == 0, when_[fact]); });
      if (first == any_of.end() || there_[*first] == 0) return false;
      step.start = std::max(step.start, when_[*first]);
      step.satisfied_by.push_back(*first);
      step.given_by.push_back(giver_[*first]);
    }
    step.finish = EndOf(step.start, *action.term, ways_.model().catalogue().calendar());
    return true;
  }

  void Use(uint32_t place) {
    if (place == kNobody || !used_.insert(place).second) return;
    for (const uint32_t giver : done_[place].given_by) Use(giver);
  }

  void KeepUsed(Dating& dating) {
    std::vector<uint32_t> new_place(done_.size(), kNobody);
    std::set<uint32_t> brought;
    dating.finish = {false, ways_.request().start};
    for (const uint32_t place : used_) {
      DatedAction& step = done_[place];
      new_place[place] = static_cast<uint32_t>(dating.steps.size());
      for (uint32_t& giver : step.given_by) {
        if (giver != kNobody) giver = new_place[giver];
      }
      for (const uint32_t fact : step.satisfied_by) {
        if (ways_.facts()[fact].origin == Origin::kBrought) brought.insert(fact);
      }
      dating.finish = std::max(dating.finish, step.finish);
      dating.steps.push_back(std::move(step));
    }
    dating.brought.assign(brought.begin(), brought.end());
  }

  const Ways& ways_;
  std::vector<uint8_t> there_;   // by fact
  std::vector<Moment> when_;     // by fact
  std::vector<uint32_t> giver_;  // by fact: the place in done_
  std::vector<DatedAction> waiting_;
  std::vector<DatedAction> done_;
  std::set<uint32_t> used_;  // places in done_; a giver stands before whom it gives to
};

}  // namespace

Moment EndOf(const Moment& start, const Term& term, const WorkingCalendar& calendar) {
  if (start.unknown) return start;
  const Result<Date> end = calendar.EndOfTerm(start.day, term);
  return end ? Moment{false, *end} : Moment{true, start.day};
}

std::optional<Dating> DateOf(const Ways& ways, const Choice& choice) {
  return Dater(ways, choice).Date();
}

}  // namespace kstati::graph::chains
