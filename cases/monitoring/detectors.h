// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/issue.h"
#include "cases/monitoring/causes.h"
#include "cases/monitoring/event_log.h"
#include "cases/monitoring/incident.h"

namespace kstati::cases::monitoring {

// What a detector looks at, for each service.
enum class Signal {
  kLate,            // the share of cases that ended late or are overdue
  kRefused,         // of decided cases
  kErrors,          // of cases
  kUnavailable,     // of probes of the form
  kComplaints,      // for each case
  kSupport,         // the same
  kForced,          // the same: signs that people were made to come or to bring what they need not
  kBeyondStandard,  // the share of cases beyond an approved standard
};

struct Detector {
  std::string id;
  Signal signal = Signal::kLate;
  double above = 0;        // it fires above this
  uint64_t cases_min = 1;  // and with at least so many (for probes: of them)
  Severity severity = Severity::kLow;
};

// Detectors and who is told; data, so that it can be said by which an incident was opened.
struct DetectorSet {
  std::string version;
  int64_t days = 1;  // it looks at cases that are open or ended within so many days before
  std::vector<Detector> detectors;
  std::vector<std::string> escalation;  // who answers, level by level; the first owns what opens
  std::map<Severity, int64_t> hours;    // after which an open incident goes to the next level
};

// Reads detectors from YAML; problems are appended to `issues`.
DetectorSet LoadDetectors(const std::string& path, std::vector<Issue>& issues);

// Numbers in the log of the cases beyond a standard; nullopt: nobody looked.
using BeyondStandard = std::optional<std::set<std::string>>;

// What the monitor has to do now: incidents to open where a detector fires and its last one for the
// service is closed, and those to escalate, since they stayed open for the hours of their severity
// at one level and there is another. Once an incident is closed, what had ended by then fires no
// more, so that a service that was put right is quiet. What is not recorded fires nothing. A share
// counts with the lower end of its interval, so that few cases raise no alarm.
struct Detected {
  std::vector<Incident> to_open;
  std::vector<std::pair<std::string, IncidentEntry>> to_escalate;  // by id
};
Detected Detect(const EventLog& log, const DetectorSet& set, const BeyondStandard& beyond,
                const AllowedTimes& allowed, const std::vector<Incident>& known, Instant now);

}  // namespace kstati::cases::monitoring
