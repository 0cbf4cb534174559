// SPDX-License-Identifier: Apache-2.0
#include "cases/register.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "profile/ledger/hash.h"

namespace kstati::cases {
namespace {

using profile::ledger::EntryKind;

constexpr uint64_t kForm = 2;
constexpr uint64_t kFormWithoutAmounts = 1;
constexpr size_t kCodeLetters = 10;                                        // fifty bits
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's

constexpr std::array<std::pair<ResultChange, std::string_view>, 3> kChangeNames{{
    {ResultChange::kIssued, "issued"},
    {ResultChange::kCorrected, "corrected"},
    {ResultChange::kRevoked, "revoked"},
}};

std::string IdFor(const CaseId& c) { return "R" + c.text().substr(1); }

void Write(ByteWriter& writer, const ResultVersion& version) {
  writer.Number(static_cast<uint64_t>(version.change)).Moment(version.at);
  writer.Day(version.valid.from).OptionalDay(version.valid.to).Text(version.outcome);
  writer.Number(version.outputs.size());
  for (const AttributeId& output : version.outputs) writer.Text(output.text());
  writer.Text(version.reason);
  writer.Text(version.amount ? version.amount->ToString() : std::string());
}

// nullopt: none is written there.
Result<std::optional<Decimal>> ReadAmount(ByteReader& reader) {
  const std::string text = reader.Text();
  if (text.empty()) return std::optional<Decimal>();
  std::optional<Decimal> amount = Decimal::Parse(text);
  if (amount) return amount;
  return Fail(ErrorCode::kCorrupt, "a stored result holds an amount that is none", {},
              "restore the store from a backup");
}

Result<ResultVersion> ReadVersion(ByteReader& reader, uint64_t form) {
  ResultVersion version;
  version.change = static_cast<ResultChange>(reader.Number());
  version.at = reader.Moment();
  version.valid.from = reader.Day();
  version.valid.to = reader.OptionalDay();
  version.outcome = reader.Text();
  for (size_t left = reader.Count(); left > 0; --left) version.outputs.emplace(reader.Text());
  version.reason = reader.Text();
  if (form > kFormWithoutAmounts) {
    KSTATI_TRY(version.amount, ReadAmount(reader));
  }
  return version;
}

void Write(ByteWriter& writer, const Sharing& sharing) {
  writer.Text(sharing.with).Moment(sharing.given_at).OptionalDay(sharing.last_day);
  writer.Flag(sharing.ended_at.has_value());
  if (sharing.ended_at) writer.Moment(*sharing.ended_at);
}

Sharing ReadSharing(ByteReader& reader) {
  Sharing sharing;
  sharing.with = reader.Text();
  sharing.given_at = reader.Moment();
  sharing.last_day = reader.OptionalDay();
  if (reader.Flag()) sharing.ended_at = reader.Moment();
  return sharing;
}

profile::DeedContent ContentOf(const ResultRecord& record) {
  const ResultVersion& version = record.latest();
  return {{"call", "result_" + std::string(NameOf(version.change))},
          {"result", record.id},
          {"case", record.case_id.text()},
          {"service", record.service.text()},
          {"version", std::to_string(record.versions.size())},
          {"change", std::string(NameOf(version.change))},
          {"status", "done"},
          {"outcome", version.outcome},
          {"reason", version.reason}};
}

void Keep(Draft& draft, const ResultRecord& record) {
  draft.PutRecord(record.citizen, kResultRecord, record.id, Encode(record));
}

// Keeps the version that was just added, and enters it into the ledger.
void KeepVersion(Draft& draft, const ResultRecord& record) {
  Keep(draft, record);
  draft.Enter(record.citizen, EntryKind::kDecision, ContentOf(record));
}

Result<std::optional<ResultRecord>> FindResult(Draft& draft, CitizenId citizen,
                                               const std::string& id) {
  KSTATI_TRY_VOID(draft.Cases(citizen));  // what follows rests on the citizen's state
  KSTATI_TRY(const std::optional<std::string> bytes,
             draft.world().store->GetRecord(citizen, kResultRecord, id));
  if (!bytes) return std::optional<ResultRecord>();
  KSTATI_TRY(ResultRecord record, DecodeResultRecord(*bytes));
  return std::optional(std::move(record));
}

std::optional<Date> Earlier(std::optional<Date> a, std::optional<Date> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

const graph::Regulation* RegulationFor(const World& world, const Case& c) {
  const graph::Service* service = world.catalogue().FindService(c.service);
  return service == nullptr ? nullptr : service->RegulationOn(c.regulation_from);
}

// How long an output that is given on a day is accepted, by the catalogue; nullopt: without end.
std::optional<Date> LastDayOf(const World& world, const AttributeId& output, Date given) {
  const std::optional<Period> period = world.validities->PeriodOf(output);
  return period ? std::optional(period->After(given)) : std::nullopt;
}

// How long the outputs hold as the event of the draft reports them: all of them together. nullopt:
// it reports none.
std::optional<DateInterval> ReportedValidity(const Draft& draft, const Case& c,
                                             const std::set<AttributeId>& outputs) {
  std::optional<DateInterval> valid;
  if (draft.event() == nullptr) return valid;
  for (const profile::ReportedFact& fact : draft.event()->facts) {
    const bool of_case = fact.citizen == c.about || fact.citizen == c.citizen;
    if (!of_case || !outputs.contains(fact.attribute)) continue;
    const Date from = valid ? std::max(valid->from, fact.valid.from) : fact.valid.from;
    const std::optional<Date> last =
        fact.valid.to ? fact.valid.to : LastDayOf(draft.world(), fact.attribute, fact.valid.from);
    valid = DateInterval{from, Earlier(valid ? valid->to : std::nullopt, last)};
  }
  return valid;
}

// Of what nobody has reported yet: from today on.
DateInterval ExpectedValidity(const Draft& draft, const std::set<AttributeId>& outputs) {
  DateInterval valid{draft.today(), std::nullopt};
  for (const AttributeId& output : outputs) {
    valid.to = Earlier(valid.to, LastDayOf(draft.world(), output, draft.today()));
  }
  return valid;
}

// Who was only told of it, or offered it, and turns out to have it got nothing by this case.
bool WasAppliedFor(const Case& c) {
  return std::ranges::find(c.history, Status::kStarted, &StatusChange::status) != c.history.end();
}

bool IsShared(const ResultRecord& record, const std::string& with, Date day) {
  return std::ranges::any_of(record.sharings, [&](const Sharing& each) {
    return each.with == with && !each.ended_at && (!each.last_day || day <= *each.last_day);
  });
}

// That the law lets the reader see it.
Result<void> CheckBasis(const World& world, const ResultReader& reader) {
  const auto bases = world.catalogue().legal_bases();
  const auto basis = std::ranges::find(bases, reader.basis, &graph::LegalBasis::id);
  if (basis == bases.end()) {
    return Fail(ErrorCode::kInvalidArgument, "there is no legal basis " + reader.basis, "basis",
                "`kstati consent bases` lists those of the catalogue");
  }
  if (world.catalogue().FindAuthority(reader.who) == nullptr) {
    return Fail(ErrorCode::kDenied, "only authorities look at results by law", "reader",
                "others need that the citizen shares the result with them");
  }
  const auto& recipients = basis->recipients;
  const bool named =
      recipients.empty() || std::ranges::find(recipients, reader.who) != recipients.end();
  if (named) return {};
  return Fail(ErrorCode::kDenied, "the legal basis names other recipients", "basis " + reader.basis,
              "name the basis on which this authority may look");
}

}  // namespace

std::string_view NameOf(ResultChange change) {
  for (const auto& [known, name] : kChangeNames) {
    if (known == change) return name;
  }
  return "unknown";
}

std::string Encode(const ResultRecord& record) {
  ByteWriter writer;
  writer.Number(kForm).Text(record.id).Number(record.citizen.number());
  writer.Number(record.about.number()).Text(record.case_id.text()).Text(record.service.text());
  writer.Text(record.authority).Number(record.versions.size());
  for (const ResultVersion& version : record.versions) Write(writer, version);
  writer.Number(record.sharings.size());
  for (const Sharing& sharing : record.sharings) Write(writer, sharing);
  return writer.Take();
}

Result<ResultRecord> DecodeResultRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t form = reader.Number();
  if (form != kForm && form != kFormWithoutAmounts) {
    return Fail(ErrorCode::kUnsupported, "a stored result has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  ResultRecord record;
  record.id = reader.Text();
  record.citizen = CitizenId(reader.Number());
  record.about = CitizenId(reader.Number());
  record.case_id = CaseId(reader.Text());
  record.service = ServiceId(reader.Text());
  record.authority = reader.Text();
  for (size_t left = reader.Count(); left > 0; --left) {
    KSTATI_TRY(ResultVersion version, ReadVersion(reader, form));
    record.versions.push_back(std::move(version));
  }
  for (size_t left = reader.Count(); left > 0; --left) {
    record.sharings.push_back(ReadSharing(reader));
  }
  KSTATI_TRY_VOID(reader.Finish("result"));
  if (record.versions.empty()) {
    return Fail(ErrorCode::kCorrupt, "a stored result has no version", {},
                "restore the store from a backup");
  }
  return record;
}

Result<void> RegisterResult(Draft& draft, const Case& c, std::string outcome, std::string reason) {
  std::set<AttributeId> outputs;
  const graph::Regulation* regulation = RegulationFor(draft.world(), c);
  if (regulation != nullptr && outcome == "granted") {
    outputs.insert(regulation->outputs.begin(), regulation->outputs.end());
  }
  KSTATI_TRY(std::optional<ResultRecord> record, FindResult(draft, c.citizen, IdFor(c.id)));
  const bool stands = record && record->latest().change != ResultChange::kRevoked;
  const std::optional<DateInterval> reported = ReportedValidity(draft, c, outputs);
  const std::optional<Decimal> amount = outcome == "granted" ? GrantedAmount(c) : std::nullopt;
  const bool same = stands && record->latest().outcome == outcome;
  const bool same_amount = same && record->latest().amount == amount;
  if (same_amount && (!reported || *reported == record->latest().valid)) return {};
  if (!record) {
    record = ResultRecord{IdFor(c.id), c.citizen, c.about, c.id, c.service, {}, {}, {}};
  }
  const graph::Service* service = draft.world().catalogue().FindService(c.service);
  if (service != nullptr) record->authority = service->authority;
  const ResultChange change = stands ? ResultChange::kCorrected : ResultChange::kIssued;
  const DateInterval expected = same ? record->latest().valid : ExpectedValidity(draft, outputs);
  record->versions.push_back({change, draft.now(), reported.value_or(expected), std::move(outcome),
                              std::move(outputs), std::move(reason), amount});
  KeepVersion(draft, *record);
  return {};
}

Result<void> RegisterDecision(Draft& draft, const Case& c) {
  const std::string reason = c.history.empty() ? std::string() : c.history.back().reason;
  switch (c.status) {
    case Status::kGranted: return RegisterResult(draft, c, "granted", reason);
    case Status::kDone: {
      if (!WasAppliedFor(c)) return {};
      // What was revoked meanwhile needs another decision.
      KSTATI_TRY(const auto record, FindResult(draft, c.citizen, IdFor(c.id)));
      const bool revoked = record && record->latest().change == ResultChange::kRevoked;
      return revoked ? Result<void>() : RegisterResult(draft, c, "granted", reason);
    }
    case Status::kRefused: return RegisterResult(draft, c, "refused", reason);
    case Status::kAnnulled: {
      KSTATI_TRY(const auto record, FindResult(draft, c.citizen, IdFor(c.id)));
      if (!record) return {};
      KSTATI_TRY_VOID(RevokeResult(draft, c.citizen, record->id, reason));
      return {};
    }
    default: return {};
  }
}

Result<ResultRecord> CorrectResult(Draft& draft, CitizenId citizen, const std::string& id,
                                   DateInterval valid, std::string reason) {
  KSTATI_TRY(ResultRecord record, RequireResult(draft, citizen, id));
  if (record.latest().change == ResultChange::kRevoked) {
    return Fail(ErrorCode::kConflict, "the result was revoked", "result " + id,
                "what was revoked is issued anew by a new decision");
  }
  if (valid.to && *valid.to < valid.from) {
    return Fail(ErrorCode::kInvalidArgument, "the result would end before it begins", "valid",
                "give a last day that is not before the first one");
  }
  ResultVersion version = record.latest();
  version.change = ResultChange::kCorrected;
  version.at = draft.now();
  version.valid = valid;
  version.reason = std::move(reason);
  record.versions.push_back(std::move(version));
  KeepVersion(draft, record);
  return record;
}

Result<ResultRecord> RevokeResult(Draft& draft, CitizenId citizen, const std::string& id,
                                  std::string reason) {
  KSTATI_TRY(ResultRecord record, RequireResult(draft, citizen, id));
  if (record.latest().change == ResultChange::kRevoked) return record;
  ResultVersion version = record.latest();
  version.change = ResultChange::kRevoked;
  version.at = draft.now();
  version.reason = std::move(reason);
  record.versions.push_back(std::move(version));
  KeepVersion(draft, record);
  return record;
}

Result<std::vector<ResultRecord>> ResultsOf(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  KSTATI_TRY(const auto stored, draft.world().store->Records(citizen, kResultRecord));
  std::vector<ResultRecord> records;
  for (const auto& [id, bytes] : stored) {
    KSTATI_TRY(ResultRecord record, DecodeResultRecord(bytes));
    records.push_back(std::move(record));
  }
  return records;
}

Result<ResultRecord> RequireResult(Draft& draft, CitizenId citizen, const std::string& id) {
  KSTATI_TRY(std::optional<ResultRecord> record, FindResult(draft, citizen, id));
  if (record) return std::move(*record);
  return Fail(ErrorCode::kNotFound, "the register has no result " + id, "result",
              "`kstati result list` shows the citizen's results");
}

Result<ResultRecord> ShareResult(Draft& draft, CitizenId citizen, const std::string& id,
                                 const std::string& with, std::optional<Date> last_day) {
  KSTATI_TRY(ResultRecord record, RequireResult(draft, citizen, id));
  if (with.empty() || (last_day && *last_day < draft.today())) {
    return Fail(ErrorCode::kInvalidArgument, "the result would be shared with nobody", "sharing",
                "name who may see it, and a last day that is not over");
  }
  const bool shared = std::ranges::any_of(record.sharings, [&](const Sharing& each) {
    return each.with == with && each.last_day == last_day && !each.ended_at;
  });
  if (shared) return record;
  record.sharings.push_back({with, draft.now(), last_day, std::nullopt});
  Keep(draft, record);
  draft.Enter(citizen, EntryKind::kConsentGiven,
              {{"call", "result_shared"},
               {"result", id},
               {"service", record.service.text()},
               {"recipient", with},
               {"valid_to", last_day ? last_day->ToString() : std::string()}});
  return record;
}

Result<ResultRecord> EndSharing(Draft& draft, CitizenId citizen, const std::string& id,
                                const std::string& with) {
  draft.NeedNotWait();
  KSTATI_TRY(ResultRecord record, RequireResult(draft, citizen, id));
  bool ended = false;
  for (Sharing& each : record.sharings) {
    if (each.with != with || each.ended_at) continue;
    each.ended_at = draft.now();
    ended = true;
  }
  if (!ended) return record;
  Keep(draft, record);
  draft.Enter(citizen, EntryKind::kConsentRevoked,
              {{"call", "result_sharing_ended"},
               {"result", id},
               {"service", record.service.text()},
               {"recipient", with}});
  return record;
}

Result<ResultRecord> ReadResult(Draft& draft, const ResultReader& reader, CitizenId citizen,
                                const std::string& id) {
  KSTATI_TRY(ResultRecord record, RequireResult(draft, citizen, id));
  if (!reader.basis.empty()) {
    KSTATI_TRY_VOID(CheckBasis(draft.world(), reader));
  } else if (!IsShared(record, reader.who, draft.today())) {
    return Fail(ErrorCode::kDenied, "the citizen does not share the result with " + reader.who,
                "result " + id, "ask the citizen, or name a legal basis");
  }
  draft.Enter(citizen, EntryKind::kDisclosure,
              {{"call", "result_shown"},
               {"result", id},
               {"service", record.service.text()},
               {"recipient", reader.who},
               {"consent", reader.basis.empty() ? id : std::string()},
               {"basis", reader.basis}});
  return record;
}

std::string VerificationCode(const ResultRecord& record, const profile::ledger::SigningKey& key) {
  const profile::ledger::Signature signature =
      key.Sign("extract " + record.id + " " + std::to_string(record.versions.size()));
  const std::string_view bytes(reinterpret_cast<const char*>(signature.data()), signature.size());
  const profile::ledger::Hash hash = profile::ledger::Sha256(bytes);
  std::string code;
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof bits; ++i) bits = (bits << 8) | hash.bytes[i];
  for (size_t i = 0; i < kCodeLetters; ++i) {
    code.push_back(kLetters[(bits >> 59) & 31]);
    bits <<= 5;
  }
  return code;
}

}  // namespace kstati::cases
