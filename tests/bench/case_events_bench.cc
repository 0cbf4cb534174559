// SPDX-License-Identifier: Apache-2.0
// Registry events with everything that follows from them, in one synced commit each: a birth, from
// which cases start, and a fact, from which rights are worked out anew; 64 writers, on the
// catalogue that ships, with ledger and witness. Beside raw synced RocksDB batches of as many keys
// and bytes, in alternating rounds of one run. The latency of a birth is that from the event to its
// cases. Then the check of the consent before the next step of a case that started on one: alone,
// where the step has read what it needs already, and with all that it reads itself; and the whole
// act, a case that is handed over in a synced commit, with the check and without, in turn.
//   case_events_bench [--check] [--seconds N] [--rounds N] [--writers N] [--people N] [FOLDER]
// --check: one short round, no figure of which means anything. FOLDER is emptied first.
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "cases/consenting.h"
#include "cases/pipeline.h"
#include "profile/engines/rocksdb_settings.h"
#include "tests/bench/figures.h"
#include "tests/scenarios/observed_engine.h"
#include "tests/scenarios/town.h"

namespace kstati {
namespace {

constexpr uint64_t kFirstChild = 10'000'000;
constexpr uint64_t kEntryBytes = 82 + 2 * 32;  // of the ledger: the entry, and two nodes above it

struct Settings {
  WriterSettings writing;
  int people = 1'000;
  size_t checks = 20'000;
  std::string folder = "case_events_bench.data";
};

// What was given to the store.
struct Given {
  std::atomic<uint64_t> commits = 0;
  std::atomic<uint64_t> keys = 0;
  std::atomic<uint64_t> bytes = 0;

  void Add(uint64_t more_keys, uint64_t more_bytes) {
    keys += more_keys;
    bytes += more_bytes;
  }
  void Count(const profile::Change& change) {
    ++commits;
    for (const profile::CitizenChange& each : change.citizens) {
      Add(1, each.sealed_key.value_or("").size() + each.profile.value_or("").size() +
                 each.addition.size());
      for (const profile::Write& write : each.writes) {
        Add(1, write.key.size() + write.value.value_or("").size());
      }
    }
    for (const profile::Append& each : change.appends) Add(1, each.value.size());
    for (const profile::Deed& each : change.deeds) Add(4, each.opening.size() + kEntryBytes);
  }
  void Reset() { commits = keys = bytes = 0; }
};

// The town's people, and what registers tell of them.
class People {
 public:
  People(scenarios::Town& town, int count) : town_(town) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "mother " + std::to_string(i);
      town.Settled(name, "1995-05-20");
      town.Consents(name);
      mothers_.push_back(town.Number(name));
    }
  }

  profile::RegistryEvent Birth(uint64_t number) const {
    const CitizenId child(kFirstChild + number);
    profile::RegistryEvent event = Event("egr_zags", "event.child_born", child, number);
    event.participants = {{"child", {child}}, {"mother", {MotherOf(number)}}};
    event.facts = {{child, AttributeId("doc.birth_record"), true, {town_.today(), std::nullopt}}};
    return event;
  }

  // Each begins a day after the one before, since what begins on the same day puts it right; within
  // the year in which a situation stands open.
  profile::RegistryEvent Fact(uint64_t number) const {
    const CitizenId mother = MotherOf(number);
    const uint64_t turn = number / mothers_.size();
    profile::RegistryEvent event =
        Event("sfr_ils", std::string(profile::kFactsOnly), mother, number);
    event.facts = {
        {mother,
         AttributeId("person.employed"),
         turn % 2 == 0,
         {town_.today().AddDays(std::min<int64_t>(turn, kTurns) - kTurns), std::nullopt}}};
    return event;
  }

  // Cases that started on a consent.
  std::vector<cases::Case> OnConsents() const {
    std::vector<cases::Case> found;
    for (const CitizenId mother : mothers_) {
      const auto cases = town_.desk().Cases(mother);
      KSTATI_CHECK(cases.has_value());
      std::ranges::copy_if(*cases, std::back_inserter(found),
                           [](const cases::Case& c) { return !c.consent.empty(); });
    }
    return found;
  }

  // Of all the mothers together.
  size_t Cases() const {
    size_t count = 0;
    for (const CitizenId mother : mothers_) count += town_.desk().Cases(mother)->size();
    return count;
  }

 private:
  CitizenId MotherOf(uint64_t number) const { return mothers_[number % mothers_.size()]; }

  profile::RegistryEvent Event(const std::string& source, const std::string& type,
                               CitizenId subject, uint64_t number) const {
    profile::RegistryEvent event;
    event.key = {RegistryId(source), EventId("bench-" + std::to_string(number))};
    event.type = EventTypeId(type);
    event.subject = subject;
    event.occurred_on = town_.today();
    return event;
  }

  static constexpr int64_t kTurns = 350;

