// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/fact_codec.h"

#include <array>
#include <charconv>

namespace kstati::profile {
namespace {

constexpr uint64_t kEventForm = 1;
constexpr uint64_t kEventWithEvidence = 2;  // before its participants

enum ValueTag : uint64_t {
  kTagNotApplicable = 0,
  kTagFalse = 1,
  kTagTrue = 2,
  kTagScaled = 3,       // decimal of at most 18 digits: scale, then the digits as an integer
  kTagLongDecimal = 4,  // any other decimal: its text
  kTagText = 5,
  kTagDate = 6,
};

constexpr size_t kScaledDigitsMax = 18;  // always fit 64 bits

struct Scaled {
  uint8_t scale;
  int64_t digits;
};

// "-12.5" as 125 with scale 1 and a sign; nullopt when there are too many digits.
std::optional<Scaled> ToScaled(std::string_view text) {
  std::array<char, kScaledDigitsMax + 1> digits{};
  size_t count = 0;
  size_t scale = 0;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (count == digits.size()) return std::nullopt;
    digits[count++] = c;
    if (fraction) ++scale;
  }
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + count, number);
  const bool whole = error == std::errc() && end == digits.data() + count;
  const size_t signs = text.starts_with('-') ? 1 : 0;
  if (!whole || count - signs > kScaledDigitsMax) return std::nullopt;
  return Scaled{static_cast<uint8_t>(scale), number};
}

void EncodeDecimal(const Decimal& number, ByteWriter& writer) {
  const std::string text = number.ToString();
  if (const std::optional<Scaled> scaled = ToScaled(text)) {
    writer.Number(kTagScaled).Number(scaled->scale).Signed(scaled->digits);
  } else {
    writer.Number(kTagLongDecimal).Text(text);
  }
}

bool DecodeScaled(ByteReader& reader, FactValue& value) {
  const uint64_t scale = reader.Number();
  const int64_t digits = reader.Signed();
  if (!reader.ok() || scale > kScaledDigitsMax) return false;
  value = Decimal::Scaled(digits, static_cast<int>(scale));
  return true;
}

bool DecodeLong(ByteReader& reader, FactValue& value) {
  const std::optional<Decimal> number = Decimal::Parse(reader.TextView());
  if (number) value = *number;
  return number.has_value();
}

// In the memory of a text that is there already.
void DecodeText(ByteReader& reader, FactValue& value) {
  const std::string_view text = reader.TextView();
  if (std::string* const there = std::get_if<std::string>(&value)) {
    there->assign(text);
  } else {
    value.emplace<std::string>(text);
  }
}

void EncodeInterval(const DateInterval& interval, ByteWriter& writer) {
  writer.Day(interval.from).OptionalDay(interval.to);
}

DateInterval DecodeInterval(ByteReader& reader) {
  const Date from = reader.Day();
  return DateInterval{from, reader.OptionalDay()};
}

void EncodeFact(const ReportedFact& fact, ByteWriter& writer) {
  writer.Number(fact.citizen.number()).Text(fact.attribute.text());
  EncodeValue(fact.value, writer);
  EncodeInterval(fact.valid, writer);
}

void EncodeRelation(const ReportedRelation& relation, ByteWriter& writer) {
  writer.Number(relation.from.number()).Number(static_cast<uint64_t>(relation.kind));
  writer.Number(relation.to.number());
  EncodeInterval(relation.valid, writer);
}

void EncodeHead(const RegistryEvent& event, ByteWriter& writer) {
  writer.Number(event.evidence ? kEventWithEvidence : kEventForm);
  writer.Text(event.key.source.text()).Text(event.key.id.text()).Text(event.type.text());
  writer.Number(event.subject.number()).Day(event.occurred_on);
  writer.Flag(event.supersedes.has_value());
  if (event.supersedes) writer.Text(event.supersedes->text());
  if (event.evidence) EncodeEvidence(*event.evidence, writer);
  writer.Number(event.participants.size());
  for (const auto& [role, citizens] : event.participants) {
    writer.Text(role);
    writer.Number(citizens.size());
    for (const CitizenId citizen : citizens) writer.Number(citizen.number());
  }
}

