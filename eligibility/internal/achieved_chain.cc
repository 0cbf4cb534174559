// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/achieved_chain.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "eligibility/standing.h"
#include "graph/chain.h"

namespace kstati::eligibility {
namespace {

constexpr int64_t kMicrosPerDay = 86'400'000'000;

std::shared_ptr<const profile::FactView> Nobody(CitizenId citizen, Date day) {
  profile::History history;
  history.citizen = citizen;
  const profile::AsOf as_of{day, Instant{day.days * kMicrosPerDay}};
  return std::make_shared<const profile::FactView>(history, as_of);
}

// One made-up person before the services of a catalogue.
class MadeUpPerson {
 public:
  MadeUpPerson(const ServiceVersions& versions, const ChainTask& task,
               const std::vector<Assumption>& facts)
      : versions_(versions), task_(task), facts_(facts) {
    household_.person = Nobody(kMadeUpApplicant, versions.day());
    if (task.about != graph::About::kPerson) other_ = Nobody(kMadeUpOther, versions.day());
  }

  Decision Decide(const graph::Service& service, const std::set<AttributeId>& given) const {
    Subject subject;
    subject.household = &household_;
    subject.about = other_;
    subject.only_stated = true;
    if (!versions_.region().empty()) {
      subject.assumed.push_back(
          {kMadeUpApplicant, AttributeId("person.region_code"), versions_.region()});
    }
    subject.assumed.insert(subject.assumed.end(), facts_.begin(), facts_.end());
    for (const AttributeId& id : given) {
      subject.assumed.push_back(versions_.AssumptionOf(id, task_.about));
    }
    return versions_.program().Decide(service, subject, true);
  }

  graph::Standing StandingOf(const ServiceId& id, const graph::Given& given) const {
    const graph::Service& service = *versions_.program().catalogue().FindService(id);
    const std::vector<uint32_t> own = versions_.Of(service);
    const bool fits = std::ranges::any_of(own, [&](uint32_t version) {
      return versions_.Fits(versions_.all()[version], task_.about);
    });
    if (!fits) return {graph::Permission::kForbidden};
    return eligibility::StandingOf(
        Decide(service, given.attributes), [this](const AttributeId& read) {
          return !versions_.ProducersOf(read).empty() && !IsStated(read, true);
        });
  }

  // What comes from outside, as far as the facts do not say otherwise.
  std::set<AttributeId> Held() const {
    std::set<AttributeId> held;
    const graph::chains::Model& model = versions_.services().model();
    for (uint32_t number = 0; number < model.attribute_count(); ++number) {
      const AttributeId& id = model.attribute(number);
      if (versions_.ProducersOf(id).empty()) continue;
      const bool is_goal = std::ranges::find(task_.goals, id) != task_.goals.end();
      const bool supplied =
          versions_.IsSupplied(id, task_.about) && (!is_goal || task_.holds_goals);
      if (supplied && !IsStated(id, false)) held.insert(id);
    }
    return held;
  }

 private:
  bool IsStated(const AttributeId& id, bool value) const {
    return std::ranges::any_of(facts_, [&](const Assumption& fact) {
      const bool* flag = std::get_if<bool>(&fact.value);
      return fact.attribute == id && flag != nullptr && *flag == value;
    });
  }

  const ServiceVersions& versions_;
  const ChainTask& task_;
  const std::vector<Assumption>& facts_;
  profile::Household household_;
  std::shared_ptr<const profile::FactView> other_;
};

// What the endings need and only services give: the first alternative that one gives.
std::vector<AttributeId> NeedsOf(const ServiceVersions& versions, const ChainTask& task,
                                 const std::set<AttributeId>& held) {
  std::vector<AttributeId> needs;
  for (const graph::Service* ending : task.endings) {
    const graph::Regulation* regulation = ending->RegulationOn(versions.day(), versions.region());
    if (regulation == nullptr) continue;
    for (const graph::Input& input : regulation->inputs) {
      const bool there = std::ranges::any_of(input.any_of, [&](const AttributeId& id) {
        return held.contains(id) || versions.ProducersOf(id).empty();
      });
      if (!there && !input.any_of.empty()) needs.push_back(input.any_of.front());
    }
  }
  return needs;
}

}  // namespace

std::optional<std::vector<ServiceId>> StepsFor(const ServiceVersions& versions,
                                               const ChainTask& task,
                                               const std::vector<Assumption>& facts) {
  const MadeUpPerson person(versions, task, facts);
  graph::ChainRequest request;
  request.held = person.Held();
  graph::Situation situation;
  situation.id = SituationId("achieved");
  situation.services = task.preferred;
  for (const AttributeId& goal : task.goals) {
    if (!request.held.contains(goal)) situation.goals.push_back(goal);
  }
  for (AttributeId& need : NeedsOf(versions, task, request.held)) {
    if (std::ranges::find(situation.goals, need) == situation.goals.end()) {
      situation.goals.push_back(std::move(need));
    }
  }
  request.situation = &situation;
  request.standing = [&](const ServiceId& id, const graph::Given& given) {
    return person.StandingOf(id, given);
  };
  request.state_holds = [](const AttributeId&) { return true; };
  request.start = versions.day();
  request.region = versions.region();
  const graph::Chain chain = graph::BuildChain(versions.services(), request);
  if (!chain.unreachable.empty()) return std::nullopt;
  std::vector<ServiceId> steps;
  std::set<AttributeId> given;
  for (const graph::ChainStep& step : chain.steps) {
    if (step.undetermined) return std::nullopt;
    steps.push_back(step.service);
    const graph::Service& service = *versions.program().catalogue().FindService(step.service);
    const graph::Regulation* regulation = service.RegulationOn(versions.day(), versions.region());
    if (regulation != nullptr) given.insert(regulation->outputs.begin(), regulation->outputs.end());
  }
  for (const graph::Service* ending : task.endings) {
    if (PermissionOf(person.Decide(*ending, given).verdict) != graph::Permission::kAllowed) {
      return std::nullopt;
    }
    if (std::ranges::find(steps, ending->id) == steps.end()) steps.push_back(ending->id);
  }
  return steps;
}

}  // namespace kstati::eligibility
