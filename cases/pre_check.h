// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/decided_chain.h"
#include "cases/draft.h"
#include "eligibility/decision.h"

namespace kstati::cases {

// The answer to "does everything suffice for this service?", kept and binding: an application that
// is made before `holds_until` gets it while the facts hold that it rests on, by the rules of the
// day of the answer, unless the rules of its own day give the person more. How long it binds is the
// course's to say (graph/course.h).

// A fact that the answer rests on. What it was is in the records of whom it is about, as they were
// known when the answer was given, and is erased with them.
struct FactBehind {
  CitizenId citizen;
  AttributeId attribute;
  std::optional<std::string> absent;  // what no record in a complete registry meant, in text form
  bool operator==(const FactBehind&) const = default;
};

struct PreCheck {
  std::string id;  // "P-000000000017-0001"
  CitizenId citizen;
  CitizenId about;
  ServiceId service;
  Instant made_at;
  Instant known_at;  // what was recorded by then counted; later than `made_at` after a clock jump
  Date made_on;
  Instant holds_until;  // from here on it binds nobody
  eligibility::Verdict verdict = eligibility::Verdict::kUndetermined;
  Date regulation_from;  // the version it rests on
  std::vector<eligibility::Missing> missing;
  std::vector<AttributeId> documents;  // to bring
  std::vector<GroundId> grounds;
  std::vector<FactBehind> facts;
  std::string household;  // who was in it, and in which role
  CaseId case_id;         // that was applied for on it; empty: none yet
  bool official = false;  // has to look at it: by the course, or since facts are not confirmed
  int64_t visits = 0;     // in person

  // Whether it promises anything: that something lacks, or a "no", binds nobody.
  bool Promises() const;
  // Nothing is missing, and nobody has to look at anything or to come.
  bool Suffices() const;
};

std::string Encode(const PreCheck& pre_check);
Result<PreCheck> DecodePreCheck(std::string_view bytes);

// Decides, keeps the answer and enters it into the ledger; asked again on the same day about the
// same facts it is the same answer. kNotFound when no regulation is in force
// or past the last loaded calendar; kUnsupported when the catalogue has no course that says how
// long it binds.
Result<PreCheck> MakePreCheck(Draft& draft, const graph::Service& service,
                              const Viewpoint& viewpoint);

// All of a citizen, oldest first.
Result<std::vector<PreCheck>> PreChecksOf(Draft& draft, CitizenId citizen);

// The better one for the person: the decision, or what the rules come to on the day of the
// pre-check. What the catalogue of today no longer gives, though it was promised, is left open, so
// that an official decides and nobody is refused; without a regulation on either day there is
// nothing to decide by. Requires that it promises something and that its facts hold.
eligibility::Decision BetterOf(const World& world, const PreCheck& pre_check,
                               const Viewpoint& viewpoint, eligibility::Decision decision);

// The decision on an application that is made now, by the person or by the state for the person, by
// the pre-checks that bind; the case takes them for itself.
Result<eligibility::Decision> DecideOnPreChecks(Draft& draft, const Viewpoint& viewpoint,
                                                eligibility::Decision decision);
Result<void> TakePreChecks(Draft& draft, const Viewpoint& viewpoint, const Case& c);
// The decision on a case, by the pre-checks that it was applied for on.
Result<eligibility::Decision> DecideOnPreChecksOf(Draft& draft, const Case& c,
                                                  const Viewpoint& viewpoint,
                                                  eligibility::Decision decision);

// Applies for what the pre-check found to suffice. Ordering again gives the same case. kNotFound
// without such a pre-check; kConflict when something lacks, its time is over or facts have changed.
Result<Case> OrderOnPreCheck(Draft& draft, CitizenId citizen, const std::string& id);

// Whether it binds at the draft's moment: it promises something, its time is not over, and the
// facts that it rests on are as they were. Any change of the household counts.
Result<bool> Binds(Draft& draft, const PreCheck& pre_check);

inline constexpr std::string_view kPreCheckRecord = "precheck";

}  // namespace kstati::cases
