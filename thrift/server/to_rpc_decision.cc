// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include "eligibility/questions/answers.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

rpc::Sentence WriteSentence(const Wording& wording, const std::string& text,
                            const graph::LegalSource* source) {
  rpc::Sentence sentence;
  sentence.text = text;
  if (source != nullptr) sentence.__set_source(WriteSource(wording, *source));
  return sentence;
}

std::vector<rpc::Sentence> WriteConditions(const Wording& wording,
                                           const eligibility::Decision& decision) {
  std::vector<rpc::Sentence> sentences;
  if (decision.regulation == nullptr) return sentences;
  for (const graph::Condition& condition : decision.regulation->conditions) {
    const graph::LegalSource* source = condition.source ? &*condition.source : nullptr;
    sentences.push_back(WriteSentence(wording, wording.of(condition.text), source));
  }
  return sentences;
}

// Each fact once, though several criteria read it.
std::vector<rpc::UsedFact> WriteFactsOnce(const Wording& wording,
                                          const eligibility::Decision& decision) {
  std::vector<rpc::UsedFact> facts;
  std::set<std::pair<CitizenId, AttributeId>> seen;
  for (const eligibility::CriterionOutcome& criterion : decision.criteria) {
    for (const eligibility::UsedFact& used : criterion.facts) {
      if (!seen.insert({used.citizen, used.fact.attribute}).second) continue;
      facts.push_back(WriteUsedFact(wording, used));
    }
  }
  return facts;
}

template <class Source>
std::vector<rpc::MissingFact> WriteAllMissing(const Wording& wording, const Source& from) {
  std::vector<rpc::MissingFact> all;
  for (const eligibility::Missing& missing : from.missing) {
    all.push_back(WriteMissing(wording, missing));
  }
  return all;
}

rpc::RefusalGround WriteGround(const Wording& wording, const GroundId& id) {
  rpc::RefusalGround written;
  const graph::RefusalGround* ground = wording.catalogue().FindGround(id);
  written.id = id.text();
  written.text = ground == nullptr ? id.text() : wording.of(ground->text);
  return written;
}

std::string ScalarText(const graph::ParameterScalar& scalar) {
  if (const Decimal* number = std::get_if<Decimal>(&scalar)) return number->ToString();
  return std::get<Date>(scalar).ToString();
}

// "pm_per_capita 2026-01-01 (77) = 25342, confirmed"
std::string WriteParameter(const eligibility::UsedParameter& used) {
  if (used.value == nullptr) return used.parameter.text();
  return used.parameter.text() + " " + used.value->in_force.from.ToString() + " (" +
         used.value->region + ") = " + ScalarText(used.value->value) + ", " +
         std::string(graph::NameOf(used.value->verification));
}

rpc::Truth::type WriteTruth(eligibility::Truth truth) {
  switch (truth) {
    case eligibility::Truth::kHolds: return rpc::Truth::HOLDS;
    case eligibility::Truth::kFails: return rpc::Truth::FAILS;
    case eligibility::Truth::kUnknown: return rpc::Truth::UNKNOWN;
  }
  return rpc::Truth::UNKNOWN;
}

rpc::CriterionOutcome WriteCriterion(const Wording& wording,
                                     const eligibility::CriterionOutcome& outcome) {
  rpc::CriterionOutcome written;
  const graph::Criterion& criterion = *outcome.criterion;
  written.id = criterion.id;
  written.text = wording.of(criterion.text);
  written.outcome = WriteTruth(outcome.truth);
  written.source = WriteSource(wording, criterion.source);
  written.ground = WriteGround(wording, criterion.ground);
  written.rule = criterion.rule;
  for (const eligibility::UsedFact& used : outcome.facts) {
    written.facts.push_back(WriteUsedFact(wording, used));
  }
  written.missing = WriteAllMissing(wording, outcome);
  for (const eligibility::UsedParameter& used : outcome.parameters) {
    written.parameters.push_back(WriteParameter(used));
  }
  return written;
}

const char* PeriodKey(graph::AmountPeriod period) {
  switch (period) {
    case graph::AmountPeriod::kOnce: return "benefit.once";
    case graph::AmountPeriod::kMonth: return "benefit.month";
    case graph::AmountPeriod::kYear: return "benefit.year";
  }
  return "benefit.once";
}

