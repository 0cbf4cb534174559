// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/achieved_chain.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "base/micros.h"
#include "eligibility/standing.h"
#include "graph/chain.h"

namespace kstati::eligibility {
namespace {

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
      const bool is_renewed = std::ranges::find(task_.renews, id) != task_.renews.end();
      const bool supplied = versions_.IsSupplied(id, task_.about) && (!is_goal || is_renewed);
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

graph::Chain ChainOf(const ServiceVersions& versions, const ChainTask& task,
                     const MadeUpPerson& person, const graph::Validities* validities) {
  graph::ChainRequest request;
  request.held = person.Held();
  graph::Situation situation;
  situation.id = SituationId("achieved");
  situation.services = task.preferred;
  situation.goals = task.goals;
  request.renews.insert(task.renews.begin(), task.renews.end());
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
  if (validities != nullptr) {
    request.valid_for = [&](const AttributeId& id) { return validities->PeriodOf(id); };
  }
  return graph::BuildChain(versions.services(), request);
}

// Which step waits for which, at once or through others.
class Waiting {
 public:
  explicit Waiting(const graph::Chain& chain) {
    for (const graph::ChainStep& step : chain.steps) {
      std::set<ServiceId>& all = ahead_of_[step.service];
      for (const ServiceId& giver : step.after) {
        all.insert(giver);
        const std::set<ServiceId>& before = ahead_of_[giver];
        all.insert(before.begin(), before.end());
      }
    }
  }

  // Through a third step, so that putting the giver off puts the user off too.
  bool IsIndirect(const ServiceId& giver, const graph::ChainStep& user) const {
    return std::ranges::any_of(user.after, [&](const ServiceId& between) {
      return between != giver && ahead_of_.at(between).contains(giver);
    });
  }

 private:
  std::map<ServiceId, std::set<ServiceId>> ahead_of_;
};

std::string InWords(const Period& period) {
  return period.months > 0 ? std::to_string(period.months) + " months"
                           : std::to_string(period.days) + " days";
}

// What is used after it expired; where there are several, one that no later giver would save.
std::string LapseIn(const graph::Chain& chain, const graph::Validities& validities) {
  const Waiting waiting(chain);
  std::string found;
  for (const graph::ChainStep& user : chain.steps) {
    for (const graph::UsedDocument& used : user.uses) {
      const auto period = validities.PeriodOf(used.document);
      const auto giver = std::ranges::find(chain.steps, used.giver, &graph::ChainStep::service);
      if (!period || giver == chain.steps.end() || !giver->finish) continue;
      const Date last_day = period->After(*giver->finish);
      if (user.start <= last_day) continue;
      const bool indirect = waiting.IsIndirect(used.giver, user);
      if (!found.empty() && !indirect) continue;
      found = used.document.text() + " is accepted for " + InWords(*period) + ", until " +
              last_day.ToString() + " where " + used.giver.text() + " gives it on " +
              giver->finish->ToString() + ", and " + user.service.text() +
              ", which needs it, begins on " + user.start.ToString() + " at the earliest";
      if (indirect) return found;
    }
  }
  return found.empty() ? "something expires before it is used" : found;
}

}  // namespace

std::optional<std::vector<ServiceId>> StepsFor(const ServiceVersions& versions,
                                               const ChainTask& task,
                                               const std::vector<Assumption>& facts) {
  const MadeUpPerson person(versions, task, facts);
  const graph::Chain chain = ChainOf(versions, task, person, task.validities);
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

std::optional<std::string> LapseOf(const ServiceVersions& versions, const ChainTask& task,
                                   const std::vector<Assumption>& facts) {
  if (task.validities == nullptr) return std::nullopt;
  const MadeUpPerson person(versions, task, facts);
  const graph::Chain chain = ChainOf(versions, task, person, task.validities);
  if (chain.unreachable.empty() || !chain.proven) return std::nullopt;
  const graph::Chain freely = ChainOf(versions, task, person, nullptr);
  if (!freely.unreachable.empty()) return std::nullopt;
  return LapseIn(freely, *task.validities);
}

}  // namespace kstati::eligibility
