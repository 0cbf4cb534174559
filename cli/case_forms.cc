// SPDX-License-Identifier: Apache-2.0
// What people see of their cases as JSON.
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

Json FormOfEntry(const rpc::ClockEntry& entry) {
  Json json{{"mark", entry.mark}, {"at", entry.at}, {"recorded_at", entry.recorded_at}};
  if (!entry.ground.empty()) json["ground"] = entry.ground;
  if (!entry.ends_by.empty()) json["ends_by"] = entry.ends_by;
  if (entry.__isset.due) json["due"] = entry.due;
  json["calendar_version"] = entry.calendar_version;
  return json;
}

Json FormOfVersion(const rpc::ResultVersion& version) {
  Json json{{"change", version.change},
            {"at", version.at},
            {"valid_from", version.valid_from},
            {"outcome", version.outcome}};
  if (version.__isset.valid_to) json["valid_to"] = version.valid_to;
  if (!version.reason.empty()) json["reason"] = version.reason;
  json["outputs"] = Json::array();
  for (const rpc::Named& output : version.outputs) json["outputs"].push_back(output.id);
  return json;
}

}  // namespace

Json ToJson(const rpc::CaseNews& news) {
  return {{"at", news.at},         {"case_id", news.case_id}, {"service_id", news.service_id},
          {"about", news.about},   {"status", news.status},   {"status_name", news.status_name},
          {"reason", news.reason}, {"text", news.text}};
}

Json ToJson(const rpc::FormField& field) {
  Json json{{"attribute", field.attribute}, {"name", field.name},   {"citizen", field.citizen},
            {"state", field.state},         {"value", field.value}, {"source", field.source}};
  if (field.__isset.valid_from) json["valid_from"] = field.valid_from;
  if (field.__isset.known_at) json["known_at"] = field.known_at;
  if (field.__isset.evidence_text) json["evidence_text"] = field.evidence_text;
  return json;
}

Json ToJson(const rpc::ServiceStatus& status) {
  return {{"status", status.status},
          {"name", status.name},
          {"text", status.text},
          {"over", status.over}};
}

Json ToJson(const rpc::CaseClock& clock) {
  Json json{{"case_id", clock.case_id}, {"term", clock.term}, {"state", clock.state}};
  if (clock.__isset.due) json["due"] = clock.due;
  if (clock.__isset.risk_from) json["risk_from"] = clock.risk_from;
  if (clock.__isset.breached_from) json["breached_from"] = clock.breached_from;
  json["at_risk"] = clock.at_risk;
  json["breached"] = clock.breached;
  if (!clock.passed.empty()) json["passed"] = clock.passed;
  if (!clock.remaining.empty()) json["remaining"] = clock.remaining;
  json["entries"] = Json::array();
  for (const rpc::ClockEntry& entry : clock.entries) json["entries"].push_back(FormOfEntry(entry));
  return json;
}

Json ToJson(const rpc::ResultRecord& record) {
  Json json{{"id", record.id},
            {"case_id", record.case_id},
            {"about", record.about},
            {"service_id", record.service_id},
            {"authority", record.authority},
            {"stands", record.stands}};
  if (!record.versions.empty()) {
    const rpc::ResultVersion& latest = record.versions.back();
    json["outcome"] = latest.outcome;
    json["valid_from"] = latest.valid_from;
    if (latest.__isset.valid_to) json["valid_to"] = latest.valid_to;
  }
  json["versions"] = Json::array();
  for (const auto& version : record.versions) json["versions"].push_back(FormOfVersion(version));
  json["shared_with"] = Json::array();
  for (const rpc::ResultSharing& sharing : record.sharings) {
    if (!sharing.__isset.ended_at) json["shared_with"].push_back(sharing.with_whom);
  }
  return json;
}

}  // namespace kstati::cli
