// SPDX-License-Identifier: Apache-2.0
#include "cases/exclusive_steps.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "cases/chain_inquiry.h"
#include "graph/compatible.h"
#include "recommender/household_bundle.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;
using recommender::HouseholdOffer;
using recommender::ServiceAbout;

bool Gives(const graph::Service& service, const AttributeId& goal, Date on) {
  const graph::Regulation* regulation = service.RegulationOn(on);
  return regulation != nullptr &&
         std::ranges::find(regulation->outputs, goal) != regulation->outputs.end();
}

std::vector<const Decision*> PointersTo(const std::vector<Decision>& decisions) {
  std::vector<const Decision*> pointers;
  for (const Decision& decision : decisions) pointers.push_back(&decision);
  return pointers;
}

// Steps that exclusions name.
std::vector<const Decision*> ExclusiveStepsOf(const World& world, const DecidedChain& chain) {
  std::vector<const Decision*> exclusive = PointersTo(chain.decisions);
  std::erase_if(exclusive, [&world](const Decision* decision) {
    return !recommender::IsExclusive(decision->service, *world.exclusions);
  });
  return exclusive;
}

// That the person gets.
std::set<AttributeId> PaymentsOf(const Viewpoint& own, const profile::Dictionary& dictionary) {
  std::set<AttributeId> payments = HeldBy(own, dictionary);
  std::erase_if(payments, [&dictionary](const AttributeId& id) {
    return dictionary.Find(id)->type != profile::ValueType::kPayment;
  });
  return payments;
}

bool GivesAny(const graph::Service& service, const std::set<AttributeId>& payments, Date on) {
  const graph::Regulation* regulation = service.RegulationOn(on);
  return regulation != nullptr &&
         std::ranges::any_of(regulation->outputs, [&payments](const AttributeId& output) {
           return payments.contains(output);
         });
}

// Payments of the exclusion that the person gets, each behind the service that fits the person best
// of those that give it: which one it was is not on record.
std::vector<const Decision*> ReceivedOf(const graph::Exclusion& exclusion, const World& world,
                                        const std::set<AttributeId>& payments, Date on,
                                        ChainInquiry& inquiry) {
  std::map<AttributeId, const Decision*> behind;
  for (const ServiceId& id : exclusion.services) {
    const graph::Service* service = world.catalogue().FindService(id);
    if (service == nullptr || !GivesAny(*service, payments, on)) continue;
    for (const AttributeId& output : service->RegulationOn(on)->outputs) {
      if (!payments.contains(output)) continue;
      const Decision& decision = inquiry.DecisionNow(*service);
      const Decision*& best = behind.try_emplace(output, &decision).first->second;
      const bool is_better = best->verdict == eligibility::Verdict::kNotEligible &&
                             decision.verdict != eligibility::Verdict::kNotEligible;
      if (is_better) best = &decision;
    }
  }
  std::vector<const Decision*> received;
  for (const auto& [payment, decision] : behind) {
    if (std::ranges::find(received, decision) == received.end()) received.push_back(decision);
  }
  return received;
}

// Leaves out what the exclusion has beside what is received; names what the situation would give.
void LeaveOutBesideReceived(const graph::Exclusion& exclusion, const World& world,
                            const graph::Situation& situation,
                            const std::set<AttributeId>& payments, Date on, ChainInquiry& inquiry,
                            LeftOut& left_out) {
  const std::vector<ServiceId>& named = situation.services;
  for (const ServiceId& id : exclusion.services) {
    const graph::Service* service = world.catalogue().FindService(id);
    if (service == nullptr || GivesAny(*service, payments, on)) continue;
    if (inquiry.request().standing(id, {}).is_final) continue;
    const Decision& decision = inquiry.DecisionNow(*service);
    if (!left_out.services.insert({id, decision.about}).second) continue;
    const bool is_open = decision.verdict != eligibility::Verdict::kNotEligible;
    if (is_open && std::ranges::find(named, id) != named.end()) {
      left_out.decisions.push_back(decision);
    }
  }
}

