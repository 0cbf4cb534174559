// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/dating.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/check.h"

namespace kstati::graph::chains {
namespace {

// From when a fact is there, from whom, and until when it is accepted.
struct Supply {
  Moment when;
  uint32_t giver = kNobody;      // the place among the steps done
  std::optional<Date> last_day;  // absent: without end

  bool CoversStartOn(const Moment& start) const {
    return start.unknown || !last_day || start.day <= *last_day;
  }
};

// A step that could begin, but that something it needs has expired by then.
struct Blocked {
  Moment start;
  uint32_t giver = kNobody;  // an action, of what has expired; kNobody when it was held
  uint32_t fact = 0;
};

const WorkingCalendar& CalendarOf(const Ways& ways, const Action& action) {
  return ways.model().CalendarOf(*action.service, ways.request().region);
}

Moment EndOfAction(const Ways& ways, const Action& action, const Moment& start) {
  const WorkingCalendar& calendar = CalendarOf(ways, action);
  if (!action.remaining) return EndOf(start, *action.term, calendar);
  return std::max(start, EndOf({false, ways.request().start}, *action.remaining, calendar));
}

// Invariant: what supplies a fact stays, another supply comes only after one that expires, and a
// step supplies only after all its inputs were there. So no circle supports itself.
class Dater {
 public:
  // `not_before` is by action; may be empty.
  Dater(const Ways& ways, const Choice& choice, const std::vector<Precedence>& order,
        const std::map<uint32_t, Date>& not_before, Expiry expiry)
      : ways_(ways),
        choice_(choice),
        order_(order),
        not_before_(not_before),
        expiry_(expiry),
        supplies_(ways.facts().size()) {
    for (const uint32_t action : choice.actions) {
      DatedAction step;
      step.action = action;
      waiting_.push_back(std::move(step));
    }
    const Moment start{false, ways.request().start};
    for (uint32_t fact = 0; fact < ways.facts().size(); ++fact) {
      const Fact& described = ways.facts()[fact];
      if (described.origin == Origin::kHeld) Add(fact, {start, kNobody, described.last_day});
      if (described.origin == Origin::kStateHolds) Add(fact, {start, kNobody, std::nullopt});
    }
    for (const uint32_t fact : choice.brought) Add(fact, {start, kNobody, std::nullopt});
  }

  std::optional<Dating> Make(const std::vector<uint32_t>& without) {
    while (TakeNext()) {
    }
    Dating dating;
    for (size_t goal = 0; goal < ways_.goals().size(); ++goal) {
      if (ways_.reachable()[goal] == 0) continue;
      const uint32_t fact = ways_.goals()[goal];
      if (std::ranges::find(without, fact) != without.end()) continue;
      if (supplies_[fact].empty()) return std::nullopt;
      Use(supplies_[fact].front().giver);
    }
    for (const uint32_t action : choice_.forced) {
      const auto step = std::ranges::find(done_, action, &DatedAction::action);
      if (step == done_.end()) return std::nullopt;
      Use(static_cast<uint32_t>(step - done_.begin()));
    }
    KeepUsed(dating);
    return dating;
  }

  // Of the steps that nothing but what has expired keeps from beginning: what it was.
  std::vector<Blocked> FindBlocked() {
    std::vector<Blocked> all;
    for (DatedAction& step : waiting_) {
      Blocked blocked;
      if (!Begin(step, &blocked) && blocked.start != Moment{}) all.push_back(blocked);
    }
    return all;
  }

 private:
  // Only when what is there already expires.
  void Add(uint32_t fact, Supply supply) {
    std::vector<Supply>& supplies = supplies_[fact];
    if (expiry_ == Expiry::kIgnored) supply.last_day.reset();
    if (!supplies.empty() && !supplies.back().last_day) return;
    supplies.push_back(supply);
  }

  // The waiting step that can begin and ends first gives what it gives.
  bool TakeNext() {
    size_t best = waiting_.size();
    for (size_t i = 0; i < waiting_.size(); ++i) {
      if (!Begin(waiting_[i], nullptr)) continue;
      if (best == waiting_.size() || Order(i) < Order(best)) best = i;
    }
    if (best == waiting_.size()) return false;
    const auto place = static_cast<uint32_t>(done_.size());
    done_.push_back(std::move(waiting_[best]));
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(best));
    const DatedAction& step = done_[place];
    for (const uint32_t output : ways_.actions()[step.action].outputs) {
      const std::optional<Period>& valid_for = ways_.facts()[output].valid_for;
      Supply supply{step.finish, place, std::nullopt};
      if (valid_for && !step.finish.unknown) supply.last_day = valid_for->After(step.finish.day);
      Add(output, supply);
    }
    return true;
  }

  std::tuple<Moment, int, ServiceId, uint32_t> Order(size_t i) const {
    const Action& action = ways_.actions()[waiting_[i].action];
    return {waiting_[i].finish, -action.service->priority, action.service->id, waiting_[i].action};
  }

