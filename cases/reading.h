// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "cases/decided_chain.h"
#include "cases/desk.h"
#include "cases/draft.h"
#include "recommender/life_event.h"

namespace kstati::cases {

// Everything a read about one citizen starts from.
struct Reading {
  std::shared_ptr<const profile::Household> household;
  std::vector<recommender::OpenSituation> situations;
};

Draft DraftAt(const World& world, const LookAt& as_of);
Result<Reading> Read(Draft& draft, CitizenId citizen, const LookAt& as_of = {});

// Says whose data was read, to who wants to know.
void Tell(const Draft& draft, std::vector<CitizenId>* read);

// Where there is no such situation: kNotFound.
Result<const graph::Situation*> RequireSituation(const World& world, const SituationId& id);

// The latest of the situations (latest first) whose life event the service is meant for on a day:
// one that triggers it or from which its time to apply runs, else of a situation that names it.
// About `about`, or about anybody where the service is about the citizen. Null: none.
const recommender::OpenSituation* SituationFor(
    const World& world, const graph::Service& service,
    const std::vector<recommender::OpenSituation>& situations, CitizenId about, Date on);

// From where the citizen sees `about`, after the life event that the service is meant for; without
// a service after the latest of any kind.
Result<Viewpoint> ViewpointOf(Draft& draft, const Reading& reading, CitizenId about,
                              const graph::Service* service);

}  // namespace kstati::cases
