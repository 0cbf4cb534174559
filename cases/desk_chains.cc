// SPDX-License-Identifier: Apache-2.0
// Chains: what the desk is asked about life situations.
#include <algorithm>
#include <utility>

#include "cases/chain_inquiry.h"
#include "cases/chain_repair.h"
#include "cases/chain_viewpoint.h"
#include "cases/desk.h"
#include "cases/exclusive_steps.h"
#include "cases/reading.h"

namespace kstati::cases {
namespace {

// The steps of the whole chain that are to be applied for, each from the viewpoint it was decided
// from.
std::vector<PlannedStep> PlanOf(const World& world, const graph::Situation& situation,
                                const Viewpoint& own, Date start, const SoFar& so_far) {
  const std::vector<Viewpoint> viewpoints = ViewpointsOf(situation, own);
  std::vector<PlannedStep> plan;
  for (const eligibility::Decision& decision :
       BuildWholeChain(world, situation, own, start, so_far).decisions) {
    if (so_far.under_way.contains({decision.service, decision.about})) continue;
    plan.push_back({decision.described, SeenFrom(viewpoints, decision)});
  }
  return plan;
}

CitizenId AboutOf(const Viewpoint& viewpoint) {
  const auto& about = viewpoint.about ? viewpoint.about : viewpoint.household->person;
  return about->citizen();
}

// Why the step is in the chain no more, as the viewpoint sees it now.
ChangeKind WhyGoneOf(const World& world, const graph::ChainStep& step,
                     const eligibility::Decision& decision, const Viewpoint& viewpoint) {
  const std::set<AttributeId> held = HeldBy(viewpoint, world.program->dictionary());
  const std::vector<AttributeId>& outputs = step.regulation->outputs;
  const auto is_held = [&held](const AttributeId& output) { return held.contains(output); };
  if (!outputs.empty() && std::ranges::all_of(outputs, is_held)) return ChangeKind::kDone;
  const eligibility::Decision now =
      world.program->Decide(*decision.described, viewpoint.subject(), false);
  const bool refused = now.verdict == eligibility::Verdict::kNotEligible;
  return refused ? ChangeKind::kRefused : ChangeKind::kDropped;
}

}  // namespace

Result<Desk::PersonalChain> Desk::Chain(CitizenId citizen, const SituationId& id, CitizenId about,
                                        const LookAt& as_of, std::vector<CitizenId>* read,
                                        const std::set<std::string>& channels) const {
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world_, id));
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfChain(draft, *situation, citizen, about, as_of));
  Tell(draft, read);
  KSTATI_TRY(SoFar so_far, SoFarOf(draft, citizen, as_of ? as_of->known_at : world_.Now()));
  so_far.channels = channels;
  PersonalChain chain{BuildWholeChain(world_, *situation, viewpoint, draft.today(), so_far),
                      AboutOf(viewpoint),
                      {}};
  chain.unreached =
      UnreachedGoalsOf(world_, *situation, viewpoint, draft.today(), so_far, chain.chain);
  return chain;
}

Result<Desk::PersonalWays> Desk::ChainOptions(CitizenId citizen, const SituationId& id,
                                              CitizenId about, const LookAt& as_of,
                                              std::vector<CitizenId>* read,
                                              const std::set<std::string>& channels) const {
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world_, id));
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfChain(draft, *situation, citizen, about, as_of));
  Tell(draft, read);
  KSTATI_TRY(SoFar so_far, SoFarOf(draft, citizen, as_of ? as_of->known_at : world_.Now()));
  so_far.channels = channels;
  return PersonalWays{AboutOf(viewpoint),
                      FindWays(world_, *situation, viewpoint, draft.today(), so_far)};
}

Result<Desk::PersonalFront> Desk::ChainFront(CitizenId citizen, const SituationId& id,
                                             CitizenId about, const LookAt& as_of,
                                             std::vector<CitizenId>* read,
                                             const std::set<std::string>& channels) const {
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world_, id));
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfChain(draft, *situation, citizen, about, as_of));
  Tell(draft, read);
  KSTATI_TRY(SoFar so_far, SoFarOf(draft, citizen, as_of ? as_of->known_at : world_.Now()));
  so_far.channels = channels;
  const CompatibleChain chosen =
      BuildCompatibleChain(world_, *situation, viewpoint, draft.today(), so_far);
  ChainInquiry inquiry(world_, *situation, viewpoint, draft.today());
  inquiry.LeaveOut(chosen.left_out.services);
  inquiry.GoOnFrom(so_far);
  inquiry.request().deadline = kFrontDeadline;
  inquiry.request().go_together = [&](const std::vector<ServiceId>& services) {
    std::vector<const eligibility::Decision*> decisions;
    for (const ServiceId& id : services) {
      decisions.push_back(&inquiry.DecisionNow(*world_.catalogue().FindService(id)));
    }
    return GoTogether(world_, decisions);
  };
  PersonalFront front{AboutOf(viewpoint),
                      graph::FindChainFront(inquiry.graph(), inquiry.request())};
  front.front.proven = front.front.proven && chosen.proven;
  return front;
}

Result<Desk::RepairedChain> Desk::RepairChain(CitizenId citizen, const SituationId& id,
                                              CitizenId about, Instant told_at,
                                              std::vector<CitizenId>* read,
                                              const std::set<std::string>& channels) const {
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world_, id));
  if (told_at > world_.Now()) {
    return Fail(ErrorCode::kInvalidArgument, "nobody was told anything at that moment yet",
                "told_at", "give a moment that has passed");
  }
  const LookAt then = profile::AsOf{LocalDate(told_at, world_.time_zone), told_at};
  KSTATI_TRY(const PersonalChain told, Chain(citizen, id, about, then, nullptr, channels));
  Draft draft(world_, world_.Now());
  KSTATI_TRY(const Viewpoint own, ViewpointOfChain(draft, *situation, citizen, told.about, {}));
  Tell(draft, read);
  KSTATI_TRY(SoFar so_far, SoFarOf(draft, citizen, world_.Now()));
  so_far.told = StepsOf(told);
  so_far.channels = channels;
  RepairedChain repaired;
  repaired.chain.about = told.about;
  static_cast<DecidedChain&>(repaired.chain) =
      BuildWholeChain(world_, *situation, own, draft.today(), so_far);
  repaired.chain.unreached =
      UnreachedGoalsOf(world_, *situation, own, draft.today(), so_far, repaired.chain.chain);
  const std::vector<Viewpoint> viewpoints = ViewpointsOf(*situation, own);
  repaired.changes = ChangesBetween(told, repaired.chain, [&](size_t step) {
    const eligibility::Decision& decision = told.decisions[step];
    return WhyGoneOf(world_, told.chain.steps[step], decision, SeenFrom(viewpoints, decision));
  });
  return repaired;
}

Result<LeastScopes> Desk::LeastScopesFor(CitizenId citizen, const SituationId& id, CitizenId about,
                                         std::vector<CitizenId>* read) const {
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world_, id));
  Draft draft(world_, world_.Now());
  KSTATI_TRY(const Viewpoint own, ViewpointOfChain(draft, *situation, citizen, about, {}));
  Tell(draft, read);
  KSTATI_TRY(const SoFar so_far, SoFarOf(draft, citizen, world_.Now()));
  return LeastScopesOf(world_, PlanOf(world_, *situation, own, draft.today(), so_far));
}

}  // namespace kstati::cases
