// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/incident.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace kstati::cases::monitoring {
namespace {

constexpr std::string_view kOpened = "incident.opened";
constexpr std::string_view kPrefix = "incident.";
constexpr std::array<std::pair<Severity, std::string_view>, 4> kSeverityNames{
    {{Severity::kLow, "low"},
     {Severity::kMedium, "medium"},
     {Severity::kHigh, "high"},
     {Severity::kCritical, "critical"}}};
constexpr std::array<std::pair<IncidentStep, std::string_view>, 4> kStepNames{
    {{IncidentStep::kEscalate, "escalated"},
     {IncidentStep::kExplain, "explained"},
     {IncidentStep::kRecover, "recovered"},
     {IncidentStep::kClose, "closed"}}};

tl::unexpected<Error> Wrong(const Record& record) {
  return Fail(ErrorCode::kCorrupt, "record " + std::to_string(record.number) + " makes no sense",
              record.kind, "use the version of kstati that wrote it, or a newer one");
}

Result<Incident> OpenedBy(const Record& record) {
  Incident incident;
  incident.id = "I-" + std::to_string(record.number);
  incident.opened_at = record.at;
  incident.opened_by = record.Get("by");
  const Result<Severity> severity = ParseSeverity(record.Get("severity"));
  const std::string& affected = record.Get("affected");
  const char* const end = affected.data() + affected.size();
  const bool counted = std::from_chars(affected.data(), end, incident.affected).ptr == end;
  if (!severity || !counted) return Wrong(record);
  incident.severity = *severity;
  incident.what = record.Get("what");
  incident.detector = record.Get("detector");
  incident.service = record.Get("service");
  incident.authority = record.Get("authority");
  incident.version = record.Get("version");
  incident.owner = record.Get("owner");
  incident.cause = record.Get("cause");
  return incident;
}

void Add(const IncidentEntry& entry, Incident& incident) {
  incident.entries.push_back(entry);
  switch (entry.step) {
    case IncidentStep::kEscalate: incident.owner = entry.text; break;
    case IncidentStep::kExplain: incident.cause = entry.text; break;
    case IncidentStep::kRecover: incident.recovered_at = entry.at; break;
    case IncidentStep::kClose: incident.closed_at = entry.at; break;
  }
}

std::optional<IncidentStep> StepOf(std::string_view kind) {
  for (const auto& [step, name] : kStepNames) {
    if (kind.substr(kPrefix.size()) == name) return step;
  }
  return std::nullopt;
}

Result<void> CheckStep(const Incident& incident, const IncidentEntry& entry) {
  const auto conflict = [&](std::string what, std::string remedy) {
    return Fail(ErrorCode::kConflict, std::move(what), "incident " + incident.id,
                std::move(remedy));
  };
  if (incident.closed_at) return conflict("the incident is closed", "open another one");
  const bool recovers = entry.step == IncidentStep::kRecover;
  if (recovers && incident.recovered_at) {
    return conflict("it was recovered from already", "close it, or open another one");
  }
  if (entry.step != IncidentStep::kClose) return {};
  if (!incident.recovered_at) {
    return conflict("nobody has recovered from it yet", "write down how, by `incident recover`");
  }
  if (incident.cause.empty()) {
    return conflict("its cause is not known yet", "write it down, by `incident explain`");
  }
  return {};
}

}  // namespace

std::string_view NameOf(Severity severity) {
  for (const auto& [known, name] : kSeverityNames) {
    if (known == severity) return name;
  }
  return "unknown";
}

Result<Severity> ParseSeverity(std::string_view name) {
  for (const auto& [severity, known] : kSeverityNames) {
    if (known == name) return severity;
  }
  return Fail(ErrorCode::kInvalidArgument, "not a severity", std::string(name),
              "write low, medium, high or critical");
}

std::string_view NameOf(IncidentStep step) {
  for (const auto& [known, name] : kStepNames) {
    if (known == step) return name;
  }
  return "unknown";
}

std::string_view Incident::status() const {
  if (closed_at) return "closed";
  return recovered_at ? "recovered" : "open";
}

Result<std::vector<Incident>> IncidentsIn(const std::vector<Record>& records) {
  std::vector<Incident> incidents;
  for (const Record& record : records) {
    if (!record.kind.starts_with(kPrefix)) continue;
    if (record.kind == kOpened) {
      KSTATI_TRY(Incident opened, OpenedBy(record));
      incidents.push_back(std::move(opened));
      continue;
    }
    const auto found = std::ranges::find(incidents, record.Get("incident"), &Incident::id);
    const std::optional<IncidentStep> step = StepOf(record.kind);
    if (found == incidents.end() || !step) return Wrong(record);
    Add({*step, record.at, record.Get("by"), record.Get("text")}, *found);
  }
  return incidents;
}

Result<Record> Open(const Incident& incident) {
  for (const auto& [name, value] :
       {std::pair("a service", &incident.service), std::pair("a description", &incident.what),
        std::pair("an owner", &incident.owner),
        std::pair("whoever opens it", &incident.opened_by)}) {
    if (!value->empty()) continue;
    return Fail(ErrorCode::kInvalidArgument, std::string("an incident without ") + name, {},
                "state it");
  }
  return Record{0,
                incident.opened_at,
                std::string(kOpened),
                {{"by", incident.opened_by},
                 {"severity", std::string(NameOf(incident.severity))},
                 {"what", incident.what},
                 {"detector", incident.detector},
                 {"service", incident.service},
                 {"authority", incident.authority},
                 {"version", incident.version},
                 {"affected", std::to_string(incident.affected)},
                 {"owner", incident.owner},
                 {"cause", incident.cause}}};
}

Result<Record> Go(const std::vector<Record>& records, const std::string& id,
                  const IncidentEntry& entry) {
  KSTATI_TRY(const std::vector<Incident> incidents, IncidentsIn(records));
  const auto found = std::ranges::find(incidents, id, &Incident::id);
  if (found == incidents.end()) {
    return Fail(ErrorCode::kNotFound, "there is no such incident", id,
                "`kstati incident list` shows them");
  }
  KSTATI_TRY_VOID(CheckStep(*found, entry));
  if (entry.by.empty() || entry.text.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a step says who takes it, and what it is",
                "incident " + id, "name both");
  }
  return Record{0,
                entry.at,
                std::string(kPrefix) + std::string(NameOf(entry.step)),
                {{"incident", id}, {"by", entry.by}, {"text", entry.text}}};
}

}  // namespace kstati::cases::monitoring
