// SPDX-License-Identifier: Apache-2.0
// Stored bytes outlive programs: besides round trips, the examples of docs/internals/formats.md are
// pinned byte for byte.
#include <sstream>

#include "base/bytes.h"
#include "profile/formats/consent_codec.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/profile_codec.h"
#include "profile/formats/record_codec.h"
#include "profile/proxy.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

std::string EncodedValue(const FactValue& value) {
  ByteWriter writer;
  EncodeValue(value, writer);
  return writer.Take();
}

TEST(Formats, ValuesHaveTheirDocumentedBytes) {
  EXPECT_EQ(Hex(EncodedValue(NotApplicable{})), "00");
  EXPECT_EQ(Hex(EncodedValue(false)), "01");
  EXPECT_EQ(Hex(EncodedValue(true)), "02");
  EXPECT_EQ(Hex(EncodedValue(*Decimal::Parse("12.50"))), "0301fa01");
  EXPECT_EQ(Hex(EncodedValue(*Decimal::Parse("1234567890123456789"))),
            "041331323334353637383930313233343536373839");
  EXPECT_EQ(Hex(EncodedValue(std::string("I"))), "050149");
  EXPECT_EQ(Hex(EncodedValue(Date::Of(1970, 1, 2))), "0602");
}

TEST(Formats, EventHasItsDocumentedBytes) {
  Event event("7", "zags");
  event.event().type = EventTypeId("t");
  event.About(CitizenId(17)).Names("m", {CitizenId(17)});
  event.event().occurred_on = Date::Of(1970, 1, 2);
  event.Fact(CitizenId(17), "a.b", true, {Date::Of(1970, 1, 2), std::nullopt});
  event.Relation(CitizenId(17), RelationKind::kSpouse, CitizenId(18),
                 {Date::Of(1970, 1, 2), Date::Of(1970, 1, 3)});
  event.Supersedes("6");
  EXPECT_EQ(Hex(EncodeEvent(event)),
            "01"
            "047a616773"
            "0137"
            "0174"
            "11"
            "02"
            "010136"
            "01"
            "016d"
            "0111"
            "01"
            "11"
            "03612e62"
            "02"
            "0200"
            "01"
            "11"
            "01"
            "12"
            "020104");
}

TEST(Formats, EvidenceHasItsDocumentedBytes) {
  const Evidence duplicate{EvidenceKind::kElectronicDuplicate, Assurance::kDocumentary, "7",
                           "court", "mfc"};
  ByteWriter writer;
  EncodeEvidence(duplicate, writer);
  EXPECT_EQ(Hex(writer.Take()),
            "02"
            "01"
            "0137"
            "05636f757274"
            "036d6663");
  const std::string bytes = EncodeEvent(Event("e1").Rests(duplicate));
  EXPECT_EQ(Hex(bytes.substr(0, 1)), "02");
  const Result<RegistryEvent> read = DecodeEvent(bytes);
  ASSERT_THAT(read, IsOk());
  ASSERT_NE(read->evidence, nullptr);
  EXPECT_EQ(*read->evidence, duplicate);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeEvent(bytes.substr(0, size)), FailsWith(ErrorCode::kCorrupt)) << size;
  }
}

TEST(Formats, TheSourcesOwnEvidenceHasNoBytes) {
  const Event plain = Event("e1").Fact(kAnna, "a.x", true);
  const Event said = Event("e1").Fact(kAnna, "a.x", true).Rests({});
  EXPECT_EQ(EncodeEvent(plain), EncodeEvent(said));
  const Event word = Event("e1", "declared").Fact(kAnna, "a.x", true);
  const Event told = Event("e1", "declared").Fact(kAnna, "a.x", true).Rests(kOwnWord);
  EXPECT_EQ(EncodeEvent(word), EncodeEvent(told));
}

TEST(Formats, KeysHaveTheirDocumentedBytes) {
  EXPECT_EQ(Hex(EventNoteKey({RegistryId("zags"), EventId("7")})),
            "65"
            "7a616773"
            "00"
            "37");
  EXPECT_EQ(Hex(ConsentKey(ConsentId("K"))),
            "6b"
            "4b");
  EXPECT_EQ(Hex(ModuleRecordKey("case", "C")),
            "72"
            "63617365"
            "00"
            "43");
  EXPECT_EQ(Hex(MarkKey("swept")),
            "6d"
            "7377657074");
  EXPECT_FALSE(ModuleRecordKey("cases", "C").starts_with(ModuleRecordPrefix("case")));
}

