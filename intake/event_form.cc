// SPDX-License-Identifier: Apache-2.0
#include "intake/event_form.h"

#include <algorithm>

#include "base/text_distance.h"
#include "base/time.h"

namespace kstati::intake {
namespace {

tl::unexpected<Error> Wrong(const std::string& field, std::string message, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), field, std::move(remedy));
}

Result<void> CheckKeys(const Json& object, const std::string& place,
                       const std::vector<std::string>& known) {
  if (!object.is_object())
    return Wrong(place, "must be a JSON object", "write it in braces: {...}");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string nearest = Nearest(key, known);
    return Wrong(place, "unknown key `" + key.substr(0, 64) + "`",
                 nearest.empty() ? "docs/reference/events.md lists the keys"
                                 : "did you mean `" + nearest + "`?");
  }
  return {};
}

Result<std::string> TextOf(const Json& object, const char* key, const std::string& place) {
  const std::string field = place.empty() ? key : place + "." + key;
  if (!object.contains(key))
    return Wrong(field, "the key is missing", "docs/reference/events.md shows an event");
  if (!object[key].is_string()) return Wrong(field, "must be text", "put it in quotes");
  return object[key].get<std::string>();
}

Result<rpc::Value> ReadTagged(const Json& value, const std::string& field) {
  rpc::Value read;
  if (value.size() == 1 && value.begin()->is_string()) {
    const std::string kind = value.begin().key();
    const std::string text = value.begin()->get<std::string>();
    if (kind == "number") read.__set_number(text);
    if (kind == "text") read.__set_text(text);
    if (kind == "date") read.__set_date(text);
    if (read.__isset.number || read.__isset.text || read.__isset.date) return read;
  }
  return Wrong(field, "the value's kind is unknown",
               "write {\"number\": \"12.50\"}, {\"text\": \"...\"} or {\"date\": \"2026-03-15\"}");
}

Result<rpc::Value> ReadValue(const Json& value, const std::string& field) {
  rpc::Value read;
  if (value.is_null()) return read;
  if (value.is_boolean()) {
    read.__set_boolean(value.get<bool>());
  } else if (value.is_number_integer()) {
    read.__set_number(value.dump());
  } else if (value.is_number()) {
    return Wrong(field, "a fraction would lose digits", "write it as {\"number\": \"12.50\"}");
  } else if (value.is_string()) {
    const std::string text = value.get<std::string>();
    if (Date::Parse(text)) {
      read.__set_date(text);
    } else {
      read.__set_text(text);
    }
  } else if (value.is_object()) {
    return ReadTagged(value, field);
  } else {
    return Wrong(field, "a list is no value", "write one value");
  }
  return read;
}

template <class T>
Result<void> ReadValidity(const Json& object, const std::string& place, T& reported) {
  if (object.contains("valid_from")) {
    KSTATI_TRY(const std::string from, TextOf(object, "valid_from", place));
    reported.__set_valid_from(from);
  }
  if (object.contains("valid_to")) {
    KSTATI_TRY(const std::string to, TextOf(object, "valid_to", place));
    reported.__set_valid_to(to);
  }
  return {};
}

Result<rpc::ReportedFact> ReadFact(const Json& object, const std::string& place) {
  KSTATI_TRY_VOID(
      CheckKeys(object, place, {"citizen", "attribute", "value", "valid_from", "valid_to"}));
  rpc::ReportedFact fact;
  KSTATI_TRY(fact.citizen, TextOf(object, "citizen", place));
  KSTATI_TRY(fact.attribute, TextOf(object, "attribute", place));
  if (!object.contains("value"))
    return Wrong(place + ".value", "the key is missing", "docs/reference/events.md shows an event");
  KSTATI_TRY(fact.value, ReadValue(object["value"], place + ".value"));
  KSTATI_TRY_VOID(ReadValidity(object, place, fact));
  return fact;
}

Result<rpc::ReportedRelation> ReadRelation(const Json& object, const std::string& place) {
  KSTATI_TRY_VOID(CheckKeys(object, place, {"from", "kind", "to", "valid_from", "valid_to"}));
  rpc::ReportedRelation relation;
  KSTATI_TRY(relation.from_citizen, TextOf(object, "from", place));
  KSTATI_TRY(relation.kind, TextOf(object, "kind", place));
  KSTATI_TRY(relation.to_citizen, TextOf(object, "to", place));
  KSTATI_TRY_VOID(ReadValidity(object, place, relation));
  return relation;
}

