// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/possible_values.h"
#include "eligibility/program.h"

namespace kstati::eligibility {

// What a made-up person is to show.
struct Demand {
  const Rule* rule = nullptr;
  bool holds = true;  // false: it is false or not applicable
  // In whose frame the rule is read; absent: of whom the search is about.
  std::optional<graph::About> about = {};
  // What else is true of the person by then, whatever the facts say; null: nothing.
  const std::vector<Assumption>* given = nullptr;
};

struct WitnessLimits {
  // Evaluations of one search: three unlike facts with twenty values each. A rule that needs more
  // is too tangled to be shown by one profile.
  size_t max_evaluations = 20'000;
};

// What a search came to.
struct Witness {
  enum class End {
    kFound,       // `facts` show it, as the engine itself evaluates them
    kImpossible,  // nobody shows it: every combination of facts that the rules tell apart was tried
    kNotFound,    // neither
  };
  End end = End::kNotFound;
  std::vector<Assumption> facts;  // of the applicant (1) and whom the service is about (2)
};

inline constexpr CitizenId kMadeUpApplicant{1};
inline constexpr CitizenId kMadeUpOther{2};

// Looks for made-up people by the facts that are missing: each is given one possible value after
// another, and what cannot show the demands any more is left at once. Facts are registered ones,
// relations, the day of the event and attributes that follow from lists of relatives; all of them
// apply to the person unless a rule asks whether they do. For one thread.
class WitnessSearch {
 public:
  // Everything referred to must outlive the search. `region` is where the applicant lives.
  WitnessSearch(const Rulebook& book, graph::About about, Date day, std::string region,
                std::map<uint32_t, PossibleValues> possible, const WitnessLimits& limits = {});

  // Of everybody who is searched from now on.
  void Require(const Demand& demand) { required_.push_back(demand); }

  // Values that are tried first: those of people who show something like it.
  void Prefer(const std::vector<Assumption>& facts) { preferred_ = facts; }

  // Tries the demands in the order in which they share facts with the first.
  Witness Find(std::vector<Demand> demands);
  // How many searches came to kNotFound.
  size_t open() const { return open_; }

  // The value of a rule for made-up people; unknown when facts are missing or it was cut short.
  feel::Value ValueOf(const Rule& rule, const std::vector<Assumption>& facts) const;
  // The applicant and the other with the facts stated.
  Subject SubjectOf(const std::vector<Assumption>& facts) const;

 private:
  using Fact = std::pair<CitizenId, uint32_t>;  // whose, and the slot

  bool Search(std::span<const Demand> demands);
  bool TryValues(std::span<const Demand> demands, const Fact& fact);
  std::optional<Fact> Choose(const feel::Value& unknown, Evaluation& evaluation) const;
  std::optional<Fact> FactOf(feel::InputId input, Evaluation& evaluation) const;
  std::optional<Fact> StatedFact() const;
  std::vector<feel::Value> ValuesOf(const Fact& fact);
  void SortByFacts(std::vector<Demand>& demands) const;

  const Rulebook& book_;
  const graph::About about_;
  const Date day_;
  const std::string region_;
  const std::map<uint32_t, PossibleValues> possible_;
  const WitnessLimits limits_;
  std::vector<Demand> required_;
  std::vector<Assumption> preferred_;
  profile::Household household_;
  std::shared_ptr<const profile::FactView> other_;
  std::set<Fact> chosen_;
  std::vector<Assumption> facts_;
  size_t evaluations_ = 0;
  size_t open_ = 0;
  bool whole_ = true;  // everything that could be tried was
};

// The slots that a rule's value follows from, at the end of every alias and derivation.
std::set<uint32_t> LeavesOf(const Rule& rule, const Rulebook& book);

}  // namespace kstati::eligibility
