// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/catalogue.h"
#include "graph/chain.h"
#include "graph/chain_front.h"
#include "graph/obstacles.h"
#include "graph/service_graph.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {

// A small world drawn in a test, one service a line:
//
//   birth_record + passport|permit -> snils_newborn -> snils_child   [2 wd, visits 1, priority 90]
//
// "+" joins what is needed together, "|" alternatives; names stand for documents
// ("doc.snils_child"). In brackets, all optional: a term ("2 wd" working days, "3 cd" calendar
// days, "1 m" months; else 15 minutes), visits, "fee 500" roubles ("fee ?":
// in words; "fee 500 from 2026-03-10 700": since then another; "fee 500 halved until 2026-03-10": a
// discount, which ends), priority (else 50), "at mfc", "at office" or "at any", "outside"
// the situation, "maybe" undetermined, "forbidden", "if NAME" refused until an earlier step has
// given it, "unless NAME" refused once one has, "until DAY" refused after that day, "from DAY"
// before it, "doubtful DAY" undetermined from that day on, "after SERVICE", "about child" (else the
// person). A service with "by KIND CHANNELS VISITS TERM FEE" ("by accelerated mfc 1 2wd 900", "by
// electronic epgu/rpgu 0 - -": as the service has them) is delivered in such scenarios, one for
// each. The calendar has the year 2026 without holidays.
class Drawing {
 public:
  explicit Drawing(std::string_view lines);

  Drawing& Goals(std::string_view names);  // "snils_child + inn"
  Drawing& Held(std::string_view names);
  Drawing& StateHolds(std::string_view names);
  Drawing& Renews(std::string_view goals);
  Drawing& Ended(std::string_view names);  // held once, and accepted no more
  Drawing& Lacks(std::string_view names);
  Drawing& Exclude(std::string_view services);  // of which the law gives one: "a + b"
  // Accepted for so many calendar days from the day it is given.
  Drawing& ValidFor(std::string_view name, int64_t days);
  Drawing& Expires(std::string_view held, std::string_view last_day);
  // The service keeps a calendar of its own, with these days off.
  Drawing& Closed(std::string_view service, const std::vector<std::string>& days_off);
  // From now on these and no others, besides those that are drawn so, are forbidden.
  Drawing& Forbid(const std::set<std::string>& services);
  Drawing& Told(std::string_view services);  // "a + b"
  // Applied for before; the result comes on that day, and when it is empty nobody knows when.
  Drawing& UnderWay(std::string_view service, std::string_view due);
  Drawing& Channels(std::string_view names);     // that the person has: "mfc + office"
  Drawing& Start(std::string_view date);         // 2026-03-02, a Monday, else
  Drawing& Deadline(search::Deadline deadline);  // none else

  const ServiceGraph& graph();
  Chain Solve();
  std::vector<ChainOption> Choices();
  ChainFront Front();
  std::vector<Obstacles> InTheWay();
  // The steps of the chain, one a line, each with its scenario where it has one: "snils_newborn
  // 03-02..03-04 after zags bring passport".
  std::vector<std::string> Steps();
  // Whom the last chain asked about, in order.
  const std::vector<std::string>& asked() const { return asked_; }

 private:
  struct Line {
    std::string service;
    bool outside = false;
    Permission permission = Permission::kAllowed;
    std::vector<std::string> only_if = {};
    std::vector<std::string> unless = {};
    std::optional<Date> until = {};
    std::optional<Date> from = {};
    std::optional<Date> doubtful = {};
  };

  void Load();
  ChainRequest MakeRequest();
  Standing StandingOf(const ServiceId& id, const Given& given, Date day) const;

  SmallCatalogue files_;
  std::vector<Line> lines_;
  std::set<AttributeId> goals_;
  std::set<AttributeId> held_;
  std::set<AttributeId> state_holds_;
  std::set<AttributeId> renews_;
  std::set<AttributeId> ended_;
  std::set<AttributeId> lacks_;
  std::set<ServiceId> exclusive_;
  std::map<AttributeId, Period> valid_for_;
  std::map<AttributeId, Date> expires_;
  std::vector<OtherCalendar> other_calendars_;
  Calendars calendars_;
  std::set<std::string> forbidden_;
  std::set<ServiceId> told_;
  std::map<ServiceId, std::optional<Date>> under_way_;
  std::set<std::string> channels_;
  Date start_ = Date::Of(2026, 3, 2);
  search::Deadline deadline_;
  Catalogue catalogue_;
  std::unique_ptr<ServiceGraph> graph_;
  std::vector<std::string> asked_;
};

// "doc.snils_child" of "snils_child".
AttributeId Document(std::string_view name);

// "g0 + g1 + g2".
std::string ManyGoals(int goals);
// Lines of services that each give four of these, at random: with some hundred nothing is proven in
// a moment. `option` is one more for each service ("forbidden"); may be empty.
std::string ManyWays(int goals, int services, const std::string& option = {});

}  // namespace kstati::graph