// Reads a list under `key` item by item; an absent one is empty.
template <class T, class Read>
Result<std::vector<T>> ReadList(const Json& object, const char* key, const Read& read) {
  std::vector<T> items;
  if (!object.contains(key)) return items;
  if (!object[key].is_array()) return Wrong(key, "must be a list", "write it in brackets: [...]");
  for (const Json& item : object[key]) {
    KSTATI_TRY(T one, read(item, std::string(key) + "[" + std::to_string(items.size()) + "]"));
    items.push_back(std::move(one));
  }
  return items;
}

Result<void> ReadParticipants(const Json& object, rpc::RegistryEvent& event) {
  if (!object.contains("participants")) return {};
  const Json& participants = object["participants"];
  if (!participants.is_object()) {
    return Wrong("participants", "must be a JSON object", "write {\"mother\": [\"17\"]}");
  }
  for (const auto& [role, citizens] : participants.items()) {
    if (!citizens.is_array())
      return Wrong("participants", "each role has a list of citizens",
                   "write {\"mother\": [\"17\"]}");
    for (const Json& citizen : citizens) {
      if (!citizen.is_string()) return Wrong("participants", "citizens are texts", "use quotes");
      event.participants[role].push_back(citizen.get<std::string>());
    }
  }
  return {};
}

Result<void> ReadEvidence(const Json& object, rpc::RegistryEvent& event) {
  if (!object.contains("evidence")) return {};
  const std::string place = "evidence";
  const Json& said = object[place];
  KSTATI_TRY_VOID(
      CheckKeys(said, place, {"kind", "reference", "issuer", "certifier", "assurance"}));
  rpc::Evidence evidence;
  KSTATI_TRY(evidence.kind, TextOf(said, "kind", place));
  const auto read = [&](const char* key, void (rpc::Evidence::*set)(const std::string&)) {
    const auto put = [&](const std::string& text) { (evidence.*set)(text); };
    return said.contains(key) ? TextOf(said, key, place).map(put) : Result<void>();
  };
  KSTATI_TRY_VOID(read("reference", &rpc::Evidence::__set_reference));
  KSTATI_TRY_VOID(read("issuer", &rpc::Evidence::__set_issuer));
  KSTATI_TRY_VOID(read("certifier", &rpc::Evidence::__set_certifier));
  KSTATI_TRY_VOID(read("assurance", &rpc::Evidence::__set_assurance));
  event.__set_evidence(evidence);
  return {};
}

Json ToJson(const rpc::Evidence& evidence) {
  Json object{{"kind", evidence.kind}};
  if (evidence.__isset.reference) object["reference"] = evidence.reference;
  if (evidence.__isset.issuer) object["issuer"] = evidence.issuer;
  if (evidence.__isset.certifier) object["certifier"] = evidence.certifier;
  if (evidence.__isset.assurance) object["assurance"] = evidence.assurance;
  return object;
}

rpc::Evidence ToRpc(const profile::Evidence& evidence) {
  rpc::Evidence written;
  written.kind = profile::NameOf(evidence.kind);
  written.__set_assurance(std::string(profile::NameOf(evidence.assurance)));
  if (!evidence.reference.empty()) written.__set_reference(evidence.reference);
  if (!evidence.issuer.empty()) written.__set_issuer(evidence.issuer);
  if (!evidence.certifier.empty()) written.__set_certifier(evidence.certifier);
  return written;
}

template <class T>
void WriteValidity(const T& reported, Json& object) {
  if (reported.__isset.valid_from) object["valid_from"] = reported.valid_from;
  if (reported.__isset.valid_to) object["valid_to"] = reported.valid_to;
}

Json WriteValue(const rpc::Value& value) {
  if (value.__isset.boolean) return value.boolean;
  if (value.__isset.date) return value.date;
  if (value.__isset.number) return {{"number", value.number}};
  if (!value.__isset.text) return nullptr;
  if (Date::Parse(value.text)) return {{"text", value.text}};
  return value.text;
}

rpc::Value ToRpc(const profile::FactValue& value) {
  rpc::Value written;
  if (const bool* truth = std::get_if<bool>(&value)) written.__set_boolean(*truth);
  if (std::holds_alternative<Decimal>(value)) written.__set_number(profile::ToText(value));
  if (std::holds_alternative<std::string>(value)) written.__set_text(profile::ToText(value));
  if (std::holds_alternative<Date>(value)) written.__set_date(profile::ToText(value));
  return written;
}

