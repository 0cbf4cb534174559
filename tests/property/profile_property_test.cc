// SPDX-License-Identifier: Apache-2.0
// The bitemporal store against a naive model, for random histories of reports, corrections and
// annulments that arrive late and out of order; and the codecs against random values and bytes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "profile/formats/consent_codec.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/record_codec.h"
#include "profile/household.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kCitizens = 3;
constexpr int kAttributes = 2;
constexpr int kDays = 6;

std::string AttributeName(int number) { return "person.a" + std::to_string(number); }

rc::Gen<DateInterval> AnyInterval() {
  return rc::gen::apply(
      [](int from, int length) {
        return length > kDays ? Since(from) : Between(from, std::min(from + length, kDays));
      },
      rc::gen::inRange(0, kDays), rc::gen::inRange(0, kDays + 3));
}

// Citizens are numbered from `base` + 1, so that every case has citizens of its own.
rc::Gen<CitizenId> AnyCitizen(uint64_t base) {
  return rc::gen::map(rc::gen::inRange<uint64_t>(1, kCitizens + 1),
                      [base](uint64_t number) { return CitizenId(base + number); });
}

rc::Gen<ReportedFact> AnyFact(uint64_t base) {
  return rc::gen::apply(
      [](CitizenId citizen, int attribute, int value, DateInterval valid) {
        return ReportedFact{citizen, AttributeId(AttributeName(attribute)),
                            FactValue(Decimal(value)), valid};
      },
      AnyCitizen(base), rc::gen::inRange(0, kAttributes), rc::gen::inRange(0, 1'000),
      AnyInterval());
}

rc::Gen<ReportedRelation> AnyRelation(uint64_t base) {
  return rc::gen::apply(
      [base](CitizenId from, CitizenId to, bool spouse, DateInterval valid) {
        if (from == to) to = CitizenId(base + 1 + (from.number() - base) % kCitizens);
        return ReportedRelation{from, spouse ? RelationKind::kSpouse : RelationKind::kParent, to,
                                valid};
      },
      AnyCitizen(base), AnyCitizen(base), rc::gen::arbitrary<bool>(), AnyInterval());
}

// Mostly the source's own, often a person's word.
rc::Gen<SharedEvidence> AnyEvidence() {
  return rc::gen::apply(
      [](int kind, const std::string& reference) {
        const auto of = static_cast<EvidenceKind>(std::min(kind, 5));
        return kind > 5 ? nullptr
                        : std::make_shared<const Evidence>(Evidence{of, MostOf(of), reference});
      },
      rc::gen::inRange(0, 12), rc::gen::string<std::string>());
}

// Event number `index` of a case; may supersede any other of the case, also one that comes later.
RegistryEvent AnyEvent(uint64_t base, int index, int count) {
  RegistryEvent event;
  const auto id_of = [base](int number) {
    return EventId(std::to_string(base) + "-" + std::to_string(number));
  };
  event.key = {RegistryId("fns_erns"), id_of(index)};
  event.type = EventTypeId(std::string(kFactsOnly));
  event.subject = *AnyCitizen(base);
  event.facts = *rc::gen::resize(4, rc::gen::container<std::vector<ReportedFact>>(AnyFact(base)));
  event.relations =
      *rc::gen::resize(2, rc::gen::container<std::vector<ReportedRelation>>(AnyRelation(base)));
  const int superseded = *rc::gen::inRange(0, 2 * count);
  if (superseded < count && superseded != index) event.supersedes = id_of(superseded);
  event.evidence = *AnyEvidence();
  return event;
}

// What was recorded, in order, and the plainest way to answer.
struct Recorded {
  RegistryEvent event;
  Instant known_at;
};

bool Counts(const std::vector<Recorded>& all, const Recorded& record, Instant known_at) {
  if (record.known_at > known_at) return false;
  return std::none_of(all.begin(), all.end(), [&](const Recorded& other) {
    return other.event.supersedes == record.event.key.id && other.known_at <= known_at;
  });
}

// Goes back from the day to the nearest beginning, and there by what was told of it last; among
// people's own words, or among all else.
std::optional<FactValue> ValueAmong(bool words, const std::vector<Recorded>& all, CitizenId citizen,
                                    const std::string& attribute, AsOf as_of) {
  for (Date from = as_of.valid_at; from >= Day(0); from = from.AddDays(-1)) {
    const ReportedFact* last = nullptr;
    for (const Recorded& record : all) {
      if (!Counts(all, record, as_of.known_at)) continue;
      const SharedEvidence& evidence = record.event.evidence;
      if ((evidence && evidence->kind == EvidenceKind::kSelfDeclaration) != words) continue;
      for (const ReportedFact& fact : record.event.facts) {
        const bool is_it = fact.citizen == citizen && fact.attribute.text() == attribute;
        if (is_it && fact.valid.from == from) last = &fact;
      }
    }
    if (last != nullptr && last->valid.Contains(as_of.valid_at)) return last->value;
  }
  return std::nullopt;
}

std::optional<FactValue> ValueByModel(const std::vector<Recorded>& all, CitizenId citizen,
                                      const std::string& attribute, AsOf as_of) {
  const auto surer = ValueAmong(false, all, citizen, attribute, as_of);
  return surer ? surer : ValueAmong(true, all, citizen, attribute, as_of);
}

std::vector<CitizenId> RelativesByModel(const std::vector<Recorded>& all, CitizenId citizen,
                                        RelationKind kind, AsOf as_of) {
  // What was told last of each relative and each beginning.
  std::map<std::pair<CitizenId, Date>, DateInterval> told;
  for (const Recorded& record : all) {
    if (!Counts(all, record, as_of.known_at)) continue;
    for (const ReportedRelation& each : record.event.relations) {
      if (each.kind != kind) continue;
      if (each.from == citizen) told[{each.to, each.valid.from}] = each.valid;
      const bool backwards = each.to == citizen && kind == RelationKind::kSpouse;
      if (backwards) told[{each.from, each.valid.from}] = each.valid;
    }
  }
  std::set<CitizenId> relatives;
  for (const auto& [relative, valid] : told) {
    if (valid.Contains(as_of.valid_at)) relatives.insert(relative.first);
  }
  return {relatives.begin(), relatives.end()};
}

void CheckCitizen(const std::vector<Recorded>& all, const History& history, Instant first,
                  Instant last) {
  for (Instant known_at = first; known_at <= last; known_at.micros += 1'000'000) {
    for (int day = 0; day <= kDays + 1; ++day) {
      const AsOf as_of{Day(day), known_at};
      const FactView view(history, as_of);
      for (int attribute = 0; attribute < kAttributes; ++attribute) {
        const std::string name = AttributeName(attribute);
        const Fact* const fact = view.Find(AttributeId(name));
        const std::optional<FactValue> expected = ValueByModel(all, history.citizen, name, as_of);
        RC_ASSERT((fact != nullptr) == expected.has_value());
        if (expected) RC_ASSERT(ToText(fact->value) == ToText(*expected));
      }
      for (const RelationKind kind : {RelationKind::kParent, RelationKind::kSpouse}) {
        RC_ASSERT(view.ToWhom(kind) == RelativesByModel(all, history.citizen, kind, as_of));
      }
    }
  }
}

// All that a history records, in its order.
std::string TextOf(const History& history) {
  std::string text = history.last_known_at.ToString() + ": ";
  for (const Fact& fact : history.facts) {
    text += fact.attribute.text() + " " + ToText(fact.value) + " " + fact.valid.from.ToString() +
            " " + fact.known_at.ToString() + " " + fact.reported_by->ToString() + " ";
    if (fact.evidence) text += std::string(NameOf(fact.evidence->kind)) + fact.evidence->reference;
    text += "; ";
  }
  for (const Relation& relation : history.relations) {
    text += relation.from.ToString() + " " + relation.to.ToString() + " " +
            relation.known_at.ToString() + "; ";
  }
  for (const Supersession& each : history.supersessions) {
    text += each.event.ToString() + " " + each.known_at.ToString() + " " + each.by.text() + "; ";
  }
  return text;
}

// Events that supersede nothing, no two of which tell of one beginning.
std::vector<RegistryEvent> EventsOfDifferentBeginnings(int count) {
  std::vector<RegistryEvent> events;
  std::set<std::tuple<CitizenId, AttributeId, Date>> beginnings;
  for (int index = 0; index < count; ++index) {
    RegistryEvent event = AnyEvent(0, index, count);
    event.supersedes.reset();
    event.relations.clear();
    std::erase_if(event.facts, [&](const ReportedFact& fact) {
      return !beginnings.insert({fact.citizen, fact.attribute, fact.valid.from}).second;
    });
    events.push_back(std::move(event));
  }
  return events;
}

std::string TextOfView(const FactView& view) {
  std::string text;
  for (const Fact& fact : view.facts()) {
    text +=
        fact.attribute.text() + " " + ToText(fact.value) + " " + fact.valid.from.ToString() + "; ";
  }
  return text;
}

// One store for all cases: cases differ in their citizens and ids of events.
class StoreOfTheProperty {
 public:
  StoreOfTheProperty() : store_(OpenStoreAt(folder_.path())) {}
  Store& store() { return *store_; }
  uint64_t NextBase() { return base_ += 1'000; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  uint64_t base_ = 0;
};

RC_GTEST_PROP(BitemporalStore, AnswersLikeTheNaiveModelAtEveryPairOfInstants, ()) {
  static StoreOfTheProperty shared;
  Store& store = shared.store();
  const uint64_t base = shared.NextBase();
  const int count = *rc::gen::inRange(1, 9);
  std::vector<Recorded> all;
  // Later than every case before: recorded times never decrease where cases share a record.
  const auto first = static_cast<int64_t>(base);
  int64_t second = first;
  for (int index = 0; index < count; ++index) {
    const RegistryEvent event = AnyEvent(base, index, count);
    second += *rc::gen::inRange(0, 3);
    const bool late = store.IsSupersededBeforeArrival(event.subject, event.key).value();
    std::vector<History> expected;
    for (uint64_t number = 1; number <= kCitizens; ++number) {
      expected.push_back(WithEvent(LoadFrom(store, CitizenId(base + number)), event, At(second)));
    }
    RC_ASSERT(RecordIn(store, event, At(second)).has_value());
    RC_ASSERT(!RecordIn(store, event, At(second)).has_value());
    all.push_back({event, At(second)});
    for (const History& history : expected) {
      if (!late) RC_ASSERT(TextOf(history) == TextOf(LoadFrom(store, history.citizen)));
    }
  }
  for (uint64_t number = 1; number <= kCitizens; ++number) {
    CheckCitizen(all, LoadFrom(store, CitizenId(base + number)), At(first), At(second + 1));
  }
}

rc::Gen<FactValue> AnyValue() {
  const auto decimal = rc::gen::apply(
      [](int64_t digits, int scale) {
        std::string text = std::to_string(digits);
        const size_t sign = digits < 0 ? 1 : 0;
        while (text.size() < static_cast<size_t>(scale) + 1 + sign) text.insert(sign, 1, '0');
        if (scale > 0) text.insert(text.size() - static_cast<size_t>(scale), 1, '.');
        return FactValue(*Decimal::Parse(text));
      },
      rc::gen::arbitrary<int64_t>(), rc::gen::inRange(0, 30));
  return rc::gen::oneOf(
      rc::gen::just(FactValue(NotApplicable{})),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool truth) { return FactValue(truth); }),
      rc::gen::map(rc::gen::arbitrary<std::string>(),
                   [](std::string text) { return FactValue(std::move(text)); }),
      rc::gen::map(rc::gen::inRange<int64_t>(-1'000'000, 1'000'000),
                   [](int64_t days) { return FactValue(Date{days}); }),
      decimal);
}

