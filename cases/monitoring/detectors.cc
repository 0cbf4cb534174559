// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/detectors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <utility>

#include "base/micros.h"
#include "base/yaml.h"
#include "cases/monitoring/rating.h"
#include "cases/monitoring/report.h"

namespace kstati::cases::monitoring {
namespace {

constexpr int64_t kMicrosPerHour = kMicrosPerDay / 24;
constexpr int64_t kMostDays = 36'525;
constexpr std::array<std::pair<Signal, std::string_view>, 8> kSignalNames{
    {{Signal::kLate, "late"},
     {Signal::kRefused, "refused"},
     {Signal::kErrors, "errors"},
     {Signal::kUnavailable, "unavailable"},
     {Signal::kComplaints, "complaints"},
     {Signal::kSupport, "support"},
     {Signal::kForced, "forced"},
     {Signal::kBeyondStandard, "beyond_standard"}}};

std::string_view NameOf(Signal signal) {
  for (const auto& [known, name] : kSignalNames) {
    if (known == signal) return name;
  }
  return "unknown";
}

Detector ReadDetector(const yaml::Node& node) {
  Detector detector;
  detector.id = node.Require("id").Text().value_or(std::string());
  std::vector<std::string> names;
  for (const auto& [signal, name] : kSignalNames) names.emplace_back(name);
  const std::optional<std::string> name = node.Require("signal").OneOf(names);
  for (const auto& [signal, known] : kSignalNames) {
    if (name == known) detector.signal = signal;
  }
  const yaml::Node above = node.Require("above");
  const std::optional<Decimal> least = above.Number();
  detector.above = least ? least->ToDouble() : 0;
  if (detector.above < 0) above.Problem("a share or rate is not negative");
  const yaml::Node cases_min = node.Get("cases_min");
  const int64_t count = cases_min.Integer().value_or(1);
  if (count < 1) cases_min.Problem("at least one case is needed");
  detector.cases_min = static_cast<uint64_t>(std::max<int64_t>(1, count));
  const yaml::Node severity = node.Require("severity");
  const Result<Severity> read = ParseSeverity(severity.Text().value_or(std::string()));
  if (read) {
    detector.severity = *read;
  } else {
    severity.Problem("not a severity", "write low, medium, high or critical");
  }
  node.RejectUnknownKeys();
  return detector;
}

std::map<Severity, int64_t> ReadHours(const yaml::Node& map) {
  std::map<Severity, int64_t> hours;
  if (!map) return hours;
  for (const auto& [name, node] : map.Entries()) {
    const Result<Severity> severity = ParseSeverity(name);
    const int64_t count = node.Integer().value_or(0);
    if (!severity) {
      node.Problem("\"" + name + "\" is no severity", "write low, medium, high or critical");
    } else if (count < 1) {
      node.Problem("an hour at least");
    } else {
      hours[*severity] = count;
    }
  }
  return hours;
}

// What a signal measures: a share of things that either are so or not, or a rate for each case.
struct Reading {
  Share share;
  bool is_rate = false;  // `part` may exceed `whole`
  // With the lower end of a share, so that few cases raise no alarm.
  double value() const {
    if (!is_rate) return LowerEnd(share);
    return share.value().value_or(0);
  }
};

std::optional<Reading> RateOf(const std::optional<uint64_t>& count, uint64_t cases) {
  if (!count) return std::nullopt;
  return Reading{{*count, cases}, true};
}

std::optional<Reading> ForcedOf(const Report& report) {
  std::optional<uint64_t> forced;
  for (const auto& sign : {report.visits_without_ground, report.unlisted_asks, report.held_asks,
                           report.refused_then_visited}) {
    if (sign) forced = forced.value_or(0) + *sign;
  }
  return RateOf(forced, report.cases);
}

std::optional<Reading> BeyondIn(const EventLog& log, const BeyondStandard& beyond) {
  if (!beyond) return std::nullopt;
  Share share;
  for (const LoggedCase& c : log.cases) {
    if (!IsCase(c)) continue;
    ++share.whole;
    share.part += beyond->contains(c.id) ? 1 : 0;
  }
  return Reading{share};
}

std::optional<Reading> Read(Signal signal, const EventLog& log, const BeyondStandard& beyond,
                            Instant now) {
  const std::vector<GroupReport> reports = MakeReports(log, Grouping::kNone, now);
  if (reports.empty()) return std::nullopt;
  const Report& report = reports.front().report;
  switch (signal) {
    case Signal::kLate:
      return Reading{{report.late.part + report.overdue, report.late.whole + report.overdue}};
    case Signal::kRefused: return Reading{report.refusals};
    case Signal::kErrors: return Reading{report.errors};
    case Signal::kUnavailable:
      return Reading{{report.available.whole - report.available.part, report.available.whole}};
    case Signal::kComplaints: return RateOf(report.complaints, report.cases);
    case Signal::kSupport: return RateOf(report.support, report.cases);
    case Signal::kForced: return ForcedOf(report);
    case Signal::kBeyondStandard: break;
  }
  return BeyondIn(log, beyond);
}

// The log of each service that it tells of.
std::map<std::string, EventLog> ByService(const EventLog& log) {
  std::map<std::string, EventLog> services;
  for (const LoggedCase& c : log.cases) {
    if (!c.service.empty()) services[c.service].cases.push_back(c);
  }
  for (const Feedback& each : log.feedback) {
    if (!each.service.empty()) services[each.service].feedback.push_back(each);
  }
  for (auto& [service, of_service] : services) of_service.written = log.written;
  return services;
}

// Leaves out what was over by then.
void ForgetBefore(Instant moment, EventLog& log) {
  std::erase_if(log.cases, [&](const LoggedCase& c) { return c.ended && *c.ended <= moment; });
  const int64_t day = moment.micros / kMicrosPerDay;
  std::erase_if(log.feedback, [&](const Feedback& each) { return each.day.days <= day; });
}

std::string Words(const Detector& detector, const Reading& reading) {
  std::ostringstream text;
  text << NameOf(detector.signal) << " " << reading.share.part << " of " << reading.share.whole
       << ", above " << detector.above;
  return text.str();
}

// Of which version most of the cases are, of several the latest.
std::string VersionOf(const EventLog& log) {
  std::map<std::string, size_t> counts;
  for (const LoggedCase& c : log.cases) {
    if (!c.regulation.empty()) ++counts[c.regulation];
  }
  std::string version;
  size_t most = 0;
  for (const auto& [each, count] : counts) {
    if (count < most) continue;
    version = each;
    most = count;
  }
  return version;
}

// The cause that explains most breaches, of several the first by name.
std::string CauseOf(const EventLog& log, const AllowedTimes& allowed, Instant now) {
  std::map<std::vector<Cause>, size_t> counts;
  for (const Attribution& breach : AttributeBreaches(log, allowed, now)) {
    for (const Counterfactual& each : breach.explanations) ++counts[each.causes];
  }
  const std::vector<Cause>* likely = nullptr;
  size_t most = 0;
  for (const auto& [causes, count] : counts) {
    if (count <= most) continue;
    likely = &causes;
    most = count;
  }
  std::string words;
  if (likely == nullptr) return words;
  for (const Cause& cause : *likely) {
    words += (words.empty() ? "" : " and ") + std::string(NameOf(cause.kind));
    if (!cause.party.empty()) words += " " + cause.party;
  }
  return words;
}

// The last incident that the detector opened for the service; null: it never did.
const Incident* LastOf(const std::vector<Incident>& known, const std::string& detector,
                       const std::string& service) {
  const Incident* last = nullptr;
  for (const Incident& incident : known) {
    if (incident.detector == detector && incident.service == service) last = &incident;
  }
  return last;
}

// The level after the owner's; nullopt: there is none, or the owner is outside of the levels.
std::optional<std::string> NextLevel(const DetectorSet& set, const Incident& incident) {
  const auto level = std::ranges::find(set.escalation, incident.owner);
  if (level == set.escalation.end() || level + 1 == set.escalation.end()) return std::nullopt;
  return *(level + 1);
}

Instant OwnedSince(const Incident& incident) {
  Instant since = incident.opened_at;
  for (const IncidentEntry& entry : incident.entries) {
    if (entry.step == IncidentStep::kEscalate) since = entry.at;
  }
  return since;
}

// What the detectors see at one moment.
struct Looked {
  const DetectorSet& set;
  const BeyondStandard& beyond;
  const AllowedTimes& allowed;
  const Instant now;