  // `blocked`, when given, hears what had expired.
  bool Begin(DatedAction& step, Blocked* blocked) const {
    const Action& action = ways_.actions()[step.action];
    step.start = {false, ways_.request().start};
    const auto put_off = not_before_.find(step.action);
    if (put_off != not_before_.end()) step.start.day = std::max(step.start.day, put_off->second);
    for (const Precedence& one : order_) {
      if (one.second != step.action) continue;
      const auto first = std::ranges::find(done_, one.first, &DatedAction::action);
      if (first == done_.end()) return false;
      step.start = std::max(step.start, one.finished ? first->finish : first->start);
    }
    if (!WaitForOthers(action, step) || !TakeInputs(action, step, blocked)) return false;
    step.finish = EndOfAction(ways_, action, step.start);
    return true;
  }

  // For what the regulation says must be done before, as far as the choice has it.
  bool WaitForOthers(const Action& action, DatedAction& step) const {
    if (action.after.empty()) return true;
    const auto is_first = [&](const DatedAction& other) {
      return ComesAfter(action, ways_.actions()[other.action]);
    };
    if (std::ranges::any_of(waiting_, is_first)) return false;
    for (const DatedAction& other : done_) {
      if (is_first(other)) step.start = std::max(step.start, other.finish);
    }
    return true;
  }

  // An input that comes later may let another one expire: until all are there together.
  bool TakeInputs(const Action& action, DatedAction& step, Blocked* blocked) const {
    for (;;) {
      const Moment start = step.start;
      step.satisfied_by.clear();
      step.given_by.clear();
      for (const std::vector<uint32_t>& any_of : action.inputs) {
        const auto [fact, supply] = FirstOf(any_of, step.start);
        if (supply == nullptr) {
          if (blocked != nullptr) Explain(action, start, *blocked);
          return false;
        }
        step.start = std::max(step.start, supply->when);
        step.satisfied_by.push_back(fact);
        step.given_by.push_back(supply->giver);
      }
      if (step.start == start) return true;
    }
  }

  std::pair<uint32_t, const Supply*> FirstOf(const std::vector<uint32_t>& any_of,
                                             const Moment& start) const {
    std::pair<uint32_t, const Supply*> first{0, nullptr};
    for (const uint32_t fact : any_of) {
      for (const Supply& supply : supplies_[fact]) {
        if (!supply.CoversStartOn(std::max(start, supply.when))) continue;
        if (first.second == nullptr || supply.when < first.second->when) first = {fact, &supply};
      }
    }
    return first;
  }

