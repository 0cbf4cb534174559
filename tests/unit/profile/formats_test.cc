// SPDX-License-Identifier: Apache-2.0
// Stored bytes outlive programs: besides round trips, the examples of docs/internals/formats.md are
// pinned byte for byte.
#include "base/bytes.h"
#include "profile/access.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/record_codec.h"
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

TEST(Formats, AccessHasItsDocumentedBytes) {
  const Access access{Instant{1}, CitizenId(17), "gw", "anna", "profile", "why"};
  EXPECT_EQ(Hex(Encode(access)), "01021102677704616e6e610770726f66696c6503776879");
  EXPECT_EQ(*DecodeAccess(Encode(access)), access);
  EXPECT_FALSE(DecodeAccess("\x02"));
  EXPECT_FALSE(DecodeAccess(Encode(access) + "x"));
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

TEST(Formats, KeysHaveTheirDocumentedBytes) {
  EXPECT_EQ(Hex(VersionKey(CitizenId(17))),
            "63"
            "0000000000000011"
            "61");
  EXPECT_EQ(Hex(HistoryKey(CitizenId(17), 2)),
            "63"
            "0000000000000011"
            "68"
            "0000000000000002");
  EXPECT_EQ(Hex(ConsentKey(CitizenId(17), ConsentId("K"))),
            "63"
            "0000000000000011"
            "6b"
            "4b");
  EXPECT_EQ(Hex(RecordKey(CitizenId(17), "case", "C")),
            "63"
            "0000000000000011"
            "72"
            "63617365"
            "00"
            "43");
  EXPECT_EQ(Hex(EventRecordKey({RegistryId("zags"), EventId("7")})),
            "65"
            "7a616773"
            "00"
            "37");
  EXPECT_EQ(Hex(MarkKey("swept")),
            "6d"
            "7377657074");
}

TEST(Formats, KeysOfOneCitizenLieTogetherInOrderOfRecording) {
  const std::vector<std::string> keys{VersionKey(CitizenId(255)),
                                      HistoryKey(CitizenId(255), 9),
                                      HistoryKey(CitizenId(255), 256),
                                      ConsentKey(CitizenId(255), ConsentId("K")),
                                      RecordKey(CitizenId(255), "case", "C"),
                                      VersionKey(CitizenId(256))};
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_FALSE(
      RecordKey(CitizenId(1), "cases", "C").starts_with(RecordPrefix(CitizenId(1), "case")));
}

TEST(Formats, CitizenKeysAreTakenApart) {
  const std::string key = HistoryKey(CitizenId(0x0102030405060708), 5);
  const std::optional<CitizenKey> parsed = ParseCitizenKey(key);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->citizen, CitizenId(0x0102030405060708));
  EXPECT_EQ(parsed->part, Part::kHistory);
  EXPECT_EQ(parsed->rest.size(), 8u);
  EXPECT_FALSE(ParseCitizenKey("c1234567"));
  EXPECT_FALSE(ParseCitizenKey(EventRecordKey({RegistryId("registry"), EventId("event")})));
}

TEST(Formats, SliceKeepsOnlyWhatNamesTheCitizen) {
  const Event event = Event("e1")
                          .Names("mother", {kAnna})
                          .Fact(kAnna, "a.x", true)
                          .Fact(kBoris, "a.y", true)
                          .Relation(kAnna, RelationKind::kParent, kVera)
                          .Relation(kBoris, RelationKind::kParent, kVera)
                          .Supersedes("e0");
  const Result<RegistryEvent> slice = DecodeEvent(EncodeEventSlice(event, kBoris));
  ASSERT_THAT(slice, IsOk());
  EXPECT_TRUE(slice->participants.empty());
  ASSERT_EQ(slice->facts.size(), 1u);
  EXPECT_EQ(slice->facts[0].citizen, kBoris);
  ASSERT_EQ(slice->relations.size(), 1u);
  EXPECT_EQ(slice->relations[0].from, kBoris);
  EXPECT_EQ(slice->supersedes, EventId("e0"));
  const Result<RegistryEvent> notice = DecodeEvent(EncodeEventNotice(event));
  EXPECT_TRUE(notice->facts.empty() && notice->relations.empty());
  EXPECT_EQ(notice->supersedes, EventId("e0"));
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
  EXPECT_THAT(DecodeEvent("\x02" + bytes.substr(1)), FailsWith(ErrorCode::kCorrupt));
}

TEST(Formats, ConsentComesBackWhole) {
  Consent consent;
  consent.id = ConsentId("K-000000000017-0001");
  consent.citizen = kAnna;
  consent.granted_by = kBoris;
  consent.scope = {Purpose::kProactiveStart, ServiceId("s"), SituationId("t")};
  consent.valid = Between(1, 2);
  consent.granted_at = At(3);
  consent.text_version = "v";
  consent.language = "ru";
  consent.channel = "portal";
  consent.revoked_at = At(4);
  consent.revoke_reason = "changed my mind";
  const std::string bytes = Encode(consent);
  const Result<Consent> read = DecodeConsent(bytes);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ(read->granted_by, kBoris);
  EXPECT_EQ(read->scope.purpose, Purpose::kProactiveStart);
  EXPECT_EQ(read->valid, Between(1, 2));
  EXPECT_EQ(read->revoked_at, At(4));
  EXPECT_EQ(read->revoke_reason, "changed my mind");
  EXPECT_THAT(DecodeConsent(bytes.substr(1)), FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(DecodeConsent(bytes.substr(0, bytes.size() - 1)), FailsWith(ErrorCode::kCorrupt));
}

TEST(Formats, RecordsOfTheStoreComeBack) {
  const Result<VersionRecord> version = DecodeVersion(Encode(VersionRecord{5, At(1)}));
  EXPECT_EQ(version->version, 5u);
  EXPECT_EQ(version->last_known_at, At(1));
  EXPECT_THAT(DecodeVersion(Encode(VersionRecord{0, At(1)})), FailsWith(ErrorCode::kCorrupt));

  const Result<EventRecord> event = DecodeEventRecord(Encode(EventRecord{true, "abc", kAnna, 3}));
  EXPECT_TRUE(event->recorded);
  EXPECT_EQ(event->digest, "abc");
  EXPECT_EQ(event->subject, kAnna);
  EXPECT_EQ(event->version, 3u);
  EXPECT_FALSE(DecodeEventRecord(Encode(EventRecord{}))->recorded);

  const Result<HistoryEntry> entry = DecodeHistoryEntry(Encode(HistoryEntry{At(2), true, "bytes"}));
  EXPECT_EQ(entry->known_at, At(2));
  EXPECT_TRUE(entry->superseded_on_arrival);
  EXPECT_EQ(entry->event, "bytes");
}

}  // namespace
}  // namespace kstati::profile
