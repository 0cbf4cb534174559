// SPDX-License-Identifier: Apache-2.0
#include "cases/refused_filing.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "cases/deciding.h"
#include "cases/draft.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kRefusedFilingFormat = 1;

std::string NameOfRecord(const RefusedFiling& filing) {
  return filing.service.text() + "." + filing.about.ToString();
}

void Forget(Draft& draft, const RefusedFiling& filing) {
  draft.RemoveRecord(filing.citizen, kRefusedFilingRecord, NameOfRecord(filing));
}

// What the person has, or had since, makes the refusal of no account.
Result<bool> IsOfNoAccount(Draft& draft, const RefusedFiling& filing) {
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(filing.citizen));
  return std::ranges::any_of(cases, [&](const Case& c) {
    const bool same = c.service == filing.service && c.about == filing.about;
    return same && (IsOpen(c.status) || filing.at <= c.opened_at);
  });
}

Result<void> DecideFiling(Draft& draft, RefusedFiling filing) {
  const bool given = draft.world().catalogue().FindService(filing.service) != nullptr;
  KSTATI_TRY(const bool about_known, draft.Knows(filing.about));
  if (!given || !about_known) return {};
  KSTATI_TRY(const bool of_no_account, IsOfNoAccount(draft, filing));
  if (of_no_account) {
    Forget(draft, filing);
    return {};
  }
  Case c;
  c.citizen = filing.citizen;
  c.about = filing.about;
  c.service = filing.service;
  KSTATI_TRY(const eligibility::Decision decision, DecideAgain(draft, c));
  const bool refused = decision.verdict == eligibility::Verdict::kNotEligible;
  if (refused || decision.in_force == nullptr) {
    filing.rests_on = std::move(c.rests_on);
    Keep(draft, filing);
    return {};
  }
  Forget(draft, filing);
  c.mode = graph::Mode::kOnRequest;
  c.status = Status::kOffered;
  c.regulation_from = decision.in_force->in_force.from;
  c.clock_started_at = draft.now();
  c.due_note = "case.due.not_started";
  KSTATI_TRY_VOID(draft.Open(std::move(c), "case.reason.filing_corrected"));
  return {};
}

}  // namespace

std::string Encode(const RefusedFiling& filing) {
  ByteWriter writer;
  writer.Number(kRefusedFilingFormat).Number(filing.citizen.number()).Number(filing.about.number());
  writer.Text(filing.service.text()).Moment(filing.at).Number(filing.rests_on.size());
  for (const profile::EventKey& key : filing.rests_on) {
    writer.Text(key.source.text()).Text(key.id.text());
  }
  return writer.Take();
}

Result<RefusedFiling> DecodeRefusedFiling(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kRefusedFilingFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored refusal has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  RefusedFiling filing;
  filing.citizen = CitizenId(reader.Number());
  filing.about = CitizenId(reader.Number());
  filing.service = ServiceId(reader.Text());
  filing.at = reader.Moment();
  for (size_t left = reader.Count(); left > 0; --left) {
    RegistryId source(reader.Text());
    filing.rests_on.insert({std::move(source), EventId(reader.Text())});
  }
  KSTATI_TRY_VOID(reader.Finish("refused filing"));
  return filing;
}

void Keep(Draft& draft, const RefusedFiling& filing) {
  draft.PutRecord(filing.citizen, kRefusedFilingRecord, NameOfRecord(filing), Encode(filing));
}

Result<void> CorrectRefusedFilings(Draft& draft, CitizenId citizen,
                                   const profile::EventKey& superseded) {
  KSTATI_TRY_VOID(draft.Cases(citizen));  // what follows rests on the citizen's state
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kRefusedFilingRecord));
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(RefusedFiling filing, DecodeRefusedFiling(bytes));
    if (!filing.rests_on.contains(superseded)) continue;
    KSTATI_TRY_VOID(DecideFiling(draft, std::move(filing)));
  }
  return {};
}

}  // namespace kstati::cases