  scenarios::Town& town_;
  std::vector<CitizenId> mothers_;
};

using MakeEvent = std::function<profile::RegistryEvent(uint64_t number)>;

Throughput MeasureEvents(const WriterSettings& settings, const cases::World& world,
                         std::atomic<uint64_t>& next, const MakeEvent& make) {
  return MeasureWriters(settings, next, make, [&](const profile::RegistryEvent& event) {
    const auto outcome = cases::ProcessRegistryEvent(world, event);
    KSTATI_CHECK(outcome.has_value());
  });
}

struct Batch {
  uint64_t number;
  uint64_t keys;
  uint64_t bytes;
};

Throughput MeasureRaw(const WriterSettings& settings, rocksdb::DB& db, std::atomic<uint64_t>& next,
                      uint64_t keys, uint64_t bytes) {
  const auto make = [&](uint64_t number) { return Batch{number, keys, bytes}; };
  return MeasureWriters(settings, next, make, [&db](const Batch& batch) {
    rocksdb::WriteBatch writes;
    const std::string value(batch.bytes / batch.keys, 'x');
    for (uint64_t i = 0; i < batch.keys; ++i) {
      writes.Put(std::to_string(batch.number) + "/" + std::to_string(i), value);
    }
    KSTATI_CHECK(db.Write(profile::DurableWrite(), &writes).ok());
  });
}

void Print(const char* what, int round, const Throughput& outcome) {
  std::printf("%-22s %5d %10.0f %9.2f %9.2f\n", what, round, outcome.rate, outcome.p50_ms,
              outcome.p99_ms);
}

// Whether a consent of the case's citizen allows its next step.
bool IsAllowed(cases::Draft& draft, const cases::Case& c) {
  const auto consents = draft.Consents(c.citizen);
  const auto next = cases::NextStepOf(draft, c);
  return consents && next && profile::FindAllowing(*consents, *next) != nullptr;
}

struct CheckTimes {
  std::vector<double> alone;  // microseconds
  std::vector<double> with_reads;

  void Print() {
    std::ranges::sort(alone);
    std::ranges::sort(with_reads);
    for (const auto& [what, times] :
         {std::pair("alone", &alone), {"with its reads", &with_reads}}) {
      std::printf("consent check, %-15s %zu checks, p50 %.2f us, p99 %.2f us\n", what,
                  times->size(), Percentile(*times, 0.5), Percentile(*times, 0.99));
    }
  }
};

CheckTimes MeasureChecks(const cases::World& world, const std::vector<cases::Case>& of,
                         size_t count) {
  using Steady = std::chrono::steady_clock;
  const auto micros = [](Steady::time_point since) {
    return std::chrono::duration<double, std::micro>(Steady::now() - since).count();
  };
  CheckTimes times;
  for (size_t i = 0; i < count && !of.empty(); ++i) {
    const cases::Case& c = of[i % of.size()];
    cases::Draft draft(world, world.Now());
    const Steady::time_point cold = Steady::now();
    KSTATI_CHECK(IsAllowed(draft, c));
    times.with_reads.push_back(micros(cold));
    const Steady::time_point warm = Steady::now();
    KSTATI_CHECK(IsAllowed(draft, c));
    times.alone.push_back(micros(warm));
  }
  return times;
}

// Microseconds of a whole act.
struct ActTimes {
  std::vector<double> with_check;
  std::vector<double> without;

  void Print() {
    std::ranges::sort(with_check);
    std::ranges::sort(without);
    for (const auto& [what, times] :
         {std::pair("with the check", &with_check), {"without", &without}}) {
      if (times->empty()) continue;
      std::printf("handing over, %-14s %zu acts, p50 %.1f us, p99 %.1f us\n", what, times->size(),
                  Percentile(*times, 0.5), Percentile(*times, 0.99));
    }
  }
};

// From now on the case is the person's own application, which asks for no consent.
void LetApply(const cases::World& world, const cases::Case& c) {
  const auto kept = cases::Retry(world, [&](cases::Draft& draft) -> Result<cases::Case> {
    KSTATI_TRY(cases::Case own, cases::RequireCase(draft, c.citizen, c.id));
    own.consent = ConsentId();
    KSTATI_TRY_VOID(draft.Keep(own));
    return own;
  });
  KSTATI_CHECK(kept.has_value());
}

ActTimes MeasureActs(const cases::World& world, const std::vector<cases::Case>& of, size_t count) {
  using Steady = std::chrono::steady_clock;
  ActTimes times;
  for (const cases::Case& c : of) {
    if (c.status != cases::Status::kStarted || count == 0) continue;
    const bool checks = --count % 2 == 0;
    if (!checks) LetApply(world, c);
    const Steady::time_point begin = Steady::now();
    const auto handed = cases::Retry(
        world, [&](cases::Draft& draft) { return cases::HandCaseOver(draft, c.citizen, c.id); });
    const std::chrono::duration<double, std::micro> took = Steady::now() - begin;
    KSTATI_CHECK(handed && handed->status == cases::Status::kInterAgency);
    (checks ? times.with_check : times.without).push_back(took.count());
  }
  return times;
}

