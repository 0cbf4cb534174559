// SPDX-License-Identifier: Apache-2.0
#include "graph/search/simplifier.h"

namespace kstati::graph::search {

void Simplifier::Start(Core& core) {
  core_ = &core;
  possible_ = true;
  changes_ = 0;
  facts_.clear();
  services_.clear();
  fact_waits_.assign(core.fact_count(), 0);
  service_waits_.assign(core.service_count(), 0);
}

bool Simplifier::RunOnAll(Core& core) {
  Start(core);
  for (uint32_t fact = core.fact_count(); fact-- > 0;) LookAtFact(fact);
  for (uint32_t service = core.service_count(); service-- > 0;) LookAtService(service);
  return Run();
}

bool Simplifier::Run() {
  while (possible_) {
    if (!services_.empty()) {
      const uint32_t service = services_.back();
      services_.pop_back();
      service_waits_[service] = 0;
      CheckService(service);
    } else if (!facts_.empty()) {
      const uint32_t fact = facts_.back();
      facts_.pop_back();
      fact_waits_[fact] = 0;
      CheckFact(fact);
    } else {
      return true;
    }
  }
  return false;
}

void Simplifier::LookAtFact(uint32_t fact) {
  if (core_->fact_gone[fact] != 0 || fact_waits_[fact] != 0) return;
  fact_waits_[fact] = 1;
  facts_.push_back(fact);
}

void Simplifier::LookAtService(uint32_t service) {
  if (core_->service_gone[service] != 0 || service_waits_[service] != 0) return;
  service_waits_[service] = 1;
  services_.push_back(service);
}

void Simplifier::CheckFact(uint32_t fact) {
  Core& core = *core_;
  if (core.fact_gone[fact] != 0) return;
  if (core.producer_count[fact] == 0) return LoseFact(fact);
  if (core.is_goal[fact] == 0) {
    if (core.consumer_count[fact] == 0) ForgetFact(fact);
    return;
  }
  if (core.producer_count[fact] != 1) return;
  for (const uint32_t producer : core.producers[fact]) {
    if (core.service_gone[producer] != 0) continue;
    Pay(producer);
    // The producer's needs are goals, so this goal is implied.
    if (core.consumer_count[fact] == 0) ForgetFact(fact);
    return;
  }
}

void Simplifier::CheckService(uint32_t service) {
  Core& core = *core_;
  if (core.service_gone[service] != 0) return;
  if (core.give_count[service] == 0) return RemoveService(service);
  if (core.need_count[service] != 0 || core.cost[service] != 0) return;
  for (const uint32_t fact : core.gives[service]) HoldFact(fact);
  RemoveService(service);
}

void Simplifier::RemoveService(uint32_t service) {
  Core& core = *core_;
  if (core.service_gone[service] != 0) return;
  core.service_gone[service] = 1;
  ++changes_;
  for (const uint32_t fact : core.needs[service]) {
    --core.consumer_count[fact];
    LookAtFact(fact);
  }
  for (const uint32_t fact : core.gives[service]) {
    --core.producer_count[fact];
    LookAtFact(fact);
  }
}

void Simplifier::ForgetFact(uint32_t fact) {
  Core& core = *core_;
  core.fact_gone[fact] = 1;
  ++changes_;
  core.goal_count -= core.is_goal[fact];
  core.is_goal[fact] = 0;
  for (const uint32_t producer : core.producers[fact]) {
    --core.give_count[producer];
    LookAtService(producer);
  }
}

void Simplifier::HoldFact(uint32_t fact) {
  Core& core = *core_;
  if (core.fact_gone[fact] != 0) return;
  ForgetFact(fact);
  for (const uint32_t consumer : core.consumers[fact]) {
    --core.need_count[consumer];
    LookAtService(consumer);
  }
}

void Simplifier::LoseFact(uint32_t fact) {
  Core& core = *core_;
  if (core.fact_gone[fact] != 0) return;
  if (core.is_goal[fact] != 0) {
    possible_ = false;
    return;
  }
  ForgetFact(fact);
  for (const uint32_t consumer : core.consumers[fact]) RemoveService(consumer);
}

void Simplifier::MakeGoal(uint32_t fact) {
  Core& core = *core_;
  if (core.fact_gone[fact] != 0 || core.is_goal[fact] != 0) return;
  core.is_goal[fact] = 1;
  ++core.goal_count;
  ++changes_;
  LookAtFact(fact);
}

void Simplifier::Pay(uint32_t service) {
  Core& core = *core_;
  if (core.is_paid[service] != 0) return;
  core.is_paid[service] = 1;
  core.paid_cost += core.cost[service];
  core.paid.push_back(core.service[service]);
  core.cost[service] = 0;
  ++changes_;
  for (const uint32_t fact : core.needs[service]) MakeGoal(fact);
  LookAtService(service);
}

void Simplifier::DropNeed(uint32_t service, uint32_t fact) {
  Core& core = *core_;
  core.needs.Erase(service, fact);
  core.consumers.Erase(fact, service);
  --core.need_count[service];
  --core.consumer_count[fact];
  ++changes_;
  LookAtService(service);
  LookAtFact(fact);
}

void Simplifier::DropGift(uint32_t service, uint32_t fact) {
  Core& core = *core_;
  core.gives.Erase(service, fact);
  core.producers.Erase(fact, service);
  --core.give_count[service];
  --core.producer_count[fact];
  ++changes_;
  LookAtService(service);
  LookAtFact(fact);
}

}  // namespace kstati::graph::search
