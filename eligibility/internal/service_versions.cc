// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/service_versions.h"

#include <algorithm>
#include <utility>

#include "eligibility/supply.h"

namespace kstati::eligibility {

ServiceVersions::ServiceVersions(const Program& program, const graph::ServiceGraph& services,
                                 Date day, std::string region)
    : program_(program), services_(services), day_(day), region_(std::move(region)) {
  for (const graph::Service& service : program.catalogue().services()) {
    const graph::Regulation* whole = service.RegulationOn(day, region_);
    if (whole == nullptr) continue;
    if (whole->variants.empty()) versions_.push_back({&service, whole, nullptr});
    for (const graph::Variant& variant : whole->variants) {
      versions_.push_back({&service, whole, &variant});
    }
  }
  for (uint32_t number = 0; number < versions_.size(); ++number) {
    for (const AttributeId& output : versions_[number].regulation().outputs) {
      producers_[output].push_back(number);
      if (const auto slot = program.book().Find(output)) given_slots_.insert(*slot);
    }
  }
}

std::vector<uint32_t> ServiceVersions::Of(const graph::Service& service) const {
  std::vector<uint32_t> numbers;
  for (uint32_t number = 0; number < versions_.size(); ++number) {
    if (versions_[number].service == &service) numbers.push_back(number);
  }
  return numbers;
}

const std::vector<uint32_t>& ServiceVersions::ProducersOf(const AttributeId& id) const {
  static const std::vector<uint32_t> kNothing;
  const auto found = producers_.find(id);
  return found == producers_.end() ? kNothing : found->second;
}

bool ServiceVersions::IsSupplied(const AttributeId& id, graph::About about) const {
  if (eligibility::IsSupplied(program_.dictionary(), services_, id)) return true;
  const std::vector<uint32_t>& producers = ProducersOf(id);
  const profile::Attribute* attribute = program_.dictionary().Find(id);
  return about == graph::About::kPerson && !producers.empty() && attribute->holder() == "about" &&
         std::ranges::all_of(producers, [this](uint32_t producer) {
           return versions_[producer].service->about == graph::About::kChild;
         });
}

bool ServiceVersions::Fits(const ServiceVersion& version, graph::About about) const {
  if (version.service->about != graph::About::kPerson) return version.service->about == about;
  if (about == graph::About::kPerson || version.regulation().outputs.empty()) return true;
  return !std::ranges::all_of(version.regulation().outputs, [&](const AttributeId& output) {
    const profile::Attribute* attribute = program_.dictionary().Find(output);
    return attribute != nullptr && attribute->holder() == "about";
  });
}

std::vector<Demand> ServiceVersions::DemandsOf(const ServiceVersion& version,
                                               const std::vector<Assumption>* given,
                                               bool settled) const {
  const Rulebook& book = program_.book();
  std::vector<Demand> demands;
  const auto add = [&](uint32_t rule, bool holds) {
    if (rule == kNone || (settled && ReadsGiven(rule))) return;
    demands.push_back({&book.rules[rule], holds, version.service->about, given});
  };
  for (const uint32_t rule : book.plans.at(&version.regulation()).rules) add(rule, true);
  const std::vector<uint32_t>& categories = book.plans.at(version.whole).categories;
  for (size_t i = 0; i < categories.size(); ++i) {
    add(categories[i], &version.whole->variants[i] == version.variant);
  }
  return demands;
}

std::vector<uint32_t> ServiceVersions::RulesOf(const ServiceVersion& version) const {
  const Rulebook& book = program_.book();
  std::vector<uint32_t> rules = book.plans.at(&version.regulation()).rules;
  const std::vector<uint32_t>& categories = book.plans.at(version.whole).categories;
  rules.insert(rules.end(), categories.begin(), categories.end());
  std::erase(rules, kNone);
  return rules;
}

bool ServiceVersions::ReadsGiven(const ServiceVersion& version) const {
  return std::ranges::any_of(RulesOf(version), [this](uint32_t rule) { return ReadsGiven(rule); });
}

bool ServiceVersions::ReadsGiven(uint32_t rule) const {
  const std::set<uint32_t> leaves = LeavesOf(program_.book().rules[rule], program_.book());
  return std::ranges::any_of(leaves, [&](uint32_t leaf) { return given_slots_.contains(leaf); });
}

Assumption ServiceVersions::AssumptionOf(const AttributeId& given, graph::About about) const {
  const profile::Attribute* attribute = program_.dictionary().Find(given);
  const bool of_other =
      about != graph::About::kPerson && attribute != nullptr && attribute->holder() == "about";
  return {of_other ? kMadeUpOther : kMadeUpApplicant, given, true};
}

}  // namespace kstati::eligibility