// The household's choice, as a question of items: services about somebody, which exclusions name.
class Choosing {
 public:
  Choosing(const World& world, const graph::Situation& situation, const Viewpoint& own, Date start,
           const SoFar& so_far)
      : world_(world),
        situation_(situation),
        viewpoints_(ViewpointsOf(situation, own)),
        start_(start),
        so_far_(so_far),
        always_(ExcludedByReceived(world, situation, own, start)) {}

  CompatibleChain Run() {
    const DecidedChain& whole = Build({});
    const bool is_free =
        recommender::YieldingOf(PointersTo(whole.decisions), world_.catalogue(), *world_.exclusions)
            .empty();
    if (is_free) return {whole, always_, true};
    for (const Viewpoint& viewpoint : viewpoints_) AddItemsOf(viewpoint);
    question_.limits = recommender::LimitsOf(offers_, *world_.exclusions).limits;
    question_.build = [this](const std::vector<uint32_t>& left_out) { return Try(left_out); };
    const graph::Compatible compatible = graph::FindCompatible(question_);
    CompatibleChain chosen{Build(compatible.left_out), LeftOutOf(compatible.left_out),
                           compatible.proven};
    if (!compatible.proven) {
      chosen.chain.chain.proven = false;
      chosen.chain.chain.least_burden = 0;
    }
    return chosen;
  }

 private:
  // All that a chain of the viewpoint may have, with the most that it may be worth there.
  void AddItemsOf(const Viewpoint& viewpoint) {
    ChainInquiry inquiry(world_, situation_, viewpoint, start_);
    for (const graph::Service& service : world_.catalogue().services()) {
      if (!recommender::IsExclusive(service.id, *world_.exclusions)) continue;
      const graph::Standing standing = inquiry.request().standing(service.id, {});
      if (standing.is_final) continue;
      const Decision& decision = inquiry.DecisionNow(service);
      const HouseholdOffer offer = recommender::WeighedOffer(decision, world_.catalogue());
      // What earlier steps give may make another decision of it.
      const bool is_settled = standing.reads.empty();
      const graph::Worth most = is_settled ? recommender::WorthOf(offer) : recommender::MostWorth();
      const auto [entry, is_new] =
          items_.emplace(ServiceAbout{service.id, decision.about}, offers_.size());
      if (is_new) {
        offers_.push_back(offer);
        decisions_.push_back(decision);
        question_.most.push_back(most);
      } else {
        question_.most[entry->second] = std::max(question_.most[entry->second], most);
      }
    }
  }

  const DecidedChain& Build(const std::vector<uint32_t>& left_out) {
    const auto known = built_.find(left_out);
    if (known != built_.end()) return known->second;
    const LeftOut without = LeftOutOf(left_out);
    std::vector<DecidedChain> parts;
    for (const Viewpoint& viewpoint : viewpoints_) {
      parts.push_back(BuildDecidedChain(world_, situation_, viewpoint, start_, so_far_, without));
    }
    return built_.emplace(left_out, Together(std::move(parts))).first->second;
  }

  graph::Attempt Try(const std::vector<uint32_t>& left_out) {
    const DecidedChain& whole = Build(left_out);
    graph::Attempt attempt;
    for (const Decision* decision : ExclusiveStepsOf(world_, whole)) {
      const auto item = items_.find({decision->service, decision->about});
      KSTATI_CHECK(item != items_.end());
      const HouseholdOffer offer = recommender::WeighedOffer(*decision, world_.catalogue());
      attempt.items.push_back({item->second, recommender::WorthOf(offer)});
      decisions_[item->second] = *decision;
    }
    std::ranges::sort(attempt.items, {}, &graph::Attempt::Item::number);
    attempt.reached = whole.chain.reached.size();
    attempt.burden = whole.chain.burden;
    attempt.proven = whole.chain.proven;
    return attempt;
  }

  LeftOut LeftOutOf(const std::vector<uint32_t>& items) const {
    LeftOut left_out = always_;
    for (const uint32_t item : items) {
      left_out.services.insert({decisions_[item].service, decisions_[item].about});
      left_out.decisions.push_back(decisions_[item]);
    }
    return left_out;
  }

