// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cases/case.h"
#include "cases/world.h"
#include "profile/registry_event.h"
#include "recommender/life_event.h"

namespace kstati::cases {

class Draft;
struct Proposal;

// What one registry event caused.
struct Outcome {
  bool repeated = false;  // recorded before; nothing changed
  // Recorded, and what follows from it waits for facts on their way to other partitions.
  bool under_way = false;
  Instant recorded_at;
  std::vector<recommender::LifeEvent> life_events;
  std::vector<recommender::OpenSituation> situations;
  std::vector<Case> cases;  // opened or changed
};

// The flow:
//   registry event (profile/registry_event) -> profile (profile/store) -> life event
//   (recommender/life_event) -> situation -> chain (graph/chain) -> eligibility
//   (eligibility/program)
//   -> consent (profile/consent) -> case (cases/case) -> notification (cases/notification)
// Everything an event causes commits in one atomic write, or nothing does. Where that would touch
// several partitions, the event commits in its subject's; its facts are delivered to the others,
// and then all that follows from it is decided, partition by partition. The same event again
// changes nothing; the same (source, id) with other content is kConflict. Safe from any thread.
Result<Outcome> ProcessRegistryEvent(const World& world, const profile::RegistryEvent& event);

// The same for an event that was checked, or that Kstati found itself.
Result<Outcome> ProcessCheckedEvent(const World& world, profile::RegistryEvent event);

// What follows from one life event: its situations are kept and told in `opened`, and what they
// give reason for is returned. From a guess nothing follows but the note that nothing was started.
Result<std::vector<Proposal>> FollowLifeEvent(Draft& draft, const recommender::LifeEvent& event,
                                              std::vector<recommender::OpenSituation>& opened);

// Goes on with events that were recorded and not followed yet: delivers their facts and decides
// what follows. How many are left for want of a partition.
size_t FollowEvents(const World& world);

}  // namespace kstati::cases
