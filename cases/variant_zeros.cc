// SPDX-License-Identifier: Apache-2.0
#include "cases/variant_zeros.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "cases/deciding.h"
#include "eligibility/relevance.h"
#include "graph/standard.h"

namespace kstati::cases {
namespace {

using Groups = std::vector<std::vector<AttributeId>>;

// Whether at most `left` more things hit every group from `first` on; those are then in `taken`.
bool Hit(const Groups& groups, size_t first, size_t left, std::vector<AttributeId>& taken) {
  const auto is_hit = [&](const std::vector<AttributeId>& group) {
    return std::ranges::any_of(
        group, [&](const AttributeId& id) { return std::ranges::find(taken, id) != taken.end(); });
  };
  while (first < groups.size() && is_hit(groups[first])) ++first;
  if (first == groups.size()) return true;
  if (left == 0) return false;
  for (const AttributeId& id : groups[first]) {
    taken.push_back(id);
    if (Hit(groups, first + 1, left - 1, taken)) return true;
    taken.pop_back();
  }
  return false;
}

// One way of delivery: what it asks beside facts and documents.
struct Way {
  std::optional<graph::ScenarioKind> scenario;
  int visits = 0;
  Term term;
};

class VariantCount {
 public:
  VariantCount(const eligibility::Program& program, const ZeroExceptions& exceptions,
               const graph::Service& service, const graph::Regulation& whole,
               const graph::Variant* variant)
      : program_(program),
        exceptions_(exceptions),
        meant_(variant == nullptr ? whole : *variant->regulation),
        found_{&service, &whole, variant, {}, {}, {}},
        facts_(eligibility::FactsThatDecide(program, whole, variant)) {}

  VariantZeros Run() {
    AddInput();
    slowest_ = SlowestSource();
    AddWay();
    AddPaper();
    return std::move(found_);
  }

 private:
  bool IsAskable(const AttributeId& id) const {
    const profile::Attribute* attribute = ReportedAs(program_.dictionary(), id);
    return attribute != nullptr && attribute->askable;
  }

  void Add(ZeroBlocker blocker, bool is_allowed) {
    (is_allowed ? found_.allowed : found_.zeros.blockers).push_back(std::move(blocker));
  }

  void AddInput() {
    for (const AttributeId& id : facts_) {
      if (!IsAskable(id)) continue;
      Add({.zero = Zero::kInput, .any_of = {id}}, exceptions_.input.contains(id));
    }
  }

  // Of an attribute the fastest registry that may report it; at hand where a person tells it.
  Latency SourceOf(const AttributeId& id) const {
    const profile::Attribute* attribute = ReportedAs(program_.dictionary(), id);
    if (attribute == nullptr || attribute->askable || !attribute->is_reported()) {
      return Latency::kAtHand;
    }
    std::vector<RegistryId> registries{attribute->registry};
    registries.insert(registries.end(), attribute->also.begin(), attribute->also.end());
    Latency fastest = Latency::kOnSite;
    for (const RegistryId& id_of_registry : registries) {
      const profile::Registry* registry = program_.dictionary().FindRegistry(id_of_registry);
      if (registry != nullptr) fastest = std::min(fastest, registry->latency);
    }
    return fastest;
  }

  Latency SlowestSource() const {
    Latency slowest = Latency::kAtHand;
    for (const AttributeId& id : facts_) slowest = std::max(slowest, SourceOf(id));
    for (const graph::Input& input : meant_.inputs) {
      Latency fastest = Latency::kOnSite;
      for (const AttributeId& id : input.any_of) fastest = std::min(fastest, SourceOf(id));
      slowest = std::max(slowest, fastest);
    }
    return slowest;
  }

  std::vector<Way> Ways() const {
    const Term& term = meant_.TermFor(slowest_);
    if (meant_.scenarios.empty()) return {{{}, meant_.visits, term}};
    std::vector<Way> ways;
    for (const graph::Scenario& scenario : meant_.scenarios) {
      ways.push_back({scenario.kind, scenario.visits, scenario.term.value_or(term)});
    }
    return ways;
  }

  static bool IsWaitedFor(const Term& term) {
    return term.value > 0 && term.unit != TermUnit::kMinutes;
  }

  bool MayWait(const Term& term) const {
    const auto allowed = exceptions_.waiting.find(slowest_);
    if (allowed == exceptions_.waiting.end()) return false;
    const WorkingCalendar& calendar = program_.catalogue().calendar();
    const bool comparable = term.unit == allowed->second.unit || !calendar.empty();
    return comparable && !graph::ExcessOf({&term, 1}, allowed->second, calendar);
  }

  bool MayVisit() const { return exceptions_.visits.contains(found_.service->id); }

  // The way with the fewest blockers, of these the fewest visits; the first of several.
  void AddWay() {
    const std::vector<Way> ways = Ways();
    const auto burden = [this](const Way& way) {
      const int waits = IsWaitedFor(way.term) && !MayWait(way.term) ? 1 : 0;
      const int comes = way.visits > 0 && !MayVisit() ? 1 : 0;
      return std::tuple(waits + comes, way.visits);
    };
    const Way& best = *std::ranges::min_element(ways, {}, burden);
    found_.scenario = best.scenario;
    if (IsWaitedFor(best.term)) {
      Add({.zero = Zero::kWaiting, .term = best.term}, MayWait(best.term));
    }
    if (best.visits > 0) Add({.zero = Zero::kPaper, .visits = best.visits}, MayVisit());
  }

  // Inputs that the person alone can bring; what several of them accept is brought once.
  void AddPaper() {
    Groups groups;
    for (const graph::Input& input : meant_.inputs) {
      const bool only_person = std::ranges::all_of(
          input.any_of, [this](const AttributeId& id) { return IsAskable(id); });
      if (!only_person) continue;
      const auto allowed = std::ranges::find_if(
          input.any_of, [this](const AttributeId& id) { return exceptions_.paper.contains(id); });
      if (allowed == input.any_of.end()) {
        groups.push_back(input.any_of);
      } else {
        allowed_papers_.insert(*allowed);
      }
    }
    for (const AttributeId& id : allowed_papers_) {
      Add({.zero = Zero::kPaper, .any_of = {id}}, true);
    }
    for (const AttributeId& id : FewestOfEach(groups)) {
      Add({.zero = Zero::kPaper, .any_of = {id}}, false);
    }
  }

  const eligibility::Program& program_;
  const ZeroExceptions& exceptions_;
  const graph::Regulation& meant_;
  VariantZeros found_;
  const std::set<AttributeId> facts_;
  std::set<AttributeId> allowed_papers_;
  Latency slowest_ = Latency::kAtHand;
};

}  // namespace

std::vector<AttributeId> FewestOfEach(const std::vector<std::vector<AttributeId>>& groups) {
  std::vector<AttributeId> taken;
  for (size_t count = 0; !Hit(groups, 0, count, taken); ++count) taken.clear();
  return taken;
}

std::vector<VariantZeros> ZerosOfVariants(const eligibility::Program& program,
                                          const ZeroExceptions& exceptions, Date day) {
  std::vector<VariantZeros> all;
  for (const graph::Service& service : program.catalogue().services()) {
    const graph::Regulation* regulation = service.RegulationOn(day);
    if (regulation == nullptr) continue;
    std::vector<const graph::Variant*> variants;
    for (const graph::Variant& variant : regulation->variants) variants.push_back(&variant);
    if (variants.empty()) variants.push_back(nullptr);
    for (const graph::Variant* variant : variants) {
      all.push_back(VariantCount(program, exceptions, service, *regulation, variant).Run());
    }
  }
  return all;
}

}  // namespace kstati::cases
