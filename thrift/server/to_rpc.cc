// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

// Follows `same_as` to the attribute that a registry reports.
const profile::Attribute* ReportedForm(const profile::Dictionary& dictionary,
                                       const AttributeId& id) {
  const profile::Attribute* attribute = dictionary.Find(id);
  while (attribute != nullptr && !attribute->same_as.empty()) {
    attribute = dictionary.Find(attribute->same_as);
  }
  return attribute;
}

}  // namespace

std::string InWords(const Wording& wording, const AttributeId& id,
                    const profile::FactValue& value) {
  if (wording.values == eligibility::Values::kMasked) return std::string(eligibility::kMask);
  const profile::Attribute* attribute = wording.dictionary().Find(id);
  const auto type = attribute == nullptr ? profile::ValueType::kText : attribute->type;
  return eligibility::ValueInWords(value, type, wording.messages, wording.language);
}

rpc::Verdict::type WriteVerdict(eligibility::Verdict verdict) {
  switch (verdict) {
    case eligibility::Verdict::kEligible: return rpc::Verdict::ELIGIBLE;
    case eligibility::Verdict::kNotEligible: return rpc::Verdict::NOT_ELIGIBLE;
    case eligibility::Verdict::kUndetermined: return rpc::Verdict::UNDETERMINED;
    case eligibility::Verdict::kLikely: return rpc::Verdict::LIKELY;
  }
  return rpc::Verdict::UNDETERMINED;
}

rpc::Mode::type WriteMode(graph::Mode mode) {
  switch (mode) {
    case graph::Mode::kOnRequest: return rpc::Mode::ON_REQUEST;
    case graph::Mode::kProactiveInform: return rpc::Mode::PROACTIVE_INFORM;
    case graph::Mode::kProactivePrepare: return rpc::Mode::PROACTIVE_PREPARE;
    case graph::Mode::kProactiveAct: return rpc::Mode::PROACTIVE_ACT;
  }
  return rpc::Mode::ON_REQUEST;
}

std::string ServiceName(const Wording& wording, const ServiceId& id) {
  const graph::Service* service = wording.catalogue().FindService(id);
  return service == nullptr ? id.text() : wording.of(service->name);
}

std::string ScenarioName(const Wording& wording, graph::ScenarioKind kind) {
  return wording.Message("chain.scenario." + std::string(graph::NameOf(kind)));
}

std::string SituationName(const Wording& wording, const SituationId& id) {
  const graph::Situation* situation = wording.catalogue().FindSituation(id);
  return situation == nullptr ? id.text() : wording.of(situation->name);
}

std::string AttributeName(const Wording& wording, const AttributeId& id) {
  const profile::Attribute* attribute = wording.dictionary().Find(id);
  return attribute == nullptr ? id.text() : wording.of(attribute->name);
}

std::string RegistryName(const Wording& wording, const RegistryId& id) {
  const profile::Registry* registry = wording.dictionary().FindRegistry(id);
  return registry == nullptr ? id.text() : wording.of(registry->name);
}

std::string AuthorityName(const Wording& wording, const graph::Service& service) {
  const graph::Authority* authority = wording.catalogue().FindAuthority(service.authority);
  return authority == nullptr ? service.authority : wording.of(authority->name);
}

rpc::LegalSource WriteSource(const Wording& wording, const graph::LegalSource& source) {
  rpc::LegalSource written;
  written.act = source.act.text();
  const graph::Act* act = wording.catalogue().FindAct(source.act);
  written.act_title = act == nullptr ? source.act.text() : wording.of(act->title);
  written.article = source.article;
  written.verification = graph::NameOf(source.verification);
  return written;
}

rpc::MissingFact WriteMissing(const Wording& wording, const eligibility::Missing& missing) {
  rpc::MissingFact written;
  if (missing.attribute.empty()) {
    const graph::Parameter* parameter = wording.catalogue().FindParameter(missing.parameter);
    written.attribute = missing.parameter.text();
    written.name = parameter == nullptr ? missing.parameter.text() : wording.of(parameter->name);
    written.askable = false;
    return written;
  }
  written.attribute = missing.attribute.text();
  written.name = AttributeName(wording, missing.attribute);
  const profile::Attribute* reported = ReportedForm(wording.dictionary(), missing.attribute);
  if (reported != nullptr) {
    written.askable = reported->askable;
    const bool declared = reported->registry.text() == profile::kDeclared;
    written.source =
        declared ? std::string(profile::kDeclared) : RegistryName(wording, reported->registry);
  }
  return written;
}

rpc::UsedFact WriteUsedFact(const Wording& wording, const eligibility::UsedFact& used) {
  rpc::UsedFact written;
  written.attribute = used.fact.attribute.text();
  written.name = AttributeName(wording, used.fact.attribute);
  written.value = InWords(wording, used.fact.attribute, used.fact.value);
  written.citizen = used.citizen.ToString();
  if (used.assumed_absent) {
    const profile::Attribute* reported = ReportedForm(wording.dictionary(), used.fact.attribute);
    if (reported != nullptr) written.source = RegistryName(wording, reported->registry);
    return written;
  }
  written.source = RegistryName(wording, used.fact.reported_by->source);
  written.valid_from = used.fact.valid.from.ToString();
  written.known_at = used.fact.known_at.ToString();
  const profile::Evidence& evidence =
      profile::EvidenceOf(used.fact.evidence, used.fact.reported_by->source);
  written.__set_assurance(std::string(profile::NameOf(evidence.assurance)));
  written.__set_evidence_text(EvidenceText(wording, evidence));
  return written;
}

rpc::SituationOfCitizen WriteSituation(const Wording& wording,
                                       const recommender::OpenSituation& situation) {
  rpc::SituationOfCitizen written;
  written.situation = situation.situation.text();
  const graph::Situation* described = wording.catalogue().FindSituation(situation.situation);
  written.name = SituationName(wording, situation.situation);
  if (described != nullptr) written.description = wording.of(described->description);
  const graph::EventType* type = wording.catalogue().FindEventType(situation.life_event);
  written.life_event = type == nullptr ? situation.life_event.text() : wording.of(type->name);
  written.occurred_on = situation.occurred_on.ToString();
  written.open_until = situation.open_until.ToString();
  written.about = situation.about.ToString();
  written.source = RegistryName(wording, situation.cause.source);
  return written;
}

}  // namespace kstati::thrift
