// SPDX-License-Identifier: Apache-2.0
//
// Revocation is linearizable though processes die, on each engine. A child process grants, revokes
// and acts in several threads, tells through a pipe when each call began and returned, and is
// killed by kill -9 at some moment; the next one goes on in the same store. On PostgreSQL the
// processes that serve its connections are killed as well, while it lives. The citizen's ledger is
// the order that must explain everything: each act stands where a consent stood, nothing
// acknowledged is missing, and what returned before another call began comes before it.
// KSTATI_TEST_SCALE multiplies the rounds.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cases/consenting.h"
#include "tests/property/towns_on.h"
#include "tests/scenarios/town.h"

namespace kstati::property {
namespace {

constexpr int kActors = 2;
constexpr std::chrono::milliseconds kPatience{200};
constexpr char kToday[] = "2026-03-16";

int Rounds() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return 4 * (scale == nullptr ? 1 : std::max(1, std::atoi(scale)));
}

// A call that returned; written to the pipe whole.
struct Call {
  enum class Kind { kGrant, kRevoke, kAct };
  Kind kind;
  uint64_t number;  // of the child that was acted for, or of the consent
  int64_t invoked;  // nanoseconds of the machine
  int64_t returned;
};

int64_t Nanoseconds() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

CitizenId ChildOf(uint64_t number) { return CitizenId(5'000 + number); }
uint64_t NumberOfConsent(const std::string& id) {
  return std::stoull(id.substr(id.find_last_of('-') + 1));
}

profile::RegistryEvent EventAbout(const scenarios::Town& town, CitizenId child,
                                  const std::string& source, const std::string& type,
                                  const std::string& attribute) {
  profile::RegistryEvent event;
  event.key = {RegistryId(source), EventId(attribute + "-" + child.ToString())};
  event.type = EventTypeId(type);
  event.subject = child;
  event.occurred_on = town.today();
  event.facts = {{child, AttributeId(attribute), true, {town.today(), std::nullopt}}};
  return event;
}

std::unique_ptr<scenarios::Town> OpenTown(const std::string& folder) {
  auto town = std::make_unique<scenarios::Town>(kToday, folder);
  town->Knows("mother");
  return town;
}

// Runs in the child process.
class Client {
 public:
  Client(scenarios::Town& town, int pipe, uint64_t first_child)
      : town_(town), pipe_(pipe), next_child_(first_child) {}

  void RunUntilKilled() {
    std::vector<std::thread> threads;
    threads.emplace_back([this] { GrantAndRevoke(); });
    for (int i = 0; i < kActors; ++i) threads.emplace_back([this] { Act(); });
    for (std::thread& thread : threads) thread.join();
  }

 private:
  void Tell(Call::Kind kind, uint64_t number, int64_t invoked) const {
    const Call call{kind, number, invoked, Nanoseconds()};
    if (write(pipe_, &call, sizeof call) != sizeof call) _exit(3);
  }

  // So that acts meet both states.
  void WaitForAnAct() const {
    const uint64_t seen = acts_;
    for (auto waited = kPatience * 0; acts_ == seen && waited < kPatience; ++waited) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void GrantAndRevoke() {
    const CitizenId mother = town_.Number("mother");
    profile::ConsentGrant grant;
    grant.citizen = grant.by.who = mother;
    grant.valid = {town_.today(), std::nullopt};
    grant.evidence = {"2026-01", "ru", "portal"};
    for (;;) {
      if (!RevokeStanding(mother)) {
        Rest();
        continue;
      }
      WaitForAnAct();
      const int64_t began = Nanoseconds();
      const auto consent = town_.desk().Grant(grant);
      if (consent) Tell(Call::Kind::kGrant, NumberOfConsent(consent->id.text()), began);
      WaitForAnAct();
    }
  }

  // Also what a process that died left, and what nobody knows of whether it was granted: only so do
  // acts meet a moment without any consent.
  bool RevokeStanding(CitizenId mother) const {
    const auto consents = town_.desk().Consents(mother);
    if (!consents) return false;
    for (const profile::Consent& consent : *consents) {
      if (consent.revoked()) continue;
      const int64_t began = Nanoseconds();
      if (!town_.desk().Revoke({mother, consent.id, mother, {"", "ru", "portal"}}, ""))
        return false;
      Tell(Call::Kind::kRevoke, NumberOfConsent(consent.id.text()), began);
    }
    return true;
  }

  // While the store refuses.
  static void Rest() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

  void Act() {
    for (;;) {
      const uint64_t number = next_child_++;
      const CitizenId child = ChildOf(number);
      profile::RegistryEvent birth =
          EventAbout(town_, child, "egr_zags", "event.child_born", "doc.birth_record");
      birth.participants = {{"child", {child}}, {"mother", {town_.Number("mother")}}};
      if (!town_.Submit(birth)) {
        Rest();
        continue;
      }
      const int64_t began = Nanoseconds();
      const auto outcome = town_.Submit(
          EventAbout(town_, child, "mvd_pass", "registry.facts", "person.citizenship_rf"));
      ++acts_;
      if (outcome && !outcome->under_way) Tell(Call::Kind::kAct, number, began);
    }
  }

  scenarios::Town& town_;
  const int pipe_;
  std::atomic<uint64_t> next_child_;
  std::atomic<uint64_t> acts_ = 0;
};

// Where in the citizen's ledger each call stands.
struct Order {
  std::map<std::pair<Call::Kind, uint64_t>, size_t> places;
  std::string problem;
  size_t acts = 0;
  size_t offers = 0;

  explicit Order(const std::vector<profile::DeedOfCitizen>& deeds) {
    using profile::ledger::EntryKind;
    std::set<uint64_t> standing;
    std::set<uint64_t> offered;  // children whose service was offered, and not started since
    for (size_t i = 0; i < deeds.size(); ++i) {
      const auto& content = deeds[i].content;
      if (deeds[i].kind == EntryKind::kConsentGiven) {
        const uint64_t consent = NumberOfConsent(content.at("consent"));
        standing.insert(consent);
        Put(Call::Kind::kGrant, consent, i);
      } else if (deeds[i].kind == EntryKind::kConsentRevoked) {
        const uint64_t consent = NumberOfConsent(content.at("consent"));
        standing.erase(consent);
        Put(Call::Kind::kRevoke, consent, i);
      } else if (deeds[i].kind == EntryKind::kDecision &&
                 content.at("service") == "snils_newborn") {
        const bool acted = content.at("status") == "started";
        if (acted == standing.empty())
          problem = "an act that no consent explains, or none despite one";
        ++(acted ? acts : offers);
        const uint64_t child = std::stoull(content.at("about")) - ChildOf(0).number();
        // A later call may start what was offered: a consent stands by then.
        const bool was_offered = offered.erase(child) > 0;
        if (!acted) offered.insert(child);
        if (!was_offered || !acted) Put(Call::Kind::kAct, child, i);
      }
    }
  }
  void Put(Call::Kind kind, uint64_t number, size_t place) {
    if (!places.emplace(std::pair(kind, number), place).second) problem = "an act is there twice";
  }

  // Empty when the order explains the calls.
  std::string Explain(std::vector<Call> calls) const {
    if (!problem.empty()) return problem;
    std::vector<std::pair<int64_t, size_t>> returned;
    for (const Call& call : calls) {
      const auto place = places.find({call.kind, call.number});
      if (place == places.end()) return "an acknowledged call is lost";
      returned.emplace_back(call.returned, place->second);
    }
    std::ranges::sort(returned);
    std::ranges::sort(calls, {}, &Call::invoked);
    size_t latest = 0;  // the last place of a call that had returned
    size_t next = 0;
    for (const Call& call : calls) {
      for (; next < returned.size() && returned[next].first < call.invoked; ++next) {
        latest = std::max(latest, returned[next].second);
      }
      if (next > 0 && places.at({call.kind, call.number}) < latest) {
        return "a call comes before one that had returned when it began";
      }
    }
    return {};
  }
};

profile::DeedOfCitizen Deed(profile::ledger::EntryKind kind, profile::DeedContent content) {
  profile::DeedOfCitizen deed;
  deed.kind = kind;
  deed.content = std::move(content);
  return deed;
}

TEST(ConsentKill, TheCheckerTellsWhatCanHaveHappenedFromWhatCannot) {
  using profile::ledger::EntryKind;
  const auto given = Deed(EntryKind::kConsentGiven, {{"consent", "K-1"}});
  const auto revoked = Deed(EntryKind::kConsentRevoked, {{"consent", "K-1"}});
  const auto act =
      Deed(EntryKind::kDecision,
           {{"service", "snils_newborn"}, {"status", "started"}, {"about", ChildOf(1).ToString()}});
  const Call grant{Call::Kind::kGrant, 1, 1, 2};
  const Call revoke{Call::Kind::kRevoke, 1, 3, 4};
  const Call beside{Call::Kind::kAct, 1, 3, 5};
  const Call after{Call::Kind::kAct, 1, 5, 6};
  EXPECT_EQ(Order({given, act, revoked}).Explain({grant, revoke, beside}), "");
  EXPECT_NE(Order({given, revoked, act}).Explain({grant, revoke, beside}), "")
      << "no consent stood";
  EXPECT_NE(Order({given, act, revoked}).Explain({grant, revoke, after}), "")
      << "it began after the revocation was acknowledged";
  EXPECT_NE(Order({given}).Explain({grant, revoke}), "") << "the revocation is lost";
  EXPECT_NE(Order({given, act, act}).Explain({grant}), "") << "done twice";
  const auto offer =
      Deed(EntryKind::kDecision,
           {{"service", "snils_newborn"}, {"status", "offered"}, {"about", ChildOf(1).ToString()}});
  EXPECT_EQ(Order({offer, given, act}).Explain({grant}), "") << "what was offered is started";
  EXPECT_NE(Order({offer, act}).Explain({}), "") << "no consent stood";
  EXPECT_NE(Order({offer, given, act, act}).Explain({grant}), "") << "done twice";
}

struct Deaths {
  EngineKind engine;
  bool of_connections;  // not only of the client
};

class ConsentKillTest : public testing::TestWithParam<Deaths> {
 protected:
  ConsentKillTest() { std::filesystem::remove_all(folder_); }
  ~ConsentKillTest() override { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    if (!towns_.why_not().empty()) GTEST_SKIP() << "skipped: " << towns_.why_not();
  }

  // Lets a client work in the store until it is killed, and returns the calls that it told of.
  std::vector<Call> RunUntilKilled(int round) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      const auto town = OpenTown(folder_);
      const char ready = 'r';
      if (write(ends[1], &ready, 1) != 1) _exit(3);
      Client(*town, ends[1], static_cast<uint64_t>(round) * 10'000).RunUntilKilled();
      _exit(4);
    }
    close(ends[1]);
    char ready = 0;
    EXPECT_EQ(read(ends[0], &ready, 1), 1) << "the child did not open the store";
    // Every other round not before the state has acted, so that there is something to explain.
    std::atomic<bool> acted = round % 2 == 0;
    std::thread killer([&, time = std::uniform_int_distribution<>(5, 250)(random_)] {
      for (int i = 0; i < 2'000 && !acted; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(time));
      if (GetParam().of_connections) {
        // The database is back in a moment, and the client goes on with new connections.
        towns_.server()->KillOne();
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
      }
      kill(child, SIGKILL);
    });
    std::vector<Call> calls;
    for (Call call{}; read(ends[0], &call, sizeof call) == sizeof call;) {
      calls.push_back(call);
      if (call.kind == Call::Kind::kAct) acted = true;
    }
    killer.join();
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    return calls;
  }

  const std::string folder_ =
      (std::filesystem::temp_directory_path() / ("kstati-consent-kill-" + std::to_string(getpid())))
          .string();
  TownsOn towns_{GetParam().engine};
  std::mt19937 random_{20'260'316};
};

INSTANTIATE_TEST_SUITE_P(Engines, ConsentKillTest,
                         testing::Values(Deaths{EngineKind::kRocksDb, false},
                                         Deaths{EngineKind::kPostgres, false},
                                         Deaths{EngineKind::kPostgres, true}),
                         [](const auto& each) {
                           return NameOf(each.param.engine) +
                                  (each.param.of_connections ? "AndItsConnections" : "");
                         });

TEST_P(ConsentKillTest, NoActFollowsAnAcknowledgedRevocation) {
  {
    scenarios::Town town(kToday, folder_);
    town.Resident("mother", "1990-05-20", "female", {{"person.citizenship_rf", "true"}});
  }
  std::vector<Call> calls;
  size_t acts = 0;
  size_t offers = 0;
  for (int round = 0; round < Rounds(); ++round) {
    const std::vector<Call> told = RunUntilKilled(round);
    calls.insert(calls.end(), told.begin(), told.end());
    const auto town = OpenTown(folder_);
    const auto deeds = town->world().store->Deeds(town->Number("mother"), 0, SIZE_MAX);
    ASSERT_TRUE(deeds) << deeds.error().ToString();
    const Order order(*deeds);
    ASSERT_EQ(order.Explain(calls), "") << "round " << round;
    acts = order.acts;
    offers = order.offers;
  }
  EXPECT_GT(acts, 0u) << "nothing was to be stopped, so nothing was shown";
  std::printf("%zu acknowledged calls; the state acted %zu times and only offered %zu times\n",
              calls.size(), acts, offers);
}

}  // namespace
}  // namespace kstati::property
