// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "graph/chain.h"
#include "tests/unit/graph/drawing.h"

// Worlds so small that every set of services and documents can be tried.
namespace kstati::graph::small {

inline constexpr int kDocuments = 6;
inline constexpr int64_t kNever = 1'000'000;
inline constexpr Date kStart{20'514};  // 2026-03-02, as a Drawing has it

// Of 2026, without holidays but for these.
inline WorkingCalendar CalendarWith(const std::set<Date>& days_off) {
  WorkingCalendar::Year year;
  year.year = 2026;
  year.days_off = days_off;
  return WorkingCalendar({year});
}

struct SmallService {
  std::vector<std::vector<int>> inputs;  // all of any of
  std::vector<int> outputs;
  Term term;
  std::set<Date> days_off;  // of a calendar of its own; empty: the country's
  WorkingCalendar calendar;
  int visits = 0;
  int fee = 0;        // roubles
  int other_fee = 0;  // since `changes`
  Date changes = kStart;
  bool outside = false;
  bool maybe = false;
  int place = 0;              // 0: the authority's own, 1: the shared office, 2: any of both
  std::optional<int> left;    // calendar days, of one that was applied for before
  size_t id = 0;              // the same of several ways to have one service delivered
  std::vector<size_t> after;  // ids
};

// What the services of a world may have beside the rest.
enum class Kind { kPlain, kScenarios, kAfter };

inline constexpr const char* kPlaces[] = {", at office", ", at mfc", ", at any"};

class SmallWorld {
 public:
  explicit SmallWorld(uint32_t seed, Kind kind = Kind::kPlain) : random_(seed) {
    services_.resize(3 + Below(kind == Kind::kScenarios ? 2 : 5));
    for (SmallService& service : services_) {
      service.inputs.resize(Below(3));
      for (auto& input : service.inputs) input = Documents(1 + Below(2));
      std::ranges::sort(service.inputs);
      const auto last = std::unique(service.inputs.begin(), service.inputs.end());
      service.inputs.erase(last, service.inputs.end());
      service.outputs = Documents(1 + Below(2));
      service.term = AnyTerm();
      if (Below(4) == 0) service.days_off = AnyDaysOff();
      service.calendar = CalendarWith(service.days_off);
      service.visits = Below(3);
      service.fee = Below(2) * 10 * Below(200);
      service.other_fee = Below(3) == 0 ? 10 * Below(200) : service.fee;
      service.changes = kStart.AddDays(Below(30));
      service.outside = Below(6) == 0;
      service.maybe = Below(6) == 0;
      service.place = Below(3);
      if (Below(8) == 0) service.left = Below(40) - 5;
    }
    held_ = Documents(Below(2));
    goals_ = Documents(1 + Below(3));
    for (size_t i = 0; i < services_.size(); ++i) services_[i].id = i;
    if (kind == Kind::kScenarios) AddScenarios();
    if (kind == Kind::kAfter) AddAfter();
  }

  Chain Solve() const { return Drawn()->Solve(); }
  ChainFront Front() const { return Drawn()->Front(); }
  std::vector<ChainOption> Options() const { return Drawn()->Choices(); }

  // The first day on which all is there that can be reached, whatever it costs, with no more doubts
  // than these; absent when nothing leads there.
  std::optional<Date> FirstDay(const std::set<size_t>& doubtful) const {
    uint32_t services = 0;
    for (size_t i = 0; i < services_.size(); ++i) {
      const bool may_be_used = !services_[i].maybe || doubtful.contains(services_[i].id);
      if (may_be_used) services |= 1U << i;
    }
    const auto last = LastDay(services, NotGiven(), ReachableGoals());
    return last ? std::optional(Date{*last}) : std::nullopt;
  }

  // On how few trips all that can be reached is had by any set of services, with no more doubts
  // than these, when nothing has to be waited for.
  int LeastTrips(const std::set<size_t>& doubtful) const {
    const std::vector<int> goals = ReachableGoals();
    int least = 1000;
    for (uint32_t chosen = 0; chosen < 1U << services_.size(); ++chosen) {
      bool fits = true;
      for (size_t i = 0; i < services_.size(); ++i) {
        if ((chosen >> i & 1U) == 0 || !services_[i].maybe) continue;
        fits = fits && doubtful.contains(services_[i].id);
      }
      if (fits && LastDay(chosen, NotGiven(), goals)) least = std::min(least, TripsOf(chosen));
    }
    return least;
  }

  // Whether all is there already that can be reached.
  bool HasAll() const {
    return std::ranges::all_of(ReachableGoals(), [this](int goal) { return Has(held_, goal); });
  }

  bool IsDoubtful(size_t id) const {
    return std::ranges::find(services_, id, &SmallService::id)->maybe;
  }

  // Some service comes after another one whenever all that can be reached is.
  bool IsBlocked() const { return LeastBurden() == kNever * kNever; }

  // By the working days it takes, the least cost of all sets that reach what can be reached, where
  // fewer days cost more.
  std::map<int64_t, int64_t> WholeFront() const {
    const std::vector<int> goals = ReachableGoals();
    std::map<int64_t, int64_t> least;
    for (uint32_t brought = 0; brought < 1U << kDocuments; ++brought) {
      if (!CanBring(brought)) continue;
      for (uint32_t chosen = 0; chosen < 1U << services_.size(); ++chosen) {
        const std::optional<int64_t> days = DaysOf(chosen, brought, goals);
        if (!days) continue;
        const int64_t cost = BurdenOf(chosen, brought, 0);
        const auto [entry, is_new] = least.try_emplace(*days, cost);
        if (!is_new) entry->second = std::min(entry->second, cost);
      }
    }
    int64_t sooner = kNever * kNever;
    std::erase_if(least, [&sooner](const auto& point) {
      if (point.second >= sooner) return true;
      sooner = point.second;
      return false;
    });
    return least;
  }

  // The least burden of all sets that reach what can be reached; nullopt when nothing can.
  int64_t LeastBurden() const {
    const std::vector<int> goals = ReachableGoals();
    int64_t least = kNever * kNever;
    for (uint32_t brought = 0; brought < 1U << kDocuments; ++brought) {
      if (!CanBring(brought)) continue;
      for (uint32_t chosen = 0; chosen < 1U << services_.size(); ++chosen) {
        const std::optional<int64_t> days = DaysOf(chosen, brought, goals);
        if (days) least = std::min(least, BurdenOf(chosen, brought, *days));
      }
    }
    return least;
  }

  std::string Lines() const {
    std::string lines;
    for (size_t i = 0; i < services_.size(); ++i) {
      const SmallService& service = services_[i];
      if (i > 0 && services_[i - 1].id == service.id) continue;
      std::string inputs;
      for (const auto& input : service.inputs) {
        inputs += (inputs.empty() ? "" : " + ") + Joined(input, "|");
      }
      lines += inputs + " -> s" + std::to_string(service.id) + " -> " +
               Joined(service.outputs, " + ") + " [" + DeliveryText(i) + AfterText(service) +
               (service.outside ? ", outside" : "") + (service.maybe ? ", maybe" : "") + "]" +
               (service.days_off.empty() ? "" : "  # keeps a calendar of its own") +
               (service.left ? "  # under way" : "") + "\n";
    }
    return lines;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }

  std::vector<int> Documents(int count) {
    std::set<int> documents;
    for (int i = 0; i < count; ++i) documents.insert(Below(kDocuments));
    return {documents.begin(), documents.end()};
  }

  Term AnyTerm() {
    switch (Below(6)) {
      case 0: return {1, TermUnit::kMonths};
      case 1:
      case 2: return {Below(20), TermUnit::kCalendarDays};
      default: return {Below(15), TermUnit::kWorkingDays};
    }
  }

  std::set<Date> AnyDaysOff() {
    std::set<Date> days_off;
    for (int i = 0; i < 12; ++i) {
      const Date day = kStart.AddDays(Below(60));
      if (day.weekday() < 6) days_off.insert(day);
    }
    return days_off;
  }

  // Beside some services others that differ from them in term, visits, place and fee alone.
  void AddScenarios() {
    const std::vector<SmallService> mains = std::move(services_);
    services_.clear();
    for (SmallService service : mains) {
      service.left.reset();
      service.other_fee = service.fee;
      const int scenarios = 1 + Below(3);
      for (int scenario = 0; scenario < scenarios && services_.size() < 8; ++scenario) {
        if (scenario > 0) {
          service.fee = 10 * Below(200);
          service.other_fee = service.fee;
        }
        if (scenarios > 1) Deliver(scenario, service);
        services_.push_back(service);
      }
    }
  }

  // As the kind with this number has it; in the order of kScenarioNames.
  void Deliver(int kind, SmallService& service) {
    service.term = {Below(20), Below(2) == 0 ? TermUnit::kCalendarDays : TermUnit::kWorkingDays};
    service.visits = kind == 2 ? 1 + Below(2) : kind;
    service.place = kind == 2 ? 1 : Below(3);
  }

  void AddAfter() {
    goals_ = Documents(4);
    for (size_t i = 1; i < services_.size(); ++i) {
      services_[i].maybe = false;
      if (Below(2) == 0)
        services_[i].after.push_back(static_cast<size_t>(Below(static_cast<int>(i))));
    }
  }

  // Of the service that begins here, with all scenarios.
  std::string DeliveryText(size_t first) const {
    static const char* const kScenarioNames[] = {"electronic epgu", "visit-for-result epgu/",
                                                 "accelerated "};
    static const char* const kChannels[] = {"office", "mfc", "mfc/office"};
    const SmallService& service = services_[first];
    const bool is_only = first + 1 == services_.size() || services_[first + 1].id != service.id;
    if (is_only) {
      return TermText(service.term) + ", visits " + std::to_string(service.visits) +
             FeeText(service) + kPlaces[service.place];
    }
    std::string text = "1000 wd";
    for (size_t i = first; i < services_.size() && services_[i].id == service.id; ++i) {
      const SmallService& one = services_[i];
      std::string term = TermText(one.term);
      std::erase(term, ' ');
      text += std::string(", by ") + kScenarioNames[i - first] +
              (i == first ? "" : kChannels[one.place]) + " " + std::to_string(one.visits) + " " +
              term + " " + std::to_string(one.fee);
    }
    return text;
  }

  static std::string AfterText(const SmallService& service) {
    std::string text;
    for (const size_t first : service.after) text += ", after s" + std::to_string(first);
    return text;
  }

  static std::string FeeText(const SmallService& service) {
    const std::string fee = ", fee " + std::to_string(service.fee);
    if (service.fee == service.other_fee) return fee;
    return fee + " from " + service.changes.ToString() + " " + std::to_string(service.other_fee);
  }

  static std::string TermText(const Term& term) {
    const char* const unit = term.unit == TermUnit::kMonths         ? " m"
                             : term.unit == TermUnit::kCalendarDays ? " cd"
                                                                    : " wd";
    return std::to_string(term.value) + unit;
  }

  std::unique_ptr<Drawing> Drawn() const {
    auto drawing = std::make_unique<Drawing>(Lines());
    for (size_t i = 0; i < services_.size(); ++i) {
      if (i > 0 && services_[i - 1].id == services_[i].id) continue;
      const std::string name = "s" + std::to_string(services_[i].id);
      std::vector<std::string> days_off;
      for (const Date day : services_[i].days_off) days_off.push_back(day.ToString());
      if (!days_off.empty()) drawing->Closed(name, days_off);
      if (!services_[i].left) continue;
      drawing->UnderWay(name, kStart.AddDays(*services_[i].left).ToString());
    }
    drawing->Goals(Joined(goals_, "+")).Held(Joined(held_, "+"));
    return drawing;
  }

  static std::string Joined(const std::vector<int>& documents, const std::string& separator) {
    std::string text;
    for (const int document : documents) {
      text += (text.empty() ? "" : separator) + "d" + std::to_string(document);
    }
    return text;
  }

  static bool Has(const std::vector<int>& list, int document) {
    return std::ranges::find(list, document) != list.end();
  }

  bool IsGiven(int document) const {
    return std::ranges::any_of(services_,
                               [&](const auto& service) { return Has(service.outputs, document); });
  }

  bool CanBring(uint32_t brought) const {
    for (int document = 0; document < kDocuments; ++document) {
      if ((brought >> document & 1U) != 0 && (IsGiven(document) || Has(held_, document))) {
        return false;
      }
    }
    return true;
  }

  static int64_t StartOf(const SmallService& service, const std::vector<int64_t>& there) {
    int64_t start = kStart.days;
    for (const auto& input : service.inputs) {
      int64_t first = kNever;
      for (const int document : input) first = std::min(first, there[document]);
      start = std::max(start, first);
    }
    return start;
  }

  // kNever: it never starts.
  static int64_t EndOf(const SmallService& service, int64_t start) {
    if (service.left) {
      const Term left{std::max(*service.left, 0), TermUnit::kCalendarDays};
      return service.calendar.EndOfTerm(kStart, left).value().days;
    }
    if (start >= kNever) return kNever;
    return service.calendar.EndOfTerm(Date{start}, service.term).value().days;
  }

  // What happens when each service starts at once.
  struct Run {
    std::vector<int64_t> there;   // by document: the day on which it is
    std::vector<int64_t> starts;  // by service; kNever: it never starts
  };

  enum class Order { kKept, kIgnored };  // of services that come after others

  Run RunOf(uint32_t chosen, uint32_t brought, Order order = Order::kKept) const {
    Run run{std::vector<int64_t>(kDocuments, kNever),
            std::vector<int64_t>(services_.size(), kNever)};
    for (int document = 0; document < kDocuments; ++document) {
      const bool is_there = Has(held_, document) || (brought >> document & 1U) != 0;
      if (is_there) run.there[document] = kStart.days;
    }
    std::vector<int64_t> ends(services_.size(), kNever);
    for (size_t round = 0; round <= 2 * services_.size(); ++round) {
      for (size_t i = 0; i < services_.size(); ++i) {
        if ((chosen >> i & 1U) == 0) continue;
        const SmallService& service = services_[i];
        run.starts[i] = StartOf(service, run.there);
        for (const size_t first : service.after) {
          if (order == Order::kIgnored || service.left || (chosen >> first & 1U) == 0) continue;
          run.starts[i] = std::max(run.starts[i], ends[first]);
        }
        ends[i] = EndOf(service, run.starts[i]);
        for (const int output : service.outputs) {
          run.there[output] = std::min(run.there[output], ends[i]);
        }
      }
    }
    return run;
  }

  // Documents that no service gives: all that can be brought.
  uint32_t NotGiven() const {
    uint32_t all = 0;
    for (int document = 0; document < kDocuments; ++document) {
      if (!IsGiven(document) && !Has(held_, document)) all |= 1U << document;
    }
    return all;
  }

  std::vector<int> ReachableGoals() const {
    const std::vector<int64_t> there =
        RunOf((1U << services_.size()) - 1, NotGiven(), Order::kIgnored).there;
    std::vector<int> goals;
    for (const int goal : goals_) {
      const bool had = Has(held_, goal) || (IsGiven(goal) && there[goal] < kNever);
      if (had) goals.push_back(goal);
    }
    return goals;
  }

  std::optional<int64_t> LastDay(uint32_t chosen, uint32_t brought,
                                 const std::vector<int>& goals) const {
    const std::vector<int64_t> there = RunOf(chosen, brought).there;
    int64_t last = kStart.days;
    for (const int goal : goals) last = std::max(last, there[goal]);
    return last < kNever ? std::optional(last) : std::nullopt;
  }

  // By trying how often to go to each of the two places.
  int TripsOf(uint32_t chosen) const {
    int least = 1000;
    for (int own = 0; own < 4; ++own) {
      for (int shared = 0; shared < 4; ++shared) {
        bool enough = true;
        for (size_t i = 0; i < services_.size(); ++i) {
          const SmallService& service = services_[i];
          if ((chosen >> i & 1U) == 0 || service.left) continue;
          const int days = (service.place != 1 ? own : 0) + (service.place != 0 ? shared : 0);
          enough = enough && days >= service.visits;
        }
        if (enough) least = std::min(least, own + shared);
      }
    }
    return least;
  }

  // Working days of the country.
  std::optional<int64_t> DaysOf(uint32_t chosen, uint32_t brought,
                                const std::vector<int>& goals) const {
    const std::optional<int64_t> last = LastDay(chosen, brought, goals);
    if (!last) return std::nullopt;
    return country_.WorkingDaysBetween(kStart, Date{*last}).value();
  }

  // As docs/decisions/021-chains-of-a-person.md has it, in kopecks.
  int64_t BurdenOf(uint32_t chosen, uint32_t brought, int64_t days) const {
    const Run run = RunOf(chosen, brought);
    int64_t minutes = 10 * days;
    int64_t roubles = 0;
    for (size_t i = 0; i < services_.size(); ++i) {
      if ((chosen >> i & 1U) == 0) continue;
      const SmallService& service = services_[i];
      if (service.left) {
        minutes += service.maybe ? 100'000 : 0;
        continue;
      }
      minutes += 15 + 120 * service.visits + (service.outside ? 10'000 : 0) +
                 (service.maybe ? 100'000 : 0);
      const bool is_later = run.starts[i] >= service.changes.days;
      roubles += is_later ? service.other_fee : service.fee;
    }
    for (int document = 0; document < kDocuments; ++document) {
      if ((brought >> document & 1U) != 0) minutes += 30;
    }
    return minutes * 1000 + roubles * 100;
  }

  std::mt19937 random_;
  WorkingCalendar country_ = CalendarWith({});
  std::vector<SmallService> services_;
  std::vector<int> held_;
  std::vector<int> goals_;
};

}  // namespace kstati::graph::small
