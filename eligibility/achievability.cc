// SPDX-License-Identifier: Apache-2.0
#include "eligibility/achievability.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "eligibility/internal/achiever_search.h"
#include "eligibility/internal/regulation_lints.h"

namespace kstati::eligibility {
namespace {

constexpr size_t kReasonsMax = 3;  // shown of one finding

// Whose chains count towards a situation. One about the person may name services about children.
std::vector<graph::About> AboutsOf(const graph::Situation& situation) {
  if (situation.about == "child") return {graph::About::kChild};
  if (situation.about == "deceased") return {graph::About::kDeceased};
  return {graph::About::kPerson, graph::About::kChild};
}

bool Accepts(const graph::Regulation& regulation, const Finding& finding) {
  return std::ranges::any_of(regulation.accepted, [&](const graph::AcceptedFinding& accepted) {
    return accepted.finding == finding.check && accepted.of == finding.of;
  });
}

template <class Id>
std::string Joined(const std::vector<Id>& ids) {
  std::string text;
  for (const Id& id : ids) text += (text.empty() ? "" : ", ") + id.text();
  return text;
}

// A goal that nobody was found to reach.
struct Unreached {
  std::vector<std::string> why;
  bool open = false;
  std::string lapse;                     // what expires too soon
  std::optional<graph::Example> person;  // for whom
};

using UnreachedGoals = std::map<AttributeId, Unreached>;

class Prover {
 public:
  Prover(const Program& program, const graph::ServiceGraph& services,
         const graph::Validities& validities, Date today)
      : program_(program),
        validities_(validities),
        lints_(program, today),
        versions_(program, services, today, lints_.region()),
        steps_(program.book(), today),
        search_(versions_, steps_) {}

  AchievabilityReport Run() {
    for (const graph::Situation& situation : program_.catalogue().situations()) {
      report_.situations.push_back(Prove(situation));
    }
    for (const graph::Service& service : program_.catalogue().services()) Check(service);
    return std::move(report_);
  }

 private:
  SituationProof Prove(const graph::Situation& situation) {
    SituationProof proof;
    proof.situation = situation.id;
    UnreachedGoals unreached;
    std::vector<AttributeId> left = situation.goals;
    for (const graph::About about : AboutsOf(situation)) {
      while (!left.empty()) {
        std::vector<AttributeId> apart;
        const auto way = MostOf(situation, about, left, apart, unreached);
        left = std::move(apart);
        if (!way) break;
        proof.ways.push_back(*way);
      }
    }
    for (const AttributeId& goal : left) {
      if (unreached[goal].open) {
        proof.open.push_back(goal);
      } else {
        proof.refuted.push_back(goal);
        ReportGoal(situation, goal, unreached[goal]);
      }
    }
    return proof;
  }

  // One person who reaches as many of the goals as are found one by one; the others go to `apart`.
  std::optional<ProvenWay> MostOf(const graph::Situation& situation, graph::About about,
                                  const std::vector<AttributeId>& goals,
                                  std::vector<AttributeId>& apart, UnreachedGoals& unreached) {
    Pursuit pursuit{about, {}, nullptr, situation.services, &validities_, situation.renews};
    std::optional<Achiever> best;
    for (const AttributeId& goal : goals) {
      pursuit.goals.push_back(goal);
      Pursued pursued = search_.Find(pursuit);
      if (pursued.end == Witness::End::kFound) {
        best = std::move(pursued.achiever);
        continue;
      }
      const bool alone = pursuit.goals.size() == 1;
      pursuit.goals.pop_back();
      apart.push_back(goal);
      if (!alone) continue;
      Unreached& ended = unreached[goal];
      ended.open = ended.open || pursued.end == Witness::End::kNotFound;
      std::ranges::move(pursued.why, std::back_inserter(ended.why));
      if (!pursued.lapsed) continue;
      ended.person = PersonOf(pursued.lapsed->facts, about);
      ended.lapse = pursued.lapsed->what;
    }
    if (!best) return std::nullopt;
    reached_.insert(best->steps.begin(), best->steps.end());
    return ProvenWay{PersonOf(best->facts, about), pursuit.goals, best->steps};
  }

