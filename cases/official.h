// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "cases/draft.h"

namespace kstati::cases {

// What an official does with a case. No free text: every reason is one of a list.
enum class OfficialStep {
  kGrant,
  kRefuse,          // on grounds of the regulation
  kAnnul,           // takes back what rested on a wrong fact
  kAsk,             // the person for facts that only the person knows
  kSuspend,         // until facts are on record, or a day has come
  kReportFindings,  // of an assessment: which conditions hold
  kGivePlace,       // of what is limited
};

std::string_view NameOf(OfficialStep step);  // "grant", "report_findings", ...
Result<OfficialStep> ParseOfficialStep(std::string_view name);

struct OfficialAct {
  CitizenId citizen;
  CaseId id;
  std::string official;  // who acts; never empty
  OfficialStep step = OfficialStep::kGrant;
  std::vector<GroundId> grounds;               // of a refusal
  Override override_reason = Override::kNone;  // why otherwise than the rules come out
  std::set<AttributeId> attributes;            // asked for, or awaited while suspended
  std::optional<Date> until;                   // the last day of a suspension
  std::map<std::string, bool> findings;        // by condition
};

// Whether a ruling goes against what the rules come to, so that it needs a typed reason: a "yes"
// where they say "no"; a "no" where they say "yes", but on a ground that only the authority
// decides.
bool NeedsOverride(const Ruling& ruling, const graph::Regulation& regulation);

// Carries the act out, in the commit of the draft. kInvalidArgument, with the place and what would
// do, when a ground is not the regulation's, a reason is missing, or a suspension has no end;
// kDenied, noted in the draft (RefusedAct), for facts that the service's regulations do not list,
// and where the person is asked for what is on record;
// kConflict when the case cannot take the step.
Result<Case> ActOfficially(Draft& draft, const OfficialAct& act);

// What the person answers to a case that asked. Nobody confirms it, so that no decision rests on it
// but an official's. Whose fact each is; 0: of whoever lacks it. kInvalidArgument for what was not
// asked, and where several lack it and the answer does not say whose it is.
Result<Case> TellCase(Draft& draft, CitizenId citizen, const CaseId& id,
                      const std::map<AskedFact, std::string>& answers);
// The person takes the application back.
Result<Case> WithdrawCase(Draft& draft, CitizenId citizen, const CaseId& id);

// The same, committed; a step that the table refuses is kept with the case.
Result<Case> ActOfficially(const World& world, const OfficialAct& act);
Result<Case> TellCase(const World& world, CitizenId citizen, const CaseId& id,
                      const std::map<AskedFact, std::string>& answers);
Result<Case> WithdrawCase(const World& world, CitizenId citizen, const CaseId& id);

// A case whose next step is an official's.
struct ForOfficial {
  Case c;
  Instant since;
};

// Those of the authority, or of all when it is empty; oldest first within a partition, at most
// `limit`.
Result<std::vector<ForOfficial>> OfficialQueue(const World& world, const std::string& authority,
                                               size_t limit);

// How often officials decided otherwise than the rules, by service and reason.
struct OverrideCount {
  ServiceId service;
  Override reason = Override::kNone;
  Decided decided = Decided::kGranted;
  uint64_t count = 0;
};
Result<std::vector<OverrideCount>> CountOverrides(const World& world);

// The service of a case, and its regulation as applied to it; kNotFound when they are gone.
Result<const graph::Regulation*> RegulationOf(const World& world, const Case& c);

}  // namespace kstati::cases
