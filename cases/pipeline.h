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

// What one registry event caused.
struct Outcome {
  bool repeated = false;  // recorded before; nothing changed
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
// Everything an event causes commits in one atomic write, or nothing does. The same event again
// changes nothing; the same (source, id) with other content is kConflict. Safe from any thread.
Result<Outcome> ProcessRegistryEvent(const World& world, const profile::RegistryEvent& event);

// The same for an event that was checked, or that Kstati found itself.
Result<Outcome> ProcessCheckedEvent(const World& world, profile::RegistryEvent event);

}  // namespace kstati::cases
