// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/from_rpc.h"

#include <algorithm>

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
  grant.granted_by = grant.citizen;
  if (reported.__isset.granted_by && !reported.granted_by.empty()) {
    KSTATI_TRY(grant.granted_by, ReadCitizen(reported.granted_by, "grant.granted_by"));
  }
  KSTATI_TRY(grant.scope.purpose,
             InField(profile::ParsePurpose(reported.scope.purpose), "grant.scope.purpose"));
  KSTATI_TRY(const std::string service,
             ReadName(reported.scope.service_id, "grant.scope.service_id"));
  KSTATI_TRY(const std::string situation,
             ReadName(reported.scope.situation, "grant.scope.situation"));
  grant.scope.service = ServiceId(service);
  grant.scope.situation = SituationId(situation);
  KSTATI_TRY(grant.valid, ReadValidity(reported, today, "grant"));
  KSTATI_TRY(grant.text_version, ReadName(reported.text_version, "grant.text_version"));
  KSTATI_TRY(grant.channel, ReadName(reported.channel, "grant.channel"));
  grant.language = CodeOf(language);
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
