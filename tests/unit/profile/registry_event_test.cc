// SPDX-License-Identifier: Apache-2.0
#include "profile/registry_event.h"

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Attribute Reported(const std::string& id, ValueType type, const std::string& registry) {
  Attribute attribute;
  attribute.id = AttributeId(id);
  attribute.role = id.substr(0, id.find('.'));
  attribute.type = type;
  attribute.registry = RegistryId(registry);
  return attribute;
}

Registry Registered(const std::string& id, std::vector<RelationKind> relations) {
  Registry registry;
  registry.id = RegistryId(id);
  registry.relations = std::move(relations);
  return registry;
}

Dictionary SmallDictionary() {
  Attribute named = Reported("person.name", ValueType::kText, "fns_erns");
  named.askable = true;
  Attribute ready = Reported("person.ready", ValueType::kBoolean, "declared");
  Attribute sex = Reported("person.sex", ValueType::kCode, "fns_erns");
  sex.codes = {{"female", {}, {}, {}}, {"male", {}, {}, {}}};
  Attribute group = Reported("person.group", ValueType::kCode, "fns_erns");
  group.codes = {{"old", {}, Day(50), "new"}, {"new", Day(51), {}, {}}, {"other", {}, {}, {}}};
  Attribute age = Reported("person.age_years", ValueType::kNumber, "");
  age.derive = "1";
  Attribute child_birth_date = Reported("child.birth_date", ValueType::kDate, "");
  child_birth_date.same_as = AttributeId("person.birth_date");
  return Dictionary(
      {Reported("person.birth_date", ValueType::kDate, "fns_erns"), sex,
       Reported("person.income", ValueType::kMoney, "fns_erns"), named, ready,
       Reported("doc.passport", ValueType::kDocument, "mvd_pass"), age, child_birth_date, group},
      {Registered("fns_erns", {RelationKind::kParent, RelationKind::kSpouse}),
       Registered("mvd_pass", {}), Registered("declared", {})});
}

constexpr int64_t kToday = 100;

Result<void> Checked(const RegistryEvent& event, EventLimits limits = {}) {
  return Validate(event, SmallDictionary(), Day(kToday), limits);
}

// What is wrong with the event, as "place: message; remedy".
std::string Fault(const RegistryEvent& event, EventLimits limits = {}) {
  const Result<void> outcome = Checked(event, limits);
  if (outcome) return "none";
  EXPECT_NE(outcome.error().remedy, "");
  return outcome.error().place + ": " + outcome.error().message + "; " + outcome.error().remedy;
}

Event Good() { return Event("e1").Fact(kAnna, "person.birth_date", Day(-9000)); }

TEST(ValidateEvent, EvidenceAssuresNoMoreThanItsKindCan) {
  const auto fault = [](Evidence evidence) { return Fault(Good().Rests(std::move(evidence))); };
  using enum EvidenceKind;
  using Assurance::kDocumentary, Assurance::kRegistry;
  EXPECT_EQ(fault({kRegistryRecord, kDocumentary, "act 7"}), "none");
  EXPECT_EQ(fault({kStateIdentification, Assurance::kStateIdentification}), "none");
  EXPECT_EQ(fault({kElectronicDocument, kRegistry}),
            "evidence.assurance: evidence of the kind electronic_document assures less; it is "
            "documentary at most");
  EXPECT_EQ(fault({kElectronicDuplicate, kDocumentary, "act 7", "court", "mfc"}), "none");
  EXPECT_THAT(fault({kElectronicDuplicate, kDocumentary, "act 7", "court"}),
              HasSubstr("evidence.certifier: nobody certified the duplicate"));
  EXPECT_THAT(fault({kRegistryRecord, kRegistry, std::string(300, 'x')}),
              HasSubstr("evidence.reference: the text is too long"));
  EXPECT_THAT(fault({kRegistryRecord, kRegistry, "act\n7"}), HasSubstr("evidence.reference: "));
}

