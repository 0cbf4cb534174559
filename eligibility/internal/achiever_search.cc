// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/achiever_search.h"

#include <algorithm>

#include "eligibility/internal/achieved_chain.h"

namespace kstati::eligibility {
namespace {

// Whether two lists share an attribute.
bool Share(const std::vector<AttributeId>& some, const std::vector<AttributeId>& others) {
  return std::ranges::any_of(
      some, [&](const AttributeId& id) { return std::ranges::find(others, id) != others.end(); });
}

std::string Joined(const std::vector<AttributeId>& attributes) {
  std::string text;
  for (const AttributeId& id : attributes) text += (text.empty() ? "" : " or ") + id.text();
  return text;
}

}  // namespace

Pursued AchieverSearch::Find(const Pursuit& pursuit) {
  pursuit_ = pursuit;
  result_ = {};
  whole_ = true;
  choices_ = 0;
  std::vector<Need> needs;
  for (size_t i = pursuit.goals.size(); i-- > 0;) needs.push_back({{pursuit.goals[i]}, true});
  std::vector<uint32_t> chosen;
  bool found = false;
  if (pursuit.service == nullptr) {
    found = Try(chosen, std::move(needs));
  } else {
    for (const uint32_t version : versions_.Of(*pursuit.service)) {
      found = Choose(version, chosen, needs);
      if (found) break;
    }
  }
  if (!found) result_.end = whole_ ? Witness::End::kImpossible : Witness::End::kNotFound;
  return result_;
}

bool AchieverSearch::Try(std::vector<uint32_t>& chosen, std::vector<Need> needs) {
  while (!needs.empty() && IsMet(needs.back(), chosen)) needs.pop_back();
  if (needs.empty()) return Finish(chosen);
  const Need need = std::move(needs.back());
  needs.pop_back();
  const std::vector<uint32_t> candidates = CandidatesFor(need, chosen);
  if (candidates.empty()) Note("nothing gives " + Joined(need.any_of));
  return std::ranges::any_of(candidates,
                             [&](uint32_t version) { return Choose(version, chosen, needs); });
}

bool AchieverSearch::Choose(uint32_t version, std::vector<uint32_t>& chosen,
                            const std::vector<Need>& needs) {
  if (++choices_ > limits_.max_choices) {
    whole_ = false;
    return false;
  }
  chosen.push_back(version);
  const Witness person = PersonFor(chosen, nullptr);
  bool found = false;
  if (person.end == Witness::End::kFound) {
    latest_ = person.facts;
    std::vector<Need> more = needs;
    for (const graph::Input& input : versions_.all()[version].regulation().inputs) {
      more.push_back({input.any_of});
    }
    found = Try(chosen, std::move(more));
  } else if (person.end == Witness::End::kImpossible) {
    Note(chosen.size() == 1 ? "nobody meets the criteria of " + Named(chosen)
                            : "nobody may have all of " + Named(chosen));
  } else {
    whole_ = false;
    Note("who may have " + Named(chosen) + " stayed open");
  }
  chosen.pop_back();
  return found;
}

bool AchieverSearch::Finish(const std::vector<uint32_t>& chosen) {
  const std::optional<Order> order = OrderOf(chosen);
  if (!order) {
    Note("some of " + Named(chosen) + " wait for each other");
    return false;
  }
  const Witness person = PersonFor(chosen, &order->given);
  if (person.end == Witness::End::kFound) {
    ChainTask task{pursuit_.about,     pursuit_.goals,     pursuit_.renews, {},
                   pursuit_.preferred, pursuit_.validities};
    if (pursuit_.service != nullptr) task.endings.push_back(pursuit_.service);
    if (auto steps = StepsFor(versions_, task, person.facts)) {
      result_.end = Witness::End::kFound;
      result_.achiever = {person.facts, *std::move(steps)};
      latest_ = person.facts;
      return true;
    }
    if (auto lapse = LapseOf(versions_, task, person.facts)) {
      Note(*lapse);
      if (!result_.lapsed) result_.lapsed = Lapsed{person.facts, *std::move(lapse)};
      return false;
    }
  }
  // Another order may suit them better.
  whole_ = false;
  Note("no person was found who gets " + Named(chosen) + " one after the other");
  return false;
}

bool AchieverSearch::IsMet(const Need& need, const std::vector<uint32_t>& chosen) const {
  if (!need.from_service && std::ranges::any_of(need.any_of, [this](const AttributeId& id) {
        return versions_.IsSupplied(id, pursuit_.about);
      })) {
    return true;
  }
  return std::ranges::any_of(chosen, [&](uint32_t version) {
    return Share(need.any_of, versions_.all()[version].regulation().outputs);
  });
}

std::vector<uint32_t> AchieverSearch::CandidatesFor(const Need& need,
                                                    const std::vector<uint32_t>& chosen) const {
  std::vector<uint32_t> candidates;
  for (const AttributeId& id : need.any_of) {
    for (const uint32_t producer : versions_.ProducersOf(id)) {
      const ServiceVersion& version = versions_.all()[producer];
      const bool there = std::ranges::any_of(chosen, [&](uint32_t other) {
        return versions_.all()[other].service == version.service;
      });
      if (!there && versions_.Fits(version, pursuit_.about)) candidates.push_back(producer);
    }
  }
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::ranges::stable_sort(candidates, {}, [this](uint32_t candidate) {
    const graph::Service& service = *versions_.all()[candidate].service;
    const bool own = std::ranges::find(pursuit_.preferred, service.id) != pursuit_.preferred.end();
    return std::pair(!own, -service.priority);
  });
  return candidates;
}

Witness AchieverSearch::PersonFor(const std::vector<uint32_t>& chosen, const Given* given) {
  const std::pair key{pursuit_.about, std::set<uint32_t>(chosen.begin(), chosen.end())};
  if (given == nullptr && people_.contains(key)) return people_.at(key);
  const Rulebook& book = versions_.program().book();
  ValueAnalysis analysis(book, &steps_, versions_.day(), versions_.region(), People::kMadeUp);
  std::vector<Demand> demands;
  for (const uint32_t number : chosen) {
    const ServiceVersion& version = versions_.all()[number];
    for (const uint32_t rule : versions_.RulesOf(version)) analysis.Add(book.rules[rule]);
    const auto* assumed = given == nullptr ? nullptr : &given->at(number);
    std::ranges::copy(versions_.DemandsOf(version, assumed, given == nullptr),
                      std::back_inserter(demands));
  }
  WitnessSearch search(book, pursuit_.about, versions_.day(), versions_.region(), analysis.Result(),
                       {limits_.max_evaluations});
  search.Prefer(latest_);
  Witness person = search.Find(std::move(demands));
  if (given == nullptr) people_[key] = person;
  return person;
}

std::optional<AchieverSearch::Order> AchieverSearch::OrderOf(
    const std::vector<uint32_t>& chosen) const {
  Order order;
  if (Extend(chosen, order)) return order;
  return std::nullopt;
}

// Lets services begin until no other can; true when all have.
bool AchieverSearch::Extend(const std::vector<uint32_t>& chosen, Order& order) const {
  const auto supplied = [this](const AttributeId& id) { return IsHeld(id); };
  for (bool changed = true; changed;) {
    changed = false;
    for (const uint32_t version : chosen) {
      if (order.given.contains(version)) continue;
      std::set<AttributeId> given;
      const auto& inputs = versions_.all()[version].regulation().inputs;
      const bool begins = std::ranges::all_of(inputs, [&](const graph::Input& input) {
        if (std::ranges::any_of(input.any_of, supplied)) return true;
        const auto giver = std::ranges::find_if(order.sequence, [&](uint32_t other) {
          return Share(input.any_of, versions_.all()[other].regulation().outputs);
        });
        if (giver == order.sequence.end()) return false;
        const auto& outputs = versions_.all()[*giver].regulation().outputs;
        given.insert(outputs.begin(), outputs.end());
        for (const Assumption& before : order.given.at(*giver)) given.insert(before.attribute);
        return true;
      });
      if (!begins) continue;
      std::vector<Assumption>& assumed = order.given[version];
      for (const AttributeId& id : given) {
        assumed.push_back(versions_.AssumptionOf(id, pursuit_.about));
      }
      order.sequence.push_back(version);
      changed = true;
    }
  }
  return order.sequence.size() == chosen.size();
}

// From before: no goal but one that is given anew.
bool AchieverSearch::IsHeld(const AttributeId& id) const {
  if (!versions_.IsSupplied(id, pursuit_.about)) return false;
  const bool is_goal = std::ranges::find(pursuit_.goals, id) != pursuit_.goals.end();
  return !is_goal || std::ranges::find(pursuit_.renews, id) != pursuit_.renews.end();
}

void AchieverSearch::Note(std::string why) {
  if (std::ranges::find(result_.why, why) == result_.why.end()) {
    result_.why.push_back(std::move(why));
  }
}

std::string AchieverSearch::Named(const std::vector<uint32_t>& chosen) const {
  std::string text;
  for (const uint32_t version : chosen) {
    const ServiceVersion& named = versions_.all()[version];
    text += (text.empty() ? "" : ", ") + named.service->id.text();
    if (named.variant != nullptr) text += "." + named.variant->id;
  }
  return text;
}

}  // namespace kstati::eligibility
