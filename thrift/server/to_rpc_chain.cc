// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/schedule/chain_tasks.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

using graph::schedule::Schedule;
using graph::schedule::Scheduled;
using kstati::cases::DecidedChain;

std::vector<std::string> WriteIds(const std::vector<ServiceId>& ids) {
  std::vector<std::string> texts;
  for (const ServiceId& id : ids) texts.push_back(id.text());
  return texts;
}

std::vector<std::string> WriteNames(const Wording& wording, const std::vector<AttributeId>& ids) {
  std::vector<std::string> names;
  for (const AttributeId& id : ids) names.push_back(AttributeName(wording, id));
  return names;
}

// The scenario, and through which channels the person applies.
std::string HowInWords(const Wording& wording, const graph::ChainStep& step) {
  std::string channels;
  for (const std::string& channel : graph::AppliesThrough(*step.regulation, step.scenario)) {
    channels += (channels.empty() ? "" : ", ") + wording.Message("passport.channel." + channel);
  }
  const graph::Scenario* const scenario = step.scenario.scenario;
  if (scenario == nullptr) return channels;
  return wording.Message(
      "chain.how", {{"scenario", ScenarioName(wording, scenario->kind)}, {"channels", channels}});
}

rpc::ChainStep WriteStep(const Wording& wording, const graph::ChainStep& step,
                         const eligibility::Decision& decision) {
  rpc::ChainStep written;
  written.service_id = step.service.text();
  written.name = ServiceName(wording, step.service);
  written.start = step.start.ToString();
  if (step.finish) written.__set_finish(step.finish->ToString());
  written.after = WriteIds(step.after);
  written.bring = WriteNames(wording, step.bring);
  written.visits = step.visits;
  const graph::Scenario* const scenario = step.scenario.scenario;
  if (scenario != nullptr) written.scenario = graph::NameOf(scenario->kind);
  written.how = HowInWords(wording, step);
  const graph::Service* service = wording.catalogue().FindService(step.service);
  if (service != nullptr) written.authority = AuthorityName(wording, *service);
  written.mode = rpc::Mode::ON_REQUEST;
  written.verdict = WriteVerdict(decision.verdict);
  written.about = decision.about.ToString();
  if (decision.regulation != nullptr) written.mode = WriteMode(decision.regulation->mode);
  if (decision.verdict == eligibility::Verdict::kUndetermined) {
    for (const eligibility::Missing& missing : decision.missing) {
      written.missing.push_back(WriteMissing(wording, missing));
    }
  }
  return written;
}

// Where the steps stand that this one comes after.
std::vector<int32_t> PlacesAfter(const std::vector<graph::ChainStep>& steps, size_t step) {
  std::vector<int32_t> places;
  for (const ServiceId& giver : steps[step].after) {
    const auto place = graph::schedule::GiverOf(steps, step, giver);
    if (place) places.push_back(static_cast<int32_t>(*place));
  }
  return places;
}

// What a better chain could gain, where none is ruled out.
std::string GapInWords(const Wording& wording, const graph::Chain& chain) {
  if (chain.proven) return {};
  const int64_t gap = chain.burden - chain.least_burden;
  if (chain.least_burden <= 0 || gap <= 0) return wording.Message("chain.gap.unknown");
  return wording.Message("chain.gap.known", {{"gap", RoublesOf(gap)}});
}

std::string NameOfStep(const Wording& wording, const DecidedChain& chain, uint32_t step) {
  return ServiceName(wording, chain.chain.steps[step].service);
}

void WriteDays(const Wording& wording, const DecidedChain& chain, uint32_t number,
               rpc::ChainStep& step) {
  const Scheduled& days = chain.schedule.tasks[number];
  if (days.latest_start) step.__set_latest_start(days.latest_start->ToString());
  step.slack_days = static_cast<int32_t>(days.slack);
  step.critical = days.critical;
  step.start_known = days.start_known;
  step.bottleneck = chain.schedule.bottleneck == number;
  for (const Date visit : days.visits) step.visit_days.push_back(visit.ToString());
  if (days.waits_for) step.waits_for = NameOfStep(wording, chain, *days.waits_for);
}

std::string PlaceName(const Wording& wording, const graph::schedule::Trip& trip,
                      const DecidedChain& chain) {
  if (trip.place == graph::kSharedOffice) return wording.Message("chain.place.mfc");
  for (const uint32_t step : trip.tasks) {
    const graph::Service* service =
        wording.catalogue().FindService(chain.chain.steps[step].service);
    if (service->authority == trip.place) return AuthorityName(wording, *service);
  }
  return trip.place;
}

