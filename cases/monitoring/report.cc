// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/report.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace kstati::cases::monitoring {
namespace {

constexpr double kMicrosPerDay = 86'400e6;
constexpr int kBestScore = 5;

double Days(int64_t micros) { return static_cast<double>(micros) / kMicrosPerDay; }

std::optional<int> ScoreOf(const std::string& text) {
  int score = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || score < 1 || score > kBestScore) return std::nullopt;
  return score;
}

struct Scores {
  int64_t sum = 0;
  uint64_t count = 0;

  void Add(const LoggedEvent& event) {
    const std::optional<int> score = ScoreOf(event.reason);
    if (!score) return;
    sum += *score;
    ++count;
  }
  std::optional<double> mean() const {
    if (count == 0) return std::nullopt;
    return static_cast<double>(sum) / static_cast<double>(count);
  }
};

// Adds up the cases of one group.
class Counting {
 public:
  explicit Counting(Instant at) : at_(at) {}

  void Add(const LoggedCase& c) {
    ++report_.cases;
    if (c.ended) AddClosed(c);
    if (!c.ended && c.deadline && at_ > *c.deadline) ++report_.overdue;
    CountEvents(c);
    AddAnswers(c);
  }

  Report Take() {
    report_.from_start_to_end = DurationsOf(std::move(times_));
    report_.lateness = DurationsOf(std::move(lateness_));
    report_.answers_of_sources = DurationsOf(std::move(answers_));
    report_.errors = {with_error_, report_.cases};
    report_.refusals.whole = report_.closed;
    report_.satisfied_with_time = time_.mean();
    report_.satisfied_with_effort = effort_.mean();
    report_.answers = std::max(time_.count, effort_.count);
    const double cases = static_cast<double>(std::max<uint64_t>(1, report_.cases));
    report_.documents = static_cast<double>(documents_) / cases;
    report_.contacts = static_cast<double>(contacts_) / cases;
    report_.visits = static_cast<double>(visits_) / cases;
    return std::move(report_);
  }

 private:
  void AddClosed(const LoggedCase& c) {
    ++report_.closed;
    times_.push_back(c.ended->micros - c.started.micros);
    if (!c.deadline) return;
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
    if (filing_refused && visited_after) ++report_.refused_then_visited;
  }

  void CountSimple(const LoggedEvent& event) {
    const std::map<std::string_view, uint64_t*> counters{
        {activity::kComplaint, &report_.complaints},
        {activity::kSupport, &report_.support},
        {activity::kPaused, &report_.suspensions},
        {activity::kFilingRefused, &report_.filings_refused},
        {activity::kUnlistedAsk, &report_.unlisted_asks},
        {activity::kDocument, &documents_},
        {activity::kContact, &contacts_},
        {activity::kVisit, &visits_}};
    const auto found = counters.find(event.activity);
    if (found != counters.end()) ++*found->second;
    if (event.activity == activity::kVisit && event.reason.empty()) {
      ++report_.visits_without_ground;
    }
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
    report_.unanswered += asked.size();
  }

  Instant at_;
  Report report_;
  std::vector<int64_t> times_, lateness_, answers_;
  Scores time_, effort_;
  uint64_t with_error_ = 0;
  uint64_t documents_ = 0;
  uint64_t contacts_ = 0;
  uint64_t visits_ = 0;
};

std::string GroupOf(const LoggedCase& c, Grouping grouping) {
  switch (grouping) {
    case Grouping::kService: return c.service;
    case Grouping::kAuthority: return c.authority;
    case Grouping::kChannel: return c.channel;
    case Grouping::kServiceAndAuthority: return c.service + " / " + c.authority;
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
  std::map<std::string, Counting> groups;
  for (const LoggedCase& each : log.cases) {
    groups.try_emplace(GroupOf(each, grouping), at).first->second.Add(each);
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
