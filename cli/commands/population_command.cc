// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/progress.h"
#include "cases/pipeline.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/event_form.h"
#include "cli/json_forms.h"
#include "cli/output.h"
#include "population/interactions.h"
#include "population/life_stream.h"
#include "population/random.h"
#include "population/registration.h"

namespace kstati::cli {
namespace {

constexpr size_t kWriters = 32;           // commits of that many threads share one synced write
constexpr size_t kEventsAtOnce = 20'000;  // held in memory: some 30 MiB
constexpr size_t kBatchEvents = 200;

// The options that name one population; the same ones in `generate` and `play` mean the same
// people.
struct Identity {
  int64_t citizens = 1'000;
  int64_t seed = 1;
  std::string since;

  void Declare(Options& options) {
    options.Number("--citizens", "COUNT", citizens, 1, 100'000'000, "people of the population");
    options.Number("--seed", "NUMBER", seed, 0, INT64_MAX, "seed of everything random");
    options.Text(
        "--since", "DATE", since,
        "day on which the population stands; without it the latest 1 July three months past");
  }

  // The day changes once a year only, so that `play` finds the people of `generate`.
  Result<Date> Start(Date today) const {
    if (!since.empty()) {
      KSTATI_TRY(const Date date, Date::Parse(since));
      if (date < today) return date;
      return Fail(ErrorCode::kInvalidArgument, "the population must stand before today", "--since",
                  "name an earlier day");
    }
    // At least three months have passed since, so that something can have happened.
    const Date::Parts parts = today.AddMonths(-3).parts();
    return Date::Of(parts.month >= 7 ? parts.year : parts.year - 1, 7, 1);
  }

  population::Population Make(Date start, const graph::Catalogue& catalogue) const {
    population::PopulationOptions options;
    options.citizens = static_cast<uint64_t>(citizens);
    options.seed = static_cast<uint64_t>(seed);
    options.today = start;
    return population::Population::Generate(options, catalogue);
  }

  population::FactSource Facts(Date start, const LoadedCatalogue& loaded) const {
    population::FactSourceOptions options;
    options.seed = static_cast<uint64_t>(seed);
    options.settled = start.AddMonths(-12);
    return population::FactSource(loaded.dictionary, loaded.catalogue, options);
  }
};

// Records events from several threads; the first error stops all.
class ParallelRecorder {
 public:
  explicit ParallelRecorder(const cases::World& world) : world_(world) {}

  Result<void> Record(const std::vector<profile::RegistryEvent>& events) {
    return ForEach(events.size(), [&](size_t i) -> Result<void> {
      const auto outcome = cases::ProcessRegistryEvent(world_, events[i]);
      if (!outcome) return Fail(outcome.error());
      return {};
    });
  }

  // Each thread works through a stretch of its own: neighbours in the order mostly concern one
  // home, and changes of one home by several threads would only wait for each other.
  template <class Work>
  Result<void> ForEach(size_t count, const Work& work) {
    std::mutex mutex;
    Result<void> result;
    std::atomic<bool> failed = false;
    const auto run = [&](size_t first, size_t end) {
      for (size_t i = first; i < end && !failed; ++i) {
        Result<void> done = work(i);
        if (done || failed.exchange(true)) continue;
        const std::lock_guard lock(mutex);
        result = std::move(done);
      }
    };
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kWriters; ++i) {
      threads.emplace_back(run, i * count / kWriters, (i + 1) * count / kWriters);
    }
    for (std::thread& thread : threads) thread.join();
    return result;
  }

 private:
  const cases::World& world_;
};

class PopulationGenerate final : public Command {
 public:
  std::string_view path() const override { return "population generate"; }
  std::string_view summary() const override {
    return "Makes up a population and records what registries would report of it.";
  }
  std::string_view examples() const override {
    return "kstati population generate --citizens 1000 --data var/store\n"
           "kstati population generate --citizens 50 --output events.jsonl";
  }

  void Declare(Options& options) override {
    identity_.Declare(options);
    options.Text("--output", "FILE", output_file_,
                 "writes the events into a file (- for standard output) instead of a store");
    options.Share("--consents", "SHARE", consent_share_,
                  "share of adults who consent that services start by themselves");
    options.Number("--visits", "COUNT", visits_, -1, 100'000'000,
                   "synthetic visits to the portal, to train a model from; -1: one per citizen");
    connection_.DeclareLocal(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    if (!output_file_.empty()) return WriteEvents(config, terminal);
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kMakeIfMissing));
    KSTATI_TRY(const Date start, identity_.Start(system->world().Today()));
    const population::Population people = identity_.Make(start, system->world().catalogue());
    KSTATI_TRY(const size_t events, RecordAll(*system, people, start));
    KSTATI_TRY(const size_t consents, GrantConsents(*system, people, start));
    KSTATI_TRY(const size_t visits, RecordVisits(*system, people, start));
    terminal.err << people.people().size() << " people in " << people.homes().size() << " homes, "
                 << events << " events, " << consents << " consents, " << visits << " visits\n";
    return kExitFine;
  }

