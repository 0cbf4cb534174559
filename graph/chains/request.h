// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/latency.h"
#include "base/time.h"
#include "graph/search/deadline.h"
#include "graph/service.h"
#include "graph/situation.h"

namespace kstati::graph {

// What eligibility says of a service for this person, as the chain needs it.
enum class Permission { kAllowed, kUndetermined, kForbidden };

// How a service stands for this person.
struct Standing {
  Permission permission = Permission::kAllowed;
  const Regulation* regulation = nullptr;  // as it applies to the person; null: the typical one
  Latency slowest = Latency::kOnSite;      // of the sources still to answer
  // Attributes that it rests on, known or not. What services can give of them may change it.
  std::vector<AttributeId> reads = {};
  // Refused, and nothing could change that: the service is not for this person at all.
  bool is_final = false;
};

// When a service is asked for: which attributes earlier steps have given by then.
struct Given {
  std::set<AttributeId> attributes;
};

struct ChainRequest {
  const Situation* situation = nullptr;
  std::set<AttributeId> held;           // documents and payments the person has
  std::map<AttributeId, Date> expires;  // of what is held: the last day on which it is accepted
  std::set<AttributeId> ended = {};     // what was held, and is accepted no more
  // Goals of the situation of which the person needs a new one, whatever is held.
  std::set<AttributeId> renews = {};
  // How long a document is accepted from the day it is given; nullopt: without end. May be empty.
  std::function<std::optional<Period>(const AttributeId&)> valid_for = {};
  // Services that the person was told of before. Not empty: others only where these do not lead to
  // the goals, and as few as possible.
  std::set<ServiceId> told;
  // Services that were applied for and have no result yet, with its day; absent: after the whole
  // term, counted from the start. What they asked of the person is spent.
  std::map<ServiceId, std::optional<Date>> under_way = {};
  // Channels through which the person can apply, and come; empty: all.
  std::set<std::string> channels = {};
  std::function<Standing(const ServiceId&, const Given&)> standing;
  // The same on a later day, as it is foreseen now. Empty: it is on every day what it is now.
  std::function<Standing(const ServiceId&, const Given&, Date)> standing_on = {};
  // A document no service produces: true when a registry holds it, so the person need not bring it.
  std::function<bool(const AttributeId&)> state_holds;
  // A document no service produces: true when it is known that there is none, so that nobody can
  // bring it or look it up. Empty: that is known of none.
  std::function<bool(const AttributeId&)> lacks = {};
  // Whether the law gives all of these together. Empty: it does. Asked of each point of a front;
  // who wants one chain leaves out what others exclude.
  std::function<bool(const std::vector<ServiceId>&)> go_together = {};
  Date start;
  std::string region;  // whose fees and figures count; empty: those without a region
  // How long all searches of one call may work together; absent: until it is proven.
  search::Deadline deadline = search::kDefaultDeadline;
};

}  // namespace kstati::graph
