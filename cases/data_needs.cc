// SPDX-License-Identifier: Apache-2.0
#include "cases/data_needs.h"

#include <algorithm>
#include <bit>
#include <map>

#include "cases/deciding.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

constexpr size_t kTriedTogetherMax = 8;  // 256 sets; each decides the whole plan

profile::CategoryId CategoryOf(const AttributeId& id, const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = ReportedAs(dictionary, id);
  return attribute == nullptr ? profile::CategoryId() : profile::CategoryId(attribute->category);
}

// Views of the same people that show only facts of some categories.
class Curtain {
 public:
  Curtain(const Categories& categories, const profile::Dictionary& dictionary)
      : categories_(categories), dictionary_(dictionary) {}

  bool Shows(const AttributeId& attribute) const {
    return categories_.contains(CategoryOf(attribute, dictionary_));
  }

  std::shared_ptr<const profile::FactView> Of(
      const std::shared_ptr<const profile::FactView>& view) {
    if (!view) return nullptr;
    auto& shown = views_[view.get()];
    if (shown) return shown;
    profile::History history;
    history.citizen = view->citizen();
    history.relations = view->relations();
    std::ranges::copy_if(view->facts(), std::back_inserter(history.facts),
                         [this](const profile::Fact& fact) { return Shows(fact.attribute); });
    shown = std::make_shared<const profile::FactView>(history, view->as_of());
    return shown;
  }

  profile::Household Of(const profile::Household& household) {
    profile::Household shown;
    shown.person = Of(household.person);
    const auto copy = [this](const auto& from, auto& to) {
      for (const auto& member : from) to.push_back(Of(member));
    };
    copy(household.children, shown.children);
    copy(household.parents, shown.parents);
    copy(household.spouses, shown.spouses);
    copy(household.wards, shown.wards);
    return shown;
  }

 private:
  const Categories& categories_;
  const profile::Dictionary& dictionary_;
  std::map<const profile::FactView*, std::shared_ptr<const profile::FactView>> views_;
};

// A plan with what its steps come to when all data may be used.
class Plan {
 public:
  Plan(const World& world, const std::vector<PlannedStep>& steps) : world_(world), steps_(steps) {
    for (const PlannedStep& step : steps) {
      decisions_.push_back(world.program->Decide(*step.service, step.viewpoint.subject(), true));
      const graph::Regulation* regulation = decisions_.back().regulation;
      if (regulation == nullptr) continue;
      outputs_.insert(regulation->outputs.begin(), regulation->outputs.end());
    }
  }

  Categories Used() const {
    const profile::Dictionary& dictionary = world_.program->dictionary();
    Categories used;
    for (const Decision& decision : decisions_) {
      used.merge(CategoriesUsed(decision, dictionary));
      for (const graph::Input* input : Inputs(decision)) {
        for (const AttributeId& id : Available(*input, decision)) {
          used.insert(CategoryOf(id, dictionary));
        }
      }
    }
    used.erase(profile::CategoryId());
    return used;
  }

  bool Suffices(const Categories& categories) const {
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (!InputsCome(decisions_[i], categories)) return false;
      const Decision decision =
          DecideWithin(world_, *steps_[i].service, steps_[i].viewpoint, categories);
      if (decision.verdict != decisions_[i].verdict) return false;
    }
    return true;
  }

 private:
  static std::vector<const graph::Input*> Inputs(const Decision& decision) {
    std::vector<const graph::Input*> inputs;
    if (decision.regulation == nullptr) return inputs;
    for (const graph::Input& input : decision.regulation->inputs) inputs.push_back(&input);
    return inputs;
  }

  // The alternatives that are on record, or that a step of the plan gives.
  std::vector<AttributeId> Available(const graph::Input& input, const Decision& decision) const {
    std::vector<AttributeId> available;
    for (const AttributeId& id : input.any_of) {
      const bool recorded = std::ranges::find(decision.recorded, id) != decision.recorded.end();
      if (recorded || outputs_.contains(id)) available.push_back(id);
    }
    return available;
  }

  bool InputsCome(const Decision& decision, const Categories& categories) const {
    const profile::Dictionary& dictionary = world_.program->dictionary();
    return std::ranges::all_of(Inputs(decision), [&](const graph::Input* input) {
      const std::vector<AttributeId> available = Available(*input, decision);
      return available.empty() || std::ranges::any_of(available, [&](const AttributeId& id) {
               return categories.contains(CategoryOf(id, dictionary));
             });
    });
  }

  const World& world_;
  const std::vector<PlannedStep>& steps_;
  std::vector<Decision> decisions_;
  std::set<AttributeId> outputs_;
};

