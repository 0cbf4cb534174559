// SPDX-License-Identifier: Apache-2.0
// The calls about the chain of a life situation.
#include "base/time.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"

namespace kstati::thrift {
namespace {

using kstati::profile::ledger::EntryKind;

Result<Instant> ReadToldAt(const std::string& text) {
  Result<Instant> told_at = Instant::Parse(text);
  if (told_at) return told_at;
  return Fail(ErrorCode::kInvalidArgument, "this is no moment", "told_at",
              "write it as in 2026-03-15T09:30:00Z");
}

}  // namespace

void Handler::chain(rpc::Chain& reply, const rpc::CallContext& context, const std::string& citizen,
                    const std::string& situation, const std::string& about) {
  Answer("chain", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("chain", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(situation, "situation"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const kstati::cases::Desk::PersonalChain chain,
               parts_.desk.Chain(reading.citizen, SituationId(name), whom, reading.as_of, &read,
                                 reading.channels));
    reply = WriteChain(reading.wording, chain);
    return Enter(reading, {EntryKind::kEvaluation, {{"situation", name}}, std::move(read)});
  });
}

void Handler::chainOptions(std::vector<rpc::ChainOption>& reply, const rpc::CallContext& context,
                           const std::string& citizen, const std::string& situation,
                           const std::string& about) {
  Answer("chainOptions", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("chainOptions", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(situation, "situation"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const auto found, parts_.desk.ChainOptions(reading.citizen, SituationId(name), whom,
                                                          reading.as_of, &read, reading.channels));
    reply = WriteOptions(reading.wording, found.ways);
    return Enter(reading, {EntryKind::kEvaluation, {{"situation", name}}, std::move(read)});
  });
}

void Handler::chainFront(rpc::ChainFront& reply, const rpc::CallContext& context,
                         const std::string& citizen, const std::string& situation,
                         const std::string& about) {
  Answer("chainFront", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("chainFront", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(situation, "situation"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const auto found, parts_.desk.ChainFront(reading.citizen, SituationId(name), whom,
                                                        reading.as_of, &read, reading.channels));
    reply = WriteFront(reading.wording, SituationId(name), found);
    return Enter(reading, {EntryKind::kEvaluation, {{"situation", name}}, std::move(read)});
  });
}

void Handler::repairChain(rpc::ChainRepair& reply, const rpc::CallContext& context,
                          const std::string& citizen, const std::string& situation,
                          const std::string& about, const std::string& told_at) {
  Answer("repairChain", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("repairChain", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(situation, "situation"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    KSTATI_TRY(const Instant told, ReadToldAt(told_at));
    std::vector<CitizenId> read;
    KSTATI_TRY(const auto repaired, parts_.desk.RepairChain(reading.citizen, SituationId(name),
                                                            whom, told, &read, reading.channels));
    reply.chain = WriteChain(reading.wording, repaired.chain);
    reply.changes = WriteChanges(reading.wording, repaired.changes);
    return Enter(reading, {EntryKind::kEvaluation, {{"situation", name}}, std::move(read)});
  });
}

}  // namespace kstati::thrift
