// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/report.h"
#include "base/micros.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace kstati::cases::monitoring {
namespace {

double Days(int64_t micros) {
  return static_cast<double>(micros) / static_cast<double>(kMicrosPerDay);
}

struct Scores {
  int64_t sum = 0;
  uint64_t count = 0;

  void Add(const LoggedEvent& event) {
    const std::optional<int> score = ScoreIn(event.reason);
    if (score) Add(*score, 1);
  }
  void Add(int score, uint64_t times) {
    sum += score * static_cast<int64_t>(times);
    count += times;
  }
  std::optional<double> mean() const {
    if (count == 0) return std::nullopt;
    return static_cast<double>(sum) / static_cast<double>(count);
  }
};

using Activities = std::set<std::string_view>;

// What the log tells of, if it happened.
Activities ToldBy(const EventLog& log) {
  Activities told(log.written.begin(), log.written.end());
  for (const LoggedCase& c : log.cases) {
    for (const LoggedEvent& event : c.events) told.insert(event.activity);
  }
  for (const Feedback& feedback : log.feedback) told.insert(feedback.activity);
  return told;
}

// Adds up the cases of one group.
class Counting {
 public:
  // `told` outlives it.
  Counting(Instant at, const Activities& told) : at_(at), told_(told) {}

  void Add(const LoggedCase& c) {
    CountEvents(c);
    AddAnswers(c);
    if (!IsCase(c)) return;
    ++report_.cases;
    if (c.ended) AddClosed(c);
    if (!c.ended && c.deadline && at_ > *c.deadline) ++report_.overdue;
  }

  void Add(const Feedback& feedback) {
    const std::string& what = feedback.activity;
    counts_[what] += feedback.count;
    if (what == activity::kError) with_error_ += feedback.count;
    const bool available = what == activity::kProbeAvailable;
    if (available || what == activity::kProbeFailed) {
      report_.available.whole += feedback.count;
      report_.available.part += available ? feedback.count : 0;
    }
    if (what == activity::kSurveyTime) time_.Add(feedback.score, feedback.count);
    if (what == activity::kSurveyEffort) effort_.Add(feedback.score, feedback.count);
  }

  Report Take() {
    report_.from_start_to_end = DurationsOf(std::move(times_));
    report_.lateness = DurationsOf(std::move(lateness_));
    report_.answers_of_sources = DurationsOf(std::move(answers_));
    if (told_.contains(activity::kError)) {
      report_.errors = {std::min(with_error_, report_.cases), report_.cases};
    }
    report_.refusals.whole = report_.closed - report_.undecided;
    report_.satisfied_with_time = time_.mean();
    report_.satisfied_with_effort = effort_.mean();
    report_.answers = std::max(time_.count, effort_.count);
    report_.complaints = Told(activity::kComplaint, CountOf(activity::kComplaint));
    report_.support = Told(activity::kSupport, CountOf(activity::kSupport));
    report_.suspensions = Told(activity::kSuspended, CountOf(activity::kSuspended));
    report_.filings_refused = Told(activity::kFilingRefused, CountOf(activity::kFilingRefused));
    report_.unlisted_asks = Told(activity::kUnlistedAsk, CountOf(activity::kUnlistedAsk));
    report_.held_asks = Told(activity::kHeldAsk, CountOf(activity::kHeldAsk));
    report_.unanswered = Told(activity::kSourceAsked, unanswered_);
    report_.visits_without_ground = Told(activity::kVisit, visits_without_ground_);
    report_.refused_then_visited = Told(activity::kVisit, refused_then_visited_);
    report_.documents = PerCase(activity::kDocument);
    report_.contacts = PerCase(activity::kContact);
    report_.visits = PerCase(activity::kVisit);
    return std::move(report_);
  }

 private:
  std::optional<uint64_t> Told(std::string_view what, uint64_t count) const {
    return told_.contains(what) ? std::optional(count) : std::nullopt;
  }

  uint64_t CountOf(std::string_view what) const {
    const auto found = counts_.find(what);
    return found == counts_.end() ? 0 : found->second;
  }

  std::optional<double> PerCase(std::string_view what) const {
    if (!told_.contains(what)) return std::nullopt;
    const double cases = static_cast<double>(std::max<uint64_t>(1, report_.cases));
    return static_cast<double>(CountOf(what)) / cases;
  }

  void AddClosed(const LoggedCase& c) {
    ++report_.closed;
    const bool undecided = EndedUndecided(c);
    report_.undecided += undecided ? 1 : 0;
    if (!undecided) times_.push_back(c.ended->micros - c.started.micros);
    if (!c.deadline || (undecided && *c.ended <= *c.deadline)) return;
    ++report_.late.whole;
    if (*c.ended <= *c.deadline) return;
    ++report_.late.part;
    lateness_.push_back(c.ended->micros - c.deadline->micros);
  }

