// SPDX-License-Identifier: Apache-2.0
// What is known of one citizen, and who may ask for it.
#include <algorithm>
#include <array>

#include "cases/data_needs.h"
#include "cases/draft.h"
#include "cases/speaking.h"
#include "profile/household.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"

namespace kstati::thrift {
namespace {

using kstati::profile::ledger::EntryKind;

// Erasing a person is no use of their data.
constexpr std::array<std::string_view, 2> kForNoPurpose{"eraseCitizen", "previewErasure"};
// Calls that can show a part of the data.
constexpr std::array<std::string_view, 2> kInPart{"history", "profile"};

std::string ListOf(const std::set<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Used UsedCategories(const kstati::cases::Categories& categories) {
  return {EntryKind::kAccess, {{"categories", kstati::profile::Joined(categories)}}};
}

}  // namespace

Result<PurposeOfUse> Handler::AdmitPurpose(const Reading& reading, const rpc::CallContext& context,
                                           const Caller& caller) const {
  const std::string& id = context.purpose;
  // A representative's right is the call's to check, so theirs is no use of somebody else's.
  const bool needed = !parts_.access.open() && !SpeaksBy(caller, reading) &&
                      std::ranges::find(kForNoPurpose, reading.method) == kForNoPurpose.end();
  if (id.empty() && !needed) return PurposeOfUse();
  if (id.empty()) {
    return Fail(ErrorCode::kDenied, "the call does not say for what the person's data are used",
                "context.purpose",
                "name one of the token's purposes: " + ListOf(caller.purposes()));
  }
  if (needed && !caller.purposes().contains(id)) {
    return Fail(ErrorCode::kDenied, "the token does not allow uses for this purpose",
                "context.purpose",
                caller.purposes().empty() ? "its operator can allow purposes in the tokens file"
                                          : "it allows these: " + ListOf(caller.purposes()));
  }
  ConsentsOfPerson person;
  if (kstati::profile::ParsePurpose(id)) {
    kstati::cases::Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY(person.consents, draft.Consents(reading.citizen));
    KSTATI_TRY(person.represented, kstati::cases::IsRepresented(draft, reading.citizen));
  }
  KSTATI_TRY(PurposeOfUse purpose,
             FindPurpose(id, caller, parts_.world.catalogue(), person, parts_.world.Today()));
  const bool in_part = std::ranges::find(kInPart, reading.method) != kInPart.end();
  if (!purpose.limited || in_part) return purpose;
  return Fail(ErrorCode::kDenied, "the purpose covers only a part of the data", "context.purpose",
              "read profile or history, which show that part, or name another purpose");
}

void Handler::profile(rpc::Profile& reply, const rpc::CallContext& context,
                      const std::string& citizen, const std::string& valid_at,
                      const std::string& known_at) {
  Answer("profile", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("profile", context, citizen));
    const kstati::profile::AsOf otherwise = InstantsOf(reading.as_of);
    KSTATI_TRY(const kstati::profile::AsOf as_of,
               ReadAsOf(valid_at, known_at, otherwise.valid_at, otherwise.known_at));
    const bool all = !reading.as_of && known_at.empty();
    KSTATI_TRY(const kstati::profile::FactView view,
               parts_.desk.Profile(reading.citizen, as_of.valid_at,
                                   all ? std::nullopt : std::optional(as_of.known_at)));
    reply = WriteProfile(reading.wording, view);
    const PurposeOfUse& purpose = reading.purpose;
    std::erase_if(reply.facts, [&](const auto& fact) { return !purpose.Covers(fact.category); });
    if (purpose.limited) reply.relations.clear();
    kstati::cases::Categories categories;
    for (const rpc::ProfileFact& fact : reply.facts) categories.emplace(fact.category);
    return Enter(reading, UsedCategories(categories));
  });
}

void Handler::history(rpc::History& reply, const rpc::CallContext& context,
                      const std::string& citizen) {
  Answer("history", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("history", context, citizen));
    KSTATI_TRY(const kstati::profile::History history, parts_.world.store->Load(reading.citizen));
    if (history.version == 0) {
      return Fail(ErrorCode::kNotFound, "the citizen has no profile", "citizen",
                  "check the number, or wait until the population register reports the person");
    }
    reply = WriteHistory(reading.wording, history);
    if (!reading.purpose.limited) return Enter(reading);
    std::erase_if(reply.facts, [&](const rpc::RecordedFact& recorded) {
      return !reading.purpose.Covers(recorded.fact.category);
    });
    reply.relations.clear();
    reply.corrections.clear();
    return Enter(reading, UsedCategories(reading.purpose.categories));
  });
}

void Handler::household(rpc::Household& reply, const rpc::CallContext& context,
                        const std::string& citizen) {
  Answer("household", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitLookingBack("household", context, citizen));
    const kstati::profile::AsOf as_of = InstantsOf(reading.as_of);
    KSTATI_TRY(const kstati::profile::FactView view,
               parts_.desk.Profile(reading.citizen, as_of.valid_at,
                                   reading.as_of ? std::optional(as_of.known_at) : std::nullopt));
    reply = WriteHousehold(reading.wording, view);
    return Enter(reading);
  });
}

}  // namespace kstati::thrift