RC_GTEST_PROP(FactCodec, EveryValueComesBack, ()) {
  const FactValue value = *AnyValue();
  ByteWriter writer;
  EncodeValue(value, writer);
  const std::string bytes = writer.Take();
  ByteReader reader(bytes);
  FactValue read = *AnyValue();  // whatever was there before
  RC_ASSERT(DecodeValue(reader, read));
  RC_ASSERT(reader.Finish("value").has_value());
  RC_ASSERT(read == value);
}

RC_GTEST_PROP(FactCodec, EveryEventComesBack, ()) {
  RegistryEvent event = AnyEvent(0, 0, 3);
  for (ReportedFact& fact : event.facts) fact.value = *AnyValue();
  event.participants[*rc::gen::arbitrary<std::string>()] = {*AnyCitizen(0)};
  const std::string bytes = EncodeEvent(event);
  const Result<RegistryEvent> read = DecodeEvent(bytes);
  RC_ASSERT(read.has_value());
  RC_ASSERT(EncodeEvent(*read) == bytes);
}

RC_GTEST_PROP(FactCodec, DamagedBytesNeverCrashADecoder, ()) {
  std::string bytes = EncodeEvent(AnyEvent(0, 0, 3));
  for (int damage = *rc::gen::inRange(1, 5); damage > 0; --damage) {
    bytes[*rc::gen::inRange<size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  }
  const Result<RegistryEvent> event = DecodeEvent(bytes);
  if (!event) RC_ASSERT(event.error().code == ErrorCode::kCorrupt);
  (void)DecodeConsent(bytes);
  (void)DecodeEventRecord(bytes);
  (void)DecodeEventNote(bytes);
}

RC_GTEST_PROP(FactView, ShowsTheSameInWhateverOrderEventsArrive, ()) {
  std::vector<RegistryEvent> events = EventsOfDifferentBeginnings(*rc::gen::inRange(2, 7));
  const CitizenId citizen(1);
  const auto recorded = [&] {
    History history;
    history.citizen = citizen;
    int64_t second = 0;
    for (const RegistryEvent& event : events) {
      history = WithEvent(std::move(history), event, At(++second));
    }
    return history;
  };
  const History in_order = recorded();
  std::shuffle(events.begin(), events.end(), std::mt19937(*rc::gen::arbitrary<uint32_t>()));
  const History shuffled = recorded();
  for (int day = 0; day <= kDays + 1; ++day) {
    const AsOf as_of{Day(day), At(1'000)};
    RC_ASSERT(TextOfView(FactView(in_order, as_of)) == TextOfView(FactView(shuffled, as_of)));
  }
}

}  // namespace
}  // namespace kstati::profile
