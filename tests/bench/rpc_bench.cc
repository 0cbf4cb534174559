// SPDX-License-Identifier: Apache-2.0
// What a suggestion costs: against its own parts in process, and over Thrift against an empty call
// and a call that returns the same bytes. Only the ratios mean anything on another machine. Every
// way to the suggestion must give the same one.
//   rpc_bench [--check] [SECONDS_PER_FIGURE]      --check: short, no figure of which means anything
#include <fmt/core.h>
#include <sys/resource.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <thread>

#include "base/log.h"
#include "cases/pipeline.h"
#include "cli/system.h"
#include "kstati_rpc/Kstati.h"
#include "population/registration.h"
#include "profile/household.h"
#include "thrift/clients/client.h"
#include "thrift/server/thrift_server.h"
#include "thrift/server/to_rpc.h"

namespace kstati {
namespace {

constexpr int32_t kLimit = 10;
constexpr uint64_t kCitizens = 400;
constexpr uint64_t kCitizensOfCheck = 40;
constexpr int kConnections = 64;
constexpr const char* kToken = "token of the portal";

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// CPU seconds of one run of `work` on each citizen, averaged.
double CpuPerCitizen(const std::vector<CitizenId>& citizens, double seconds,
                     const std::function<void(CitizenId)>& work) {
  for (const CitizenId citizen : citizens) work(citizen);  // fills caches
  const double started = CpuSeconds();
  size_t count = 0;
  do {
    for (const CitizenId citizen : citizens) work(citizen);
    count += citizens.size();
  } while (CpuSeconds() - started < seconds);
  return (CpuSeconds() - started) / static_cast<double>(count);
}

template <class T>
T Must(Result<T> result, const char* what) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}: {}\n", what, result.error().ToString());
  std::exit(1);
}

// A town of made-up people in a store of its own.
class Town {
 public:
  explicit Town(uint64_t citizens) {
    folder_ =
        std::filesystem::temp_directory_path() / ("kstati-rpc-bench-" + std::to_string(getpid()));
    cli::Config config;
    config.Set("store.folder", folder_.string(), "bench");
    config.Set("catalogue.folder", KSTATI_DATA "/catalogue", "bench");
    config.Set("messages.folder", KSTATI_DATA "/messages", "bench");
    config.Set("model.folder", (folder_ / "no-model").string(), "bench");
    system_ = Must(cli::System::Open(config, cli::StoreUse::kMakeIfMissing), "open");
    portal_ = system_->HandlerFor(access_);
    Populate(citizens);
  }
  ~Town() {
    portal_.reset();
    system_.reset();
    std::filesystem::remove_all(folder_);
  }

  const cli::System& system() const { return *system_; }
  // The contract as a portal's people use it, each for themselves.
  const std::shared_ptr<rpc::KstatiIf>& portal() const { return portal_; }
  const std::vector<CitizenId>& citizens() const { return citizens_; }

