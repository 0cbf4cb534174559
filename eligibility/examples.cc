// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/micros.h"
#include "eligibility/feel/expression.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

constexpr CitizenId kApplicant{1};
constexpr CitizenId kAbout{2};

bool IsHeldByAbout(const profile::Attribute& attribute, graph::About about) {
  const std::string_view holder = attribute.holder();
  return holder == "child" || holder == "deceased" ||
         (holder == "about" && about != graph::About::kPerson);
}

// Where a stated fact is recorded: the attribute at the end of `same_as`, in whose profile.
struct Home {
  const profile::Attribute* attribute = nullptr;
  bool with_about = false;
};

Home HomeOf(const profile::Attribute& stated, graph::About about,
            const profile::Dictionary& dictionary) {
  Home home{&stated, IsHeldByAbout(stated, about)};
  for (size_t steps = 0; !home.attribute->same_as.empty(); ++steps) {
    const profile::Attribute* target = dictionary.Find(home.attribute->same_as);
    if (target == nullptr || steps > dictionary.attributes().size()) return {};
    home.attribute = target;
    home.with_about |= IsHeldByAbout(*target, about);
  }
  return home;
}

// The people of one example, as the store would know them.
class MadeUp {
 public:
  MadeUp(const Program& program, const graph::Service& service, const graph::Example& example,
         std::vector<Issue>& issues)
      : program_(program), service_(service), example_(example), issues_(issues) {
    applicant_.citizen = kApplicant;
    about_.citizen = kAbout;
    if (!example.region.empty()) State(AttributeId("person.region_code"), example.region);
    for (const auto& [attribute, text] : example.facts) State(attribute, text);
  }

  Decision Decide(std::vector<Overrun>& overruns) const {
    const profile::AsOf as_of{example_.on, known_at()};
    profile::Household household;
    household.person = std::make_shared<profile::FactView>(applicant_, as_of);
    Subject subject;
    subject.household = &household;
    subject.only_stated = true;
    subject.overruns = &overruns;
    if (service_.about != graph::About::kPerson) {
      subject.about = std::make_shared<profile::FactView>(about_, as_of);
    }
    return program_.Decide(service_, subject, true);
  }

 private:
  Instant known_at() const { return Instant{example_.on.days * kMicrosPerDay}; }

  void State(const AttributeId& id, const std::string& text) {
    const profile::Attribute* stated = program_.dictionary().Find(id);
    if (stated == nullptr) return Complain("states " + id.text() + ", which nobody describes", {});
    const Result<profile::FactValue> value = profile::ParseFactValue(stated->type, text);
    if (!value) {
      return Complain("states " + id.text() + ": " + value.error().message, value.error().remedy);
    }
    if (stated->type == profile::ValueType::kCode && !text.empty()) {
      const std::string problem = stated->WhyNotOn(text, example_.on);
      const profile::Code* code = stated->FindCode(text);
      const bool replaced = code != nullptr && !code->successor.empty();
      if (!problem.empty()) {
        return Complain("states " + id.text() + ": " + problem,
                        replaced ? "use " + code->successor + " instead" : std::string());
      }
    }
    const Home home = HomeOf(*stated, service_.about, program_.dictionary());
    if (home.attribute == nullptr) return;
    if (home.with_about && service_.about == graph::About::kPerson) {
      return Complain("states " + id.text() + ", but the service is about the applicant alone", {});
    }
    profile::Fact fact;
    fact.attribute = home.attribute->id;
    fact.value = *value;
    fact.valid.from = example_.on;
    fact.known_at = known_at();
    fact.reported_by = profile::EventKey{home.attribute->registry, EventId("example")};
    (home.with_about ? about_ : applicant_).facts.push_back(std::move(fact));
  }

  void Complain(std::string text, std::string hint) {
    issues_.push_back({Severity::kError, example_.location,
                       "example \"" + example_.name + "\" " + std::move(text), std::move(hint)});
  }

  const Program& program_;
  const graph::Service& service_;
  const graph::Example& example_;
  std::vector<Issue>& issues_;
  profile::History applicant_;
  profile::History about_;
};

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string InWords(std::string_view verdict, const std::vector<GroundId>& grounds) {
  std::vector<std::string> names;
  for (const GroundId& ground : grounds) names.push_back(ground.text());
  return std::string(verdict) + (names.empty() ? "" : " on " + Join(names));
}

