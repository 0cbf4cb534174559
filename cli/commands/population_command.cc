// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/progress.h"
#include "cases/calendar_sweep.h"
#include "cases/dealings.h"
#include "cases/pipeline.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/json_forms.h"
#include "cli/output.h"
#include "cli/population_record.h"
#include "intake/event_form.h"
#include "population/interactions.h"
#include "population/life_stream.h"
#include "population/random.h"
#include "population/registration.h"
#include "recommender/exposure.h"

namespace kstati::cli {
namespace {

constexpr size_t kWriters = 32;           // commits of that many threads share one synced write
constexpr size_t kEventsAtOnce = 20'000;  // held in memory: some 30 MiB
constexpr size_t kBatchEvents = 200;

population::Population MakePeople(const PopulationRecord& record,
                                  const graph::Catalogue& catalogue) {
  population::PopulationOptions options;
  options.citizens = static_cast<uint64_t>(record.citizens);
  options.seed = static_cast<uint64_t>(record.seed);
  options.today = record.since;
  return population::Population::Generate(options, catalogue);
}

population::FactSource MakeFacts(const PopulationRecord& record, const LoadedCatalogue& loaded) {
  population::FactSourceOptions options;
  options.seed = static_cast<uint64_t>(record.seed);
  options.settled = record.since.AddMonths(-12);
  return population::FactSource(loaded.dictionary, loaded.catalogue, options);
}

// Does `work(i)` for every i below `count` in several threads; the first error stops all. Each
// thread works through a stretch of its own: neighbours in the order mostly concern one home, and
// changes of one home by several threads would only wait for each other.
template <class Work>
Result<void> InParallel(size_t count, const Work& work) {
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

Result<void> RecordInParallel(const cases::World& world,
                              const std::vector<profile::RegistryEvent>& events) {
  return InParallel(events.size(), [&](size_t i) -> Result<void> {
    const auto outcome = cases::ProcessRegistryEvent(world, events[i]);
    if (!outcome) return Fail(outcome.error());
    return {};
  });
}

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
    choice_.Declare(options);
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
    const std::string& folder = config.Text("store.folder");
    KSTATI_TRY(PopulationRecord record, RecordFor(*system, folder));
    if (record.loaded) {
      terminal.err << "the store holds its population already: " << record.ToString() << "\n";
      return kExitFine;
    }
    KSTATI_TRY_VOID(Load(*system, record, terminal));
    record.loaded = true;
    KSTATI_TRY_VOID(WritePopulationRecord(folder, record));
    return kExitFine;
  }

 private:
  // The people of an interrupted run are gone on with; strangers' numbers are not taken.
  Result<PopulationRecord> RecordFor(const System& system, const std::string& folder) const {
    KSTATI_TRY(const auto recorded, ReadPopulationRecord(folder));
    if (recorded) return choice_.Recorded(recorded);
    bool inhabited = false;
    KSTATI_TRY_VOID(system.store().ForEachCitizen([&](CitizenId) {
      inhabited = true;
      return false;
    }));
    if (inhabited) {
      return Fail(ErrorCode::kConflict, "the store holds people who were not generated", folder,
                  "name an empty folder with --data");
    }
    KSTATI_TRY(const PopulationRecord record, choice_.ToMake(system.world().Today()));
    KSTATI_TRY_VOID(WritePopulationRecord(folder, record));
    return record;
  }

  Result<void> Load(const System& system, const PopulationRecord& record,
                    const Terminal& terminal) const {
    const population::Population people = MakePeople(record, system.world().catalogue());
    KSTATI_TRY_VOID(BeginCalendar(system, record.since));
    const auto started = std::chrono::steady_clock::now();
    KSTATI_TRY(const size_t events, RecordAll(system, people, record));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    KSTATI_TRY(const size_t consents, GrantConsents(system, people, record));
    KSTATI_TRY(const size_t visits, RecordVisits(system, people, record));
    terminal.err << people.people().size() << " people in " << people.homes().size() << " homes, "
                 << events << " events ("
                 << std::llround(static_cast<double>(events) / std::max(took.count(), 0.001))
                 << " a second), " << consents << " consents, " << visits << " visits\n";
    return {};
  }

  // The people live on from the day on which they stand: birthdays since then are still to come.
  static Result<void> BeginCalendar(const System& system, Date since) {
    profile::Transaction transaction(system.world().Now());
    cases::PutSweptThrough(transaction, since);
    return system.store().Commit(transaction);
  }