  const World& world_;
  const graph::Situation& situation_;
  std::vector<Viewpoint> viewpoints_;
  Date start_;
  const SoFar& so_far_;
  const LeftOut always_;
  std::map<ServiceAbout, uint32_t> items_;
  std::vector<HouseholdOffer> offers_;  // by item
  std::vector<Decision> decisions_;     // by item, the latest
  graph::CompatibleQuestion question_;
  std::map<std::vector<uint32_t>, DecidedChain> built_;
};

}  // namespace

CompatibleChain BuildCompatibleChain(const World& world, const graph::Situation& situation,
                                     const Viewpoint& own, Date start, const SoFar& so_far) {
  return Choosing(world, situation, own, start, so_far).Run();
}

LeftOut ExcludedByReceived(const World& world, const graph::Situation& situation,
                           const Viewpoint& own, Date start) {
  LeftOut left_out;
  const std::set<AttributeId> payments = PaymentsOf(own, world.program->dictionary());
  if (payments.empty()) return left_out;
  ChainInquiry as_own(world, situation, own, start);
  for (const graph::Exclusion& exclusion : *world.exclusions) {
    // For whom somebody gets a payment is not on record.
    if (exclusion.scope != graph::ExclusionScope::kApplicant) continue;
    const std::vector<const Decision*> received =
        ReceivedOf(exclusion, world, payments, start, as_own);
    if (received.size() < exclusion.at_most) continue;
    for (const Decision* decision : received) left_out.received.push_back(*decision);
    for (const Viewpoint& viewpoint : ViewpointsOf(situation, own)) {
      ChainInquiry inquiry(world, situation, viewpoint, start);
      LeaveOutBesideReceived(exclusion, world, situation, payments, start, inquiry, left_out);
    }
  }
  return left_out;
}

bool GoTogether(const World& world, const std::vector<const Decision*>& decisions) {
  std::vector<HouseholdOffer> offers;
  for (const Decision* decision : decisions) {
    if (!recommender::IsExclusive(decision->service, *world.exclusions)) continue;
    offers.push_back(recommender::WeighedOffer(*decision, world.catalogue()));
  }
  const std::vector<graph::Limit> limits = recommender::LimitsOf(offers, *world.exclusions).limits;
  return std::ranges::none_of(
      limits, [](const graph::Limit& limit) { return limit.items.size() > limit.at_most; });
}

bool LeaveOutBeside(const World& world, const DecidedChain& chain, const DecidedChain& kept,
                    LeftOut& left_out) {
  std::vector<HouseholdOffer> offers;
  std::vector<graph::Worth> worths;
  const std::vector<const Decision*> exclusive = ExclusiveStepsOf(world, chain);
  for (const Decision* decision : exclusive) {
    const HouseholdOffer& offer =
        offers.emplace_back(recommender::WeighedOffer(*decision, world.catalogue()));
    const bool is_kept = std::ranges::any_of(kept.decisions, [decision](const Decision& other) {
      return other.service == decision->service && other.about == decision->about;
    });
    worths.push_back({is_kept ? 1 : 0, offer.yearly.value_or(0) + offer.priority + 1});
  }
  const std::vector<graph::Limit> limits = recommender::LimitsOf(offers, *world.exclusions).limits;
  const std::vector<uint32_t> together = graph::BestBundle(worths, limits).items;
  for (uint32_t item = 0; item < exclusive.size(); ++item) {
    if (std::ranges::binary_search(together, item)) continue;
    const ServiceAbout which{exclusive[item]->service, exclusive[item]->about};
    if (left_out.services.insert(which).second) left_out.decisions.push_back(*exclusive[item]);
  }
  return together.size() < exclusive.size();
}

void TellLeftOut(const World& world, const LeftOut& left_out, Date start, DecidedChain& chain) {
  std::vector<const Decision*> steps = ExclusiveStepsOf(world, chain);
  for (const Decision& received : left_out.received) steps.push_back(&received);
  for (const Decision& decision : left_out.decisions) {
    std::optional<recommender::Yielding> yielding =
        recommender::YieldingTo(steps, decision, world.catalogue(), *world.exclusions);
    if (!yielding) continue;
    chain.yielding.push_back(std::move(*yielding));
    const graph::Service& service = *world.catalogue().FindService(decision.service);
    std::erase_if(chain.chain.unreachable,
                  [&](const AttributeId& goal) { return Gives(service, goal, start); });
  }
}

}  // namespace kstati::cases
