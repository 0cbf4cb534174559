// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eligibility/internal/service_versions.h"
#include "graph/validity.h"

namespace kstati::eligibility {

// What a made-up person begins with and what a chain is to end in.
struct ChainTask {
  graph::About about = graph::About::kPerson;
  std::vector<AttributeId> goals;
  std::vector<AttributeId> renews;  // goals that are given anew; no other goal is held from before
  std::vector<const graph::Service*> endings;     // services to be had after the chain
  std::vector<ServiceId> preferred;               // services of the situation
  const graph::Validities* validities = nullptr;  // null: nothing expires
};

// The steps of the chain that leads a person with these facts, and nothing else known, to all of
// that; nullopt when there is none, or some step rests on what is not known. Every decision on the
// way is the engine's own.
std::optional<std::vector<ServiceId>> StepsFor(const ServiceVersions& versions,
                                               const ChainTask& task,
                                               const std::vector<Assumption>& facts);

// Proven: this person would get to all of that if nothing expired, and does not, whatever is done
// when. What expires on the quickest way, in words; nullopt when that is not so.
std::optional<std::string> LapseOf(const ServiceVersions& versions, const ChainTask& task,
                                   const std::vector<Assumption>& facts);

}  // namespace kstati::eligibility