TEST(ValidateEvent, APersonsOwnWordCountsForWhatTheDictionaryLetsThePersonBeAsked) {
  EXPECT_EQ(Fault(Event("w1", "declared").Fact(kAnna, "person.ready", true)), "none");
  EXPECT_EQ(Fault(Event("e1").Rests(kOwnWord).Fact(kAnna, "person.name", std::string("Anna"))),
            "none");
  const Event income = Event("e1").Rests(kOwnWord).Fact(kAnna, "person.income", Decimal(1));
  EXPECT_THAT(Checked(income), FailsWith(ErrorCode::kDenied));
  EXPECT_THAT(Fault(income),
              HasSubstr("facts[0].attribute: nobody's own word is taken for person.income"));
  const Event tie = Event("e1").Rests(kOwnWord).Relation(kAnna, RelationKind::kParent, kVera);
  EXPECT_THAT(Checked(tie), FailsWith(ErrorCode::kDenied));
  const Event record = Event("w1", "declared").Rests({}).Fact(kAnna, "person.ready", true);
  EXPECT_THAT(Fault(record), HasSubstr("what a person says is no record of a registry"));
}

TEST(ValidateEvent, RefusesARelationThatTheRegistryMayNotReport) {
  EXPECT_THAT(Checked(Good().Relation(kAnna, RelationKind::kParent, kBoris)), IsOk());
  const Event of_another = Event("e1", "mvd_pass").Relation(kAnna, RelationKind::kParent, kBoris);
  EXPECT_THAT(Checked(of_another), FailsWith(ErrorCode::kDenied));
  EXPECT_EQ(Fault(of_another),
            "relations[0].kind: the registry may not report who is parent of whom; only these may: "
            "fns_erns");
  EXPECT_THAT(Fault(Good().Relation(kAnna, RelationKind::kGuardian, kBoris)),
              HasSubstr("no registry may"));
}

TEST(ValidateEvent, AcceptsWhatTheDictionaryAssignsToTheSource) {
  EXPECT_THAT(Checked(Good()
                          .Names("mother", {kAnna})
                          .Fact(kAnna, "person.sex", std::string("female"), Between(0, 500))
                          .Fact(kBoris, "person.income", *Decimal::Parse("12.50"))
                          .Fact(kBoris, "person.sex", NotApplicable{})
                          .Relation(kAnna, RelationKind::kParent, kVera)),
              IsOk());
}

TEST(ValidateEvent, UnknownAttributeIsNamedWithTheNearestKnownOne) {
  EXPECT_EQ(Fault(Good().Fact(kAnna, "person.brith_date", Day(0))),
            "facts[1].attribute: unknown attribute person.brith_date; "
            "did you mean person.birth_date?");
}

TEST(ValidateEvent, AttributeNameThatIsNoNameIsNotRepeated) {
  EXPECT_THAT(Fault(Good().Fact(kAnna, "Иванова Анна", Day(0))), Not(HasSubstr("Иванова")));
}

TEST(ValidateEvent, ValueOfAnotherTypeIsNamedWithTheRightType) {
  EXPECT_EQ(Fault(Good().Fact(kAnna, "person.income", std::string("12.50"))),
            "facts[1].value: the value of person.income has another type; its type is money");
}

TEST(ValidateEvent, CodeOutsideItsListIsRefusedWithoutRepeatingIt) {
  EXPECT_EQ(Fault(Good().Fact(kAnna, "person.sex", std::string("woman"))),
            "facts[1].value: the code is not in the list of person.sex; use one of: female, male");
}

TEST(ValidateEvent, ACodeIsCheckedByTheListOfTheDayFromWhichTheFactIsValid) {
  const auto fault = [](const char* code, int64_t from) {
    return Fault(Good().Fact(kAnna, "person.group", std::string(code), Since(from)));
  };
  EXPECT_EQ(fault("old", 50), "none");
  EXPECT_EQ(fault("new", 51), "none");
  EXPECT_EQ(fault("old", 51),
            "facts[1].value: the code holds only until 2026-02-20; for a fact valid from "
            "2026-02-21 use one of: new, other");
  EXPECT_EQ(fault("new", 50),
            "facts[1].value: the code holds only since 2026-02-21; for a fact valid from "
            "2026-02-20 use one of: old, other");
}

TEST(ValidateEvent, AttributeOfAnotherRegistryIsDeniedWithItsOwner) {
  const Result<void> outcome = Checked(Good().Fact(kAnna, "doc.passport", true));
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kDenied));
  EXPECT_EQ(outcome.error().place, "facts[1].attribute");
  EXPECT_EQ(outcome.error().remedy, "only these may: mvd_pass");
}

