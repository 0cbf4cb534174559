// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cases/monitoring/records.h"

namespace kstati::cases::monitoring {

enum class Severity { kLow, kMedium, kHigh, kCritical };

std::string_view NameOf(Severity severity);  // "low", ...
Result<Severity> ParseSeverity(std::string_view name);

// How an incident goes on. It is closed only after it was recovered from and with its cause known.
enum class IncidentStep { kEscalate, kExplain, kRecover, kClose };

std::string_view NameOf(IncidentStep step);  // "escalated", "explained", "recovered", "closed"

struct IncidentEntry {
  IncidentStep step = IncidentStep::kEscalate;
  Instant at;
  std::string by;    // a person, or "monitor"
  std::string text;  // to whom; the cause; how; why
};

// Something that lowers the quality of a service, from its opening to its close: what the records
// about it come to.
struct Incident {
  std::string id;  // "I-7", by the number of the record that opened it
  Instant opened_at;
  std::string opened_by;  // a person, or "monitor"
  Severity severity = Severity::kLow;
  std::string what;
  std::string detector;  // that opened it; empty: a person did
  std::string service;
  std::string authority;  // empty: of whatever authority
  std::string version;    // of the service's regulation then; empty: not told
  uint64_t affected = 0;  // cases
  std::string owner;      // who answers for it; changes when it is escalated
  std::string cause;      // empty: not known yet
  std::vector<IncidentEntry> entries;
  std::optional<Instant> recovered_at;
  std::optional<Instant> closed_at;

  std::string_view status() const;  // "open", "recovered", "closed"
};

inline constexpr std::string_view kMonitor = "monitor";

// All, in the order of their opening. kCorrupt for a record that makes no sense there.
Result<std::vector<Incident>> IncidentsIn(const std::vector<Record>& records);

// The record that opens one, as described by all fields but the id and what comes later.
// kInvalidArgument without a service, a description or an owner.
Result<Record> Open(const Incident& incident);

// The record of a step. kNotFound without such an incident; kConflict when it cannot take the step:
// it is closed, was recovered from already, or lacks what closing needs. kInvalidArgument without
// whoever takes it, or what is to be said.
Result<Record> Go(const std::vector<Record>& records, const std::string& id,
                  const IncidentEntry& entry);

}  // namespace kstati::cases::monitoring
