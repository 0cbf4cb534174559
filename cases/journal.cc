// SPDX-License-Identifier: Apache-2.0
#include "cases/journal.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kForm = 1;

constexpr std::array<std::pair<Actor, std::string_view>, 6> kActorNames{{
    {Actor::kState, "state"},
    {Actor::kPerson, "person"},
    {Actor::kRepresentative, "representative"},
    {Actor::kOfficial, "official"},
    {Actor::kOperator, "operator"},
    {Actor::kSource, "source"},
}};

constexpr std::array<std::string_view, 7> kReasonsOfPersons{
    "case.reason.applied",         "case.reason.confirmed",        "case.reason.declined",
    "case.reason.consent_revoked", "case.reason.consent_narrowed", "case.reason.informed",
    "case.reason.withdrawn"};
constexpr std::array<std::string_view, 9> kReasonsOfOfficials{"case.reason.asked_by_official",
                                                              "case.reason.granted_by_official",
                                                              "case.reason.refused_by_official",
                                                              "case.reason.annulled_by_official",
                                                              "case.reason.assessed",
                                                              "case.reason.condition_fails",
                                                              "case.reason.place_given",
                                                              "case.reason.suspended",
                                                              "case.reason.taken_back"};

}  // namespace

std::string_view NameOf(Actor actor) {
  for (const auto& [known, name] : kActorNames) {
    if (known == actor) return name;
  }
  return "unknown";
}

Result<Actor> ParseActor(std::string_view name) {
  for (const auto& [actor, known] : kActorNames) {
    if (known == name) return actor;
  }
  return Fail(ErrorCode::kInvalidArgument, "not a kind of actor", {},
              "write state, person, representative, official, operator or source");
}

std::string Encode(const JournalEntry& entry) {
  ByteWriter writer;
  writer.Number(kForm).Text(entry.case_id.text()).Text(entry.service.text()).Text(entry.authority);
  writer.Text(entry.activity).Moment(entry.at).Number(static_cast<uint64_t>(entry.actor));
  return writer.Text(entry.reason).Text(entry.party).Take();
}

Result<JournalEntry> DecodeJournalEntry(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kForm) {
    return Fail(ErrorCode::kUnsupported, "an entry of the journal has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  JournalEntry entry;
  entry.case_id = CaseId(reader.Text());
  entry.service = ServiceId(reader.Text());
  entry.authority = reader.Text();
  entry.activity = reader.Text();
  entry.at = reader.Moment();
  entry.actor = static_cast<Actor>(reader.Number());
  entry.reason = reader.Text();
  entry.party = reader.Text();
  KSTATI_TRY_VOID(reader.Finish("entry of the journal"));
  return entry;
}

Actor ActorOf(std::string_view reason) {
  const bool persons = std::ranges::find(kReasonsOfPersons, reason) != kReasonsOfPersons.end();
  if (persons) return Actor::kPerson;
  const bool officials =
      std::ranges::find(kReasonsOfOfficials, reason) != kReasonsOfOfficials.end();
  return officials ? Actor::kOfficial : Actor::kState;
}

}  // namespace kstati::cases
