// SPDX-License-Identifier: Apache-2.0
#include "graph/chain.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/check.h"
#include "graph/chain_front.h"
#include "graph/chains/dating.h"
#include "graph/chains/front_search.h"
#include "graph/chains/personal_problem.h"
#include "graph/chains/survivor.h"
#include "graph/chains/ways.h"
#include "graph/chains/working_time.h"
#include "graph/schedule/chain_tasks.h"

namespace kstati::graph {
namespace {

using chains::Action;
using chains::Cost;
using chains::DatedAction;
using chains::Dating;
using chains::kNobody;
using chains::Ways;

std::optional<Period> ValidityOf(const ChainRequest& request, const AttributeId& given) {
  return request.valid_for ? request.valid_for(given) : std::nullopt;
}

std::vector<Ahead> BehindOf(const Ways& ways, const Dating& dating, uint32_t action) {
  std::vector<Ahead> behind;
  for (const chains::Precedence& one : dating.order) {
    if (one.second != action) continue;
    behind.push_back({ways.actions()[one.first].service->id, one.finished});
  }
  return behind;
}

ChainStep StepOf(const Ways& ways, const Dating& dating, const DatedAction& dated) {
  const Action& action = ways.actions()[dated.action];
  ChainStep step;
  step.service = action.service->id;
  step.start = dated.start.day;
  if (!dated.finish.unknown) step.finish = dated.finish.day;
  std::set<ServiceId> after;
  std::set<AttributeId> bring;
  for (size_t input = 0; input < dated.satisfied_by.size(); ++input) {
    const chains::Fact& fact = ways.facts()[dated.satisfied_by[input]];
    UsedDocument used{fact.id, {}, {}, {}};
    if (dated.given_by[input] != kNobody) {
      const Action& giver = ways.actions()[dating.steps[dated.given_by[input]].action];
      used.giver = giver.service->id;
      used.valid_for = ValidityOf(ways.request(), fact.id);
      after.insert(used.giver);
    } else if (fact.origin == chains::Origin::kBrought) {
      bring.insert(fact.id);
    } else if (fact.origin == chains::Origin::kHeld) {
      used.last_day = fact.last_day;
    }
    step.uses.push_back(std::move(used));
  }
  step.after.assign(after.begin(), after.end());
  step.behind = BehindOf(ways, dating, dated.action);
  std::erase_if(step.behind, [&after](const Ahead& ahead) {
    return ahead.finished && after.contains(ahead.service);
  });
  step.bring.assign(bring.begin(), bring.end());
  step.undetermined = action.undetermined || dated.is_doubtful;
  for (const uint32_t fact : action.given) step.given.push_back(ways.facts()[fact].id);
  step.visits = action.burden.visits;
  step.scenario = action.scenario;
  step.regulation = action.regulation;
  step.term = action.remaining.value_or(*action.term);
  const chains::Burden burden =
      action.fee_varies ? ways.BurdenOn(action, step.start) : action.burden;
  step.fee = burden.fee;
  step.fee_known = burden.fee_known;
  step.region = ways.request().region;
  step.calendar = &ways.model().CalendarOf(*action.service, ways.request().region);
  return step;
}

void WriteSteps(const Ways& ways, const Dating& dating, std::vector<ChainStep>& steps) {
  for (const DatedAction& step : dating.steps) steps.push_back(StepOf(ways, dating, step));
}

std::optional<Date> FinishOf(const Dating& dating) {
  if (dating.steps.empty() || dating.finish.unknown) return std::nullopt;
  return dating.finish.day;
}

// Undetermined services that the chain does without: no option is bought with another doubt.
std::vector<uint8_t> OtherDoubts(const Ways& ways, const Dating& dating) {
  std::vector<uint8_t> doubtful;
  for (const Action& action : ways.actions()) doubtful.push_back(action.undetermined ? 1 : 0);
  for (const DatedAction& step : dating.steps) {
    // The same service in another scenario is the same doubt.
    const auto [first, end] = ways.AlternativesTo(step.action);
    std::fill(doubtful.begin() + first, doubtful.begin() + end, uint8_t{0});
  }
  return doubtful;
}

// On some day on which it may begin.
bool HasUnknownFee(const Action& action) {
  return !action.burden.fee_known || !action.dearest.fee_known;
}

// Beside `doubtful` the services whose fee the law states in words: nobody knows what is lower.
std::vector<uint8_t> WithUnknownFees(const Ways& ways, std::vector<uint8_t> doubtful) {
  for (size_t action = 0; action < doubtful.size(); ++action) {
    if (HasUnknownFee(ways.actions()[action])) doubtful[action] = 1;
  }
  return doubtful;
}

// Into a Chain or a ChainOption.
template <class Chain>
void WriteGoals(const Ways& ways, const chains::Survivor& survivor, Chain& chain) {
  const std::vector<uint32_t>& given_up = survivor.given_up;
  for (size_t goal = 0; goal < ways.goals().size(); ++goal) {
    const uint32_t fact = ways.goals()[goal];
    const bool reached =
        ways.reachable()[goal] != 0 && std::ranges::find(given_up, fact) == given_up.end();
    (reached ? chain.reached : chain.unreachable).push_back(ways.facts()[fact].id);
  }
}

// Whether a service that is refused now may be open by the day: then the ways hold too few.
bool MayOpenBy(const Ways& ways, const std::optional<Date>& day) {
  if (!day || !ways.request().standing_on) return false;
  return std::ranges::any_of(ways.refused(), [&](const ServiceId& service) {
    return ways.request().standing_on(service, {}, *day).permission != Permission::kForbidden;
  });
}

// Whether all was looked at that could be a better way than the survivor.
bool AreAllWays(const Ways& ways, const chains::Survivor& survivor) {
  if (!ways.complete()) return false;
  return !survivor.dating || !MayOpenBy(ways, FinishOf(*survivor.dating));
}

// Whether a service is undetermined on its day alone that is no step of the first, or a sure one.
bool HasNewDoubts(const Ways& ways, const Dating& dating, const Dating& first) {
  const auto service_of = [&ways](const DatedAction& step) -> const Service* {
    return ways.actions()[step.action].service;
  };
  return std::ranges::any_of(dating.steps, [&](const DatedAction& step) {
    if (!step.is_doubtful) return false;
    return std::ranges::none_of(first.steps, [&](const DatedAction& other) {
      return other.is_doubtful && service_of(other) == service_of(step);
    });
  });
}

bool HaveFeesThatVary(const Ways& ways) {
  return std::ranges::any_of(ways.actions(), &Action::fee_varies);
}

ChainOption OptionOf(const Ways& ways, const chains::Survivor& survivor, OptionKind kind) {
  ChainOption option;
  option.kind = kind;
  WriteSteps(ways, *survivor.dating, option.steps);
  option.finish = FinishOf(*survivor.dating);
  for (const ChainStep& step : option.steps) {
    option.visits += step.visits;
    option.fee += step.fee;
    option.fee_known = option.fee_known && step.fee_known;
  }
  option.trips = schedule::FewestTrips(option.steps, ways.model().catalogue());
  option.documents = static_cast<int>(survivor.dating->brought.size());
  WriteGoals(ways, survivor, option);
  option.proven = survivor.proven && AreAllWays(ways, survivor);
  option.fees_vary = HaveFeesThatVary(ways);
  return option;
}

// Later than every known day when there is none.
int64_t DayOf(const ChainOption& option) {
  return option.finish ? option.finish->days : std::numeric_limits<int64_t>::max();
}

bool IsNoWorse(const ChainOption& a, const ChainOption& b) {
  return DayOf(a) <= DayOf(b) && a.trips <= b.trips && a.fee <= b.fee &&
         a.documents <= b.documents && (a.fee_known || !b.fee_known);
}

bool Gains(const ChainOption& option, const ChainOption& first) {
  switch (option.kind) {
    case OptionKind::kRecommended: return true;
    case OptionKind::kFastest: return DayOf(option) < DayOf(first);
    case OptionKind::kFewestVisits: return option.trips < first.trips;
    case OptionKind::kLowestFee:
      return option.fee_known && (!first.fee_known || option.fee < first.fee);
  }
  KSTATI_CHECK(false);
  return false;
}

// Leaves options that are better than the recommended one in what they are named for, and that no
// other is at least as good as in everything. What is best in something stays: an option goes only
// for one that is as good in it.
void KeepGains(std::vector<ChainOption>& options) {
  const ChainOption first = options.front();
  std::erase_if(options, [&](const ChainOption& option) { return !Gains(option, first); });
  std::vector<ChainOption> kept;
  for (size_t i = 0; i < options.size(); ++i) {
    bool needed = true;
    for (size_t other = 0; other < options.size() && i > 0; ++other) {
      if (other == i || !IsNoWorse(options[other], options[i])) continue;
      // Of two that are alike the first stays.
      if (other < i || !IsNoWorse(options[i], options[other])) needed = false;
    }
    if (needed) kept.push_back(options[i]);
  }
  options = std::move(kept);
}

FrontPoint PointOf(const Ways& ways, const chains::SurvivingFront::Point& found) {
  FrontPoint point;
  WriteSteps(ways, found.dating, point.steps);
  point.cost = found.cost;
  point.days = found.days;
  point.finish = FinishOf(found.dating);
  for (const ChainStep& step : point.steps) {
    point.visits += step.visits;
    point.fee += step.fee;
    point.fee_known = point.fee_known && step.fee_known;
  }
  point.documents = static_cast<int>(found.dating.brought.size());
  return point;
}

chains::Survivor FindSurvivor(const Ways& ways, chains::PersonalProblem& problem, Cost of_a_day,
                              const chains::WorkingTime& time) {
  return chains::SurvivorSearch(ways, problem, of_a_day).FindWithin(time);
}

}  // namespace

Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request) {
  KSTATI_CHECK(request.situation != nullptr && request.standing && request.state_holds);
  const Ways ways(graph.model(), request);
  chains::PersonalProblem problem(ways, chains::Aim::kBurden);
  const chains::WorkingTime time(request.deadline);
  const chains::Survivor survivor = FindSurvivor(ways, problem, chains::kWorkingDay, time);
  Chain chain;
  chain.situation = request.situation->id;
  WriteGoals(ways, survivor, chain);
  if (survivor.dating) {
    WriteSteps(ways, *survivor.dating, chain.steps);
    chain.finish = FinishOf(*survivor.dating);
  }
  chain.burden = survivor.burden;
  const bool are_all = AreAllWays(ways, survivor);
  chain.proven = survivor.proven && are_all;
  if (are_all) chain.least_burden = std::min(survivor.lower, chain.burden);
  chain.fees_vary = HaveFeesThatVary(ways);
  return chain;
}

