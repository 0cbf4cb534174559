// SPDX-License-Identifier: Apache-2.0
#include "profile/spread_events.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "profile/formats/fact_codec.h"
#include "profile/formats/keys.h"
#include "profile/formats/profile_codec.h"
#include "profile/sealed_records.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kHomesOfPartition = 16;  // so that commits of different events seldom meet
constexpr uint64_t kHomeSpacing = 1 << 16;  // among so many numbers each partition has one
constexpr int kAttemptsMax = 1'000;  // each means that another change of the citizen succeeded

CitizenId HomeIn(const Engine& engine, size_t partition, uint64_t place) {
  CitizenId home(kLastCitizen.number() + (1 + place) * kHomeSpacing);
  while (engine.PartitionOf(home) != partition) home = CitizenId(home.number() + 1);
  return home;
}

EventPlace PlaceOf(const SpreadEvent& event) { return {event.event.subject, event.event.key}; }

std::string PlaceOfSpread(const EventPlace& event) {
  return PlaceOfRecord(event.subject, SpreadEventKey(event.subject, event.key));
}

std::string Encode(const SpreadEvent& event) {
  RegistryEvent implied = event.event;
  implied.facts.clear();
  implied.relations = std::exchange(implied.implied_relations, {});
  return ByteWriter()
      .Flag(event.superseded_on_arrival.has_value())
      .Text(event.superseded_on_arrival.value_or(EventId()).text())
      .Text(EncodeEvent(event.event))
      .Text(EncodeEvent(implied))
      .Take();
}

Result<SpreadEvent> Decode(std::string_view bytes) {
  ByteReader reader(bytes);
  SpreadEvent event;
  const bool superseded = reader.Flag();
  EventId by(reader.Text());
  if (superseded) event.superseded_on_arrival = std::move(by);
  const std::string_view reported = reader.TextView();
  const std::string_view implied = reader.TextView();
  KSTATI_TRY_VOID(reader.Finish("event under way"));
  KSTATI_TRY(event.event, DecodeEvent(reported));
  KSTATI_TRY(RegistryEvent other, DecodeEvent(implied));
  event.event.implied_relations = std::move(other.relations);
  return event;
}

Result<Change> ChangeOf(CitizenId receiver, const SpreadEvent& event, const Engine& engine,
                        CitizenKeys& keys, Instant now) {
  Change change;
  change.now = now;
  CitizenChange& part = change.citizens.emplace_back();
  part.citizen = receiver;
  KSTATI_TRY(std::optional<DataKey> key, keys.Find(engine, receiver));
  if (!key) {
    key = DataKey::Random();
    KSTATI_TRY(part.sealed_key, keys.Seal(receiver, *key));
    part.expected_version = 0;
  }
  part.addition = EncodeShareOf(event, receiver, *key);
  const std::string arrival = ArrivalKey(event.event.subject, event.event.key);
  part.conditions.push_back({arrival, std::nullopt});
  part.writes.push_back({arrival, Seal(*key, PlaceOfRecord(receiver, arrival), ""), false});
  return change;
}

}  // namespace

CitizenId HomeOfSpread(const Engine& engine, const EventPlace& event) {
  uint64_t hash = 14'695'981'039'346'656'037u;  // FNV-1a: the same on every machine, for ever
  for (const char c : SpreadEventKey(event.subject, event.key)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  }
  return HomeIn(engine, engine.PartitionOf(event.subject), (hash >> 16) % kHomesOfPartition);
}

std::vector<CitizenId> HomesOfSpread(const Engine& engine) {
  std::vector<CitizenId> homes;
  for (size_t partition = 0; partition < engine.Partitions(); ++partition) {
    for (uint64_t place = 0; place < kHomesOfPartition; ++place) {
      homes.push_back(HomeIn(engine, partition, place));
    }
  }
  return homes;
}

Result<std::vector<EventPlace>> SpreadEventsAt(const Engine& engine, CitizenId home) {
  std::vector<EventPlace> events;
  KSTATI_TRY_VOID(
      engine.Scan(home, kSpreadEventPrefix, [&](std::string_view key, std::string_view) {
        if (auto place = ParseSpreadEventKey(key)) {
          events.push_back({place->first, std::move(place->second)});
        }
        return true;
      }));
  return events;
}

std::string SealSpreadEvent(const DataKey& key, const SpreadEvent& event) {
  return Seal(key, PlaceOfSpread(PlaceOf(event)), Encode(event));
}

Result<std::optional<SpreadEvent>> ReadSpreadEvent(const Engine& engine, CitizenKeys& keys,
                                                   const EventPlace& event) {
  KSTATI_TRY(const std::optional<std::string> sealed,
             engine.Get(HomeOfSpread(engine, event), SpreadEventKey(event.subject, event.key)));
  if (!sealed) return std::nullopt;
  KSTATI_TRY(const std::optional<DataKey> key, keys.Find(engine, event.subject));
  if (!key) {
    return Fail(ErrorCode::kCorrupt, "an event under way is about a person who has no row", {},
                "restore the store from a backup");
  }
  KSTATI_TRY(const std::string bytes, Unseal(*key, PlaceOfSpread(event), *sealed));
  KSTATI_TRY(SpreadEvent found, Decode(bytes));
  return std::optional<SpreadEvent>(std::move(found));
}

Result<std::vector<CitizenId>> ReceiversOf(const Engine& engine, const EventPlace& event) {
  std::vector<CitizenId> receivers;
  const std::string prefix = DeliveryPrefix(event.subject, event.key);
  KSTATI_TRY_VOID(
      engine.Scan(HomeOfSpread(engine, event), prefix, [&](std::string_view key, std::string_view) {
        key.remove_prefix(prefix.size());
        uint64_t number = 0;
        std::from_chars(key.data(), key.data() + key.size(), number);
        receivers.emplace_back(number);
        return true;
      }));
  return receivers;
}

std::string EncodeShareOf(const SpreadEvent& event, CitizenId citizen, const DataKey& key) {
  History added;
  added.citizen = citizen;
  AppendRecords(event.event, {}, added);
  if (event.superseded_on_arrival) {
    AppendSupersession({event.event.key, {}, *event.superseded_on_arrival}, added);
  }
  return EncodeAddition(added, key);
}

Result<void> DeliverTo(CitizenId receiver, const SpreadEvent& event, Engine& engine,
                       CitizenKeys& keys, Instant now) {
  const std::string arrival = ArrivalKey(event.event.subject, event.event.key);
  for (int attempt = 1;; ++attempt) {
    Result<Change> change = ChangeOf(receiver, event, engine, keys, now);
    if (!change && change.error().code == ErrorCode::kNotFound) return {};  // erased
    if (!change) return Fail(change.error());
    const Result<void> outcome = engine.Commit(std::move(*change));
    const bool moved = !outcome && outcome.error().code == ErrorCode::kConflict;
    if (!moved || attempt == kAttemptsMax) return outcome;
    KSTATI_TRY(const std::optional<std::string> arrived, engine.Get(receiver, arrival));
    if (arrived) return {};
  }
}

}  // namespace kstati::profile