// The amount in words where one federal figure states it, and the law's remark.
std::string WriteBenefit(const Wording& wording, const graph::Regulation& regulation, Date on) {
  if (!regulation.benefit) return {};
  const graph::Benefit& benefit = *regulation.benefit;
  const std::string remark = benefit.text ? wording.of(*benefit.text) : std::string();
  if (benefit.parameters.size() != 1) return remark;
  const graph::Parameter* parameter = wording.catalogue().FindParameter(benefit.parameters[0]);
  if (parameter == nullptr || !parameter->dimensions.empty()) return remark;
  // Where regions set the figure, the federal one would promise the wrong sum: the remark says how
  // it is counted.
  const graph::ParameterValue* value =
      parameter->IsRegional() ? nullptr : parameter->On(on, std::string(graph::kFederal));
  const Decimal* amount = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  if (amount == nullptr) return remark;
  const std::string figure = eligibility::ValueInWords(
      profile::FactValue(*amount), profile::ValueType::kMoney, wording.messages, wording.language);
  const std::string text = wording.Message(PeriodKey(benefit.period), {{"amount", figure}});
  return remark.empty() ? text : text + ". " + remark;
}

rpc::Question WriteQuestion(const Wording& wording, const eligibility::questions::Asked& asked) {
  const profile::Attribute& attribute = *asked.attribute;
  const profile::Attribute& recorded =
      eligibility::questions::RecordedOf(attribute, wording.dictionary());
  rpc::Question written;
  written.attribute = attribute.id.text();
  written.name = AttributeName(wording, attribute.id);
  if (asked.citizen != CitizenId()) written.citizen = asked.citizen.ToString();
  written.type = profile::NameOf(recorded.type);
  if (recorded.type == profile::ValueType::kCode) {
    for (const auto& answer : asked.answers) {
      written.values.push_back(std::get<std::string>(answer.value));
    }
  }
  written.category = recorded.category;
  std::string services;
  for (const graph::Service* service : asked.decides) {
    written.decides.push_back(service->id.text());
    services += (services.empty() ? "" : "; ") + wording.of(service->name);
  }
  written.why = wording.Message("question.why", {{"services", services}});
  return written;
}

}  // namespace

std::vector<rpc::Sentence> WriteReasons(const Wording& wording,
                                        const eligibility::Decision& decision) {
  std::vector<rpc::Sentence> sentences;
  for (const eligibility::Reason& reason : eligibility::Explain(
           decision, wording.program, wording.messages, wording.language, wording.values)) {
    sentences.push_back(WriteSentence(wording, reason.text, reason.source));
  }
  return sentences;
}

std::vector<std::string> WriteBecause(const Wording& wording,
                                      const recommender::Suggested& suggested) {
  std::vector<std::string> sentences;
  for (const recommender::Topic topic : suggested.because) {
    std::map<std::string, Messages::Argument> arguments;
    if (topic == recommender::Topic::kUses) {
      // Names what the person took up.
      if (wording.values == eligibility::Values::kMasked) continue;
      KSTATI_CHECK(!suggested.after.empty());
      arguments["count"] = static_cast<int64_t>(suggested.after.size());
      arguments["first"] = ServiceName(wording, suggested.after.front());
      arguments["second"] = ServiceName(wording, suggested.after.back());
    }
    const std::string name(recommender::NameOf(topic));
    sentences.push_back(wording.Message("suggestion.because." + name, arguments));
  }
  return sentences;
}

rpc::Suggestion WriteSuggestion(const Wording& wording, const recommender::Suggested& suggested) {
  const eligibility::Decision& decision = suggested.decision;
  rpc::Suggestion written;
  written.service_id = decision.service.text();
  written.name = ServiceName(wording, decision.service);
  written.verdict = WriteVerdict(decision.verdict);
  written.about = decision.about.ToString();
  written.reasons = WriteReasons(wording, decision);
  for (const recommender::Yielding& yielding : suggested.instead_of) {
    written.reasons.push_back(
        WriteSentence(wording, WriteYielding(wording, yielding), &yielding.exclusion->source));
  }
  written.facts = WriteFactsOnce(wording, decision);
  written.missing = WriteAllMissing(wording, decision);
  written.conditions = WriteConditions(wording, decision);
  written.situation = suggested.situation.text();
  written.because = WriteBecause(wording, suggested);
  written.mode = rpc::Mode::ON_REQUEST;
  written.visits = 0;
  if (decision.described != nullptr) {
    written.summary = wording.of(decision.described->summary);
    written.authority = AuthorityName(wording, *decision.described);
  }
  if (decision.regulation != nullptr) {
    written.mode = WriteMode(decision.regulation->mode);
    written.visits = decision.regulation->visits;
    written.benefit = WriteBenefit(wording, *decision.regulation, decision.as_of.valid_at);
  }
  return written;
}