TEST(Formats, StampHasItsDocumentedBytes) {
  const std::string bytes = EncodeStamp({2, Instant{258}});
  EXPECT_EQ(Hex(bytes),
            "0000000000000002"
            "0000000000000102");
  std::string_view rest = bytes;
  EXPECT_EQ(TakeStamp(rest), (Stamp{2, Instant{258}}));
  EXPECT_TRUE(rest.empty());
  std::string_view cut = std::string_view(bytes).substr(1);
  EXPECT_FALSE(TakeStamp(cut));
}

TEST(Formats, HeadOfAnEventIsTheEventWithoutFactsAndRelations) {
  const Event event = Event("e1")
                          .Names("mother", {kAnna})
                          .Fact(kAnna, "a.x", true)
                          .Relation(kAnna, RelationKind::kParent, kVera)
                          .Supersedes("e0");
  const Event bare = Event("e1").Names("mother", {kAnna}).Supersedes("e0");
  EXPECT_EQ(EncodeEventHead(event), EncodeEvent(bare));
}

TEST(Formats, EventCutAnywhereIsCorrupt) {
  const std::string bytes = EncodeEvent(Event("e1")
                                            .Names("mother", {kAnna})
                                            .Fact(kAnna, "a.x", *Decimal::Parse("12.50"))
                                            .Relation(kAnna, RelationKind::kParent, kVera));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeEvent(bytes.substr(0, size)), FailsWith(ErrorCode::kCorrupt)) << size;
  }
  EXPECT_THAT(DecodeEvent(bytes + "x"), FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(DecodeEvent("\x03" + bytes.substr(1)), FailsWith(ErrorCode::kCorrupt));
}

Consent SampleConsent() {
  Consent consent{ConsentId("K-1"), CitizenId(17), {}};
  ConsentScope scope;
  scope.service = ServiceId("s");
  scope.categories = {CategoryId("a"), CategoryId("b")};
  scope.recipients = {AuthorityId("f")};
  consent.versions.push_back({ConsentChange::kGiven,
                              Instant{3},
                              {CitizenId(18), Capacity::kProxy, ProxyId("P")},
                              scope,
                              {Date::Of(1970, 1, 2), Date::Of(1970, 1, 3)},
                              {"v", "ru", "c"},
                              {}});
  consent.versions.push_back(consent.versions.front());
  consent.versions.back().change = ConsentChange::kRevoked;
  consent.versions.back().reason = "r";
  return consent;
}

TEST(Formats, ConsentHasItsDocumentedBytes) {
  const std::string version =
      "06"
      "12"
      "02"
      "0150"
      "0f70726f6163746976652d7374617274"
      "0173"
      "00"
      "02"
      "0161"
      "0162"
      "01"
      "0166"
      "03616374"
      "02"
      "0104"
      "0176"
      "027275"
      "0163";
  EXPECT_EQ(Hex(Encode(SampleConsent())),
            "02"
            "034b2d31"
            "11"
            "02"
            "00" +
                version +
                "00"
                "03" +
                version + "0172");
}

TEST(Formats, ConsentComesBackWhole) {
  const std::string bytes = Encode(SampleConsent());
  const Result<Consent> read = DecodeConsent(bytes);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ(read->given().by.who, CitizenId(18));
  EXPECT_EQ(read->given().by.proxy, ProxyId("P"));
  EXPECT_EQ(read->given().scope, SampleConsent().given().scope);
  EXPECT_TRUE(read->revoked());
  EXPECT_EQ(read->latest().reason, "r");
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeConsent(bytes.substr(0, size))) << size;
  }
  EXPECT_THAT(DecodeConsent(bytes + "x"), FailsWith(ErrorCode::kCorrupt));
}

TEST(Formats, AConsentOfAnEarlierProgramIsRefusedWithARemedy) {
  const std::string bytes("\x01\x01K", 3);
  const Result<Consent> read = DecodeConsent(bytes);
  ASSERT_THAT(read, FailsWith(ErrorCode::kUnsupported));
  EXPECT_FALSE(read.error().remedy.empty());
}

TEST(Formats, ProxyComesBackWhole) {
  Proxy proxy{
      ProxyId("P-1"),     kAnna, kBoris, SampleConsent().given().scope, Between(1, 2), At(3),
      {"v", "en", "mfc"}, At(4)};
  const std::string bytes = Encode(proxy);
  const Result<Proxy> read = DecodeProxy(bytes);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ(read->representative, kBoris);
  EXPECT_EQ(read->scope, proxy.scope);
  EXPECT_EQ(read->revoked_at, At(4));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeProxy(bytes.substr(0, size))) << size;
  }
}

