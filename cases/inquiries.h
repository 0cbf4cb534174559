// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cases/data_needs.h"
#include "cases/world.h"
#include "eligibility/decision.h"
#include "profile/access_log.h"
#include "sources/gatherer.h"

namespace kstati::cases {

// Laws by which facts are asked for, as the catalogue names them.
inline constexpr std::string_view kTellOfRights = "tell_of_rights";
inline constexpr std::string_view kServiceOnRequest = "service_on_request";

// A fact that a decision lacks: of whom, and which, as registries report it.
struct LackedFact {
  CitizenId citizen;
  AttributeId attribute;
  auto operator<=>(const LackedFact&) const = default;
};
using LackedFacts = std::set<LackedFact>;

// What people are told of why sources were asked about them.
struct InquiryReason {
  std::string legal_basis;   // of the catalogue; a consent may stand in for one that does not cover
  ServiceId service;         // that needs the facts; empty: several
  profile::DeedContent who;  // {"caller", ...}, {"actor", ...}; empty: it follows from an own call
  SituationId situation = {};  // that it is for; empty: none, or several
};

// What became of asking one source about one person.
struct AskedSource {
  enum class State {
    kBeingAsked,
    kAnswered,    // and recorded
    kNoRecord,    // it has none
    kSilent,      // or what it said is no answer; nothing follows from that
    kNotAllowed,  // neither a legal basis nor a consent covers the data
  };
  std::string source;  // empty with kNotAllowed
  RegistryId registry;
  CitizenId citizen;
  std::vector<AttributeId> attributes;
  State state = State::kBeingAsked;
};

// Has facts that decisions lack fetched from the sources, by threads of its own, and recorded the
// way all events of registries are. Safe from any thread.
// Invariants:
// 1. Before a source is asked about a person, that person's ledger says so, on stable storage;
// where
//    it is asked on a consent, in one commit with reading that the consent stands.
// 2. Nobody is asked about the same fact twice at a time; whoever lacks it too waits for the same.
// 3. A fact that was not recorded was not fetched: it stays unknown and is asked for again.
class Inquiries {
 public:
  struct Options {
    size_t workers = 8;
    size_t waiting_max = 1'000;  // people; more are not asked about now
  };

  // All outlive it.
  Inquiries(const World& world, profile::AccessLog& uses, sources::Gatherer& gatherer,
            Options options);
  // Finishes what is being asked, and leaves what waits.
  ~Inquiries();
  Inquiries(const Inquiries&) = delete;
  Inquiries& operator=(const Inquiries&) = delete;

  const sources::Gatherer& gatherer() const { return gatherer_; }
  // Whether there is anybody to ask at all.
  bool any() const { return !gatherer_.sources().empty(); }
  // What a decision lacks, and what it rests on that a source said longer ago than its answers
  // stand. Needs an explained decision for the latter.
  LackedFacts LackedBy(const eligibility::Decision& decision) const;
  // Whether a source would be asked for the fact now, or is being asked.
  bool MayBeAsked(const LackedFact& fact) const;
  // Starts to ask for what sources have and nobody asked lately, and waits as long for it, and for
  // what is being asked already. Tells what was asked, and who is not asked since they rest.
  std::vector<AskedSource> Ask(const LackedFacts& lacked, const InquiryReason& reason,
                               std::chrono::milliseconds wait);

 private:
  using Ground = std::pair<std::string, std::string>;  // {"basis" | "consent", id}
  struct Job {
    CitizenId citizen;
    std::set<AttributeId> attributes;
    InquiryReason reason;
    Ground ground;
    std::vector<AskedSource> told;  // as far as it went
    bool done = false;
  };
  using Jobs = std::vector<std::shared_ptr<Job>>;

  std::optional<Ground> GroundFor(const LackedFact& fact, const InquiryReason& reason) const;
  // The jobs that fetch what is lacked of one person: new ones, and those under way.
  void Take(CitizenId citizen, const std::set<AttributeId>& attributes, const InquiryReason& reason,
            Jobs& jobs, std::vector<AskedSource>& asked);
  void Start(CitizenId citizen, const Ground& ground, const std::set<AttributeId>& attributes,
             const InquiryReason& reason, Jobs& jobs, std::vector<AskedSource>& asked);
  void Run();
  std::vector<AskedSource> Fetch(const Job& job);
  // Records a reply; what was recorded counts as asked.
  void Record(const Job& job, const sources::Reply& reply, std::vector<AskedSource>& told);
  Categories CategoriesOf(const sources::Question& question) const;
  // An entry of the person's ledger: what is asked of a source, or what it answered.
  profile::DeedContent UseOf(const Job& job, const std::string& call, const std::string& source,
                             const RegistryId& registry, const Categories& categories) const;
  Result<void> EnterAsking(const Job& job, const sources::SourceTerms& terms,
                           const sources::Question& question);
  Result<void> EnterAnswer(const Job& job, const sources::Reply& reply);

  const World& world_;
  profile::AccessLog& uses_;
  sources::Gatherer& gatherer_;
  const Options options_;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::map<LackedFact, std::shared_ptr<Job>> under_way_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kstati::cases
