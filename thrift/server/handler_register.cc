// SPDX-License-Identifier: Apache-2.0
// The calls about clocks of cases and the register of results.
#include "cases/clock_keeping.h"
#include "cases/consenting.h"
#include "cases/register.h"
#include "cases/result_token.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_register.h"

namespace kstati::thrift {
namespace {

using kstati::cases::Draft;
using kstati::cases::ResultRecord;
using kstati::profile::ledger::EntryKind;

constexpr int32_t kTokenDaysMax = 3'650;
constexpr size_t kDigitsOfCitizen = 12;

Result<const kstati::profile::ledger::SigningKey*> RequireKey(const HandlerParts& parts) {
  if (parts.signing_key != nullptr) return parts.signing_key;
  return Fail(ErrorCode::kUnsupported, "this server has no key to sign results with", {},
              "ask a server that keeps the ledger");
}

// Whose result it is, by its id: "R-000000000017-0001".
std::optional<CitizenId> OwnerOf(const std::string& result) {
  if (result.size() < 2 + kDigitsOfCitizen || result.compare(0, 2, "R-") != 0) return std::nullopt;
  const auto owner = CitizenId::Parse(result.substr(2, kDigitsOfCitizen));
  return owner ? std::optional(*owner) : std::nullopt;
}

// The version for which the code was made; nothing of the record for a code that is wrong.
rpc::ExtractCheck Check(ResultRecord record, const std::string& code, Date today,
                        const kstati::profile::ledger::SigningKey& key) {
  rpc::ExtractCheck check;
  const bool stands = record.StandsOn(today);
  const size_t versions = record.versions.size();
  while (!record.versions.empty() && kstati::cases::VerificationCode(record, key) != code) {
    record.versions.pop_back();
  }
  check.genuine = !record.versions.empty();
  check.latest = check.genuine && record.versions.size() == versions;
  check.stands = check.genuine && stands;
  return check;
}

}  // namespace

void Handler::caseClock(rpc::CaseClock& reply, const rpc::CallContext& context,
                        const std::string& citizen, const std::string& case_id) {
  Answer("caseClock", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("caseClock", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(case_id, "case_id"));
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY(const kstati::cases::Case c,
               kstati::cases::RequireCase(draft, reading.citizen, CaseId(name)));
    KSTATI_TRY(const auto clock, kstati::cases::ClockOf(draft, reading.citizen, c.id));
    if (!clock) {
      return Fail(ErrorCode::kNotFound, "the case has no legal clock", "case " + name,
                  "a clock starts when an application does");
    }
    const kstati::cases::Reckoning reckoning{parts_.world.term_calendars().Of(clock->calendar),
                                             parts_.world.time_zone};
    reply = WriteClock(reading.wording, *clock, reckoning, draft.now());
    return Enter(reading, {EntryKind::kAccess, {{"service", c.service.text()}}});
  });
}

void Handler::results(std::vector<rpc::ResultRecord>& reply, const rpc::CallContext& context,
                      const std::string& citizen) {
  Answer("results", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("results", context, citizen));
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY_VOID(draft.HouseholdOf(reading.citizen));
    KSTATI_TRY(const auto records, kstati::cases::ResultsOf(draft, reading.citizen));
    for (const ResultRecord& record : records) {
      reply.push_back(WriteResult(reading.wording, record, draft.today()));
    }
    return Enter(reading);
  });
}

void Handler::resultExtract(rpc::ResultExtract& reply, const rpc::CallContext& context,
                            const std::string& citizen, const std::string& result) {
  Answer("resultExtract", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("resultExtract", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(result, "result"));
    KSTATI_TRY(const auto* key, RequireKey(parts_));
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY(const ResultRecord record,
               kstati::cases::RequireResult(draft, reading.citizen, name));
    reply.record = WriteResult(reading.wording, record, draft.today());
    reply.code = kstati::cases::VerificationCode(record, *key);
    reply.made_at = draft.now().ToString();
    return Enter(reading, {EntryKind::kAccess, {{"service", record.service.text()}}});
  });
}

void Handler::resultToken(std::string& reply, const rpc::CallContext& context,
                          const std::string& citizen, const std::string& result, int32_t days) {
  Answer("resultToken", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("resultToken", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(result, "result"));
    KSTATI_TRY(const auto* key, RequireKey(parts_));
    if (days < 1 || days > kTokenDaysMax) {
      return Fail(ErrorCode::kInvalidArgument, "the time is out of range", "days",
                  "ask for 1 to " + std::to_string(kTokenDaysMax) + " days");
    }
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY(const ResultRecord record,
               kstati::cases::RequireResult(draft, reading.citizen, name));
    KSTATI_TRY(reply,
               kstati::cases::MakeResultToken(record, parts_.world, *key, draft.now(), days));
    return Enter(reading, {EntryKind::kAccess, {{"service", record.service.text()}}});
  });
}

void Handler::shareResult(rpc::ResultRecord& reply, const rpc::CallContext& context,
                          const std::string& citizen, const std::string& result,
                          const std::string& with_whom, const std::string& last_day) {
  Answer("shareResult", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("shareResult", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(result, "result"));
    KSTATI_TRY(const std::string with, ReadName(with_whom, "with_whom"));
    std::optional<Date> until;
    if (!last_day.empty()) {
      KSTATI_TRY(until, Date::Parse(last_day));
    }
    KSTATI_TRY(const ResultRecord record, kstati::cases::Retry(parts_.world, [&](Draft& draft) {
                 return kstati::cases::ShareResult(draft, reading.citizen, name, with, until);
               }));
    reply = WriteResult(reading.wording, record, parts_.world.Today());
    return EnterForeign(reading);
  });
}

void Handler::endSharing(rpc::ResultRecord& reply, const rpc::CallContext& context,
                         const std::string& citizen, const std::string& result,
                         const std::string& with_whom) {
  Answer("endSharing", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("endSharing", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(result, "result"));
    KSTATI_TRY(const std::string with, ReadName(with_whom, "with_whom"));
    KSTATI_TRY(const ResultRecord record, kstati::cases::Retry(parts_.world, [&](Draft& draft) {
                 return kstati::cases::EndSharing(draft, reading.citizen, name, with);
               }));
    reply = WriteResult(reading.wording, record, parts_.world.Today());
    return EnterForeign(reading);
  });
}

void Handler::checkExtract(rpc::ExtractCheck& reply, const rpc::CallContext& context,
                           const std::string& result, const std::string& code) {
  Answer("checkExtract", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    KSTATI_TRY(const std::string name, ReadName(result, "result"));
    KSTATI_TRY(const std::string letters, ReadName(code, "code"));
    KSTATI_TRY(const auto* key, RequireKey(parts_));
    const std::optional<CitizenId> owner = OwnerOf(name);
    if (!owner) return {};
    Draft draft(parts_.world, parts_.world.Now());  // never committed
    const auto record = kstati::cases::RequireResult(draft, *owner, name);
    // Whether there is such a result is nobody's business who does not have its code.
    if (!record && record.error().code != ErrorCode::kNotFound) return Fail(record.error());
    if (record) reply = Check(*record, letters, draft.today(), *key);
    return {};
  });
}

}  // namespace kstati::thrift
