// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/ruling.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <memory_resource>
#include <optional>
#include <utility>

#include "base/check.h"

namespace kstati::eligibility {
namespace {

// Of one regulation there are a few of each: the memory of the decider has room for them.
using GroundList = std::pmr::vector<const GroundId*>;
using VariantList = std::pmr::vector<size_t>;

bool IsBefore(const GroundId* a, const GroundId* b) { return *a < *b; }

void SortOnce(GroundList& grounds) {
  std::ranges::sort(grounds, IsBefore);
  const auto same = [](const GroundId* a, const GroundId* b) { return *a == *b; };
  grounds.erase(std::unique(grounds.begin(), grounds.end(), same), grounds.end());
}

void SortOnce(std::vector<feel::InputId>& inputs) {
  std::ranges::sort(inputs);
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
}

// What some criteria came to.
struct Tally {
  explicit Tally(std::pmr::memory_resource* memory) : grounds(memory) {}

  bool unknown = false;
  GroundList grounds;  // of those that fail; ordered, each once
  std::vector<feel::InputId> missing;
};

// Which variants may be the applicant's.
struct Coverage {
  explicit Coverage(std::pmr::memory_resource* memory) : covering(memory), open(memory) {}

  VariantList covering;
  VariantList open;
  std::vector<feel::InputId> missing;
};

enum class Wanted { kRuling, kVerdict };

class Decider {
 public:
  Decider(const graph::Service& service, const Rulebook& book, Evaluation& evaluation,
          Wanted wanted)
      : service_(service),
        book_(book),
        evaluation_(evaluation),
        frame_(FrameFor(service.about)),
        wanted_(wanted) {}

  Ruling Decide() {
    const bool region_known = FindRegulation();
    if (ruling_.in_force == nullptr) {
      // Nothing is owed by rules that are not in force, and no refusal ground of theirs applies.
      ruling_.verdict = Verdict::kNotEligible;
      ruling_.mark = {};  // it rests on no fact
      return std::move(ruling_);
    }
    ruling_.regulation = ruling_.in_force;
    const Plan& plan = book_.plans.at(ruling_.in_force);
    ruling_.mark.unconfirmed |= plan.unconfirmed;
    Tally tally = plan.categories.empty() ? Count(*ruling_.in_force, plan) : CountVariants(plan);
    if (!region_known) {
      // Another region's regulation might refuse on nothing of this.
      tally.grounds.clear();
      tally.missing.insert(tally.missing.end(), region_missing_.begin(), region_missing_.end());
    }
    tally.unknown |= !region_known || !evaluation_.KnowsWhom(service_.about);
    Conclude(std::move(tally));
    return std::move(ruling_);
  }

 private:
  // Whether it is known which region's regulation applies; else it is the typical one.
  bool FindRegulation() {
    const Date day = evaluation_.law_day();
    ruling_.in_force = service_.RegulationOn(day);
    if (!service_.DependsOnRegion(day)) return true;
    if (book_.region_slot == kNone) return false;
    const Cell& region = evaluation_.Load(kApplicantFrame, book_.region_slot);
    ruling_.mark.Add(region.mark);
    if (region.value.is_unknown()) {
      const auto missing = region.value.missing();
      region_missing_.assign(missing.begin(), missing.end());
      return false;
    }
    if (region.value.is(feel::Kind::kString)) {
      ruling_.in_force = service_.RegulationOn(day, region.value.string());
    }
    return true;
  }

  // A rule with errors decides nothing.
  Truth TruthOf(uint32_t rule, std::vector<feel::InputId>& missing) {
    if (rule == kNone) return Truth::kUnknown;
    const RuleCell& cell = evaluation_.RuleAt(frame_, rule);
    if (evaluation_.records()) ruling_.rules.push_back(rule);
    ruling_.mark.Add(cell.cell.mark);
    if (cell.truth == Truth::kUnknown && cell.cell.value.is_unknown()) {  // else it was cut short
      const auto inputs = cell.cell.value.missing();
      missing.insert(missing.end(), inputs.begin(), inputs.end());
    }
    return cell.truth;
  }

  Tally Count(const graph::Regulation& regulation, const Plan& plan) {
    Tally tally(&memory_);
    for (size_t i = 0; i < plan.rules.size(); ++i) {
      const Truth truth = TruthOf(plan.rules[i], tally.missing);
      if (truth == Truth::kFails) tally.grounds.push_back(&regulation.criteria[i].ground);
      tally.unknown |= truth == Truth::kUnknown;
    }
    SortOnce(tally.grounds);
    return tally;
  }

