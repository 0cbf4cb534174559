// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/change_request.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

namespace kstati::cases::monitoring {
namespace {

constexpr std::string_view kPrefix = "change.";
constexpr std::string_view kProposed = "change.proposed";
constexpr std::string_view kApproved = "change.approved";
constexpr std::string_view kRejected = "change.rejected";
constexpr std::string_view kAssessed = "change.assessed";

tl::unexpected<Error> Wrong(const Record& record) {
  return Fail(ErrorCode::kCorrupt, "record " + std::to_string(record.number) + " makes no sense",
              record.kind, "use the version of kstati that wrote it, or a newer one");
}

bool ReadCount(const std::string& text, uint64_t& count) {
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, count);
  return error == std::errc() && read == end;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Result<ChangeRequest> ProposedBy(const Record& record) {
  ChangeRequest request;
  request.id = "R-" + std::to_string(record.number);
  request.proposed_at = record.at;
  request.author = record.Get("author");
  request.why = record.Get("why");
  request.incident = record.Get("incident");
  request.service = record.Get("service");
  request.version = record.Get("version");
  request.before = record.Get("before");
  request.catalogue = record.Get("catalogue");
  request.diff = LinesOf(record.Get("diff"));
  const bool counted = ReadCount(record.Get("examples"), request.examples) &&
                       ReadCount(record.Get("errors"), request.errors) &&
                       ReadCount(record.Get("warnings"), request.warnings) &&
                       ReadCount(record.Get("beyond_standard"), request.beyond_standard);
  if (!counted) return Wrong(record);
  request.impact = record.Get("impact");
  request.impact_digest = record.Get("impact_digest");
  return request;
}

Result<void> Add(const Record& record, ChangeRequest& request) {
  if (record.kind == kApproved || record.kind == kRejected) {
    request.decided_by = record.Get("by");
    request.reason = record.Get("why");
    (record.kind == kApproved ? request.approved_at : request.rejected_at) = record.at;
  } else if (record.kind == kAssessed) {
    request.outcomes.emplace_back(record.at, record.Get("outcome"));
  } else {
    return Wrong(record);
  }
  return {};
}

tl::unexpected<Error> Conflict(const ChangeRequest& request, std::string what, std::string remedy) {
  return Fail(ErrorCode::kConflict, std::move(what), "change request " + request.id,
              std::move(remedy));
}

Result<void> CheckApproval(const ChangeRequest& request, const Verdict& verdict) {
  if (verdict.by == request.author) {
    return Fail(ErrorCode::kDenied, "nobody approves their own change",
                "change request " + request.id, "let somebody else look at it");
  }
  if (verdict.catalogue != request.catalogue) {
    return Conflict(request, "the catalogue has changed since it was checked",
                    "propose the change again");
  }
  const std::vector<std::string> obstacles = ObstaclesTo(request);
  if (obstacles.empty()) return {};
  std::string all;
  for (const std::string& obstacle : obstacles) all += (all.empty() ? "" : "; ") + obstacle;
  return Conflict(request, "it may not be published: " + all,
                  "remove what is in the way, and propose the change again");
}

}  // namespace

std::string_view ChangeRequest::status() const {
  if (rejected_at) return "rejected";
  if (!approved_at) return "proposed";
  return outcomes.empty() ? "approved" : "assessed";
}

Result<std::vector<ChangeRequest>> ChangeRequestsIn(const std::vector<Record>& records) {
  std::vector<ChangeRequest> requests;
  for (const Record& record : records) {
    if (!record.kind.starts_with(kPrefix)) continue;
    if (record.kind == kProposed) {
      KSTATI_TRY(ChangeRequest request, ProposedBy(record));
      requests.push_back(std::move(request));
      continue;
    }
    const auto found = std::ranges::find(requests, record.Get("change"), &ChangeRequest::id);
    if (found == requests.end()) return Wrong(record);
    KSTATI_TRY_VOID(Add(record, *found));
  }
  return requests;
}

Result<ChangeRequest> FindChangeRequest(const std::vector<Record>& records, const std::string& id) {
  KSTATI_TRY(std::vector<ChangeRequest> requests, ChangeRequestsIn(records));
  const auto found = std::ranges::find(requests, id, &ChangeRequest::id);
  if (found != requests.end()) return std::move(*found);
  return Fail(ErrorCode::kNotFound, "there is no such change request", id,
              "`kstati change list` shows them");
}

std::vector<std::string> ObstaclesTo(const ChangeRequest& request) {
  std::vector<std::string> obstacles;
  const auto add = [&](uint64_t count, const std::string& what) {
    if (count > 0) obstacles.push_back(std::to_string(count) + what);
  };
  add(request.errors, " errors of the catalogue");
  add(request.beyond_standard, " findings beyond an approved standard");
  if (request.examples == 0) obstacles.emplace_back("the service has no examples");
  if (request.impact.empty()) obstacles.emplace_back("there is no impact report");
  return obstacles;
}

Result<Record> Propose(const ChangeRequest& request) {
  for (const auto& [name, value] :
       {std::pair("an author", &request.author), std::pair("a reason", &request.why)}) {
    if (!value->empty()) continue;
    return Fail(ErrorCode::kInvalidArgument, std::string("a change request without ") + name, {},
                "state it");
  }
  if (request.diff.empty()) {
    return Fail(
        ErrorCode::kInvalidArgument,
        "nothing differs between the versions of " + request.before + " and " + request.version,
        "service " + request.service, "name the version that changes something");
  }
  return Record{0,
                request.proposed_at,
                std::string(kProposed),
                {{"author", request.author},
                 {"why", request.why},
                 {"incident", request.incident},
                 {"service", request.service},
                 {"version", request.version},
                 {"before", request.before},
                 {"catalogue", request.catalogue},
                 {"diff", Joined(request.diff)},
                 {"examples", std::to_string(request.examples)},
                 {"errors", std::to_string(request.errors)},
                 {"warnings", std::to_string(request.warnings)},
                 {"beyond_standard", std::to_string(request.beyond_standard)},
                 {"impact", request.impact},
                 {"impact_digest", request.impact_digest}}};
}

Result<Record> Decide(const std::vector<Record>& records, const std::string& id,
                      const Verdict& verdict) {
  KSTATI_TRY(const ChangeRequest request, FindChangeRequest(records, id));
  if (request.approved_at || request.rejected_at) {
    return Conflict(request, "it was decided on by " + request.decided_by,
                    "propose the change again");
  }
  const bool lacks = verdict.by.empty() || (!verdict.approves && verdict.why.empty());
  if (lacks) {
    return Fail(ErrorCode::kInvalidArgument, "a verdict says who gives it, and why it rejects",
                "change request " + id, "name both");
  }
  if (verdict.approves) KSTATI_TRY_VOID(CheckApproval(request, verdict));
  return Record{0,
                verdict.at,
                std::string(verdict.approves ? kApproved : kRejected),
                {{"change", id}, {"by", verdict.by}, {"why", verdict.why}}};
}

Result<Record> Assess(const std::vector<Record>& records, const std::string& id,
                      const std::string& outcome, Instant at) {
  KSTATI_TRY(const ChangeRequest request, FindChangeRequest(records, id));
  if (!request.approved_at) {
    return Conflict(request, "it was not approved", "what was never published brought nothing");
  }
  return Record{0, at, std::string(kAssessed), {{"change", id}, {"outcome", outcome}}};
}

}  // namespace kstati::cases::monitoring
