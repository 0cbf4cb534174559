// SPDX-License-Identifier: Apache-2.0
#include "graph/search/components.h"

#include <limits>

namespace kstati::graph::search {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

// Rows of one label each, none for what has no label.
void FillLabels(const std::vector<uint32_t>& labels, Rows& rows) {
  rows.Clear();
  for (const uint32_t label : labels) {
    if (label != kNone) rows.Add(label);
    rows.EndRow();
  }
}

}  // namespace

uint32_t Components::Find(const Core& core) {
  fact_label_.assign(core.fact_count(), kNone);
  service_label_.assign(core.service_count(), kNone);
  count_ = 0;
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] == 0 || core.fact_gone[fact] != 0 || fact_label_[fact] != kNone)
      continue;
    Label(core, fact, count_++);
  }
  FillLabels(fact_label_, fact_labels_);
  FillLabels(service_label_, service_labels_);
  facts_.Transpose(fact_labels_, count_);
  services_.Transpose(service_labels_, count_);
  return count_;
}

void Components::Label(const Core& core, uint32_t start, uint32_t label) {
  waiting_.assign(1, start);
  fact_label_[start] = label;
  const auto reach_facts = [&](std::span<const uint32_t> facts) {
    for (const uint32_t fact : facts) {
      if (core.fact_gone[fact] != 0 || fact_label_[fact] != kNone) continue;
      fact_label_[fact] = label;
      waiting_.push_back(fact);
    }
  };
  const auto reach_services = [&](std::span<const uint32_t> services) {
    for (const uint32_t service : services) {
      if (core.service_gone[service] != 0 || service_label_[service] != kNone) continue;
      service_label_[service] = label;
      reach_facts(core.needs[service]);
      reach_facts(core.gives[service]);
    }
  };
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    reach_services(core.producers[fact]);
    reach_services(core.consumers[fact]);
  }
}

void Components::Write(const Core& core, uint32_t number, Core& part) {
  part.Clear();
  part.may_have_circles = core.may_have_circles;
  new_fact_.resize(core.fact_count());
  for (const uint32_t fact : facts_[number]) {
    new_fact_[fact] = part.fact_count();
    part.is_goal.push_back(core.is_goal[fact]);
  }
  const auto copy_row = [&](std::span<const uint32_t> row, Rows& to) {
    for (const uint32_t fact : row) {
      if (core.fact_gone[fact] == 0) to.Add(new_fact_[fact]);
    }
    to.EndRow();
  };
  for (const uint32_t service : services_[number]) {
    copy_row(core.needs[service], part.needs);
    copy_row(core.gives[service], part.gives);
    part.cost.push_back(core.cost[service]);
    part.service.push_back(core.service[service]);
    part.is_paid.push_back(core.is_paid[service]);
  }
  part.Finish();
}

}  // namespace kstati::graph::search
