// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "cases/decided_chain.h"
#include "cases/foreseen.h"
#include "cases/world.h"
#include "eligibility/program.h"
#include "graph/chain.h"

namespace kstati::cases {

// A question for chains from one viewpoint, answered by decisions. The request refers to the
// inquiry, which therefore neither moves nor is copied.
class ChainInquiry {
 public:
  ChainInquiry(const World& world, const graph::Situation& situation, const Viewpoint& viewpoint,
               Date start);
  ChainInquiry(const ChainInquiry&) = delete;
  ChainInquiry& operator=(const ChainInquiry&) = delete;

  const graph::ServiceGraph& graph() const { return *graph_; }
  graph::ChainRequest& request() { return request_; }
  // Before anything is asked.
  void GoOnFrom(const SoFar& so_far);
  // As if they were not for this person; before anything is asked.
  void LeaveOut(const std::set<recommender::ServiceAbout>& services) { left_out_ = services; }

  // On what is known now.
  const eligibility::Decision& DecisionNow(const graph::Service& service);
  // The decision behind each step of an answer.
  std::vector<eligibility::Decision> DecisionsOn(const std::vector<graph::ChainStep>& steps);

 private:
  eligibility::Decision Decide(const graph::Service& service, const graph::Given& given,
                               std::optional<Date> later_day);
  // On the day of the request, or on a later one.
  graph::Standing StandingOf(const ServiceId& id, const graph::Given& given,
                             std::optional<Date> later_day);
  bool MayBeGiven(const AttributeId& id);
  bool IsHeldByTheState(const AttributeId& id) const;
  bool Lacks(const AttributeId& id);

  const World& world_;
  const graph::Situation& situation_;
  const Viewpoint& viewpoint_;
  Date start_;
  std::shared_ptr<const graph::ServiceGraph> graph_;
  eligibility::Inquiry as_of_now_;
  Foresight foresight_;
  std::set<recommender::ServiceAbout> left_out_;
  std::map<ServiceId, eligibility::Decision> decided_;
  graph::ChainRequest request_;
};

}  // namespace kstati::cases