class Bench {
 public:
  explicit Bench(const Settings& settings) : settings_(settings) {
    std::filesystem::remove_all(settings.folder);
    std::filesystem::create_directories(settings.folder + "/raw");
    scenarios::Town::EngineOfTowns() = [this](const std::string& folder,
                                              const profile::ledger::SigningKey& signer) {
      profile::RocksDbOptions options;
      options.folder = folder;
      options.signer = &signer;
      options.witness_file = settings_.folder + "/witness";
      auto engine = profile::OpenRocksDb(options);
      KSTATI_CHECK(engine.has_value());
      return Result<std::unique_ptr<profile::Engine>>(std::make_unique<scenarios::ObservedEngine>(
          std::move(*engine), [this](const profile::Change& change) { given_.Count(change); }));
    };
    town_ = std::make_unique<scenarios::Town>("2026-03-16", settings.folder + "/store");
    people_ = std::make_unique<People>(*town_, settings.people);
    profile::RocksDbOptions raw;
    raw.folder = settings.folder + "/raw";
    rocksdb::DB* opened = nullptr;
    KSTATI_CHECK(rocksdb::DB::Open(profile::RocksDbSettings(raw), raw.folder, &opened).ok());
    raw_.reset(opened);
  }

  void Run() {
    std::printf("%d writers, %d people, %.1f s a round, each event synced\n",
                settings_.writing.writers, settings_.people, settings_.writing.seconds);
    std::printf("%-22s %5s %10s %9s %9s\n", "", "round", "events/s", "p50 ms", "p99 ms");
    Compare("birth", [this](uint64_t number) { return people_->Birth(number); });
    Compare("fact", [this](uint64_t number) { return people_->Fact(number); });
    WriterSettings alone = settings_.writing;
    alone.writers = 1;
    Print("birth, one writer", 1,
          MeasureEvents(alone, town_->world(), next_,
                        [this](uint64_t number) { return people_->Birth(number); }));
    const std::vector<cases::Case> on_consents = people_->OnConsents();
    MeasureChecks(town_->world(), on_consents, settings_.checks).Print();
    MeasureActs(town_->world(), on_consents, settings_.checks).Print();
  }

  size_t Cases() const { return people_->Cases(); }

 private:
  void Compare(const std::string& what, const MakeEvent& make) {
    std::vector<double> ratios;
    uint64_t keys = 1;
    uint64_t bytes = 1;
    for (int round = 1; round <= settings_.writing.rounds; ++round) {
      given_.Reset();
      const Throughput events = MeasureEvents(settings_.writing, town_->world(), next_, make);
      const auto count = std::max<uint64_t>(events.count, 1);
      keys = std::max<uint64_t>(given_.keys / count, 1);
      bytes = std::max<uint64_t>(given_.bytes / count, keys);
      const Throughput raw = MeasureRaw(settings_.writing, *raw_, next_, keys, bytes);
      Print(what.c_str(), round, events);
      Print("  raw, same bytes", round, raw);
      ratios.push_back(events.rate / raw.rate);
    }
    std::printf("%s: %llu keys, %llu bytes an event; ratio to raw, median of %d rounds: %.3f\n",
                what.c_str(), static_cast<unsigned long long>(keys),
                static_cast<unsigned long long>(bytes), settings_.writing.rounds, Median(ratios));
  }

  const Settings settings_;
  Given given_;
  std::unique_ptr<scenarios::Town> town_;
  std::unique_ptr<People> people_;
  std::unique_ptr<rocksdb::DB> raw_;
  std::atomic<uint64_t> next_ = 1;
};

}  // namespace
}  // namespace kstati

int main(int argc, char** argv) {
  using kstati::AtLeastOne;
  kstati::Settings settings;
  const bool read = kstati::ReadOptions(
      argc, argv,
      {{"--check", nullptr,
        [&] {
          settings.writing = {0.2, 1, 4};
          settings.people = 20;
          settings.checks = 100;
        }},
       {"--seconds", [&](const char* value) { settings.writing.seconds = std::atof(value); }},
       {"--rounds", [&](const char* value) { settings.writing.rounds = AtLeastOne(value); }},
       {"--writers", [&](const char* value) { settings.writing.writers = AtLeastOne(value); }},
       {"--people", [&](const char* value) { settings.people = AtLeastOne(value); }}},
      &settings.folder);
  if (!read) return 2;
  kstati::Bench bench(settings);
  bench.Run();
  if (bench.Cases() > 0) return 0;
  std::fprintf(stderr, "no case followed from any birth\n");
  return 1;
}