TEST(ValidateEvent, DerivedAttributeCannotBeReported) {
  EXPECT_THAT(Fault(Good().Fact(kAnna, "person.age_years", Decimal(3))), HasSubstr("is derived"));
}

TEST(ValidateEvent, AttributeOfARoleIsReportedUnderItsTarget) {
  EXPECT_THAT(Fault(Good().Fact(kAnna, "child.birth_date", Day(0))),
              HasSubstr("report person.birth_date of the citizen in that role"));
}

TEST(ValidateEvent, TomorrowIsRefusedTodayIsNot) {
  EXPECT_EQ(Fault(Good().On(kToday)), "none");
  EXPECT_THAT(Fault(Good().On(kToday + 1)), HasSubstr("occurred_on: "));
  EXPECT_EQ(Fault(Good().Fact(kAnna, "person.income", Decimal(1), Since(kToday))), "none");
  EXPECT_THAT(Fault(Good().Fact(kAnna, "person.income", Decimal(1), Since(kToday + 1))),
              HasSubstr("facts[1].valid.from: "));
  EXPECT_THAT(Fault(Good().Relation(kAnna, RelationKind::kSpouse, kBoris, Since(kToday + 1))),
              HasSubstr("relations[0].valid.from: "));
}

TEST(ValidateEvent, ReversedIntervalIsRefused) {
  EXPECT_EQ(Fault(Good().Fact(kAnna, "person.income", Decimal(1), Between(5, 5))), "none");
  EXPECT_THAT(Fault(Good().Fact(kAnna, "person.income", Decimal(1), Between(5, 4))),
              HasSubstr("facts[1].valid: the interval ends before it begins"));
}

TEST(ValidateEvent, IdsThatWouldConfuseKeysAreRefused) {
  for (const std::string& id :
       {std::string(), std::string("a/b"), std::string("a\nb"), std::string("a\0b", 3),
        std::string("\xFF"), std::string("a\x7F")}) {
    EXPECT_THAT(Checked(Event(id)), FailsWith(ErrorCode::kInvalidArgument)) << id;
  }
  EXPECT_THAT(Checked(Event(std::string(129, 'x'))), FailsWith(ErrorCode::kLimitExceeded));
  EXPECT_THAT(Checked(Event(std::string(128, 'x'))), IsOk());
}

TEST(ValidateEvent, UnknownRegistryAndMissingCitizensAreRefused) {
  EXPECT_THAT(Fault(Event("e1", "somebody")), HasSubstr("source: unknown registry"));
  EXPECT_THAT(Fault(Event("e1").About(CitizenId())), HasSubstr("subject: "));
  EXPECT_THAT(Fault(Good().Names("mother", {kAnna, CitizenId()})),
              HasSubstr("participants.mother[1]: "));
  EXPECT_THAT(Fault(Good().Fact(CitizenId(), "person.income", Decimal(1))),
              HasSubstr("facts[1].citizen: "));
  EXPECT_THAT(Fault(Good().Relation(kAnna, RelationKind::kSpouse, kAnna)),
              HasSubstr("relations[0]: "));
}

TEST(ValidateEvent, EventCannotSupersedeItself) {
  EXPECT_THAT(Fault(Good().Supersedes("e1")), HasSubstr("supersedes: "));
  EXPECT_THAT(Fault(Good().Supersedes("")), HasSubstr("supersedes: "));
  EXPECT_EQ(Fault(Good().Supersedes("e0")), "none");
}

TEST(ValidateEvent, LimitsAreSharp) {
  EventLimits limits;
  limits.facts = 1;
  limits.relations = 1;
  limits.participants = 2;
  limits.text_bytes = 4;
  EXPECT_EQ(Fault(Good().Names("mother", {kAnna, kBoris}), limits), "none");
  EXPECT_THAT(Fault(Good().Names("mother", {kAnna, kBoris, kVera}), limits),
              HasSubstr("participants: too many participants; name at most 2"));
  EXPECT_THAT(Fault(Good().Fact(kAnna, "person.income", Decimal(1)), limits),
              HasSubstr("facts: too many facts; send at most 1"));
  EXPECT_THAT(Fault(Good()
                        .Relation(kAnna, RelationKind::kParent, kVera)
                        .Relation(kBoris, RelationKind::kParent, kVera),
                    limits),
              HasSubstr("relations: too many relations"));
  EXPECT_EQ(Fault(Event("e1").Fact(kAnna, "person.name", std::string("four")), limits), "none");
  EXPECT_THAT(Fault(Event("e1").Fact(kAnna, "person.name", std::string("fifth")), limits),
              HasSubstr("facts[0].value: the value is too long"));
  EXPECT_THAT(Fault(Event("e1").Fact(kAnna, "person.income", *Decimal::Parse("1e6")), limits),
              HasSubstr("facts[0].value: the value is too long"));
}

