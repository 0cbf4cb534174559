// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "cases/draft.h"
#include "profile/ledger/signing_key.h"

namespace kstati::cases {

// The register of decisions and results: what a case came to, as a record that others rely on. A
// record is a list of versions, none of which is ever edited; the last one stands.

enum class ResultChange { kIssued, kCorrected, kRevoked };

std::string_view NameOf(ResultChange change);  // "issued", "corrected", "revoked"

struct ResultVersion {
  ResultChange change = ResultChange::kIssued;
  Instant at;
  DateInterval valid;
  std::string outcome;                 // "granted", "refused"
  std::set<AttributeId> outputs;       // what the person has from it
  std::string reason;                  // key of a message: why it changed, or was refused
  std::optional<Decimal> amount = {};  // roubles that were granted, where they can be told
  bool operator==(const ResultVersion&) const = default;
};

// That the citizen lets somebody see the record.
struct Sharing {
  std::string with;  // an authority's id, or the name of an organisation
  Instant given_at;
  std::optional<Date> last_day;
  std::optional<Instant> ended_at;
  bool operator==(const Sharing&) const = default;
};

struct ResultRecord {
  std::string id;  // "R-000000000017-0001": of the case C-000000000017-0001
  CitizenId citizen;
  CitizenId about;
  CaseId case_id;
  ServiceId service;
  std::string authority;                // id
  std::vector<ResultVersion> versions;  // oldest first, at least one
  std::vector<Sharing> sharings;        // oldest first

  const ResultVersion& latest() const { return versions.back(); }
  bool StandsOn(Date day) const {
    return latest().change != ResultChange::kRevoked && latest().valid.Contains(day);
  }
};

std::string Encode(const ResultRecord& record);
Result<ResultRecord> DecodeResultRecord(std::string_view bytes);

// Enters what a case came to. It holds as long as its registry reports in the draft's event, else
// from today on as long as the catalogue says (validities.yaml), else without end; several outputs
// as long as all of them do. What is in the register already stays; another outcome, another
// amount, and another first or last day that a registry reports, correct it; after a revocation it
// is issued again.
Result<void> RegisterResult(Draft& draft, const Case& c, std::string outcome, std::string reason);
// Enters what the case's status says: granted or refused; what is annulled does not stand any more.
// What nobody applied for comes to nothing: an offer ends without an entry.
// The draft calls this for every change of a case.
Result<void> RegisterDecision(Draft& draft, const Case& c);
// A new version with another validity. kConflict when it was revoked.
Result<ResultRecord> CorrectResult(Draft& draft, CitizenId citizen, const std::string& id,
                                   DateInterval valid, std::string reason);
// From now on it does not stand. Revoking again changes nothing.
Result<ResultRecord> RevokeResult(Draft& draft, CitizenId citizen, const std::string& id,
                                  std::string reason);
// All records of a citizen, by id.
Result<std::vector<ResultRecord>> ResultsOf(Draft& draft, CitizenId citizen);
// kNotFound when the citizen has no such record.
Result<ResultRecord> RequireResult(Draft& draft, CitizenId citizen, const std::string& id);

// The citizen lets somebody see the record until a day, or takes that back.
Result<ResultRecord> ShareResult(Draft& draft, CitizenId citizen, const std::string& id,
                                 const std::string& with, std::optional<Date> last_day);
Result<ResultRecord> EndSharing(Draft& draft, CitizenId citizen, const std::string& id,
                                const std::string& with);

// Who looks at a record that is another's, and by what right: a legal basis of the catalogue, or,
// without one, that the citizen shares the record with them.
struct ResultReader {
  std::string who;
  std::string basis;
};
// The record, and an entry about the look for the citizen in the same commit. kDenied where neither
// the basis nor the citizen allows it; kInvalidArgument when the catalogue has no such basis, or it
// names other recipients.
Result<ResultRecord> ReadResult(Draft& draft, const ResultReader& reader, CitizenId citizen,
                                const std::string& id);

// A short code on an extract that only the owner of the key can make: of a version of a record.
std::string VerificationCode(const ResultRecord& record, const profile::ledger::SigningKey& key);

inline constexpr std::string_view kResultRecord = "result";

}  // namespace kstati::cases