template <class T>
void CopyValidity(const DateInterval& valid, T& reported) {
  reported.__set_valid_from(valid.from.ToString());
  if (valid.to) reported.__set_valid_to(valid.to->ToString());
}

Result<rpc::RegistryEvent> ReadEvent(const Json& object) {
  KSTATI_TRY_VOID(CheckKeys(object, "the event",
                            {"source", "id", "type", "subject", "occurred_on", "participants",
                             "facts", "relations", "supersedes", "evidence"}));
  rpc::RegistryEvent event;
  KSTATI_TRY(event.source, TextOf(object, "source", {}));
  KSTATI_TRY(event.id, TextOf(object, "id", {}));
  KSTATI_TRY(event.type, TextOf(object, "type", {}));
  KSTATI_TRY(event.subject, TextOf(object, "subject", {}));
  KSTATI_TRY(event.occurred_on, TextOf(object, "occurred_on", {}));
  KSTATI_TRY_VOID(ReadParticipants(object, event));
  KSTATI_TRY(event.facts, ReadList<rpc::ReportedFact>(object, "facts", &ReadFact));
  KSTATI_TRY(event.relations, ReadList<rpc::ReportedRelation>(object, "relations", &ReadRelation));
  if (object.contains("supersedes")) {
    KSTATI_TRY(const std::string supersedes, TextOf(object, "supersedes", {}));
    event.__set_supersedes(supersedes);
  }
  KSTATI_TRY_VOID(ReadEvidence(object, event));
  return event;
}

}  // namespace

Result<rpc::RegistryEvent> ParseEvent(const std::string& text) {
  Json object = Json::parse(text, nullptr, false);
  if (object.is_discarded()) return Wrong({}, "the event is not JSON", "write one object");
  if (!IsCloudEvent(object)) return ReadEvent(object);
  KSTATI_TRY(object, EventInEnvelope(object));
  return ReadEvent(object);
}

Json ToJson(const rpc::RegistryEvent& event) {
  Json object{{"source", event.source},
              {"id", event.id},
              {"type", event.type},
              {"subject", event.subject},
              {"occurred_on", event.occurred_on}};
  if (!event.participants.empty()) object["participants"] = event.participants;
  for (const rpc::ReportedFact& fact : event.facts) {
    Json item{{"citizen", fact.citizen}, {"attribute", fact.attribute}};
    item["value"] = WriteValue(fact.value);
    WriteValidity(fact, item);
    object["facts"].push_back(std::move(item));
  }
  for (const rpc::ReportedRelation& relation : event.relations) {
    Json item{
        {"from", relation.from_citizen}, {"kind", relation.kind}, {"to", relation.to_citizen}};
    WriteValidity(relation, item);
    object["relations"].push_back(std::move(item));
  }
  if (event.__isset.supersedes) object["supersedes"] = event.supersedes;
  if (event.__isset.evidence) object["evidence"] = ToJson(event.evidence);
  return object;
}

rpc::RegistryEvent ToRpc(const profile::RegistryEvent& event) {
  rpc::RegistryEvent written;
  written.source = event.key.source.text();
  written.id = event.key.id.text();
  written.type = event.type.text();
  written.subject = event.subject.ToString();
  written.occurred_on = event.occurred_on.ToString();
  for (const auto& [role, citizens] : event.participants) {
    for (const CitizenId citizen : citizens)
      written.participants[role].push_back(citizen.ToString());
  }
  for (const profile::ReportedFact& fact : event.facts) {
    rpc::ReportedFact item;
    item.citizen = fact.citizen.ToString();
    item.attribute = fact.attribute.text();
    item.value = ToRpc(fact.value);
    CopyValidity(fact.valid, item);
    written.facts.push_back(std::move(item));
  }
  for (const profile::ReportedRelation& relation : event.relations) {
    rpc::ReportedRelation item;
    item.from_citizen = relation.from.ToString();
    item.kind = profile::NameOf(relation.kind);
    item.to_citizen = relation.to.ToString();
    CopyValidity(relation.valid, item);
    written.relations.push_back(std::move(item));
  }
  if (event.supersedes) written.__set_supersedes(event.supersedes->text());
  if (event.evidence) written.__set_evidence(ToRpc(*event.evidence));
  return written;
}

}  // namespace kstati::intake
