// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eligibility/decision.h"
#include "eligibility/internal/date_steps.h"
#include "eligibility/internal/service_versions.h"
#include "eligibility/internal/witness.h"
#include "graph/validity.h"

namespace kstati::eligibility {

// What one made-up person is to get, all of it from services.
struct Pursuit {
  graph::About about = graph::About::kPerson;
  std::vector<AttributeId> goals;
  const graph::Service* service = nullptr;        // beside the goals; null: no particular one
  std::vector<ServiceId> preferred;               // services that are tried first
  const graph::Validities* validities = nullptr;  // null: nothing expires
  std::vector<AttributeId> renews = {};           // goals that people hold, and need anew
};

struct AchieverLimits {
  size_t max_choices = 400;        // of services, in one search
  size_t max_evaluations = 4'000;  // for one choice
};

// A person who gets it, by a chain that was carried out step by step.
struct Achiever {
  std::vector<Assumption> facts;
  std::vector<ServiceId> steps;
};

// A person for whom something expires before it is used, whatever is done when.
struct Lapsed {
  std::vector<Assumption> facts;
  std::string what;
};

// What a search came to.
struct Pursued {
  Witness::End end = Witness::End::kNotFound;
  Achiever achiever;             // when found
  std::vector<std::string> why;  // when not: what each way ended in; each once
  std::optional<Lapsed> lapsed;  // when not: the first way that ended so
};

// Looks for people who get what is pursued. Backwards: for each need some service that gives it, as
// long as somebody is entitled to all that were chosen; where nobody is, another is chosen. What is
// found is proven by building the chain of that person. For one thread.
class AchieverSearch {
 public:
  // Both must outlive it; `steps` are of the day of `versions`.
  AchieverSearch(const ServiceVersions& versions, DateSteps& steps,
                 const AchieverLimits& limits = {})
      : versions_(versions), steps_(steps), limits_(limits) {}

  Pursued Find(const Pursuit& pursuit);

 private:
  struct Need {
    std::vector<AttributeId> any_of;
    bool from_service = false;  // having it from before is not enough
  };
  // By chosen version, what those before it have given.
  using Given = std::map<uint32_t, std::vector<Assumption>>;
  // Versions in an order in which each has its inputs.
  struct Order {
    std::vector<uint32_t> sequence;
    Given given;
  };

  bool Try(std::vector<uint32_t>& chosen, std::vector<Need> needs);
  bool Choose(uint32_t version, std::vector<uint32_t>& chosen, const std::vector<Need>& needs);
  bool Finish(const std::vector<uint32_t>& chosen);
  bool IsMet(const Need& need, const std::vector<uint32_t>& chosen) const;
  std::vector<uint32_t> CandidatesFor(const Need& need, const std::vector<uint32_t>& chosen) const;
  Witness PersonFor(const std::vector<uint32_t>& chosen, const Given* given);
  std::optional<Order> OrderOf(const std::vector<uint32_t>& chosen) const;
  bool Extend(const std::vector<uint32_t>& chosen, Order& order) const;
  bool IsHeld(const AttributeId& id) const;
  void Note(std::string why);
  std::string Named(const std::vector<uint32_t>& chosen) const;

  const ServiceVersions& versions_;
  DateSteps& steps_;
  const AchieverLimits limits_;
  Pursuit pursuit_;
  Pursued result_;
  bool whole_ = true;  // every way was tried to its end
  size_t choices_ = 0;
  std::vector<Assumption> latest_;  // facts of the person found last
  std::map<std::pair<graph::About, std::set<uint32_t>>, Witness> people_;
};

}  // namespace kstati::eligibility