// The criteria that made the decision what it is, with their rules.
std::string WhatDecided(const Decision& decision) {
  if (decision.regulation == nullptr) return "no regulation is in force that day";
  std::vector<std::string> failed;
  std::vector<std::string> open;
  for (const CriterionOutcome& outcome : decision.criteria) {
    const std::string shown = outcome.criterion->id + " (" + outcome.criterion->rule + ")";
    if (outcome.truth == Truth::kFails) failed.push_back(shown);
    if (outcome.truth == Truth::kUnknown) open.push_back(shown);
  }
  if (!failed.empty()) return "fails: " + Join(failed);
  if (open.empty()) return "every criterion holds";
  std::vector<std::string> missing;
  for (const Missing& one : decision.missing) {
    missing.push_back(one.attribute.empty() ? one.parameter.text() : one.attribute.text());
  }
  return "open: " + Join(open) + "; missing: " + Join(missing);
}

// Where the text of a rule of the service, or of an attribute that it reads, stands.
Location PlaceOf(const Overrun& overrun, const Program& program, const graph::Service& service,
                 const graph::Example& example) {
  for (const graph::Regulation& regulation : service.regulations) {
    for (const graph::Criterion& criterion : regulation.criteria) {
      if (criterion.rule != overrun.rule) continue;
      return feel::PlaceOf(overrun.rule, criterion.rule_location, overrun.offset);
    }
  }
  for (const profile::Attribute& attribute : program.dictionary().attributes()) {
    if (attribute.id.text() == overrun.rule) return attribute.decision_location;
    if (attribute.derive != overrun.rule) continue;
    return feel::PlaceOf(overrun.rule, attribute.derive_location, overrun.offset);
  }
  return example.location;
}

void RunExample(const Program& program, const graph::Service& service,
                const graph::Example& example, std::vector<Issue>& issues) {
  const size_t before = issues.size();
  const MadeUp people(program, service, example, issues);
  if (issues.size() != before) return;
  std::vector<Overrun> overruns;
  const Decision decision = people.Decide(overruns);
  if (!overruns.empty()) {
    const Overrun& first = overruns.front();
    issues.push_back({Severity::kError, PlaceOf(first, program, service, example),
                      "in the example \"" + example.name + "\" " + first.why,
                      "make it simpler: nothing is decided by what exceeds a limit"});
    return;
  }
  std::vector<GroundId> expected = example.grounds;
  std::ranges::sort(expected);
  if (example.expect == NameOf(decision.verdict) && expected == decision.grounds) return;
  issues.push_back({Severity::kError, example.location,
                    "example \"" + example.name + "\" expects " +
                        InWords(example.expect, expected) + ", but came out " +
                        InWords(NameOf(decision.verdict), decision.grounds),
                    WhatDecided(decision)});
}

void CheckCoverage(const graph::Service& service, std::vector<Issue>& issues) {
  bool granted = false;
  std::set<GroundId> refused;
  for (const graph::Example& example : service.examples) {
    granted |=
        example.expect == NameOf(Verdict::kEligible) || example.expect == NameOf(Verdict::kLikely);
    refused.insert(example.grounds.begin(), example.grounds.end());
  }
  const auto warn = [&](std::string text) {
    issues.push_back({Severity::kWarning, service.location, std::move(text), "add an example"});
  };
  if (!granted) warn("no example of " + service.id.text() + " is eligible or likely");
  std::set<GroundId> cited;
  for (const graph::Regulation& regulation : service.regulations) {
    for (const graph::Criterion& criterion : regulation.criteria) cited.insert(criterion.ground);
  }
  for (const GroundId& ground : cited) {
    if (refused.contains(ground)) continue;
    warn("no example of " + service.id.text() + " is refused on " + ground.text());
  }
}

}  // namespace

std::vector<Issue> RunExamples(const Program& program) {
  std::vector<Issue> issues;
  for (const graph::Service& service : program.catalogue().services()) {
    for (const graph::Example& example : service.examples) {
      RunExample(program, service, example, issues);
    }
    CheckCoverage(service, issues);
  }
  return issues;
}

}  // namespace kstati::eligibility