 private:
  Result<int> WriteEvents(const Config& config, const Terminal& terminal) {
    std::vector<Issue> issues;
    const auto loaded = LoadedCatalogue::Load(config.Text("catalogue.folder"), issues);
    KSTATI_TRY(const Date start, identity_.Start(LocalDate(SystemClock().Now(), "UTC")));
    const population::Population people = identity_.Make(start, loaded->catalogue);
    std::ofstream file;
    if (output_file_ != "-") file.open(output_file_);
    std::ostream& out = output_file_ == "-" ? terminal.out : file;
    VisitRegistrations(people, identity_.Facts(start, *loaded), start, [&](const auto& event) {
      out << ToJson(ToRpc(event)).dump() << "\n";
      return out.good();
    });
    out.flush();
    if (out) return kExitFine;
    return Fail(ErrorCode::kUnavailable, "the file cannot be written", output_file_,
                "check the path and the free space");
  }

  // A slice is recorded in two steps: people first, then what names them.
  static Result<void> RecordSlice(const cases::World& world,
                                  std::vector<profile::RegistryEvent>& slice) {
    std::vector<profile::RegistryEvent> first;
    std::vector<profile::RegistryEvent> then;
    for (profile::RegistryEvent& event : slice) {
      const bool registers = event.type.text() == population::kPersonRegistered;
      (registers ? first : then).push_back(std::move(event));
    }
    slice.clear();
    ParallelRecorder recorder(world);
    KSTATI_TRY_VOID(recorder.Record(first));
    return recorder.Record(then);
  }

  Result<size_t> RecordAll(const System& system, const population::Population& people,
                           Date start) const {
    const population::FactSource facts = identity_.Facts(start, system.catalogue());
    Progress progress("events", 0);
    std::vector<profile::RegistryEvent> slice;
    size_t count = 0;
    Result<void> result;
    const auto flush = [&] {
      const size_t size = slice.size();
      result = RecordSlice(system.world(), slice);
      count += size;
      progress.Advance(size);
    };
    VisitRegistrations(people, facts, start, [&](const profile::RegistryEvent& event) {
      slice.push_back(event);
      if (slice.size() >= kEventsAtOnce) flush();
      return result.has_value();
    });
    if (result) flush();
    if (!result) return tl::unexpected(result.error());
    return count;
  }

  Result<size_t> GrantConsents(const System& system, const population::Population& people,
                               Date start) const {
    constexpr int64_t kAdultYears = 18;
    std::vector<CitizenId> givers;
    for (const population::Person& person : people.people()) {
      const uint64_t draw =
          population::Mix(static_cast<uint64_t>(identity_.seed), person.id.number());
      const bool gives = population::Fraction(draw) < consent_share_;
      if (gives && person.alive() && person.AgeOn(start) >= kAdultYears)
        givers.push_back(person.id);
    }
    ParallelRecorder recorder(system.world());
    KSTATI_TRY_VOID(recorder.ForEach(givers.size(), [&](size_t i) -> Result<void> {
      KSTATI_TRY(const auto earlier, system.desk().Consents(givers[i]));
      if (!earlier.empty()) return {};
      profile::ConsentGrant grant;
      grant.citizen = grant.granted_by = givers[i];
      grant.valid = {start, std::nullopt};
      grant.text_version = "synthetic";
      grant.language = "ru";
      grant.channel = "synthetic";
      const auto consent = system.desk().Grant(grant);
      if (!consent) return Fail(consent.error());
      return {};
    }));
    return givers.size();
  }

  Result<size_t> RecordVisits(const System& system, const population::Population& people,
                              Date start) const {
    KSTATI_TRY(const auto earlier, system.store().ReadLog(recommender::kInteractionLog, 0, 1));
    if (visits_ == 0 || !earlier.empty()) return size_t{0};
    std::vector<CitizenId> citizens;
    for (const population::Person& person : people.people()) citizens.push_back(person.id);
    population::InteractionOptions options;
    options.seed = static_cast<uint64_t>(identity_.seed);
    options.count = visits_ < 0 ? citizens.size() : static_cast<size_t>(visits_);
    options.from = start.AddMonths(-6);
    options.to = start;
    const Instant now = system.world().Now();
    const auto load = [&](CitizenId citizen, Date on) {
      return profile::LoadHousehold(citizen, {on, now},
                                    [&](CitizenId who) { return system.store().Load(who); });
    };
    KSTATI_TRY(const auto interactions,
               population::SimulateInteractions(citizens, load, *system.world().program, options));
    constexpr size_t kPerCommit = 1'000;
    for (size_t first = 0; first < interactions.size(); first += kPerCommit) {
      profile::Transaction transaction(now);
      for (size_t i = first; i < std::min(first + kPerCommit, interactions.size()); ++i) {
        transaction.AppendLog(recommender::kInteractionLog, recommender::Encode(interactions[i]));
      }
      KSTATI_TRY_VOID(system.store().Commit(transaction));
    }
    return interactions.size();
  }

