// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/outcome.h"

#include <algorithm>
#include <optional>

namespace kstati::eligibility {
namespace {

// Describes what one rule read. References outlive the describer.
class Describer {
 public:
  Describer(const Rulebook& book, Evaluation& evaluation, graph::About about)
      : book_(book), evaluation_(evaluation), about_(about) {}

  CriterionOutcome Describe(const graph::Criterion& criterion, uint32_t rule) const {
    CriterionOutcome outcome;
    outcome.criterion = &criterion;
    if (rule == kNone) return outcome;
    const RuleCell& cell = evaluation_.RuleAt(FrameFor(about_), rule);
    outcome.truth = cell.truth;
    for (const Place place : evaluation_.ReadsOf(FrameFor(about_), rule).facts) {
      if (auto fact = evaluation_.FactAt(place)) outcome.facts.push_back(std::move(*fact));
    }
    outcome.parameters = evaluation_.ReadsOf(FrameFor(about_), rule).parameters;
    outcome.matched = evaluation_.ReadsOf(FrameFor(about_), rule).matched;
    for (const Place place : evaluation_.DirectOf(FrameFor(about_), rule)) {
      if (auto reading = ReadingAt(place)) outcome.readings.push_back(std::move(*reading));
    }
    if (cell.cell.value.is_unknown()) outcome.missing = MissingOf(cell.cell.value);
    return outcome;
  }

 private:
  std::vector<Missing> MissingOf(const feel::Value& value) const {
    std::vector<Missing> missing;
    for (const feel::InputId input : value.missing()) {
      missing.push_back(evaluation_.MissingAt(input, about_));
    }
    std::ranges::sort(missing);
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    return missing;
  }

  std::optional<Reading> ReadingAt(Place place) const {
    const uint32_t frame = evaluation_.FrameOf(place);
    const uint32_t slot = evaluation_.SlotOf(place);
    const Cell& cell = evaluation_.Load(frame, slot);
    const bool list = cell.value.is(feel::Kind::kList);
    if (cell.value.is_unknown() || list) return std::nullopt;  // members are read one by one
    Reading reading;
    reading.attribute = NameAt(frame, slot, reading.kin);
    reading.value = FromFeel(cell.value);
    reading.assumed_absent = cell.absent;
    if (cell.absent) {
      reading.registry = RegistryOf(slot);
    } else if (cell.mark.reported_by != nullptr) {
      reading.registry = cell.mark.reported_by->source;
      reading.known_at = cell.mark.known_at;
    }
    return reading;
  }

  // A relative's fact has the name it has in the relative's role, else `kin` says whose it is.
  AttributeId NameAt(uint32_t frame, uint32_t slot, Kin& kin) const {
    if (frame <= kAboutAnotherFrame) return book_.IdOf(slot);
    if (evaluation_.IsAbout(frame) && about_ != graph::About::kPerson) {
      const auto& aliases =
          about_ == graph::About::kChild ? book_.child_alias : book_.deceased_alias;
      if (aliases[slot] != kNone) return book_.IdOf(aliases[slot]);
    }
    if (evaluation_.IsMember(Builtin::kChildren, frame)) {
      kin = Kin::kChild;
    } else if (evaluation_.IsMember(Builtin::kParents, frame)) {
      kin = Kin::kParent;
    } else if (evaluation_.IsMember(Builtin::kSpouses, frame)) {
      kin = Kin::kSpouse;
    }
    return book_.IdOf(slot);
  }

  RegistryId RegistryOf(uint32_t slot) const {
    while (book_.slots[slot].origin == Origin::kAlias) slot = book_.slots[slot].target;
    return book_.dictionary.at(slot).registry;
  }

  const Rulebook& book_;
  Evaluation& evaluation_;
  const graph::About about_;
};

}  // namespace

std::vector<CriterionOutcome> DescribeCriteria(const graph::Regulation& regulation,
                                               graph::About about, const Rulebook& book,
                                               Evaluation& evaluation) {
  const Describer describer(book, evaluation, about);
  const Plan& plan = book.plans.at(&regulation);
  std::vector<CriterionOutcome> outcomes;
  outcomes.reserve(plan.rules.size());
  for (size_t i = 0; i < plan.rules.size(); ++i) {
    outcomes.push_back(describer.Describe(regulation.criteria[i], plan.rules[i]));
  }
  return outcomes;
}

std::vector<CriterionOutcome> DescribeCategories(const graph::Regulation& regulation,
                                                 graph::About about, const Rulebook& book,
                                                 Evaluation& evaluation) {
  const Describer describer(book, evaluation, about);
  const Plan& plan = book.plans.at(&regulation);
  std::vector<CriterionOutcome> outcomes;
  for (size_t i = 0; i < plan.categories.size(); ++i) {
    outcomes.push_back(describer.Describe(regulation.variants[i].category, plan.categories[i]));
  }
  return outcomes;
}

}  // namespace kstati::eligibility
