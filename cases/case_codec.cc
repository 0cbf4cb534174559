// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "cases/case.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kFormat = 2;

void WriteHistory(ByteWriter& writer, const std::vector<StatusChange>& history) {
  writer.Number(history.size());
  for (const StatusChange& change : history) {
    writer.Number(static_cast<uint64_t>(change.status)).Moment(change.at).Text(change.reason);
  }
}

std::vector<StatusChange> ReadHistory(ByteReader& reader) {
  std::vector<StatusChange> history(reader.Count());
  for (StatusChange& change : history) {
    change.status = static_cast<Status>(reader.Number());
    change.at = reader.Moment();
    change.reason = reader.Text();
  }
  return history;
}

}  // namespace

std::string Encode(const Case& c) {
  ByteWriter writer;
  writer.Number(kFormat).Text(c.id.text()).Number(c.citizen.number()).Number(c.about.number());
  writer.Text(c.service.text()).Text(c.situation.text());
  writer.Number(static_cast<uint64_t>(c.mode)).Number(static_cast<uint64_t>(c.status));
  writer.Moment(c.opened_at).Moment(c.clock_started_at).OptionalDay(c.due).Text(c.due_note);
  writer.Number(static_cast<uint64_t>(c.verdict)).Text(c.consent.text());
  writer.Text(c.cause.source.text()).Text(c.cause.id.text()).Day(c.regulation_from);
  writer.Number(c.categories.size());
  for (const profile::CategoryId& category : c.categories) writer.Text(category.text());
  WriteHistory(writer, c.history);
  return writer.Take();
}

Result<Case> DecodeCase(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored case has an unknown format", {},
                "use the version of kstati that wrote the store, or begin a new one");
  }
  Case c;
  c.id = CaseId(reader.Text());
  c.citizen = CitizenId(reader.Number());
  c.about = CitizenId(reader.Number());
  c.service = ServiceId(reader.Text());
  c.situation = SituationId(reader.Text());
  c.mode = static_cast<graph::Mode>(reader.Number());
  c.status = static_cast<Status>(reader.Number());
  c.opened_at = reader.Moment();
  c.clock_started_at = reader.Moment();
  c.due = reader.OptionalDay();
  c.due_note = reader.Text();
  c.verdict = static_cast<eligibility::Verdict>(reader.Number());
  c.consent = ConsentId(reader.Text());
  c.cause.source = RegistryId(reader.Text());
  c.cause.id = EventId(reader.Text());
  c.regulation_from = reader.Day();
  for (size_t left = reader.Count(); left > 0; --left) c.categories.emplace(reader.Text());
  c.history = ReadHistory(reader);
  KSTATI_TRY_VOID(reader.Finish("case"));
  return c;
}

}  // namespace kstati::cases