 private:
  void Populate(uint64_t citizens) {
    const Date start = system_->world().Today().AddMonths(-1);
    population::PopulationOptions options;
    options.citizens = citizens;
    options.today = start;
    const auto people = population::Population::Generate(options, system_->world().catalogue());
    population::FactSourceOptions known;
    known.settled = start.AddMonths(-12);
    const population::FactSource facts(system_->catalogue().dictionary,
                                       system_->catalogue().catalogue, known);
    VisitRegistrations(people, facts, start, [&](const profile::RegistryEvent& event) {
      Must(cases::ProcessRegistryEvent(system_->world(), event), "event");
      return true;
    });
    for (const population::Person& person : people.people()) {
      if (person.alive() && person.AgeOn(start) >= 18) citizens_.push_back(person.id);
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<cli::System> system_;
  std::vector<CitizenId> citizens_;
  std::vector<Issue> issues_;
  thrift::AccessList access_ = thrift::AccessList::Parse(
      fmt::format("[[token]]\nname = \"portal\"\nsha256 = \"{}\"\nscopes = [\"portal\"]\n",
                  thrift::Sha256Hex(kToken)),
      "bench", issues_);
  std::shared_ptr<rpc::KstatiIf> portal_;
};

rpc::CallContext OfPortal() {
  rpc::CallContext context;
  context.__set_token(kToken);
  return context;
}

std::string Encoded(const rpc::SuggestResult& reply) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TCompactProtocol protocol(buffer);
  reply.write(&protocol);
  return buffer->getBufferAsString();
}

// The parts of a suggestion, each measured alone on the same people.
struct Parts {
  double profile = 0;
  double decisions = 0;
  double ranking = 0;
  double encoding = 0;
  double sum() const { return profile + decisions + ranking + encoding; }
};

Parts MeasureParts(const Town& town, double seconds) {
  const cases::World& world = town.system().world();
  const auto ranker = town.system().ranker().Get();
  const Date today = world.Today();
  const auto load = [&](CitizenId who) { return world.store->Load(who); };
  const auto read = [&](CitizenId citizen) {
    return Must(profile::LoadHousehold(citizen, {today, world.Now()}, load), "household");
  };
  Parts parts;
  parts.profile = CpuPerCitizen(town.citizens(), seconds, [&](CitizenId citizen) {
    read(citizen);
    Must(world.store->Records(citizen, "situation"), "situations");
    Must(world.store->Records(citizen, "case"), "cases");
  });
  std::map<CitizenId, profile::Household> households;
  std::map<CitizenId, std::vector<recommender::Candidate>> candidates;
  std::map<CitizenId, recommender::Suggestions> suggestions;
  for (const CitizenId citizen : town.citizens()) {
    households.emplace(citizen, read(citizen));
    suggestions.emplace(citizen, Must(town.system().desk().Suggest(citizen, kLimit), "suggest"));
  }
  const auto request_of = [&](CitizenId citizen) {
    recommender::SuggestRequest request;
    request.household = &households.at(citizen);
    request.on = today;
    request.limit = kLimit;
    return request;
  };
  const auto decide = [&](CitizenId citizen) {
    const profile::Household& household = households.at(citizen);
    auto found = recommender::EnumerateCandidates(request_of(citizen), *world.program);
    for (recommender::Candidate& candidate : found) {
      eligibility::Subject subject{&household, nullptr, std::nullopt};
      if (candidate.about != citizen) subject.about = household.Find(candidate.about);
      candidate.verdict = world.program->Decide(*candidate.service, subject, false).verdict;
    }
    std::erase_if(found, [](const recommender::Candidate& candidate) {
      return candidate.verdict == eligibility::Verdict::kNotEligible;
    });
    return found;
  };
  parts.decisions = CpuPerCitizen(town.citizens(), seconds, [&](CitizenId citizen) {
    candidates[citizen] = decide(citizen);
    // What is shown is decided once more, with explanation.
    for (const recommender::Suggested& item : suggestions.at(citizen).items) {
      const profile::Household& household = households.at(citizen);
      eligibility::Subject subject{&household, nullptr, std::nullopt};
      if (item.decision.about != citizen) subject.about = household.Find(item.decision.about);
      world.program->Decide(*item.decision.described, subject, true);
    }
  });
  parts.ranking = CpuPerCitizen(town.citizens(), seconds, [&](CitizenId citizen) {
    ranker->Rate(households.at(citizen), candidates.at(citizen), today, world.catalogue());
  });
  const thrift::Wording wording{*world.program, town.system().messages(), Language::kRussian};
  parts.encoding = CpuPerCitizen(town.citizens(), seconds, [&](CitizenId citizen) {
    rpc::SuggestResult reply;
    for (const recommender::Suggested& item : suggestions.at(citizen).items) {
      reply.suggestions.push_back(thrift::WriteSuggestion(wording, item));
    }
    Encoded(reply);
  });
  return parts;
}

// Answers `suggest` with a reply made before: what a call of these bytes costs at least.
class Parrot final : public rpc::KstatiNull {
 public:
  explicit Parrot(rpc::SuggestResult reply) : reply_(std::move(reply)) {}
  void suggest(rpc::SuggestResult& reply, const rpc::CallContext&, const std::string&,
               const int32_t) override {
    reply = reply_;
  }

