// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/completion_domains.h"

#include <utility>

#include "eligibility/internal/possible_values.h"

namespace kstati::eligibility {
namespace {

CompletionDomains DomainsOf(const Rulebook& book, const Plan& plan, Date day,
                            const std::string& region) {
  DateSteps steps(book, day);
  ValueAnalysis analysis(book, steps, day, region, People::kReal);
  for (const uint32_t rule : plan.rules) {
    if (rule != kNone) analysis.Add(book.rules[rule]);
  }
  CompletionDomains domains;
  for (auto& [slot, possible] : analysis.Result()) {
    if (!possible.exhaustive || slot == book.region_slot) continue;
    std::vector<feel::Value>& values = domains[slot] = std::move(possible.values);
    if (book.slots[slot].origin != Origin::kBuiltin) values.push_back(feel::Value::Null());
  }
  return domains;
}

}  // namespace

std::shared_ptr<const CompletionDomains> DomainCache::Of(const Rulebook& book, const Plan& plan,
                                                         Date day, const std::string& region) {
  const std::lock_guard lock(mutex_);
  if (domains_.size() >= kMaxEntries) domains_.clear();
  std::shared_ptr<const CompletionDomains>& known = domains_[{&plan, day, region}];
  if (!known) {
    known = std::make_shared<const CompletionDomains>(DomainsOf(book, plan, day, region));
  }
  return known;
}

}  // namespace kstati::eligibility