  Identity identity_;
  std::string output_file_;
  double consent_share_ = 0.3;
  int64_t visits_ = -1;
  Connection connection_;
};

// What happened while events were played.
struct Played {
  size_t days = 0;
  size_t accepted = 0;
  size_t repeated = 0;
  size_t refused = 0;
  size_t life_events = 0;
  size_t cases = 0;
  std::map<std::string, std::string> look_at;  // type of life event -> citizen
};

class PopulationPlay final : public Command {
 public:
  std::string_view path() const override { return "population play"; }
  std::string_view summary() const override {
    return "Reports what happens to a generated population day by day, up to today.";
  }
  std::string_view examples() const override {
    return "kstati population play --citizens 1000 --server 127.0.0.1:9090\n"
           "kstati population play --citizens 1000 --data var/store --pace 3";
  }

  void Declare(Options& options) override {
    identity_.Declare(options);
    options.Number("--pace", "TIMES", pace_, 1, 1'000, "how much more often than in a real year");
    options.Number("--days", "COUNT", days_, 0, 10'000, "ends after so many days; 0: today");
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<Issue> issues;
    const auto loaded = LoadedCatalogue::Load(config.Text("catalogue.folder"), issues);
    const Date today = LocalDate(SystemClock().Now(), config.Text("time.zone"));
    KSTATI_TRY(const Date start, identity_.Start(today));
    const population::FactSource facts = identity_.Facts(start, *loaded);
    population::LifeStreamOptions options;
    options.seed = static_cast<uint64_t>(identity_.seed);
    options.pace = static_cast<double>(pace_);
    population::LifeStream stream(identity_.Make(start, loaded->catalogue), facts, options, start);
    const Date end = days_ == 0 ? today : std::min(today, start.AddDays(days_));
    const Played played = Play(*kstati, stream, end, terminal);
    output_.Print(terminal,
                  {Json{{"days", played.days},
                        {"accepted", played.accepted},
                        {"repeated", played.repeated},
                        {"refused", played.refused},
                        {"life_events", played.life_events},
                        {"cases", played.cases},
                        {"look_at", played.look_at}}},
                  {{"days", "DAYS"},
                   {"accepted", "ACCEPTED"},
                   {"repeated", "REPEATED"},
                   {"refused", "REFUSED"},
                   {"life_events", "LIFE EVENTS"},
                   {"cases", "CASES"},
                   {"look_at", "LOOK AT"}});
    return played.refused == 0 ? kExitFine : kExitFoundProblems;
  }

 private:
  Played Play(rpc::KstatiIf& kstati, population::LifeStream& stream, Date end,
              const Terminal& terminal) const {
    Played played;
    Progress progress("days", static_cast<uint64_t>(end.days - stream.today().days));
    std::vector<rpc::RegistryEvent> batch;
    while (stream.today() < end) {
      for (const profile::RegistryEvent& event : stream.NextDay()) {
        NoteWhomToLookAt(event, played);
        batch.push_back(ToRpc(event));
      }
      ++played.days;
      progress.Advance();
      if (batch.size() >= kBatchEvents) Send(kstati, batch, played, terminal);
    }
    Send(kstati, batch, played, terminal);
    return played;
  }

  // The latest person whom each kind of life event concerns: the mother of a child, else the
  // subject.
  static void NoteWhomToLookAt(const profile::RegistryEvent& event, Played& played) {
    const bool quiet = event.type.text() == profile::kFactsOnly ||
                       event.type.text() == "event.death_registered";  // the dead have no cabinet
    if (quiet) return;
    const auto mother = event.participants.find("mother");
    const bool born = mother != event.participants.end() && !mother->second.empty();
    const CitizenId whom = born ? mother->second.front() : event.subject;
    played.look_at[event.type.text()] = whom.ToString();
  }

  void Send(rpc::KstatiIf& kstati, std::vector<rpc::RegistryEvent>& batch, Played& played,
            const Terminal& terminal) const {
    constexpr size_t kRefusalsShown = 5;
    std::vector<rpc::EventReceipt> receipts;
    if (!batch.empty()) kstati.submitEvents(receipts, connection_.context(), batch);
    batch.clear();
    for (const rpc::EventReceipt& receipt : receipts) {
      played.life_events += receipt.life_events.size();
      played.cases += receipt.cases.size();
      if (receipt.outcome == rpc::EventOutcome::ACCEPTED) ++played.accepted;
      if (receipt.outcome == rpc::EventOutcome::REPEATED) ++played.repeated;
      if (receipt.outcome != rpc::EventOutcome::REFUSED) continue;
      if (played.refused++ >= kRefusalsShown) continue;
      terminal.err << "refused: " << receipt.failure.message << " (" << receipt.failure.place
                   << ")\n";
    }
  }

  Identity identity_;
  int64_t pace_ = 1;
  int64_t days_ = 0;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddPopulation(CommandList& commands) {
  commands.push_back(std::make_unique<PopulationGenerate>());
  commands.push_back(std::make_unique<PopulationPlay>());
}

}  // namespace kstati::cli