ChainFront FindChainFront(const ServiceGraph& graph, const ChainRequest& request) {
  const Ways ways(graph.model(), request);
  chains::PersonalProblem problem(ways, chains::Aim::kBurden);
  const chains::WorkingTime time(request.deadline);
  const chains::Survivor first = FindSurvivor(ways, problem, chains::kWorkingDay, time);
  ChainFront front;
  WriteGoals(ways, first, front);
  const bool are_all = AreAllWays(ways, first);
  front.proven = are_all;
  if (!first.dating || first.dating->steps.empty()) {
    front.proven = front.proven && first.proven;
    return front;
  }
  // Which goals are given up was proven with the chain; only then the front is of the right ones.
  front.proven = front.proven && (first.given_up.empty() || first.proven);
  const chains::SurvivingFront found =
      chains::FrontSearch(ways, problem).Find(first.given_up, time);
  for (const chains::SurvivingFront::Point& point : found.points) {
    front.points.push_back(PointOf(ways, point));
  }
  front.proven = front.proven && found.proven;
  if (are_all) front.lower = found.lower;
  return front;
}

std::vector<ChainOption> FindOptions(const ServiceGraph& graph, const ChainRequest& request) {
  const Ways ways(graph.model(), request);
  chains::PersonalProblem by_burden(ways, chains::Aim::kBurden);
  const chains::WorkingTime time(request.deadline);
  const chains::Survivor first = FindSurvivor(ways, by_burden, chains::kWorkingDay, time);
  if (!first.dating || first.dating->steps.empty()) return {};
  const std::vector<uint8_t> doubtful = OtherDoubts(ways, *first.dating);
  std::vector<ChainOption> options{OptionOf(ways, first, OptionKind::kRecommended)};
  int least_trips = 0;
  const auto add = [&](chains::Aim aim, Cost of_a_day, OptionKind kind,
                       const std::vector<uint8_t>& left_out) {
    chains::PersonalProblem problem(ways, aim, left_out);
    const chains::Survivor survivor = FindSurvivor(ways, problem, of_a_day, time);
    if (!survivor.dating || survivor.given_up != first.given_up) return;
    if (HasNewDoubts(ways, *survivor.dating, *first.dating)) return;
    options.push_back(OptionOf(ways, survivor, kind));
    options.back().proven = options.back().proven && problem.outweighs();
    if (aim == chains::Aim::kTrips && AreAllWays(ways, survivor) && problem.outweighs()) {
      least_trips = static_cast<int>(problem.UnitsIn(survivor.lower));
    }
  };
  add(chains::Aim::kBurden, chains::kDayAboveAll, OptionKind::kFastest, doubtful);
  add(chains::Aim::kTrips, 0, OptionKind::kFewestVisits, doubtful);
  add(chains::Aim::kFees, 0, OptionKind::kLowestFee, WithUnknownFees(ways, doubtful));
  // An unknown fee may be lower still.
  const bool may_be_lower = std::ranges::any_of(ways.actions(), HasUnknownFee);
  ChainOption& last = options.back();
  if (last.kind == OptionKind::kLowestFee) last.proven = last.proven && !may_be_lower;
  for (ChainOption& option : options) option.least_trips = least_trips;
  KeepGains(options);
  return options;
}

}  // namespace kstati::graph
