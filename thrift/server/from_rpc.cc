// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/from_rpc.h"

#include <algorithm>
#include <set>

#include "profile/value.h"

namespace kstati::thrift {
namespace {

using profile::FactValue;

std::string At(const char* list, size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

template <class T>
Result<T> InField(Result<T> result, const std::string& field) {
  if (!result) return Fail(AtPlace(std::move(result).error(), field));
  return result;
}

Result<std::string> ReadText(const std::string& text, const std::string& field) {
  if (profile::IsUtf8(text)) return text;
  return Fail(ErrorCode::kInvalidArgument, "the text is not UTF-8", field,
              "send texts encoded as UTF-8");
}

Result<FactValue> ReadValue(const rpc::Value& value) {
  const auto& set = value.__isset;
  const int alternatives = set.boolean + set.number + set.text + set.date;
  if (alternatives > 1) {
    return Fail(ErrorCode::kInvalidArgument, "the value has more than one alternative", {},
                "set exactly one of boolean, number, text, date; none means not applicable");
  }
  if (set.boolean) return FactValue(value.boolean);
  if (set.number) return profile::ParseFactValue(profile::ValueType::kNumber, value.number);
  if (set.date) return profile::ParseFactValue(profile::ValueType::kDate, value.date);
  if (set.text) {
    KSTATI_TRY(std::string text, ReadText(value.text, {}));
    return FactValue(std::move(text));
  }
  return FactValue(profile::NotApplicable{});
}

// `from` absent: the day the event happened.
Result<DateInterval> ReadInterval(const std::string* from, const std::string* to, Date otherwise,
                                  const std::string& place) {
  DateInterval interval{otherwise, std::nullopt};
  if (from != nullptr && !from->empty()) {
    KSTATI_TRY(interval.from, InField(Date::Parse(*from), place + ".valid_from"));
  }
  if (to != nullptr && !to->empty()) {
    KSTATI_TRY(interval.to, InField(Date::Parse(*to), place + ".valid_to"));
  }
  return interval;
}

template <class T>
Result<DateInterval> ReadValidity(const T& reported, Date occurred_on, const std::string& place) {
  return ReadInterval(reported.__isset.valid_from ? &reported.valid_from : nullptr,
                      reported.__isset.valid_to ? &reported.valid_to : nullptr, occurred_on, place);
}

template <class Item>
Result<std::set<Item>> ReadNames(const std::vector<std::string>& names, const std::string& field) {
  std::set<Item> read;
  for (const std::string& name : names) {
    KSTATI_TRY(std::string text, ReadName(name, field.c_str()));
    read.emplace(std::move(text));
  }
  return read;
}

Result<profile::ConsentScope> ReadScope(const rpc::ConsentScope& reported,
                                        const std::string& field) {
  profile::ConsentScope scope;
  KSTATI_TRY(scope.purpose, InField(profile::ParsePurpose(reported.purpose), field + ".purpose"));
  KSTATI_TRY(std::string service, ReadName(reported.service_id, (field + ".service_id").c_str()));
  KSTATI_TRY(std::string situation, ReadName(reported.situation, (field + ".situation").c_str()));
  scope.service = ServiceId(std::move(service));
  scope.situation = SituationId(std::move(situation));
  if (reported.__isset.categories) {
    KSTATI_TRY(scope.categories,
               ReadNames<profile::CategoryId>(reported.categories, field + ".categories"));
  }
  if (reported.__isset.recipients) {
    KSTATI_TRY(scope.recipients,
               ReadNames<profile::AuthorityId>(reported.recipients, field + ".recipients"));
  }
  if (!reported.__isset.mode || reported.mode == rpc::ConsentMode::ACT) return scope;
  if (reported.mode != rpc::ConsentMode::PREPARE) {
    return Fail(ErrorCode::kInvalidArgument, "there is no such mode", field + ".mode",
                "send PREPARE (1) or ACT (2)");
  }
  scope.mode = profile::ConsentMode::kPrepare;
  return scope;
}

// What the person saw; `reported` has a version of the text and a channel.
template <class T>
Result<profile::ConsentEvidence> ReadEvidence(const T& reported, const std::string& place,
                                              Language language) {
  profile::ConsentEvidence evidence;
  KSTATI_TRY(evidence.text_version,
             ReadName(reported.text_version, (place + ".text_version").c_str()));
  KSTATI_TRY(evidence.channel, ReadName(reported.channel, (place + ".channel").c_str()));
  evidence.language = CodeOf(language);
  return evidence;
}

Result<profile::ReportedFact> ReadFact(const rpc::ReportedFact& reported, Date occurred_on,
                                       const std::string& place) {
  profile::ReportedFact fact;
  KSTATI_TRY(fact.citizen, InField(CitizenId::Parse(reported.citizen), place + ".citizen"));
  fact.attribute = AttributeId(reported.attribute);
  KSTATI_TRY(fact.value, InField(ReadValue(reported.value), place + ".value"));
  KSTATI_TRY(fact.valid, ReadValidity(reported, occurred_on, place));
  return fact;
}

Result<profile::ReportedRelation> ReadRelation(const rpc::ReportedRelation& reported,
                                               Date occurred_on, const std::string& place) {
  profile::ReportedRelation relation;
  KSTATI_TRY(relation.from,
             InField(CitizenId::Parse(reported.from_citizen), place + ".from_citizen"));
  KSTATI_TRY(relation.kind, InField(profile::ParseRelationKind(reported.kind), place + ".kind"));
  KSTATI_TRY(relation.to, InField(CitizenId::Parse(reported.to_citizen), place + ".to_citizen"));
  KSTATI_TRY(relation.valid, ReadValidity(reported, occurred_on, place));
  return relation;
}

Result<profile::RegistryEvent> ReadBody(const rpc::RegistryEvent& reported) {
  profile::RegistryEvent event;
  event.key = {RegistryId(reported.source), EventId(reported.id)};
  event.type = EventTypeId(reported.type);
  KSTATI_TRY(event.subject, InField(CitizenId::Parse(reported.subject), "subject"));
  KSTATI_TRY(event.occurred_on, InField(Date::Parse(reported.occurred_on), "occurred_on"));
  for (const auto& [role, citizens] : reported.participants) {
    std::vector<CitizenId>& named = event.participants[role];
    for (const std::string& citizen : citizens) {
      KSTATI_TRY(const CitizenId id, InField(CitizenId::Parse(citizen), "participants"));
      named.push_back(id);
    }
  }
  for (size_t i = 0; i < reported.facts.size(); ++i) {
    KSTATI_TRY(auto fact, ReadFact(reported.facts[i], event.occurred_on, At("facts", i)));
    event.facts.push_back(std::move(fact));
  }
  for (size_t i = 0; i < reported.relations.size(); ++i) {
    KSTATI_TRY(auto relation,
               ReadRelation(reported.relations[i], event.occurred_on, At("relations", i)));
    event.relations.push_back(std::move(relation));
  }
  if (reported.__isset.supersedes) event.supersedes = EventId(reported.supersedes);
  if (!reported.__isset.evidence) return event;
  const rpc::Evidence& told = reported.evidence;
  KSTATI_TRY(profile::Evidence evidence,
             InField(profile::ReadEvidence(
                         {told.kind, told.assurance, told.reference, told.issuer, told.certifier}),
                     "evidence"));
  event.evidence = profile::Share(std::move(evidence), event.key.source);
  return event;
}

}  // namespace

Result<std::vector<eligibility::questions::Answer>> ReadAnswers(
    const std::vector<rpc::Answer>& answers, const profile::Dictionary& dictionary) {
  std::vector<eligibility::questions::Answer> read;
  for (size_t i = 0; i < answers.size(); ++i) {
    const rpc::Answer& answer = answers[i];
    const std::string place = At("answers", i);
    KSTATI_TRY(std::string name, InField(ReadName(answer.attribute, "attribute"), place));
    eligibility::questions::Answer& said = read.emplace_back();
    said.attribute = AttributeId(std::move(name));
    if (answer.__isset.citizen && !answer.citizen.empty()) {
      KSTATI_TRY(said.citizen, InField(ReadCitizen(answer.citizen, "citizen"), place));
    }
    if (!answer.__isset.value) continue;
    const profile::Attribute* attribute = dictionary.Find(said.attribute);
    if (attribute == nullptr) continue;  // the questionnaire says what was meant
    KSTATI_TRY(said.value, InField(profile::ParseFactValue(attribute->type, answer.value), place));
  }
  return read;
}

Result<CitizenId> ReadCitizen(const std::string& text, const char* field) {
  return InField(CitizenId::Parse(text), field);
}

Result<CitizenId> ReadAbout(const std::string& text) {
  if (text.empty()) return CitizenId();
  return ReadCitizen(text, "about");
}

Result<std::string> ReadName(const std::string& text, const char* field, size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Fail(ErrorCode::kLimitExceeded, "the text is too long", field,
                "give at most " + std::to_string(bytes_max) + " bytes");
  }
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control || !profile::IsUtf8(text)) {
    return Fail(ErrorCode::kInvalidArgument, "the text has a character that is not allowed", field,
                "send UTF-8 without control characters");
  }
  return text;
}