TEST(ValidateEvent, TextIsUtf8) {
  EXPECT_THAT(Fault(Event("e1").Fact(kAnna, "person.name", std::string("\xC0\xAF"))),
              HasSubstr("is not UTF-8"));
}

TEST(RegistryEvent, ConcernsSubjectParticipantsAndWhomItsRecordsName) {
  const Event event = Event("e1")
                          .About(CitizenId(5))
                          .Names("mother", {CitizenId(3), CitizenId(5)})
                          .Fact(CitizenId(9), "person.income", Decimal(1))
                          .Relation(CitizenId(1), RelationKind::kParent, CitizenId(3));
  EXPECT_THAT(ConcernedBy(event),
              ElementsAre(CitizenId(1), CitizenId(3), CitizenId(5), CitizenId(9)));
  EXPECT_THAT(NamedByRecords(event), ElementsAre(CitizenId(1), CitizenId(3), CitizenId(9)));
}

TEST(RegistryEvent, SameEventHasTheSameBytesAndAnyChangeOthers) {
  const RegistryEvent event = Good();
  const std::string bytes = CanonicalBytes(event);
  EXPECT_EQ(CanonicalBytes(event), bytes);
  std::vector<RegistryEvent> others(7, event);
  others[0].key.id = EventId("e2");
  others[1].subject = kBoris;
  others[2].occurred_on = Day(1);
  others[3].facts[0].valid.to = Day(3);
  others[4].facts[0].value = NotApplicable{};
  others[5].supersedes = EventId("e0");
  others[6].participants["mother"];
  for (const RegistryEvent& other : others) EXPECT_NE(CanonicalBytes(other), bytes);
}

TEST(RegistryEvent, EqualNumbersHaveEqualBytes) {
  const auto bytes_of = [](const char* number) {
    return CanonicalBytes(Event("e1").Fact(kAnna, "person.income", *Decimal::Parse(number)));
  };
  EXPECT_EQ(bytes_of("12.50"), bytes_of("12.5"));
  EXPECT_EQ(bytes_of("1e3"), bytes_of("1000"));
}

TEST(WithEvent, LeavesOtherCitizensAlone) {
  History boris;
  boris.citizen = kBoris;
  const History after = WithEvent(boris, Good(), At(5));
  EXPECT_TRUE(after.facts.empty());
  EXPECT_EQ(after.last_known_at, Instant{});
}

TEST(WithEvent, KeepsTheVersionAndNeverRecordsBackwards) {
  History anna;
  anna.citizen = kAnna;
  anna.version = 7;
  anna.last_known_at = At(10);
  const History after = WithEvent(anna, Good(), At(5));
  EXPECT_EQ(after.version, 7u);
  ASSERT_EQ(after.facts.size(), 1u);
  EXPECT_EQ(after.facts[0].known_at, Instant{At(10).micros + 1});
  EXPECT_EQ(after.last_known_at, after.facts[0].known_at);
}

TEST(WithEvent, CorrectionReachesWhomOnlyTheOriginalNamed) {
  History boris;
  boris.citizen = kBoris;
  boris = WithEvent(boris, Event("e1").Fact(kBoris, "person.income", Decimal(1)), At(1));
  boris = WithEvent(boris, Event("e2").Supersedes("e1").Fact(kAnna, "person.income", Decimal(1)),
                    At(2));
  EXPECT_EQ(Holding(boris, "person.income", {Day(0), At(1)}), "1");
  EXPECT_EQ(Holding(boris, "person.income", {Day(0), At(2)}), "-");
}

}  // namespace
}  // namespace kstati::profile