History SampleHistory() {
  const EventKey first{RegistryId("egr_zags"), EventId("2026-0001")};
  const EventKey second{RegistryId("fns_erns"), EventId("2026-0002")};
  History history;
  history.citizen = kAnna;
  history.version = 7;
  history.last_known_at = At(9);
  history.facts = {
      {AttributeId("person.birth_date"), Date::Of(1991, 2, 3), Since(-9'000), At(1), first},
      {AttributeId("person.birth_place"), std::string("Тверь"), Since(-9'000), At(1), first},
      {AttributeId("person.income"), *Decimal::Parse("-12.50"), Between(0, 30), At(2), second},
      {AttributeId("person.income"), NotApplicable{}, Between(5, 5), At(9), first},
      {AttributeId("person.alive"), true, Since(0), At(3), second}};
  history.relations = {{kAnna, RelationKind::kSpouse, kBoris, Between(1, 2), At(2), second},
                       {kVera, RelationKind::kHousehold, kAnna, Since(1), At(8), first}};
  history.supersessions = {{{RegistryId("egr_zags"), EventId("never came")}, At(4)},
                           {second, At(9)}};
  return history;
}

std::string Described(const History& history) {
  std::ostringstream text;
  const auto when = [&](const DateInterval& valid, Instant known_at) {
    text << " " << valid.from.ToString() << ".." << (valid.to ? valid.to->ToString() : "") << " "
         << known_at.ToString();
  };
  for (const Fact& fact : history.facts) {
    text << fact.attribute.text() << "=" << fact.value.index() << ToText(fact.value);
    when(fact.valid, fact.known_at);
    text << " " << fact.reported_by->ToString() << " " << NameOf(AssuranceOf(fact));
    if (fact.evidence) text << " " << fact.evidence->reference;
    text << "\n";
  }
  for (const Relation& each : history.relations) {
    text << each.from.ToString() << NameOf(each.kind) << each.to.ToString();
    when(each.valid, each.known_at);
    text << " " << each.reported_by->ToString() << "\n";
  }
  for (const Supersession& each : history.supersessions) {
    text << each.event.ToString() << " " << each.known_at.ToString() << " " << each.by.text()
         << "\n";
  }
  return text.str();
}

TEST(Formats, WholeProfileComesBack) {
  const DataKey key = DataKey::Random();
  History read;
  read.citizen = kAnna;
  ASSERT_THAT(DecodeProfile(EncodeWholeProfile(SampleHistory(), key), key, read), IsOk());
  EXPECT_EQ(Described(read), Described(SampleHistory()));
  EXPECT_EQ(read.parts, 1u);
}

// The evidence of one event stands once, however many facts it reported.
TEST(Formats, EvidenceAndSupersedingEventsComeBackAndStandOnce) {
  const DataKey key = DataKey::Random();
  History history = SampleHistory();
  const size_t plain = EncodeWholeProfile(history, key).size();
  const auto act = std::make_shared<const Evidence>(
      Evidence{EvidenceKind::kElectronicDocument, Assurance::kDocumentary, "act 7"});
  const EventKey first = history.facts.front().reported_by;
  size_t resting = 0;
  for (Fact& fact : history.facts) {
    if (fact.reported_by != first) continue;
    fact.evidence = act;
    ++resting;
  }
  ASSERT_GE(resting, 3u);
  const size_t with_evidence = EncodeWholeProfile(history, key).size();
  // How many events; its number, kind, level and three texts; and nobody noted for both
  // supersessions.
  EXPECT_EQ(with_evidence - plain, 1u + 1 + 1 + 1 + 6 + 1 + 1 + 2);
  history.supersessions.front().by = EventId("came later");
  for (const bool whole : {true, false}) {
    History read;
    read.citizen = kAnna;
    const std::string bytes = whole ? EncodeWholeProfile(history, key)
                                    : EncodeStamp({8, At(20)}) + EncodeAddition(history, key);
    ASSERT_THAT(DecodeProfile(bytes, key, read), IsOk());
    if (whole) {
      EXPECT_EQ(Described(read), Described(history));
    }
    EXPECT_EQ(read.supersessions.front().by, EventId("came later"));
    EXPECT_TRUE(read.supersessions.back().by.empty());
    ASSERT_NE(read.facts.front().evidence, nullptr);
    EXPECT_EQ(*read.facts.front().evidence, *act);
    EXPECT_EQ(read.facts.back().evidence, nullptr);
  }
}

TEST(Formats, AdditionHasTheMomentOfItsStamp) {
  const DataKey key = DataKey::Random();
  const std::string profile = EncodeWholeProfile(SampleHistory(), key) + EncodeStamp({8, At(20)}) +
                              EncodeAddition(SampleHistory(), key);
  History read;
  read.citizen = kAnna;
  ASSERT_THAT(DecodeProfile(profile, key, read), IsOk());
  EXPECT_EQ(read.parts, 2u);
  ASSERT_EQ(read.facts.size(), 10u);
  for (size_t i = 5; i < 10; ++i) EXPECT_EQ(read.facts[i].known_at, At(20));
  EXPECT_EQ(read.relations.back().known_at, At(20));
  EXPECT_EQ(read.supersessions.size(), 2u) << "an event is superseded once";
}

// A reader of many profiles keeps one history: nothing of the one before may show in the next.
TEST(Formats, ProfileStandsInPlaceOfWhatTheHistoryHeld) {
  const DataKey key = DataKey::Random();
  const History sample = SampleHistory();
  History rich = sample;  // longer, with evidence, and other values in every place
  const auto act = std::make_shared<const Evidence>(
      Evidence{EvidenceKind::kElectronicDocument, Assurance::kDocumentary, "act 7"});
  rich.facts.insert(rich.facts.end(), sample.facts.begin(), sample.facts.end());
  std::ranges::reverse(rich.facts);
  for (Fact& fact : rich.facts) fact.evidence = act;
  rich.relations.push_back(rich.relations.front());
  History poor;
  poor.citizen = kAnna;
  poor.facts = {sample.facts.back()};
  History read;
  read.citizen = kAnna;
  for (const History* each : std::initializer_list<const History*>{&rich, &poor, &rich, &sample}) {
    ASSERT_THAT(DecodeProfile(EncodeWholeProfile(*each, key), key, read), IsOk());
    History fresh;
    fresh.citizen = kAnna;
    ASSERT_THAT(DecodeProfile(EncodeWholeProfile(*each, key), key, fresh), IsOk());
    EXPECT_EQ(Described(read), Described(fresh));
    EXPECT_EQ(read.parts, 1u);
    ASSERT_EQ(read.facts.size(), each->facts.size());
    for (size_t i = 0; i < read.facts.size(); ++i) {
      EXPECT_EQ(read.facts[i].evidence == nullptr, each->facts[i].evidence == nullptr);
    }
  }
}

TEST(Formats, ProfileThatIsCutOrMovedIsCorrupt) {
  const DataKey key = DataKey::Random();
  const std::string profile = EncodeWholeProfile(SampleHistory(), key);
  for (size_t size = 1; size < profile.size(); ++size) {
    History read;
    read.citizen = kAnna;
    EXPECT_THAT(DecodeProfile(profile.substr(0, size), key, read), FailsWith(ErrorCode::kCorrupt));
  }
  History other;
  other.citizen = kBoris;
  EXPECT_THAT(DecodeProfile(profile, key, other), FailsWith(ErrorCode::kCorrupt));
}

TEST(Formats, EventRecordComesBack) {
  const Result<EventRecord> event =
      DecodeEventRecord(Encode(EventRecord{true, "abc", {kAnna, kBoris}, "bytes"}));
  ASSERT_THAT(event, IsOk());
  EXPECT_TRUE(event->superseded_on_arrival);
  EXPECT_EQ(event->digest, "abc");
  EXPECT_THAT(event->named, testing::ElementsAre(kAnna, kBoris));
  EXPECT_EQ(event->head, "bytes");
}

TEST(Formats, EventNoteComesBackWithTheStampOfItsCommit) {
  const Stamp stamp{3, Instant{7}};
  const std::string bytes = EncodeStamp(stamp) + EncodeRecordedEvent(kAnna, "sealed");
  const Result<EventNote> note = DecodeEventNote(bytes);
  ASSERT_THAT(note, IsOk());
  EXPECT_TRUE(note->recorded);
  EXPECT_EQ(note->stamp, stamp);
  EXPECT_EQ(note->subject, kAnna);
  EXPECT_EQ(note->sealed_record, "sealed");
  EXPECT_FALSE(DecodeEventNote(EncodeEventNotRecorded({}))->recorded);
  const Result<EventNote> late = DecodeEventNote(EncodeEventNotRecorded(EventId("e2")));
  ASSERT_THAT(late, IsOk());
  EXPECT_FALSE(late->recorded);
  EXPECT_EQ(late->superseded_by, EventId("e2"));
  EXPECT_THAT(DecodeEventNote(bytes.substr(0, kStampBytes)), FailsWith(ErrorCode::kCorrupt));
}

}  // namespace
}  // namespace kstati::profile