rpc::Explanation WriteExplanation(const Wording& wording, const eligibility::Decision& decision) {
  rpc::Explanation written;
  written.service_id = decision.service.text();
  written.name = ServiceName(wording, decision.service);
  written.about = decision.about.ToString();
  written.verdict = WriteVerdict(decision.verdict);
  for (const eligibility::CriterionOutcome& outcome : decision.criteria) {
    written.criteria.push_back(WriteCriterion(wording, outcome));
  }
  for (const GroundId& ground : decision.grounds) {
    written.grounds.push_back(WriteGround(wording, ground));
  }
  written.conditions = WriteConditions(wording, decision);
  written.missing = WriteAllMissing(wording, decision);
  if (decision.regulation != nullptr) {
    written.regulation_from = decision.regulation->in_force.from.ToString();
  }
  written.catalogue_version = wording.catalogue().version();
  written.valid_at = decision.as_of.valid_at.ToString();
  written.known_at = decision.as_of.known_at.ToString();
  written.summary = WriteReasons(wording, decision);
  written.rests_on_unconfirmed = decision.rests_on_unconfirmed;
  return written;
}

std::vector<rpc::Sentence> WriteChanges(const Wording& wording,
                                        const eligibility::Counterfactuals& changes,
                                        CitizenId applicant) {
  std::vector<rpc::Sentence> sentences;
  for (const std::string& text : eligibility::InWords(changes, wording.program, applicant,
                                                      wording.messages, wording.language)) {
    sentences.push_back(WriteSentence(wording, text, nullptr));
  }
  return sentences;
}

rpc::Passport WritePassport(const Wording& wording, const eligibility::Passport& passport) {
  rpc::Passport written;
  written.service_id = passport.service.text();
  written.name = passport.name;
  written.valid_at = passport.valid_at.ToString();
  written.regulation_from = passport.regulation_from.ToString();
  written.region = passport.region;
  written.variant = passport.variant;
  for (const eligibility::PassportSection& section : passport.sections) {
    rpc::PassportSection& one = written.sections.emplace_back();
    one.key = section.key;
    one.title = section.title;
    for (const eligibility::PassportEntry& entry : section.entries) {
      rpc::PassportEntry& line = one.entries.emplace_back();
      line.key = entry.key;
      line.sentence = WriteSentence(wording, entry.text, entry.source);
    }
  }
  return written;
}

std::vector<rpc::PassportChange> WriteChanges(
    const std::vector<eligibility::PassportChange>& changes) {
  std::vector<rpc::PassportChange> written;
  for (const eligibility::PassportChange& change : changes) {
    rpc::PassportChange& one = written.emplace_back();
    one.section = change.section;
    one.before = change.before;
    one.after = change.after;
  }
  return written;
}

rpc::NextQuestion WriteNextQuestion(const Wording& wording,
                                    const eligibility::questions::NextQuestion& next) {
  rpc::NextQuestion written;
  if (next.asked) written.__set_question(WriteQuestion(wording, *next.asked));
  written.expected = next.expected;
  written.at_least = next.at_least;
  written.at_most = static_cast<int32_t>(next.at_most);
  written.exact = next.exact;
  for (const eligibility::questions::SettledService& settled : next.settled) {
    rpc::SettledService service;
    service.service_id = settled.service->id.text();
    service.name = wording.of(settled.service->name);
    service.verdict = WriteVerdict(settled.verdict);
    written.settled.push_back(std::move(service));
  }
  for (const graph::Service* service : next.open) written.open.push_back(service->id.text());
  return written;
}

}  // namespace kstati::thrift
