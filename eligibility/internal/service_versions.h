// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "eligibility/decision.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/internal/witness.h"
#include "eligibility/program.h"
#include "graph/service_graph.h"

namespace kstati::eligibility {

// A service as people of one category get it.
struct ServiceVersion {
  const graph::Service* service = nullptr;
  const graph::Regulation* whole = nullptr;  // in force
  const graph::Variant* variant = nullptr;   // of `whole`; null: there are none

  const graph::Regulation& regulation() const { return variant ? *variant->regulation : *whole; }
};

// Everything that a catalogue gives on one day in one region. Immutable.
class ServiceVersions {
 public:
  // All must outlive it.
  ServiceVersions(const Program& program, const graph::ServiceGraph& services, Date day,
                  std::string region);

  const Program& program() const { return program_; }
  const graph::ServiceGraph& services() const { return services_; }
  Date day() const { return day_; }
  const std::string& region() const { return region_; }
  const std::vector<ServiceVersion>& all() const { return versions_; }
  std::vector<uint32_t> Of(const graph::Service& service) const;
  // Versions that output the attribute.
  const std::vector<uint32_t>& ProducersOf(const AttributeId& id) const;
  // Whether people come with it: it is supplied from outside or, where they apply for themselves,
  // was given to them when they were the child whom a service was about.
  bool IsSupplied(const AttributeId& id, graph::About about) const;
  // Whether the service is for people in a situation about `about`.
  bool Fits(const ServiceVersion& version, graph::About about) const;
  // What everybody who gets the version meets, as made-up people know it once `given` is there.
  // `settled` alone: without what rules read of anything that services give.
  std::vector<Demand> DemandsOf(const ServiceVersion& version, const std::vector<Assumption>* given,
                                bool settled) const;
  // Rules that tell people apart who may get the version or another one of the same service.
  std::vector<uint32_t> RulesOf(const ServiceVersion& version) const;
  // Whether some rule of the version reads what services give.
  bool ReadsGiven(const ServiceVersion& version) const;
  // What somebody knows who was given the attribute.
  Assumption AssumptionOf(const AttributeId& given, graph::About about) const;

 private:
  bool ReadsGiven(uint32_t rule) const;

  const Program& program_;
  const graph::ServiceGraph& services_;
  const Date day_;
  const std::string region_;
  std::vector<ServiceVersion> versions_;
  std::map<AttributeId, std::vector<uint32_t>> producers_;
  std::set<uint32_t> given_slots_;
};

}  // namespace kstati::eligibility