  // Whether somebody gets the service, unless the linter says that nobody is entitled.
  void Check(const graph::Service& service) {
    if (reached_.contains(service.id)) return;
    const std::vector<uint32_t> own = versions_.Of(service);
    if (own.empty()) return;
    const Pursued pursued = search_.Find({service.about, {}, &service, {}, &validities_});
    if (pursued.end == Witness::End::kFound) {
      reached_.insert(pursued.achiever.steps.begin(), pursued.achiever.steps.end());
      return;
    }
    const graph::Regulation& regulation = *versions_.all()[own.front()].whole;
    Finding finding;
    finding.check = "dead-service";
    finding.service = service.id;
    finding.of = service.id.text();
    finding.where = service.location;
    if (Accepts(regulation, finding)) return;
    if (pursued.end == Witness::End::kNotFound) {
      report_.open.push_back(service.id);
      return;
    }
    finding.text = "nobody can ever get " + service.id.text() + ReasonsOf(pursued.why);
    finding.remedy = "correct the criteria, or add an alternative input that people can have";
    finding.witness = EntitledTo(service, regulation);
    report_.findings.push_back(std::move(finding));
  }

  void ReportGoal(const graph::Situation& situation, const AttributeId& goal,
                  const Unreached& ended) {
    Finding finding;
    finding.check = "goal-unreachable";
    finding.of = goal.text();
    finding.where = situation.location;
    finding.text = "nobody ever reaches the goal " + goal.text() + " of the situation " +
                   situation.id.text() + ReasonsOf(ended.why);
    finding.remedy = "correct what its services ask, or remove the goal";
    if (ended.person) {
      finding.check = "validity-too-short";
      finding.text = "nobody reaches the goal " + goal.text() + " of the situation " +
                     situation.id.text() + " in time: " + ended.lapse;
      finding.remedy = "correct the period in validities.yaml, or the terms on the way";
      finding.witness = ended.person;
      finding.witness->name = "would reach " + goal.text() + " if nothing expired";
    }
    for (const uint32_t producer : versions_.ProducersOf(goal)) {
      const ServiceVersion& version = versions_.all()[producer];
      if (!finding.witness) finding.witness = EntitledTo(*version.service, *version.whole);
    }
    report_.findings.push_back(std::move(finding));
  }

  static std::string ReasonsOf(const std::vector<std::string>& why) {
    std::string text;
    for (size_t i = 0; i < std::min(why.size(), kReasonsMax); ++i) {
      text += (text.empty() ? ": " : "; ") + why[i];
    }
    return text + (why.size() > kReasonsMax ? "; ..." : "");
  }

  std::optional<graph::Example> EntitledTo(const graph::Service& service,
                                           const graph::Regulation& regulation) {
    if (!regulation.variants.empty()) return std::nullopt;
    return lints_.For(lints_.ScopeOf(service, regulation))
        .EntitledPerson("is entitled to " + service.id.text() + " and cannot get it");
  }

  graph::Example PersonOf(const std::vector<Assumption>& facts, graph::About about) const {
    const Rulebook& book = program_.book();
    graph::Example person;
    person.on = versions_.day();
    person.region = versions_.region();
    const auto& aliases = about == graph::About::kChild ? book.child_alias : book.deceased_alias;
    for (const Assumption& fact : facts) {
      AttributeId named = fact.attribute;
      const std::optional<uint32_t> slot = book.Find(named);
      const bool has_alias = slot && *slot < aliases.size() && aliases[*slot] != kNone;
      if (fact.citizen == kMadeUpOther && has_alias) named = book.IdOf(aliases[*slot]);
      person.facts.emplace_back(named, profile::ToText(fact.value));
    }
    return person;
  }

  const Program& program_;
  const graph::Validities& validities_;
  RegulationLints lints_;
  const ServiceVersions versions_;
  DateSteps steps_;
  AchieverSearch search_;
  std::set<ServiceId> reached_;  // services that somebody gets
  AchievabilityReport report_;
};

}  // namespace

AchievabilityReport ProveAchievable(const Program& program, const graph::ServiceGraph& services,
                                    const graph::Validities& validities, Date today) {
  return Prover(program, services, validities, today).Run();
}

std::string ToText(const SituationProof& proof) {
  std::string text;
  for (const ProvenWay& way : proof.ways) {
    text += proof.situation.text() + ": " + Joined(way.goals) + "\n  by " + Joined(way.steps) +
            "\n  on " + way.person.on.ToString() + " in region " + way.person.region;
    for (const auto& [attribute, value] : way.person.facts) {
      text += ", " + attribute.text() + ": \"" + value + "\"";
    }
    text += "\n";
  }
  if (!proof.refuted.empty()) {
    text += proof.situation.text() + ": nobody reaches " + Joined(proof.refuted) + "\n";
  }
  if (!proof.open.empty()) {
    text += proof.situation.text() + ": whether anybody reaches " + Joined(proof.open) +
            " stayed open: too many combinations of facts and services\n";
  }
  return text;
}

}  // namespace kstati::eligibility