  Result<int> WriteEvents(const Config& config, const Terminal& terminal) {
    std::vector<Issue> issues;
    const auto loaded = LoadedCatalogue::Load(config.Text("catalogue.folder"), issues);
    KSTATI_TRY(const PopulationRecord record,
               choice_.ToMake(LocalDate(SystemClock().Now(), config.Text("time.zone"))));
    const population::Population people = MakePeople(record, loaded->catalogue);
    std::ofstream file;
    if (output_file_ != "-") file.open(output_file_);
    std::ostream& out = output_file_ == "-" ? terminal.out : file;
    VisitRegistrations(people, MakeFacts(record, *loaded), record.since, [&](const auto& event) {
      out << intake::ToJson(intake::ToRpc(event)).dump() << "\n";
      return out.good();
    });
    out.flush();
    if (!out) {
      return Fail(ErrorCode::kUnavailable, "the file cannot be written", output_file_,
                  "check the path and the free space");
    }
    terminal.err << record.ToString() << "\n";
    return kExitFine;
  }

  // A slice is recorded in two steps: people first, then what names them.
  static Result<void> RecordSlice(const cases::World& world,
                                  std::vector<profile::RegistryEvent>& slice, Progress& progress) {
    std::vector<profile::RegistryEvent> first;
    std::vector<profile::RegistryEvent> then;
    for (profile::RegistryEvent& event : slice) {
      const bool registers = event.type.text() == population::kPersonRegistered;
      (registers ? first : then).push_back(std::move(event));
    }
    slice.clear();
    KSTATI_TRY_VOID(RecordInParallel(world, first));
    progress.Advance(first.size());
    return RecordInParallel(world, then);
  }

  // Progress counts people: how many events they make is known only at the end.
  static Result<size_t> RecordAll(const System& system, const population::Population& people,
                                  const PopulationRecord& record) {
    const population::FactSource facts = MakeFacts(record, system.catalogue());
    Progress progress("people", people.people().size());
    std::vector<profile::RegistryEvent> slice;
    size_t count = 0;
    Result<void> result;
    const auto flush = [&] {
      count += slice.size();
      result = RecordSlice(system.world(), slice, progress);
    };
    VisitRegistrations(people, facts, record.since, [&](const profile::RegistryEvent& event) {
      slice.push_back(event);
      if (slice.size() >= kEventsAtOnce) flush();
      return result.has_value();
    });
    if (result) flush();
    if (!result) return tl::unexpected(result.error());
    return count;
  }

  Result<size_t> GrantConsents(const System& system, const population::Population& people,
                               const PopulationRecord& record) const {
    constexpr int64_t kAdultYears = 18;
    std::vector<CitizenId> givers;
    for (const population::Person& person : people.people()) {
      const uint64_t draw = population::Mix(static_cast<uint64_t>(record.seed), person.id.number());
      const bool gives = population::Fraction(draw) < consent_share_;
      if (gives && person.alive() && person.AgeOn(record.since) >= kAdultYears) {
        givers.push_back(person.id);
      }
    }
    std::atomic<size_t> consents = 0;
    Progress progress("consents", givers.size());
    KSTATI_TRY_VOID(InParallel(givers.size(), [&](size_t i) -> Result<void> {
      progress.Advance();
      KSTATI_TRY(const auto earlier, system.desk().Consents(givers[i]));
      ++consents;
      if (!earlier.empty()) return {};
      profile::ConsentGrant grant;
      grant.citizen = grant.by.who = givers[i];
      grant.valid = {record.since, std::nullopt};
      grant.evidence = {"synthetic", "ru", "synthetic"};
      const auto consent = system.desk().Grant(grant);
      if (consent) return {};
      --consents;  // whom a court found incapable cannot consent
      if (consent.error().code != ErrorCode::kDenied) return Fail(consent.error());
      return {};
    }));
    return consents.load();
  }

  Result<size_t> RecordVisits(const System& system, const population::Population& people,
                              const PopulationRecord& record) const {
    KSTATI_TRY(const auto earlier, system.store().ReadLog(0, recommender::kInteractionLog, 0, 1));
    if (visits_ == 0 || !earlier.empty()) return size_t{0};
    std::vector<CitizenId> citizens;
    for (const population::Person& person : people.people()) citizens.push_back(person.id);
    population::InteractionOptions options;
    options.seed = static_cast<uint64_t>(record.seed);
    options.count = visits_ < 0 ? citizens.size() : static_cast<size_t>(visits_);
    options.from = record.since.AddMonths(-6);
    options.to = record.since;
    Progress progress("visits", options.count);
    options.on_visit = [&progress] { progress.Advance(); };
    const Instant now = system.world().Now();
    const auto load = [&](CitizenId citizen, Date on, std::optional<Instant>) {
      return profile::LoadHousehold(citizen, {on, now},
                                    [&](CitizenId who) { return system.store().Load(who); });
    };
    KSTATI_TRY(const auto interactions,
               population::SimulateInteractions(citizens, load, *system.world().program, options));
    KSTATI_TRY_VOID(Keep(interactions, system));
    return interactions.size();
  }

