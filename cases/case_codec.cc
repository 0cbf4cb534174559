// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "cases/case.h"

namespace kstati::cases {
namespace {

constexpr uint64_t kFormat = 6;
constexpr size_t kModes = 4;
constexpr size_t kVerdicts = 4;
constexpr uint64_t kWithoutAmounts = 5;
constexpr uint64_t kToldByAttribute = 4;  // of the applicant
constexpr uint64_t kWithoutCalendar = 3;
constexpr uint64_t kUpToHistory = 2;  // without what follows the history

template <class Value>
Value ReadValue(ByteReader& reader, size_t count, bool& fits) {
  const uint64_t number = reader.Number();
  fits &= number < count;
  return static_cast<Value>(number < count ? number : 0);
}

void WriteHistory(ByteWriter& writer, const std::vector<StatusChange>& history) {
  writer.Number(history.size());
  for (const StatusChange& change : history) {
    writer.Number(static_cast<uint64_t>(change.status)).Moment(change.at).Text(change.reason);
  }
}

std::vector<StatusChange> ReadHistory(ByteReader& reader, bool& fits) {
  std::vector<StatusChange> history(reader.Count());
  for (StatusChange& change : history) {
    change.status = ReadValue<Status>(reader, kStatusCount, fits);
    change.at = reader.Moment();
    change.reason = reader.Text();
  }
  return history;
}

void WriteRulings(ByteWriter& writer, const std::vector<Ruling>& rulings) {
  writer.Number(rulings.size());
  for (const Ruling& ruling : rulings) {
    writer.Number(static_cast<uint64_t>(ruling.decided)).Text(ruling.official);
    writer.Number(static_cast<uint64_t>(ruling.verdict)).Number(ruling.grounds.size());
    for (const GroundId& ground : ruling.grounds) writer.Text(ground.text());
    writer.Number(static_cast<uint64_t>(ruling.override_reason)).Moment(ruling.at);
  }
}

std::vector<Ruling> ReadRulings(ByteReader& reader, bool& fits) {
  std::vector<Ruling> rulings(reader.Count());
  for (Ruling& ruling : rulings) {
    ruling.decided = ReadValue<Decided>(reader, kDecidedCount, fits);
    ruling.official = reader.Text();
    ruling.verdict = ReadValue<eligibility::Verdict>(reader, kVerdicts, fits);
    for (size_t left = reader.Count(); left > 0; --left) ruling.grounds.emplace_back(reader.Text());
    ruling.override_reason = ReadValue<Override>(reader, kOverrideCount, fits);
    ruling.at = reader.Moment();
  }
  return rulings;
}

void WriteAmounts(ByteWriter& writer, const std::vector<Ruling>& rulings) {
  for (const Ruling& ruling : rulings) {
    writer.Text(ruling.amount ? ruling.amount->ToString() : std::string());
  }
}

void ReadAmounts(ByteReader& reader, std::vector<Ruling>& rulings, bool& fits) {
  for (Ruling& ruling : rulings) {
    const std::string text = reader.Text();
    if (text.empty()) continue;
    const auto amount = Decimal::Parse(text);
    fits &= amount.has_value();
    if (amount) ruling.amount = *amount;
  }
}

// What a case waits for, and what it was told.
void WriteWait(ByteWriter& writer, const Case& c) {
  writer.Number(c.awaited.size());
  for (const AttributeId& attribute : c.awaited) writer.Text(attribute.text());
  writer.OptionalDay(c.wait_until).Number(c.told.size());
  for (const auto& [asked, value] : c.told) {
    writer.Number(asked.first.number()).Text(asked.second.text()).Text(value);
  }
  writer.Number(c.findings.size());
  for (const auto& [condition, holds] : c.findings) writer.Text(condition).Flag(holds);
  writer.Flag(c.has_place);
}

void ReadWait(ByteReader& reader, uint64_t format, Case& c) {
  for (size_t left = reader.Count(); left > 0; --left) c.awaited.emplace(reader.Text());
  c.wait_until = reader.OptionalDay();
  for (size_t left = reader.Count(); left > 0; --left) {
    const CitizenId whose = format <= kToldByAttribute ? c.citizen : CitizenId(reader.Number());
    AttributeId attribute(reader.Text());
    c.told[{whose, std::move(attribute)}] = reader.Text();
  }
  for (size_t left = reader.Count(); left > 0; --left) {
    std::string condition = reader.Text();
    c.findings[std::move(condition)] = reader.Flag();
  }
  c.has_place = reader.Flag();
}

void WriteRefused(ByteWriter& writer, const Case& c) {
  writer.Number(c.refused_steps).Number(c.refused.size());
  for (const RefusedStep& step : c.refused) {
    writer.Number(static_cast<uint64_t>(step.status)).Number(static_cast<uint64_t>(step.action));
    writer.Moment(step.at);
  }
}

void ReadRefused(ByteReader& reader, Case& c, bool& fits) {
  c.refused_steps = reader.Number();
  c.refused.resize(reader.Count());
  for (RefusedStep& step : c.refused) {
    step.status = ReadValue<Status>(reader, kStatusCount, fits);
    step.action = ReadValue<Action>(reader, kActionCount, fits);
    step.at = reader.Moment();
  }
}

void WriteKeys(ByteWriter& writer, const std::set<profile::EventKey>& keys) {
  writer.Number(keys.size());
  for (const profile::EventKey& key : keys) writer.Text(key.source.text()).Text(key.id.text());
}

void ReadKeys(ByteReader& reader, std::set<profile::EventKey>& keys) {
  for (size_t left = reader.Count(); left > 0; --left) {
    RegistryId source(reader.Text());
    keys.insert({std::move(source), EventId(reader.Text())});
  }
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
  WriteKeys(writer, c.rests_on);
  WriteRulings(writer, c.rulings);
  WriteWait(writer, c);
  writer.Number(c.compensation.size());
  for (const CaseId& id : c.compensation) writer.Text(id.text());
  WriteRefused(writer, c);
  writer.Text(c.calendar);
  WriteAmounts(writer, c.rulings);
  return writer.Take();
}

Result<Case> DecodeCase(std::string_view bytes) {
  ByteReader reader(bytes);
  const uint64_t format = reader.Number();
  if (format < kUpToHistory || format > kFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored case has an unknown format", {},
                "use the version of kstati that wrote the store, or begin a new one");
  }
  bool fits = true;  // every number is one of its list
  Case c;
  c.id = CaseId(reader.Text());
  c.citizen = CitizenId(reader.Number());
  c.about = CitizenId(reader.Number());
  c.service = ServiceId(reader.Text());
  c.situation = SituationId(reader.Text());
  c.mode = ReadValue<graph::Mode>(reader, kModes, fits);
  c.status = ReadValue<Status>(reader, kStatusCount, fits);
  c.opened_at = reader.Moment();
  c.clock_started_at = reader.Moment();
  c.due = reader.OptionalDay();
  c.due_note = reader.Text();
  c.verdict = ReadValue<eligibility::Verdict>(reader, kVerdicts, fits);
  c.consent = ConsentId(reader.Text());
  c.cause.source = RegistryId(reader.Text());
  c.cause.id = EventId(reader.Text());
  c.regulation_from = reader.Day();
  for (size_t left = reader.Count(); left > 0; --left) c.categories.emplace(reader.Text());
  c.history = ReadHistory(reader, fits);
  if (format >= kWithoutCalendar) {
    ReadKeys(reader, c.rests_on);
    c.rulings = ReadRulings(reader, fits);
    ReadWait(reader, format, c);
    for (size_t left = reader.Count(); left > 0; --left) c.compensation.emplace_back(reader.Text());
    ReadRefused(reader, c, fits);
  }
  if (format > kWithoutCalendar) c.calendar = reader.Text();
  if (format > kWithoutAmounts) ReadAmounts(reader, c.rulings, fits);
  KSTATI_TRY_VOID(reader.Finish("case"));
  if (!fits) {
    return Fail(ErrorCode::kCorrupt, "a stored case holds a number that no list has", {},
                "restore the store from a backup");
  }
  return c;
}

}  // namespace kstati::cases