std::vector<rpc::ChainTrip> WriteTrips(const Wording& wording, const DecidedChain& chain) {
  std::vector<rpc::ChainTrip> written;
  for (const graph::schedule::Trip& trip : chain.schedule.trips) {
    rpc::ChainTrip& one = written.emplace_back();
    one.day = trip.day.ToString();
    one.place = PlaceName(wording, trip, chain);
    for (const uint32_t step : trip.tasks) {
      one.services.push_back(NameOfStep(wording, chain, step));
    }
  }
  return written;
}

bool IsFree(const Scheduled& days) {
  return !days.has_begun && !days.waits_for && days.start_known;
}

// The first day on which something can be started that waits for nothing.
std::optional<Date> FirstStart(const Schedule& schedule) {
  std::optional<Date> first;
  for (const Scheduled& days : schedule.tasks) {
    if (IsFree(days) && (!first || days.start < *first)) first = days.start;
  }
  return first;
}

std::string StepsThatStart(const Wording& wording, const DecidedChain& chain, Date day) {
  std::string names;
  for (uint32_t step = 0; step < chain.schedule.tasks.size(); ++step) {
    const Scheduled& days = chain.schedule.tasks[step];
    if (!IsFree(days) || days.start != day) continue;
    names += (names.empty() ? "" : "; ") + NameOfStep(wording, chain, step);
  }
  return names;
}

// What starts at once, what holds all up, what is in danger.
std::vector<std::string> WriteNotes(const Wording& wording, const DecidedChain& chain) {
  std::vector<std::string> notes;
  const Schedule& schedule = chain.schedule;
  if (chain.chain.steps.empty()) return notes;
  const auto say = [&](const char* key, const std::map<std::string, Messages::Argument>& words) {
    notes.push_back(wording.Message(key, words));
  };
  if (const std::optional<Date> day = FirstStart(schedule)) {
    say("chain.note.starts", {{"day", *day}, {"steps", StepsThatStart(wording, chain, *day)}});
  }
  if (schedule.bottleneck) {
    say("chain.note.bottleneck", {{"step", NameOfStep(wording, chain, *schedule.bottleneck)}});
  }
  if (!schedule.finish) say("chain.note.no_finish", {});
  if (schedule.finish && schedule.days_more_at_most > 0) {
    say("chain.note.days_more", {{"days", schedule.days_more_at_most}});
  }
  if (schedule.finish && schedule.trips_more_at_most > 0) {
    say("chain.note.trips_more", {{"trips", schedule.trips_more_at_most}});
  }
  for (const graph::schedule::Lapse& lapse : schedule.lapses) {
    say("chain.note.lapse", {{"giver", NameOfStep(wording, chain, lapse.giver)},
                             {"taker", NameOfStep(wording, chain, lapse.taker)},
                             {"day", lapse.last_day}});
  }
  for (const kstati::cases::Overdue& overdue : chain.overdue) {
    say("chain.note.overdue",
        {{"step", NameOfStep(wording, chain, static_cast<uint32_t>(overdue.step))},
         {"day", overdue.due}});
  }
  for (const uint32_t late : schedule.late) {
    say("chain.note.late", {{"step", NameOfStep(wording, chain, late)}});
  }
  for (const recommender::Yielding& yielding : chain.yielding) {
    notes.push_back(WriteYielding(wording, yielding));
  }
  if (chain.last_safe_start) {
    say("chain.note.last_safe_start", {{"day", chain.last_safe_start->day}});
  }
  return notes;
}

rpc::Chain WriteDecided(const Wording& wording, const DecidedChain& decided) {
  const graph::Chain& chain = decided.chain;
  rpc::Chain written;
  written.situation = chain.situation.text();
  written.name = SituationName(wording, chain.situation);
  for (uint32_t step = 0; step < chain.steps.size(); ++step) {
    written.steps.push_back(WriteStep(wording, chain.steps[step], decided.decisions[step]));
    WriteDays(wording, decided, step, written.steps.back());
    written.steps.back().after_steps = PlacesAfter(chain.steps, step);
  }
  written.reached = WriteNames(wording, chain.reached);
  written.unreachable = WriteNames(wording, chain.unreachable);
  written.trips = WriteTrips(wording, decided);
  written.notes = WriteNotes(wording, decided);
  written.proven = chain.proven;
  written.gap = GapInWords(wording, chain);
  if (decided.last_safe_start) {
    written.__set_last_safe_start(decided.last_safe_start->day.ToString());
  }
  if (!chain.finish) return written;
  written.__set_finish(chain.finish->ToString());
  written.__set_days_more_at_most(static_cast<int32_t>(decided.schedule.days_more_at_most));
  return written;
}

