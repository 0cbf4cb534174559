// SPDX-License-Identifier: Apache-2.0
// What is known of a person, since when and from whom.
#include <algorithm>

#include "profile/household.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

bool ShowsValues(const Wording& wording) { return wording.values == eligibility::Values::kShown; }

rpc::Evidence WriteEvidence(const Wording& wording, const profile::Evidence& evidence) {
  rpc::Evidence written;
  written.kind = profile::NameOf(evidence.kind);
  written.__set_assurance(std::string(profile::NameOf(evidence.assurance)));
  if (!ShowsValues(wording)) return written;
  if (!evidence.reference.empty()) written.__set_reference(evidence.reference);
  if (!evidence.issuer.empty()) written.__set_issuer(evidence.issuer);
  if (!evidence.certifier.empty()) written.__set_certifier(evidence.certifier);
  return written;
}

// Since when it holds, when it was told, by whom and on what evidence.
template <class Record, class Written>
void WriteOrigin(const Wording& wording, const Record& record, Written& written) {
  const RegistryId& source = record.reported_by->source;
  const profile::Evidence& evidence = profile::EvidenceOf(record.evidence, source);
  written.valid_from = record.valid.from.ToString();
  if (record.valid.to) written.__set_valid_to(record.valid.to->ToString());
  written.known_at = record.known_at.ToString();
  written.source = RegistryName(wording, source);
  written.evidence = WriteEvidence(wording, evidence);
  written.evidence_text = EvidenceText(wording, evidence);
}

rpc::ProfileFact WriteFact(const Wording& wording, const profile::Fact& fact) {
  rpc::ProfileFact written;
  written.attribute = fact.attribute.text();
  written.name = AttributeName(wording, fact.attribute);
  written.value = InWords(wording, fact.attribute, fact.value);
  WriteOrigin(wording, fact, written);
  const profile::Attribute* attribute = wording.dictionary().Find(fact.attribute);
  if (attribute != nullptr) written.category = attribute->category;
  return written;
}

rpc::ProfileRelation WriteRelation(const Wording& wording, const profile::Relation& relation,
                                   CitizenId owner) {
  rpc::ProfileRelation written;
  written.kind = profile::NameOf(relation.kind);
  written.inbound = relation.to == owner;
  written.citizen = (written.inbound ? relation.from : relation.to).ToString();
  WriteOrigin(wording, relation, written);
  return written;
}

template <class Written>
void WriteSupersession(const profile::History& history, const profile::EventKey& event,
                       Written& written) {
  written.event = event.id.text();
  const auto found = std::ranges::find(history.supersessions, event, &profile::Supersession::event);
  if (found == history.supersessions.end()) return;
  written.__set_superseded_at(found->known_at.ToString());
  if (!found->by.empty()) written.__set_superseded_by(found->by.text());
}

rpc::Correction WriteCorrection(const Wording& wording, const profile::History& history,
                                const profile::Supersession& superseded) {
  rpc::Correction written;
  written.source = RegistryName(wording, superseded.event.source);
  written.event = superseded.event.id.text();
  written.at = superseded.known_at.ToString();
  if (!superseded.by.empty()) written.__set_by(superseded.by.text());
  const profile::EventKey by{superseded.event.source, superseded.by};
  const auto told = [&by](const auto& record) { return record.reported_by == by; };
  written.annuls = !superseded.by.empty() && std::ranges::none_of(history.facts, told) &&
                   std::ranges::none_of(history.relations, told);
  return written;
}

}  // namespace

std::string EvidenceText(const Wording& wording, const profile::Evidence& evidence) {
  const std::string kind(profile::NameOf(evidence.kind));
  std::string text = wording.Message("evidence.kind." + kind);
  const auto add = [&](const char* key, const std::string& what) {
    if (ShowsValues(wording) && !what.empty()) text += wording.Message(key, {{"what", what}});
  };
  add("evidence.reference", evidence.reference);
  add("evidence.issuer", evidence.issuer);
  add("evidence.certifier", evidence.certifier);
  const std::string level(profile::NameOf(evidence.assurance));
  return wording.Message(
      "evidence.text",
      {{"evidence", text}, {"assurance", wording.Message("evidence.assurance." + level)}});
}

rpc::Profile WriteProfile(const Wording& wording, const profile::FactView& view) {
  rpc::Profile written;
  written.citizen = view.citizen().ToString();
  written.valid_at = view.as_of().valid_at.ToString();
  written.known_at = view.as_of().known_at.ToString();
  for (const profile::Fact& fact : view.facts()) {
    written.facts.push_back(WriteFact(wording, fact));
  }
  for (const profile::Relation& relation : view.relations()) {
    written.relations.push_back(WriteRelation(wording, relation, view.citizen()));
  }
  return written;
}

rpc::History WriteHistory(const Wording& wording, const profile::History& history) {
  rpc::History written;
  written.citizen = history.citizen.ToString();
  for (const profile::Fact& fact : history.facts) {
    rpc::RecordedFact& recorded = written.facts.emplace_back();
    recorded.fact = WriteFact(wording, fact);
    WriteSupersession(history, fact.reported_by, recorded);
  }
  for (const profile::Relation& relation : history.relations) {
    rpc::RecordedRelation& recorded = written.relations.emplace_back();
    recorded.relation = WriteRelation(wording, relation, history.citizen);
    WriteSupersession(history, relation.reported_by, recorded);
  }
  for (const profile::Supersession& superseded : history.supersessions) {
    written.corrections.push_back(WriteCorrection(wording, history, superseded));
  }
  return written;
}

rpc::Household WriteHousehold(const Wording& wording, const profile::FactView& view) {
  rpc::Household written;
  written.citizen = view.citizen().ToString();
  written.valid_at = view.as_of().valid_at.ToString();
  written.known_at = view.as_of().known_at.ToString();
  for (const profile::Member& member : profile::MembersOf(view)) {
    rpc::HouseholdMember& each = written.members.emplace_back();
    each.citizen = member.citizen.ToString();
    each.role = profile::NameOf(member.role);
    each.role_name = wording.Message("household.role." + each.role);
    each.relation = WriteRelation(wording, *member.relation, view.citizen());
  }
  return written;
}

}  // namespace kstati::thrift