Result<profile::RegistryEvent> ReadEvent(const rpc::RegistryEvent& event) {
  const bool printable = ReadName(event.source, "source") && ReadName(event.id, "id");
  return InField(ReadBody(event), printable ? "event " + event.source + "/" + event.id : "event");
}

Result<profile::ConsentGrant> ReadGrant(const rpc::ConsentGrant& reported, Date today,
                                        Language language) {
  profile::ConsentGrant grant;
  KSTATI_TRY(grant.citizen, ReadCitizen(reported.citizen, "grant.citizen"));
  grant.by.who = grant.citizen;
  if (reported.__isset.granted_by && !reported.granted_by.empty()) {
    KSTATI_TRY(grant.by.who, ReadCitizen(reported.granted_by, "grant.granted_by"));
  }
  KSTATI_TRY(grant.scope, ReadScope(reported.scope, "grant.scope"));
  KSTATI_TRY(grant.valid, ReadValidity(reported, today, "grant"));
  KSTATI_TRY(grant.evidence, ReadEvidence(reported, "grant", language));
  return grant;
}

Result<ReadAmendment> ReadConsentAmendment(const rpc::ConsentAmendment& reported,
                                           Language language) {
  ReadAmendment read;
  KSTATI_TRY(read.request.citizen, ReadCitizen(reported.citizen, "amendment.citizen"));
  KSTATI_TRY(std::string consent, ReadName(reported.consent, "amendment.consent"));
  read.request.consent = ConsentId(std::move(consent));
  read.request.by = read.request.citizen;
  if (reported.__isset.changed_by && !reported.changed_by.empty()) {
    KSTATI_TRY(read.request.by, ReadCitizen(reported.changed_by, "amendment.changed_by"));
  }
  if (reported.__isset.scope) {
    KSTATI_TRY(read.scope, ReadScope(reported.scope, "amendment.scope"));
  }
  if (reported.__isset.valid_to && !reported.valid_to.empty()) {
    KSTATI_TRY(read.last_day, InField(Date::Parse(reported.valid_to), "amendment.valid_to"));
  }
  KSTATI_TRY(read.request.evidence, ReadEvidence(reported, "amendment", language));
  return read;
}