rpc::ChainOptionKind::type WriteKind(graph::OptionKind kind) {
  switch (kind) {
    case graph::OptionKind::kRecommended: return rpc::ChainOptionKind::RECOMMENDED;
    case graph::OptionKind::kFastest: return rpc::ChainOptionKind::FASTEST;
    case graph::OptionKind::kFewestVisits: return rpc::ChainOptionKind::FEWEST_VISITS;
    case graph::OptionKind::kLowestFee: return rpc::ChainOptionKind::LOWEST_FEE;
  }
  return rpc::ChainOptionKind::RECOMMENDED;
}

const char* KeyOf(graph::OptionKind kind) {
  switch (kind) {
    case graph::OptionKind::kRecommended: return "chain.option.recommended";
    case graph::OptionKind::kFastest: return "chain.option.fastest";
    case graph::OptionKind::kFewestVisits: return "chain.option.fewest_visits";
    case graph::OptionKind::kLowestFee: return "chain.option.lowest_fee";
  }
  return "chain.option.recommended";
}

}  // namespace

rpc::Chain WriteChain(const Wording& wording, const kstati::cases::Desk::PersonalChain& chain) {
  rpc::Chain written = WriteDecided(wording, chain);
  for (const kstati::cases::UnreachedGoal& goal : chain.unreached) {
    written.obstacles.push_back(WriteObstacles(wording, goal));
  }
  return written;
}

std::vector<rpc::ChainOption> WriteOptions(const Wording& wording,
                                           const std::vector<kstati::cases::ChainWay>& ways) {
  std::vector<rpc::ChainOption> written;
  for (const kstati::cases::ChainWay& way : ways) {
    rpc::ChainOption& option = written.emplace_back();
    option.kind = WriteKind(way.kind);
    option.name = wording.Message(KeyOf(way.kind));
    option.chain = WriteDecided(wording, way.chain);
    option.trips = way.weighed.trips;
    option.fee = RoublesOf(way.weighed.fee);
    option.fee_known = way.weighed.fee_known;
    option.documents = way.weighed.documents;
    option.proven = way.proven;
    option.chain.proven = way.proven;  // what is not known is said of the option
    option.chain.gap.clear();
    option.trade = written.size() == 1 ? std::string()
                                       : TradeInWords(wording, ways.front().weighed, way.weighed);
  }
  return written;
}

rpc::ChainFront WriteFront(const Wording& wording, const SituationId& situation,
                           const kstati::cases::Desk::PersonalFront& found) {
  rpc::ChainFront written;
  written.situation = situation.text();
  written.name = SituationName(wording, situation);
  written.about = found.about.ToString();
  for (const graph::FrontPoint& point : found.front.points) {
    rpc::ChainPoint& one = written.points.emplace_back();
    one.cost = RoublesOf(point.cost);
    one.days = static_cast<int32_t>(point.days);
    if (point.finish) one.__set_finish(point.finish->ToString());
    one.fee = RoublesOf(point.fee);
    one.fee_known = point.fee_known;
    one.visits = point.visits;
    one.documents = point.documents;
    for (const graph::ChainStep& step : point.steps) {
      one.service_ids.push_back(step.service.text());
      one.services.push_back(ServiceName(wording, step.service));
      const graph::Scenario* const scenario = step.scenario.scenario;
      one.scenarios.emplace_back(scenario == nullptr ? "" : graph::NameOf(scenario->kind));
    }
  }
  written.reached = WriteNames(wording, found.front.reached);
  written.unreachable = WriteNames(wording, found.front.unreachable);
  written.proven = found.front.proven;
  written.least_cost = RoublesOf(found.front.lower);
  if (found.front.proven || found.front.points.empty()) return written;
  const int64_t gap = found.front.points.front().cost - found.front.lower;
  written.gap = wording.Message(gap > 0 ? "chain.front.gap" : "chain.front.gap_between",
                                {{"gap", RoublesOf(std::max<int64_t>(gap, 0))}});
  return written;
}

std::string WriteYielding(const Wording& wording, const recommender::Yielding& yielding) {
  std::string instead;
  for (const ServiceId& service : yielding.instead) {
    instead += (instead.empty() ? "" : ", ") + ServiceName(wording, service);
  }
  const int64_t more = yielding.more.value_or(0);
  const char* key = yielding.undetermined ? "benefits.certain"
                    : !yielding.more      ? "benefits.no_figure"
                    : more > 0            ? "benefits.worth_more"
                    : more == 0           ? "benefits.worth_the_same"
                                          : "benefits.worth_more_together";
  return wording.Message(key, {{"why", wording.of(yielding.exclusion->text)},
                               {"service", ServiceName(wording, yielding.service)},
                               {"instead", instead},
                               {"more", RoublesOf(std::max<int64_t>(more, 0))}});
}

}  // namespace kstati::thrift