// Takes an event out of bytes that may be anything.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : reader_(bytes) {}

  Result<RegistryEvent> Decode() {
    RegistryEvent event;
    ReadHead(event);
    for (size_t roles = reader_.Count(); roles > 0; --roles) ReadParticipants(event);
    for (size_t facts = reader_.Count(); facts > 0 && good(); --facts) ReadFact(event);
    for (size_t rest = reader_.Count(); rest > 0 && good(); --rest) ReadRelation(event);
    KSTATI_TRY_VOID(reader_.Finish("registry event"));
    if (!good_)
      return Fail(ErrorCode::kCorrupt, "a stored registry event cannot be read", {},
                  "restore the store from a backup");
    return event;
  }

 private:
  bool good() const { return good_ && reader_.ok(); }

  void ReadHead(RegistryEvent& event) {
    const uint64_t form = reader_.Number();
    good_ = form == kEventForm || form == kEventWithEvidence;
    event.key.source = RegistryId(reader_.Text());
    event.key.id = EventId(reader_.Text());
    event.type = EventTypeId(reader_.Text());
    event.subject = CitizenId(reader_.Number());
    event.occurred_on = reader_.Day();
    if (reader_.Flag()) event.supersedes = EventId(reader_.Text());
    if (form != kEventWithEvidence) return;
    std::optional<Evidence> evidence = DecodeEvidence(reader_);
    good_ = good_ && evidence.has_value();
    if (evidence) event.evidence = std::make_shared<const Evidence>(std::move(*evidence));
  }

  void ReadParticipants(RegistryEvent& event) {
    std::vector<CitizenId>& citizens = event.participants[reader_.Text()];
    for (size_t count = reader_.Count(); count > 0; --count) {
      citizens.emplace_back(reader_.Number());
    }
  }

  void ReadFact(RegistryEvent& event) {
    ReportedFact& fact = event.facts.emplace_back();
    fact.citizen = CitizenId(reader_.Number());
    fact.attribute = AttributeId(reader_.Text());
    good_ = good_ && DecodeValue(reader_, fact.value);
    fact.valid = DecodeInterval(reader_);
  }

  void ReadRelation(RegistryEvent& event) {
    ReportedRelation& relation = event.relations.emplace_back();
    relation.from = CitizenId(reader_.Number());
    const uint64_t kind = reader_.Number();
    good_ = good_ && kind <= static_cast<uint64_t>(RelationKind::kHousehold);
    relation.kind = static_cast<RelationKind>(kind);
    relation.to = CitizenId(reader_.Number());
    relation.valid = DecodeInterval(reader_);
  }

  ByteReader reader_;
  bool good_ = true;
};

}  // namespace

void EncodeEvidence(const Evidence& evidence, ByteWriter& writer) {
  writer.Number(static_cast<uint64_t>(evidence.kind));
  writer.Number(static_cast<uint64_t>(evidence.assurance));
  writer.Text(evidence.reference).Text(evidence.issuer).Text(evidence.certifier);
}

std::optional<Evidence> DecodeEvidence(ByteReader& reader) {
  const uint64_t kind = reader.Number();
  const uint64_t assurance = reader.Number();
  if (kind > static_cast<uint64_t>(EvidenceKind::kStateIdentification)) return std::nullopt;
  if (assurance > static_cast<uint64_t>(Assurance::kStateIdentification)) return std::nullopt;
  Evidence evidence{static_cast<EvidenceKind>(kind), static_cast<Assurance>(assurance)};
  evidence.reference = reader.Text();
  evidence.issuer = reader.Text();
  evidence.certifier = reader.Text();
  return evidence;
}

void EncodeValue(const FactValue& value, ByteWriter& writer) {
  if (const bool* truth = std::get_if<bool>(&value)) {
    writer.Number(*truth ? kTagTrue : kTagFalse);
  } else if (const Decimal* number = std::get_if<Decimal>(&value)) {
    EncodeDecimal(*number, writer);
  } else if (const std::string* text = std::get_if<std::string>(&value)) {
    writer.Number(kTagText).Text(*text);
  } else if (const Date* date = std::get_if<Date>(&value)) {
    writer.Number(kTagDate).Day(*date);
  } else {
    writer.Number(kTagNotApplicable);
  }
}

bool DecodeValue(ByteReader& reader, FactValue& value) {
  switch (reader.Number()) {
    case kTagNotApplicable: value = NotApplicable{}; return true;
    case kTagFalse: value = false; return true;
    case kTagTrue: value = true; return true;
    case kTagScaled: return DecodeScaled(reader, value);
    case kTagLongDecimal: return DecodeLong(reader, value);
    case kTagText: DecodeText(reader, value); return true;
    case kTagDate: value = reader.Day(); return true;
    default: return false;
  }
}

std::string EncodeEventHead(const RegistryEvent& event) {
  ByteWriter writer;
  EncodeHead(event, writer);
  writer.Number(0).Number(0);
  return writer.Take();
}

std::string EncodeEvent(const RegistryEvent& event) {
  ByteWriter writer;
  EncodeHead(event, writer);
  writer.Number(event.facts.size());
  for (const ReportedFact& fact : event.facts) EncodeFact(fact, writer);
  writer.Number(event.relations.size());
  for (const ReportedRelation& relation : event.relations) EncodeRelation(relation, writer);
  return writer.Take();
}

Result<RegistryEvent> DecodeEvent(std::string_view bytes) { return Decoder(bytes).Decode(); }

}  // namespace kstati::profile