  // When the step would begin if nothing expired, and what has by then.
  void Explain(const Action& action, Moment start, Blocked& blocked) const {
    for (const std::vector<uint32_t>& any_of : action.inputs) {
      const Supply* first = nullptr;
      for (const uint32_t fact : any_of) {
        for (const Supply& supply : supplies_[fact]) {
          if (first == nullptr || supply.when < first->when) first = &supply;
        }
      }
      if (first == nullptr) return;  // it waits for something else
      start = std::max(start, first->when);
    }
    for (const std::vector<uint32_t>& any_of : action.inputs) {
      if (FirstOf(any_of, start).second != nullptr) continue;
      for (const uint32_t fact : any_of) {
        if (supplies_[fact].empty()) continue;
        const uint32_t giver = supplies_[fact].back().giver;
        blocked = {start, giver == kNobody ? kNobody : done_[giver].action, fact};
        if (giver != kNobody) return;
      }
      return;
    }
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
  const Choice& choice_;
  const std::vector<Precedence>& order_;
  const std::map<uint32_t, Date>& not_before_;
  Expiry expiry_;
  std::vector<std::vector<Supply>> supplies_;  // by fact, as they come
  std::vector<DatedAction> waiting_;
  std::vector<DatedAction> done_;
  std::set<uint32_t> used_;  // places in done_; a giver stands before whom it gives to
};

// The first day on which the giver may begin so that what it gives is accepted on `needed`; absent
// past the last loaded calendar.
std::optional<Date> PutOff(const Ways& ways, const Blocked& blocked, Date begins) {
  const Action& giver = ways.actions()[blocked.giver];
  if (giver.remaining) return std::nullopt;  // it has begun
  const Period& valid_for = *ways.facts()[blocked.fact].valid_for;
  for (Date start = begins.AddDays(1);; start = start.AddDays(1)) {
    const Moment end = EndOfAction(ways, giver, {false, start});
    if (end.unknown) return std::nullopt;
    if (valid_for.After(end.day) >= blocked.start.day) return start;
  }
}

void PutInSequence(const std::vector<size_t>& sequence, Dating& dating) {
  std::vector<uint32_t> new_place(dating.steps.size());
  for (size_t place = 0; place < sequence.size(); ++place) {
    new_place[sequence[place]] = static_cast<uint32_t>(place);
  }
  std::vector<DatedAction> steps;
  for (const size_t step : sequence) {
    steps.push_back(std::move(dating.steps[step]));
    for (uint32_t& giver : steps.back().given_by) {
      if (giver != kNobody) giver = new_place[giver];
    }
  }
  dating.steps = std::move(steps);
}

}  // namespace

bool ComesAfter(const Action& action, const Action& other) {
  if (action.remaining) return false;  // it has begun
  return std::ranges::find(action.after, other.service->id) != action.after.end();
}

std::optional<int64_t> WaitOf(const Ways& ways, const Choice& choice,
                              const std::vector<uint32_t>& without) {
  const bool waits = std::ranges::any_of(choice.actions, [&](uint32_t action) {
    return std::ranges::any_of(choice.actions, [&](uint32_t other) {
      return ComesAfter(ways.actions()[action], ways.actions()[other]);
    });
  });
  if (!waits) return 0;
  const std::optional<Dating> dating = DateOf(ways, choice, {}, without, Expiry::kIgnored);
  if (!dating || dating->finish.unknown) return std::nullopt;
  const auto days = ways.model().catalogue().calendar().WorkingDaysBetween(
      ways.request().start.AddDays(choice.until), dating->finish.day);
  return days ? std::optional(std::max<int64_t>(*days, 0)) : std::nullopt;
}

Moment EndOf(const Moment& start, const Term& term, const WorkingCalendar& calendar) {
  if (start.unknown) return start;
  const Result<Date> end = calendar.EndOfTerm(start.day, term);
  return end ? Moment{false, *end} : Moment{true, start.day};
}

std::optional<Dating> DateOf(const Ways& ways, const Choice& choice,
                             const std::vector<Precedence>& order,
                             const std::vector<uint32_t>& without, Expiry expiry) {
  std::map<uint32_t, Date> not_before;
  std::optional<Dating> dating;
  for (;;) {
    Dater dater(ways, choice, order, not_before, expiry);
    dating = dater.Make(without);
    if (dating) break;
    bool put_off = false;
    for (const Blocked& blocked : dater.FindBlocked()) {
      if (blocked.giver == kNobody || blocked.start.unknown) continue;
      Date& begins = not_before.try_emplace(blocked.giver, ways.request().start).first->second;
      const std::optional<Date> later = PutOff(ways, blocked, begins);
      if (!later) return std::nullopt;
      begins = *later;
      put_off = true;
    }
    if (!put_off) return std::nullopt;
  }
  dating->was_put_off = !not_before.empty();
  if (dating->was_put_off && dating->finish.unknown) {
    // Put off to days that nobody knows, where it would be done on a known one.
    const auto freely = DateOf(ways, choice, order, without, Expiry::kIgnored);
    if (!freely || !freely->finish.unknown) return std::nullopt;
  }
  PutInSequence(SequenceOf(ways, *dating, order), *dating);
  return dating;
}

std::vector<size_t> SequenceOf(const Ways& ways, const Dating& dating,
                               const std::vector<Precedence>& order) {
  std::vector<std::set<size_t>> firsts(dating.steps.size());
  for (size_t step = 0; step < dating.steps.size(); ++step) {
    for (const uint32_t giver : dating.steps[step].given_by) {
      if (giver != kNobody) firsts[step].insert(giver);
    }
    const uint32_t own = dating.steps[step].action;
    for (size_t other = 0; other < dating.steps.size(); ++other) {
      const uint32_t first = dating.steps[other].action;
      const bool is_put_first = std::ranges::any_of(
          order, [&](const Precedence& one) { return one.first == first && one.second == own; });
      if (is_put_first || ComesAfter(ways.actions()[own], ways.actions()[first])) {
        firsts[step].insert(other);
      }
    }
  }
  std::vector<std::vector<size_t>> followers(dating.steps.size());
  std::set<std::tuple<Moment, int, ServiceId, size_t>> next;
  const auto put = [&](size_t step) {
    const Service& service = *ways.actions()[dating.steps[step].action].service;
    next.emplace(dating.steps[step].start, -service.priority, service.id, step);
  };
  for (size_t step = 0; step < dating.steps.size(); ++step) {
    for (const size_t first : firsts[step]) followers[first].push_back(step);
    if (firsts[step].empty()) put(step);
  }
  std::vector<size_t> sequence;
  while (!next.empty()) {
    const size_t step = std::get<size_t>(*next.begin());
    next.erase(next.begin());
    sequence.push_back(step);
    for (const size_t follower : followers[step]) {
      firsts[follower].erase(step);
      if (firsts[follower].empty()) put(follower);
    }
  }
  KSTATI_CHECK(sequence.size() == dating.steps.size());
  return sequence;
}

}  // namespace kstati::graph::chains