Result<profile::ProxyGrant> ReadProxyGrant(const rpc::ProxyGrant& reported, Date today,
                                           Language language) {
  profile::ProxyGrant grant;
  KSTATI_TRY(grant.citizen, ReadCitizen(reported.citizen, "grant.citizen"));
  KSTATI_TRY(grant.representative, ReadCitizen(reported.representative, "grant.representative"));
  KSTATI_TRY(grant.scope, ReadScope(reported.scope, "grant.scope"));
  const std::string* from = reported.__isset.valid_from ? &reported.valid_from : nullptr;
  KSTATI_TRY(grant.valid, ReadInterval(from, &reported.valid_to, today, "grant"));
  KSTATI_TRY(grant.evidence, ReadEvidence(reported, "grant", language));
  return grant;
}

Result<profile::AsOf> ReadAsOf(const std::string& valid_at, const std::string& known_at, Date today,
                               Instant now, const char* day_field) {
  profile::AsOf as_of{today, now};
  if (!valid_at.empty()) {
    KSTATI_TRY(as_of.valid_at, InField(Date::Parse(valid_at), day_field));
  }
  if (!known_at.empty()) {
    KSTATI_TRY(as_of.known_at, InField(Instant::Parse(known_at), "known_at"));
  }
  return as_of;
}

Result<std::string> ReadReaction(rpc::Reaction::type reaction) {
  switch (reaction) {
    case rpc::Reaction::OPENED: return "opened";
    case rpc::Reaction::ACCEPTED: return "accepted";
    case rpc::Reaction::DECLINED: return "declined";
  }
  return Fail(ErrorCode::kInvalidArgument, "there is no such reaction", "reaction",
              "send OPENED (1), ACCEPTED (2) or DECLINED (3)");
}

Language ReadLanguage(const rpc::CallContext& context) {
  const bool english = context.__isset.language && context.language == rpc::Language::EN;
  return english ? Language::kEnglish : Language::kRussian;
}

eligibility::Values ReadValues(const rpc::CallContext& context) {
  const bool masked = context.__isset.values && context.values == rpc::Values::MASKED;
  return masked ? eligibility::Values::kMasked : eligibility::Values::kShown;
}

}  // namespace kstati::thrift
