// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/completion_domains.h"

#include <utility>

#include "eligibility/internal/possible_values.h"
#include "eligibility/internal/service_rules.h"

namespace kstati::eligibility {
namespace {

CompletionDomains DomainsOf(const Rulebook& book, const graph::Service& service, Date day,
                            const std::string& region, DateSteps* steps) {
  CompletionDomains domains;
  const std::vector<uint32_t> rules = RulesOf(service, book, day, region);
  domains.entangled = Entangled(rules, book, day, region);
  if (domains.entangled.empty()) return domains;
  ValueAnalysis analysis(book, steps, day, region, People::kReal);
  for (const uint32_t rule : rules) analysis.Add(book.rules[rule]);
  for (auto& [slot, possible] : analysis.Result()) {
    if (!possible.exhaustive || slot == book.region_slot) continue;
    std::vector<feel::Value>& values = domains.values[slot] = std::move(possible.values);
    if (book.slots[slot].origin != Origin::kBuiltin) values.push_back(feel::Value::Null());
  }
  return domains;
}

}  // namespace

DomainCache::DomainCache() = default;
DomainCache::~DomainCache() = default;

std::shared_ptr<const CompletionDomains> DomainCache::Of(const Rulebook& book,
                                                         const graph::Service& service, Date day,
                                                         const std::string& region, bool dates) {
  const std::lock_guard lock(mutex_);
  if (domains_.size() >= kMaxEntries) domains_.clear();
  std::shared_ptr<const CompletionDomains>& known = domains_[{&service, day, region, dates}];
  if (known) return known;
  if (dates && (!steps_ || steps_day_ != day)) {
    steps_ = std::make_unique<DateSteps>(book, day);
    steps_day_ = day;
  }
  known = std::make_shared<const CompletionDomains>(
      DomainsOf(book, service, day, region, dates ? steps_.get() : nullptr));
  return known;
}

}  // namespace kstati::eligibility