  // The incident to be opened, if the detector fires on the log of the service.
  std::optional<Incident> At(const Detector& detector, const std::string& service,
                             const EventLog& log) const {
    const std::optional<Reading> reading = Read(detector.signal, log, beyond, now);
    const bool fires =
        reading && reading->share.whole >= detector.cases_min && reading->value() > detector.above;
    if (!fires) return std::nullopt;
    Incident incident;
    incident.opened_at = now;
    incident.opened_by = kMonitor;
    incident.severity = detector.severity;
    incident.what = Words(detector, *reading);
    incident.detector = detector.id;
    incident.service = service;
    incident.version = VersionOf(log);
    incident.affected = reading->share.part;
    incident.owner = set.escalation.front();
    if (detector.signal == Signal::kLate) incident.cause = CauseOf(log, allowed, now);
    return incident;
  }
};

}  // namespace

DetectorSet LoadDetectors(const std::string& path, std::vector<Issue>& issues) {
  DetectorSet set;
  const yaml::Document document(path, issues);
  const yaml::Node root = document.root();
  if (!root) return set;
  set.version = root.Require("version").Text().value_or("");
  const yaml::Node days = root.Require("days");
  set.days = days.Integer().value_or(1);
  if (set.days < 1 || set.days > kMostDays) days.Problem("write from 1 to 36525 days");
  for (const yaml::Node& item : root.Require("detectors").Items()) {
    set.detectors.push_back(ReadDetector(item));
    const std::string& id = set.detectors.back().id;
    if (std::ranges::count(set.detectors, id, &Detector::id) > 1) {
      item.Problem("there are two detectors \"" + id + "\"", "give one of them another id");
    }
  }
  const yaml::Node escalation = root.Require("escalation");
  set.escalation = escalation.TextItems();
  if (set.escalation.empty()) escalation.Problem("nobody answers", "name at least one level");
  set.hours = ReadHours(root.Get("hours"));
  root.RejectUnknownKeys();
  return set;
}

Detected Detect(const EventLog& log, const DetectorSet& set, const BeyondStandard& beyond,
                const AllowedTimes& allowed, const std::vector<Incident>& known, Instant now) {
  Detected detected;
  const Looked looked{set, beyond, allowed, now};
  for (auto& [service, of_service] : ByService(log)) {
    ForgetBefore(Instant{now.micros - set.days * kMicrosPerDay}, of_service);
    for (const Detector& detector : set.detectors) {
      const Incident* last = LastOf(known, detector.id, service);
      if (last != nullptr && !last->closed_at) continue;
      EventLog since;
      if (last != nullptr) {
        since = of_service;
        ForgetBefore(*last->closed_at, since);
      }
      std::optional<Incident> incident =
          looked.At(detector, service, last == nullptr ? of_service : since);
      if (incident) detected.to_open.push_back(*std::move(incident));
    }
  }
  for (const Incident& incident : known) {
    const auto hours = set.hours.find(incident.severity);
    if (incident.recovered_at || incident.closed_at || hours == set.hours.end()) continue;
    const bool over = now.micros - OwnedSince(incident).micros >= hours->second * kMicrosPerHour;
    const std::optional<std::string> next = NextLevel(set, incident);
    if (!over || !next) continue;
    detected.to_escalate.emplace_back(
        incident.id, IncidentEntry{IncidentStep::kEscalate, now, std::string(kMonitor), *next});
  }
  return detected;
}

}  // namespace kstati::cases::monitoring