 private:
  rpc::SuggestResult reply_;
};

struct Load {
  double calls_per_second = 0;
  double p99_seconds = 0;
};

using Call = std::function<void(rpc::KstatiIf&)>;

// Each connection calls as fast as it is answered.
Load Drive(int port, int connections, double seconds, const Call& call) {
  using Steady = std::chrono::steady_clock;
  std::atomic<bool> stop = false;
  std::vector<std::vector<double>> times(static_cast<size_t>(connections));
  std::vector<std::thread> threads;
  for (std::vector<double>& mine : times) {
    threads.emplace_back([&stop, &mine, port, &call] {
      thrift::ClientOptions options;
      options.address.port = port;
      const auto kstati = Must(thrift::Connect(options), "connect");
      while (!stop) {
        const auto started = Steady::now();
        call(*kstati);
        mine.push_back(std::chrono::duration<double>(Steady::now() - started).count());
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& mine : times) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return {static_cast<double>(all.size()) / seconds, all.empty() ? 0 : all[all.size() * 99 / 100]};
}

void Print(const char* name, const Load& load) {
  fmt::print("  {:<46} {:>9.0f} calls/s   p99 {:>8.3f} ms\n", name, load.calls_per_second,
             load.p99_seconds * 1e3);
}

void CompareParts(const Town& town, double seconds) {
  const cli::System& system = town.system();
  const Parts parts = MeasureParts(town, seconds);
  const thrift::Wording wording{*system.world().program, system.messages(), Language::kRussian};
  const double whole = CpuPerCitizen(town.citizens(), seconds, [&](CitizenId citizen) {
    const auto found = Must(system.desk().Suggest(citizen, kLimit), "suggest");
    rpc::SuggestResult reply;
    for (const recommender::Suggested& item : found.items) {
      reply.suggestions.push_back(thrift::WriteSuggestion(wording, item));
    }
    Encoded(reply);
  });
  fmt::print("a suggestion, nothing remembered, CPU in process (us):\n");
  fmt::print("  profile read {:.1f}, decisions {:.1f}, ranking {:.1f}, words and encoding {:.1f}\n",
             parts.profile * 1e6, parts.decisions * 1e6, parts.ranking * 1e6, parts.encoding * 1e6);
  const double ratio = whole / parts.sum();
  fmt::print("  whole {:.1f} = {:.2f} x the sum of its parts (bar: at most 1.30)\n", whole * 1e6,
             ratio);
}

// Whether both servers tell over the wire what the desk suggests in process.
bool SameSuggestions(const Town& town, const std::string& citizen, const rpc::SuggestResult& reply,
                     std::initializer_list<int> ports) {
  const CitizenId id = Must(CitizenId::Parse(citizen), "citizen");
  const auto found = Must(town.system().desk().Suggest(id, kLimit), "suggest");
  const bool same_services =
      std::ranges::equal(found.items, reply.suggestions, [](const auto& item, const auto& sent) {
        return item.decision.described->id.text() == sent.service_id;
      });
  return same_services && std::ranges::all_of(ports, [&](int port) {
           thrift::ClientOptions options;
           options.address.port = port;
           rpc::SuggestResult answer;
           Must(thrift::Connect(options), "connect")->suggest(answer, OfPortal(), citizen, kLimit);
           return Encoded(answer) == Encoded(reply);
         });
}

// Whether all ways to a suggestion agree.
bool CompareCalls(const Town& town, double seconds) {
  thrift::ThriftServerOptions options;
  options.port = 0;
  const auto server = Must(thrift::ThriftServer::Start(options, town.portal(), {}), "server");
  const std::string citizen = town.citizens().front().ToString();
  rpc::SuggestResult reply;
  town.portal()->suggest(reply, OfPortal(), citizen, kLimit);
  const auto parrot =
      Must(thrift::ThriftServer::Start(options, std::make_shared<Parrot>(reply), {}), "parrot");
  const bool same = SameSuggestions(town, citizen, reply, {server->port(), parrot->port()});
  const Call status = [](rpc::KstatiIf& kstati) {
    rpc::Status answer;
    kstati.status(answer, {});
  };
  const Call repeated = [&citizen](rpc::KstatiIf& kstati) {
    rpc::SuggestResult answer;
    kstati.suggest(answer, OfPortal(), citizen, kLimit);
  };
  std::atomic<size_t> next = 0;
  const Call various = [&](rpc::KstatiIf& kstati) {
    rpc::SuggestResult answer;
    const auto& citizens = town.citizens();
    // A limit of its own for each round: the last reply about a citizen never fits.
    const size_t number = next++;
    const auto limit = static_cast<int32_t>(kLimit - number / citizens.size() % 2);
    kstati.suggest(answer, OfPortal(), citizens[number % citizens.size()].ToString(), limit);
  };
  fmt::print("over Thrift, a reply of {} bytes:\n", Encoded(reply).size());
  const Load empty = Drive(server->port(), 1, seconds, status);
  const Load fresh = Drive(server->port(), 1, seconds, various);
  Print("1 connection, empty call", empty);
  Print("1 connection, suggestion, nothing remembered", fresh);
  fmt::print("  ratio to an empty call: {:.2f}\n", fresh.calls_per_second / empty.calls_per_second);
  const Load bytes = Drive(parrot->port(), kConnections, seconds, repeated);
  const Load again = Drive(server->port(), kConnections, seconds, repeated);
  Print("64 connections, a call that returns the bytes", bytes);
  Print("64 connections, the same suggestion again", again);
  const double rate = again.calls_per_second / bytes.calls_per_second;
  const double tail = again.p99_seconds / bytes.p99_seconds;
  fmt::print("  rate {:.2f} (bar: at least 0.50), p99 {:.1f} x (bar: at most 10)\n", rate, tail);
  return same;
}

}  // namespace
}  // namespace kstati

int main(int count, char** words) {
  double seconds = 3;
  bool check = false;
  for (int i = 1; i < count; ++i) {
    if (std::string(words[i]) == "--check") {
      check = true;
    } else {
      seconds = std::max(0.05, std::atof(words[i]));
    }
  }
  if (check) seconds = 0.05;
  kstati::log::SetLevel(kstati::log::Level::kError);
  const kstati::Town town(check ? kstati::kCitizensOfCheck : kstati::kCitizens);
  kstati::CompareParts(town, seconds);
  const bool same = kstati::CompareCalls(town, seconds);
  if (!same) fmt::print(stderr, "the ways to a suggestion disagree\n");
  return same ? 0 : 1;
}