  void CountEvents(const LoggedCase& c) {
    bool error = false;
    bool refused = false;
    bool filing_refused = false;
    bool visited_after = false;
    for (const LoggedEvent& event : c.events) {
      const std::string& what = event.activity;
      error |= what == activity::kError;
      refused |= what == activity::kRefused;
      filing_refused |= what == activity::kFilingRefused;
      visited_after |= filing_refused && what == activity::kVisit;
      CountSimple(event);
    }
    with_error_ += error ? 1 : 0;
    if (c.ended && refused) ++report_.refusals.part;
    if (filing_refused && visited_after) ++refused_then_visited_;
  }

  void CountSimple(const LoggedEvent& event) {
    ++counts_[event.activity];
    const bool visit = event.activity == activity::kVisit;
    if (visit && event.reason.empty()) ++visits_without_ground_;
    const bool available = event.activity == activity::kProbeAvailable;
    if (available || event.activity == activity::kProbeFailed) {
      ++report_.available.whole;
      report_.available.part += available ? 1 : 0;
    }
    if (event.activity == activity::kSurveyTime) time_.Add(event);
    if (event.activity == activity::kSurveyEffort) effort_.Add(event);
  }

  void AddAnswers(const LoggedCase& c) {
    std::multimap<std::string, Instant> asked;
    for (const LoggedEvent& event : c.events) {
      if (event.activity == activity::kSourceAsked) asked.emplace(event.party, event.at);
      if (event.activity != activity::kSourceAnswered) continue;
      const auto found = asked.find(event.party);
      if (found == asked.end()) continue;
      answers_.push_back(event.at.micros - found->second.micros);
      asked.erase(found);
    }
    unanswered_ += asked.size();
  }

  Instant at_;
  const Activities& told_;
  Report report_;
  std::vector<int64_t> times_, lateness_, answers_;
  std::map<std::string, uint64_t, std::less<>> counts_;  // of events by activity
  Scores time_, effort_;
  uint64_t with_error_ = 0;
  uint64_t unanswered_ = 0;
  uint64_t visits_without_ground_ = 0;
  uint64_t refused_then_visited_ = 0;
};

std::string ProcedureOf(const LoggedCase&) { return {}; }
std::string ProcedureOf(const Feedback& feedback) { return feedback.procedure; }

// Of a case or of feedback.
template <class Counted>
std::string GroupOf(const Counted& c, Grouping grouping) {
  switch (grouping) {
    case Grouping::kService: return c.service;
    case Grouping::kAuthority: return c.authority;
    case Grouping::kChannel: return c.channel;
    case Grouping::kServiceAndAuthority: return c.service + " / " + c.authority;
    case Grouping::kServiceAndVariant: return c.service + " / " + c.variant;
    case Grouping::kServiceAndProcedure: return c.service + " / " + ProcedureOf(c);
    case Grouping::kNone: break;
  }
  return {};
}

}  // namespace

Durations DurationsOf(std::vector<int64_t> micros) {
  Durations durations;
  durations.count = micros.size();
  if (micros.empty()) return durations;
  std::ranges::sort(micros);
  double sum = 0;
  for (const int64_t each : micros) sum += Days(each);
  durations.mean = sum / static_cast<double>(micros.size());
  const size_t size = micros.size();
  durations.median = (Days(micros[(size - 1) / 2]) + Days(micros[size / 2])) / 2;
  durations.ninetieth = Days(micros[(size * 9 + 9) / 10 - 1]);
  durations.longest = Days(micros.back());
  return durations;
}

std::vector<GroupReport> MakeReports(const EventLog& log, Grouping grouping, Instant at) {
  const Activities told = ToldBy(log);
  std::map<std::string, Counting> groups;
  for (const LoggedCase& each : log.cases) {
    groups.try_emplace(GroupOf(each, grouping), at, told).first->second.Add(each);
  }
  for (const Feedback& each : log.feedback) {
    groups.try_emplace(GroupOf(each, grouping), at, told).first->second.Add(each);
  }
  std::vector<GroupReport> reports;
  for (auto& [name, counting] : groups) reports.push_back({name, counting.Take()});
  return reports;
}

std::vector<StepReport> MakeStepReports(const EventLog& log) {
  std::map<std::string, std::vector<int64_t>> times;
  for (const LoggedCase& each : log.cases) {
    for (size_t i = 0; i + 1 < each.events.size(); ++i) {
      const LoggedEvent& event = each.events[i];
      times[event.activity].push_back(each.events[i + 1].at.micros - event.at.micros);
    }
  }
  std::vector<StepReport> reports;
  for (auto& [name, micros] : times) reports.push_back({name, DurationsOf(std::move(micros))});
  return reports;
}

}  // namespace kstati::cases::monitoring