  // What was taken up is kept with the people too, as what they did with services.
  static Result<void> Keep(const std::vector<recommender::Interaction>& interactions,
                           const System& system) {
    constexpr size_t kPerCommit = 1'000;
    std::map<CitizenId, recommender::Past> pasts;
    for (size_t first = 0; first < interactions.size(); first += kPerCommit) {
      profile::Transaction transaction(system.world().Now());
      for (size_t i = first; i < std::min(first + kPerCommit, interactions.size()); ++i) {
        const recommender::Interaction& visit = interactions[i];
        transaction.AppendLog(visit.citizen, recommender::kInteractionLog,
                              recommender::Encode(visit));
        recommender::AddTaken(visit, pasts[visit.citizen]);
        for (const recommender::Dealing& dealing : pasts[visit.citizen].dealings()) {
          transaction.PutRecord(visit.citizen, cases::kDealingRecord, cases::DealingId(dealing),
                                recommender::Encode(dealing));
        }
      }
      KSTATI_TRY_VOID(system.store().Commit(transaction));
    }
    return {};
  }

  PopulationChoice choice_;
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
    return "kstati population play --server 127.0.0.1:9090\n"
           "kstati population play --data var/store --pace 3";
  }

  void Declare(Options& options) override {
    choice_.Declare(options);
    options.Number("--pace", "TIMES", pace_, 0, 1'000,
                   "how much more often than in a real year; 0: as played before, at first 1");
    options.Number("--days", "COUNT", days_, 0, 10'000, "ends after so many days; 0: today");
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const PopulationRecord record, RecordFor(config.Text("store.folder")));
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<Issue> issues;
    const auto loaded = LoadedCatalogue::Load(config.Text("catalogue.folder"), issues);
    const Date today = LocalDate(SystemClock().Now(), config.Text("time.zone"));
    const population::FactSource facts = MakeFacts(record, *loaded);
    population::LifeStreamOptions options;
    options.seed = static_cast<uint64_t>(record.seed);
    options.pace = static_cast<double>(record.pace);
    population::LifeStream stream(MakePeople(record, loaded->catalogue), facts, options,
                                  record.since);
    const Date end = days_ == 0 ? today : std::min(today, record.since.AddDays(days_));
    Played played = Play(*kstati, stream, end, terminal);
    NoteBirthdays(stream.population(), loaded->catalogue, {record.since.AddDays(1), end}, played);
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
  // Events say at which pace they were made by nothing but their content, so a store keeps to one.
  Result<PopulationRecord> RecordFor(const std::string& folder) const {
    KSTATI_TRY(const auto recorded, ReadPopulationRecord(folder));
    KSTATI_TRY(PopulationRecord record, choice_.Recorded(recorded));
    if (record.pace > 0 && pace_ > 0 && pace_ != record.pace) {
      return Fail(ErrorCode::kConflict,
                  "the population is played at the pace " + std::to_string(record.pace), "--pace",
                  "leave the option out, or start with an empty store");
    }
    if (record.pace > 0) return record;
    record.pace = std::max<int64_t>(pace_, 1);
    if (recorded) KSTATI_TRY_VOID(WritePopulationRecord(folder, record));
    return record;
  }

  Played Play(rpc::KstatiIf& kstati, population::LifeStream& stream, Date end,
              const Terminal& terminal) const {
    Played played;
    Progress progress("days", static_cast<uint64_t>(end.days - stream.today().days));
    std::vector<rpc::RegistryEvent> batch;
    while (stream.today() < end) {
      for (const profile::RegistryEvent& event : stream.NextDay()) {
        NoteWhomToLookAt(event, played);
        batch.push_back(intake::ToRpc(event));
      }
      ++played.days;
      progress.Advance();
      if (batch.size() >= kBatchEvents) Send(kstati, batch, played, terminal);
    }
    Send(kstati, batch, played, terminal);
    return played;
  }

  static bool OpensSituation(const graph::EventType& type, const graph::Catalogue& catalogue) {
    return std::any_of(
        catalogue.situations().begin(), catalogue.situations().end(), [&](const auto& situation) {
          const auto& triggers = situation.triggers;
          return std::find(triggers.begin(), triggers.end(), type.id) != triggers.end();
        });
  }

  // Nobody reports a birthday; whoever runs the store finds it by the calendar.
  static void NoteBirthdays(const population::Population& people, const graph::Catalogue& catalogue,
                            DateInterval days, Played& played) {
    static const AttributeId kBirthDate("person.birth_date");
    for (const graph::EventType& type : catalogue.event_types()) {
      if (type.attribute != kBirthDate || !type.after || !OpensSituation(type, catalogue)) continue;
      for (const population::Person& person : people.people()) {
        if (!person.alive() || !days.Contains(type.after->After(person.birth))) continue;
        played.look_at[type.id.text()] = person.id.ToString();
        break;
      }
    }
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

  PopulationChoice choice_;
  int64_t pace_ = 0;
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