  Coverage CoverageOf(const Plan& plan) {
    Coverage coverage(&memory_);
    for (size_t i = 0; i < plan.categories.size(); ++i) {
      const Truth truth = TruthOf(plan.categories[i], coverage.missing);
      if (truth == Truth::kHolds) coverage.covering.push_back(i);
      if (truth == Truth::kUnknown) coverage.open.push_back(i);
    }
    return coverage;
  }

  Tally CountVariants(const Plan& plan) {
    const Coverage coverage = CoverageOf(plan);
    const std::vector<graph::Variant>& variants = ruling_.in_force->variants;
    if (coverage.covering.size() == 1 && coverage.open.empty()) {
      ruling_.variant = &variants[coverage.covering.front()];
      ruling_.regulation = ruling_.variant->regulation.get();
      const Plan& own = book_.plans.at(ruling_.regulation);
      ruling_.mark.unconfirmed |= own.unconfirmed;
      return Count(*ruling_.regulation, own);
    }
    Tally tally = Count(*ruling_.in_force, plan);
    tally.unknown = true;
    tally.missing.insert(tally.missing.end(), coverage.missing.begin(), coverage.missing.end());
    const bool nobody = coverage.covering.empty() && coverage.open.empty();
    const std::optional<graph::Otherwise>& otherwise = ruling_.in_force->otherwise;
    if (nobody && otherwise) {
      tally.grounds.push_back(&otherwise->ground);
      ruling_.mark.unconfirmed |= otherwise->source.verification != graph::Verification::kConfirmed;
    }
    if (coverage.covering.size() < 2 && !(otherwise && coverage.covering.empty())) {
      AddSharedGrounds(coverage, tally);
    }
    SortOnce(tally.grounds);
    return tally;
  }

  // The grounds on which every variant refuses that may yet turn out to be the applicant's.
  void AddSharedGrounds(const Coverage& coverage, Tally& tally) {
    std::optional<GroundList> shared;
    for (const auto* possible : {&coverage.covering, &coverage.open}) {
      for (const size_t index : *possible) {
        const graph::Variant& variant = ruling_.in_force->variants[index];
        if (evaluation_.records()) ruling_.possible.push_back(&variant);
        const graph::Regulation& regulation = *variant.regulation;
        const Plan& plan = book_.plans.at(&regulation);
        const Tally one = Count(regulation, plan);
        ruling_.mark.unconfirmed |= plan.unconfirmed;
        tally.missing.insert(tally.missing.end(), one.missing.begin(), one.missing.end());
        if (!shared) {
          shared.emplace(one.grounds.begin(), one.grounds.end(), &memory_);
          continue;
        }
        GroundList both(&memory_);
        std::ranges::set_intersection(*shared, one.grounds, std::back_inserter(both), IsBefore);
        shared = std::move(both);
      }
    }
    if (shared) tally.grounds.insert(tally.grounds.end(), shared->begin(), shared->end());
  }

  void Conclude(Tally tally) {
    if (!tally.grounds.empty()) {
      ruling_.verdict = Verdict::kNotEligible;
      if (wanted_ == Wanted::kVerdict) return;
      for (const GroundId* ground : tally.grounds) ruling_.grounds.push_back(*ground);
    } else if (tally.unknown) {
      ruling_.verdict = Verdict::kUndetermined;
      SortOnce(tally.missing);
      ruling_.missing = std::move(tally.missing);
    } else {
      ruling_.verdict =
          ruling_.regulation->conditions.empty() ? Verdict::kEligible : Verdict::kLikely;
    }
  }

  std::array<std::byte, 2048> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  const graph::Service& service_;
  const Rulebook& book_;
  Evaluation& evaluation_;
  const uint32_t frame_;
  const Wanted wanted_;
  Ruling ruling_;
  std::vector<feel::InputId> region_missing_;
};

}  // namespace

Ruling RuleOn(const graph::Service& service, const Rulebook& book, Evaluation& evaluation) {
  return Decider(service, book, evaluation, Wanted::kRuling).Decide();
}

Ruling VerdictAlone(const graph::Service& service, const Rulebook& book, Evaluation& evaluation) {
  return Decider(service, book, evaluation, Wanted::kVerdict).Decide();
}

}  // namespace kstati::eligibility
