// SPDX-License-Identifier: Apache-2.0
// What people are told of the calls that used their data.
#include <algorithm>

#include "profile/ledger/partitions.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_uses.h"

namespace kstati::thrift {
namespace {

using kstati::profile::DeedContent;
using kstati::profile::Use;

// Whoever reads the entry knows neither whose question it was nor what the question was about.
constexpr const char* kForKin = "kin";
constexpr const char* kHousehold = "household";
constexpr int32_t kUsesMax = 1'000;

void PutUnlessEmpty(DeedContent& content, const char* name, const std::string& text) {
  if (!text.empty()) content.emplace(name, text);
}

// A law or a consent that the entry rests on already stays.
void PutPurpose(DeedContent& content, const PurposeOfUse& purpose) {
  if (purpose.id.empty()) return;
  content.emplace("purpose", purpose.id);
  if (content.contains("basis") || content.contains("consent")) return;
  if (purpose.consent.empty()) {
    content.emplace("basis", purpose.id);
  } else {
    content.emplace("consent", purpose.consent);
  }
}

}  // namespace

Result<void> Handler::Enter(const Reading& reading, Used used) const {
  DeedContent content = std::move(used.said);
  content.emplace("call", reading.method);
  content.emplace("caller", reading.caller);
  if (reading.own) content.emplace("as", "self");
  PutUnlessEmpty(content, "actor", reading.actor);
  PutUnlessEmpty(content, "reason", reading.reason);
  PutPurpose(content, reading.purpose);
  std::vector<Use> uses{{reading.citizen, used.kind, std::move(content)}};
  if (!used.exposure.empty()) {
    uses.front().log = recommender::kExposureLog;
    uses.front().entry = std::move(used.exposure);
  }
  for (const CitizenId other : used.of) {
    if (other == reading.citizen) continue;
    DeedContent told{{"call", kForKin}};
    if (reading.own) {
      told.emplace("as", kHousehold);
    } else {
      told.emplace("caller", reading.caller);
      PutUnlessEmpty(told, "actor", reading.actor);
      PutUnlessEmpty(told, "purpose", reading.purpose.id);
    }
    uses.push_back({other, used.kind, std::move(told)});
  }
  if (uses.size() == 1 && reading.own) return parts_.uses.EnterSoon(std::move(uses.front()));
  return parts_.uses.Enter(uses);
}

Result<void> Handler::EnterForeign(const Reading& reading) const {
  if (reading.own) return {};
  return Enter(reading);
}

void Handler::EnterRefusal(std::string_view method, const std::string& caller,
                           CitizenId citizen) const {
  refusals_.Enter(method, caller, citizen);
}

void Handler::usesOfData(std::vector<rpc::UseOfData>& reply, const rpc::CallContext& context,
                         const std::string& citizen, int64_t after, int32_t limit) {
  Answer("usesOfData", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("usesOfData", context, citizen));
    if (limit < 1 || limit > kUsesMax || after < 0) {
      return Fail(ErrorCode::kInvalidArgument, "the page is out of range",
                  after < 0 ? "after" : "limit",
                  "ask for 1 to " + std::to_string(kUsesMax) + " entries behind one that exists");
    }
    // What was done last is seen as well.
    refusals_.Settle(reading.citizen);
    KSTATI_TRY_VOID(parts_.uses.Flush(reading.citizen));
    KSTATI_TRY(const auto deeds,
               parts_.world.store->Deeds(reading.citizen, static_cast<uint64_t>(after),
                                         static_cast<size_t>(limit)));
    for (const kstati::profile::DeedOfCitizen& deed : deeds) {
      reply.push_back(WriteUse(reading.wording, deed));
    }
    return Enter(reading);
  });
}

void Handler::ledgerReceipt(std::string& reply, const rpc::CallContext& context,
                            const std::string& citizen, int64_t number) {
  Answer("ledgerReceipt", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("ledgerReceipt", context, citizen));
    KSTATI_TRY(reply, parts_.world.store->DeedReceipt(
                          reading.citizen, number < 0 ? 0 : static_cast<uint64_t>(number)));
    return EnterForeign(reading);
  });
}

void Handler::ledgerConsistency(std::string& reply, const rpc::CallContext& context,
                                const std::string& citizen, const std::string& first,
                                const std::string& second) {
  Answer("ledgerConsistency", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("ledgerConsistency", context, citizen));
    const size_t partition = parts_.world.store->engine().PartitionOf(reading.citizen);
    KSTATI_TRY(reply, parts_.world.store->LedgerConsistency(partition, first, second));
    return {};
  });
}

void Handler::ledgerKey(std::string& reply, const rpc::CallContext& context,
                        const std::string& citizen) {
  Answer("ledgerKey", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("ledgerKey", context, citizen));
    const kstati::profile::Engine& engine = parts_.world.store->engine();
    reply = kstati::profile::ledger::KeyOfPartition(
                parts_.ledger_key, engine.PartitionOf(reading.citizen), engine.Partitions())
                .ToString();
    return {};
  });
}

}  // namespace kstati::thrift