Categories Without(Categories categories, const profile::CategoryId& category) {
  categories.erase(category);
  return categories;
}

// The smallest set that suffices between `needed`, which every such set holds, and `needed` with
// `open`.
Categories SmallestOf(const Plan& plan, const Categories& needed,
                      const std::vector<profile::CategoryId>& open) {
  std::vector<uint32_t> sets(size_t{1} << open.size());
  for (uint32_t set = 0; set < sets.size(); ++set) sets[set] = set;
  std::ranges::stable_sort(sets, {}, [](uint32_t set) { return std::popcount(set); });
  Categories tried;
  for (const uint32_t set : sets) {
    tried = needed;
    for (size_t i = 0; i < open.size(); ++i) {
      if ((set >> i & 1u) != 0) tried.insert(open[i]);
    }
    if (plan.Suffices(tried)) return tried;
  }
  return tried;  // the last one is everything used
}

Categories SmallestFor(const Plan& plan) {
  const Categories used = plan.Used();
  Categories needed;
  std::vector<profile::CategoryId> open;
  for (const profile::CategoryId& category : used) {
    if (plan.Suffices(Without(used, category))) {
      open.push_back(category);
    } else {
      needed.insert(category);
    }
  }
  if (open.size() <= kTriedTogetherMax) return SmallestOf(plan, needed, open);
  Categories kept = used;
  for (const profile::CategoryId& category : open) {
    if (plan.Suffices(Without(kept, category))) kept.erase(category);
  }
  return kept;
}

}  // namespace

Categories CategoriesUsed(const Decision& decision, const profile::Dictionary& dictionary) {
  Categories used;
  ForEachUsedFact(decision, [&](const eligibility::UsedFact& fact) {
    used.insert(CategoryOf(fact.fact.attribute, dictionary));
  });
  for (const AttributeId& input : decision.recorded) used.insert(CategoryOf(input, dictionary));
  used.erase(profile::CategoryId());
  return used;
}

Decision DecideWithin(const World& world, const graph::Service& service, const Viewpoint& viewpoint,
                      const Categories& categories, std::optional<Date> today) {
  eligibility::Subject seen = viewpoint.subject();
  seen.today = today;
  const Decision known = world.program->Decide(service, seen, true);
  Curtain curtain(categories, world.program->dictionary());
  const profile::Household household = curtain.Of(*viewpoint.household);
  eligibility::Subject subject{&household, curtain.Of(viewpoint.about), viewpoint.event_date};
  subject.today = today;
  // What is hidden is unknown, also where no record would mean "no"; the "no" of what is shown
  // stays.
  subject.nothing_recorded = true;
  ForEachUsedFact(known, [&](const eligibility::UsedFact& used) {
    if (!used.assumed_absent || !curtain.Shows(used.fact.attribute)) return;
    subject.assumed.push_back({used.citizen, used.fact.attribute, used.fact.value});
  });
  return world.program->Decide(service, subject, true);
}

bool Suffices(const World& world, const std::vector<PlannedStep>& plan,
              const Categories& categories) {
  return Plan(world, plan).Suffices(categories);
}

LeastScopes LeastScopesOf(const World& world, const std::vector<PlannedStep>& plan) {
  LeastScopes least;
  least.categories = SmallestFor(Plan(world, plan));
  for (const PlannedStep& step : plan) least.recipients.emplace(step.service->authority);
  return least;
}

}  // namespace kstati::cases
