// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cases/desk.h"
#include "cases/pipeline.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"
#include "profile/store.h"
#include "recommender/serving_ranker.h"

namespace kstati::scenarios {

// A small town on the real catalogue and a real store, with verbs for what happens in it. People
// are named by words ("mother"); the town gives them numbers. Time stands still until AdvanceTo.
class Town {
 public:
  static std::string RealCatalogue();

  // Opens the engine of a town's folder; a program may run its towns on another one than RocksDB.
  using OpenEngine = std::function<Result<std::unique_ptr<profile::Engine>>(
      const std::string& folder, const profile::ledger::SigningKey& signer)>;
  static OpenEngine& EngineOfTowns();

  // `today` at 09:00 UTC. A folder that is named is kept, so that another process may go on in it.
  // Lives by the catalogue of the folder; without one by the real catalogue.
  explicit Town(const std::string& today, const std::string& folder = {},
                const std::string& catalogue = RealCatalogue());
  ~Town();

  // The population register reports a person; the facts go in as each fact's own registry would
  // report them.
  CitizenId Resident(const std::string& name, const std::string& birth_date, const std::string& sex,
                     const std::map<std::string, std::string>& facts = {});
  // A woman who lives in the region, registered there, with birth record and health insurance.
  CitizenId Settled(const std::string& name, const std::string& birth_date,
                    const std::string& region = "77");
  // A boy who lives in Moscow, has all the documents of a child, and is the parent's.
  CitizenId Child(const std::string& name, const std::string& birth_date,
                  const std::string& parent);
  void Report(const std::string& name, const std::map<std::string, std::string>& facts);
  void Relate(const std::string& from, const std::string& kind, const std::string& to);

  // The civil register announces a birth; expects success.
  cases::Outcome Birth(const std::string& child, const std::string& mother,
                       const std::string& father);
  profile::RegistryEvent BirthEvent(const std::string& child, const std::string& mother,
                                    const std::string& father);
  // Any other life event of the subject.
  cases::Outcome Happens(const std::string& type, const std::string& subject,
                         const std::map<std::string, std::string>& participants = {});
  Result<cases::Outcome> Submit(const profile::RegistryEvent& event);

  ConsentId Consents(const std::string& name, const std::string& service = "",
                     const std::string& situation = "");

  Result<cases::Revoked> Revokes(const std::string& name, const ConsentId& consent);

  // "snils_newborn started, inn_newborn started": open and closed cases by service, about `about`
  // only when given.
  std::string CasesOf(const std::string& name);
  std::string StatusOf(const std::string& name, const std::string& service);
  std::optional<cases::Case> CaseFor(const std::string& name, const std::string& service);
  std::string VerdictOf(const std::string& name, const std::string& service);

  CitizenId Number(const std::string& name) const { return numbers_.at(name); }
  void AdvanceTo(const std::string& today);
  // As a clock that jumps back.
  void SetBack(int64_t seconds) { clock_.Set(Instant{clock_.Now().micros - seconds * 1'000'000}); }
  // Closes the store and opens it again, as after a restart.
  void Restart();
  // The number of a person whom another process made.
  void Knows(const std::string& name) { NumberFor(name); }

  cases::World& world() { return world_; }
  cases::Desk& desk() { return *desk_; }
  Date today() const { return world_.Today(); }

 private:
  void OpenStore();
  CitizenId NumberFor(const std::string& name);
  profile::RegistryEvent NewEvent(const std::string& source, const std::string& type,
                                  CitizenId subject);
  void SubmitFacts(CitizenId citizen, const std::map<std::string, std::string>& facts);
  void Expect(const Result<cases::Outcome>& outcome);

  std::filesystem::path folder_;
  bool keeps_folder_ = false;
  profile::ledger::SigningKey signer_ =
      std::move(*profile::ledger::SigningKey::FromSeed("town/ledger", {1}));
  FixedClock clock_;
  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  graph::Courses courses_;
  std::unique_ptr<eligibility::Program> program_;
  std::unique_ptr<profile::Store> store_;
  recommender::ServingRanker ranker_;
  cases::World world_;
  std::unique_ptr<cases::Desk> desk_;
  std::map<std::string, CitizenId> numbers_;
  int events_ = 0;
};

}  // namespace kstati::scenarios
