// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/verification.h"

#include <sodium.h>

#include <array>
#include <iterator>

#include "eligibility/certificate_verifier/decision_verification.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::InputId;
using nlohmann::json;

constexpr InputId kParameterInput = 0x8000'0000;

Date DayOf(const json& form) {
  const Result<Date> day = Date::Parse(form.get<std::string>());
  Require(day.has_value(), "a day has a wrong form");
  return *day;
}

// What the formula of one rule sees.
class RuleWorld final : public World {
 public:
  RuleWorld(const Verification& verification, const json& rule, const json& reads, const json& of,
            Basis& basis)
      : verification_(verification), rule_(rule), reads_(reads), of_(of), basis_(basis) {}

  Value Read(const std::string& name) override {
    const auto index = reads_.at(name).get<size_t>();
    const json& form = verification_.CellForm(index);
    Require(form.at("name") == name && form.at("of") == of_, name + " is read somewhere else");
    basis_.Add(verification_.CellAt(index).basis);
    if (form.contains("members")) ReadMembers(form.at("members"));
    return verification_.CellAt(index).value;
  }

  Value Parameter(const std::string& id, const Value* dimensions) override {
    std::string region = "RU";
    if (verification_.at("law").at("parameters").at(id).at("regional") == true) {
      const auto index = reads_.at("@region").get<size_t>();
      const json& form = verification_.CellForm(index);
      Require(
          form.at("name") == "person.region_code" && form.at("of") == verification_.at("applicant"),
          "the region is not the applicant's");
      const Cell& cell = verification_.CellAt(index);
      if (cell.value.is_unknown()) return cell.value;
      basis_.Add(cell.basis);
      region = cell.value.is(Kind::kString) ? cell.value.string() : std::string();
    }
    return verification_.ParameterValue(id, dimensions, region, basis_);
  }

  Date today() const override { return verification_.day(); }

 private:
  // Of every relative, what the rule can name counts as read.
  void ReadMembers(const json& members) {
    for (const json& member : members) {
      for (const json& name : rule_.at("member_names")) {
        const json& index = member.at("reads").at("person." + name.get<std::string>());
        basis_.Add(verification_.CellAt(index.get<size_t>()).basis);
      }
    }
  }

  const Verification& verification_;
  const json& rule_;
  const json& reads_;
  const json& of_;
  Basis& basis_;
};

// Whether every bound of the parameter's value is met; words and numbers as texts.
bool Meets(const json& when, const Value& dimensions) {
  for (const auto& [name, bound] : when.items()) {
    const Value* given = dimensions.is(Kind::kContext) ? dimensions.Find(name) : nullptr;
    if (given == nullptr) return false;
    if (given->is(Kind::kString)) {
      if (!bound.contains("word") || bound.at("word") != given->string()) return false;
      continue;
    }
    const auto limit = [&](const char* end) {
      return Decimal::Parse(bound.at(end).get<std::string>()).value();
    };
    if (!bound.contains("from") && !bound.contains("to")) return false;
    if (bound.contains("from") && given->number() < limit("from")) return false;
    if (bound.contains("to") && limit("to") < given->number()) return false;
  }
  return true;
}

}  // namespace

bool Holds(const json& from, const json& to, Date day) {
  return DayOf(from) <= day && (to.is_null() || day <= DayOf(to));
}

bool IsConfirmed(const json& record) { return record.at("verification") == "confirmed"; }

std::string Sha256(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return text;
}

Instant InstantOf(const json& form) {
  const Result<Instant> instant = Instant::Parse(form.get<std::string>());
  Require(instant.has_value(), "an instant has a wrong form");
  return *instant;
}

void Verification::Run() {
  Require(at("format") == "kstati-certificate/1", "the format is not known");
  Require(at("law_sha256") == Sha256(at("law").dump()), "the hash of the law is wrong");
  day_ = DayOf(at("valid_at"));
  for (const char* list : {"facts", "relations", "parameters"}) CheckRecords(list);
  for (const json& fact : at("facts")) {
    if (!fact.contains("absent")) CheckKnown(fact);
  }
  for (const json& relation : at("relations")) CheckKnown(relation);
  for (const json& form : at("cells")) CheckCell(form);
  Require(met_.size() == at("decisions").size(), "a decision is read by nobody");
  DecisionVerification(*this, at("law"), certificate_).Check();
}

void Verification::CheckRecords(const char* list) const {
  const auto salt = at("salt").get<std::string>();
  for (json record : at(list)) {
    const json hash = record.at("sha256");
    record.erase("sha256");
    Require(hash == Sha256(salt + record.dump()), std::string("a hash of ") + list + " is wrong");
  }
}

void Verification::CheckKnown(const json& record) const {
  Require(Holds(record.at("valid_from"), record.at("valid_to"), day_),
          "a record does not hold on the day of the decision");
  Require(InstantOf(record.at("known_at")) <= InstantOf(at("known_at")),
          "a record was not known yet");
}

const json* Verification::DefinitionOf(const std::string& name) const {
  const json& attributes = at("law").at("attributes");
  const auto found = attributes.find(name);
  return found == attributes.end() ? nullptr : &*found;
}

void Verification::CheckCell(const json& form) {
  Cell cell = CellOf(form, static_cast<InputId>(cells_.size()));
  const bool shown = !cell.value.is_unknown() && !cell.value.is(Kind::kList);
  Require(shown == form.contains("value"), "a value is shown that is not known, or the reverse");
  const auto name = form.at("name").get<std::string>();
  Require(!shown || Identical(cell.value, ValueOf(form.at("value"))),
          name + " does not follow from what it is said to");
  cells_.push_back(std::move(cell));
}

Cell Verification::CellOf(const json& form, InputId index) {
  const auto name = form.at("name").get<std::string>();
  if (form.contains("decided")) return OfDecision(form, index);
  if (form.contains("missing")) {
    CheckMissing(form);
    return {Value::Unknown(index), {}};
  }
  if (form.contains("assumed")) return OfSupposition(form);
  if (form.contains("fact")) return OfFact(form);
  if (form.contains("same_as")) return OfAlias(form);
  if (form.contains("members")) return OfMembers(form);
  if (form.contains("relations")) return OfRelation(form);
  if (name == "event.date") return {Value::OfDate(DayOf(at("event_date"))), {}};
  const json* definition = DefinitionOf(name);
  Require(definition != nullptr && definition->contains("formula"), name + " has no origin");
  Cell cell;
  cell.value = Compute(*definition, form.at("reads"), form.at("of"), cell.basis);
  return cell;
}

// What is decided of another service, about the same people and on the same day.
Cell Verification::OfDecision(const json& form, InputId index) {
  const auto position = form.at("decided").get<size_t>();
  const json& decision = at("decisions").at(position);
  const auto service = decision.at("service").get<std::string>();
  Require(form.at("name") == "decision." + service && IsApplicant(form.at("of")),
          "another decision is read");
  const json& law = at("law").at("decisions").at(service);
  const Outcome outcome = DecisionVerification(*this, law, decision).Check();
  met_.insert(position);
  if (outcome.verdict != kUndetermined) return {Value::String(outcome.verdict), outcome.basis};
  if (!outcome.missing.empty()) return {Value::Unknown(outcome.missing), outcome.basis};
  const json missing{{"attribute", form.at("name")}, {"citizen", form.at("of")}};
  Require(form.at("missing") == missing, "a decision that nothing settles is named wrongly");
  return {Value::Unknown(index), outcome.basis};
}

// A value supposed of a fact that is missing; the same wherever the fact is read.
Cell Verification::OfSupposition(const json& form) {
  const auto name = form.at("name").get<std::string>();
  const json& citizen = form.at("assumed");
  const json& value = form.at("value");
  CheckMissing(form);
  if (const json* definition = DefinitionOf(name)) {
    const json& holder = definition->at("holder");
    const bool own = holder != "role" && citizen == form.at("of");
    const bool others = holder != "person" && IsApplicant(form.at("of")) && IsOther(citizen);
    Require(own || others, name + " is supposed of somebody else");
  } else {
    Require((name == "event.date" || name.starts_with("relation.")) && IsApplicant(citizen),
            name + " cannot be supposed");
  }
  for (const json& fact : at("facts")) {
    Require(fact.at("attribute") != name || fact.at("citizen") != citizen,
            name + " is known and supposed");
  }
  const FactKey key(name, citizen);
  const auto domain = domains_ == nullptr ? Domains::const_iterator() : domains_->find(key);
  Require(domains_ != nullptr && domain != domains_->end() && domain->second.contains(value),
          name + " is supposed without need");
  const auto [known, is_new] = supposed_.try_emplace(key, value);
  Require(known->second == value, name + " is supposed to be two things");
  return {ValueOf(value), {}};
}

Cell Verification::OfFact(const json& form) const {
  const auto name = form.at("name").get<std::string>();
  const json* definition = DefinitionOf(name);
  const bool derived = definition != nullptr && definition->contains("formula");
  Require(definition != nullptr &&
              (definition->contains("reported") || (derived && at("made_up") == true)),
          name + " is not a fact");
  const auto index = form.at("fact").get<size_t>();
  const json& fact = at("facts").at(index);
  const std::string holder = derived ? "about" : definition->at("holder").get<std::string>();
  const json& citizen = fact.at("citizen");
  const bool own = holder != "role" && citizen == form.at("of");
  const bool others = holder != "person" && IsApplicant(form.at("of")) && IsOther(citizen);
  Require(fact.at("attribute") == name && (own || others), name + " is another fact");
  Cell cell{ValueOf(fact.at("value")), {}};
  cell.basis.facts.insert(index);
  if (fact.contains("absent")) {
    Require(definition->at("absent") == fact.at("value") &&
                definition->at("reported") == fact.at("registry"),
            name + " must not be assumed absent");
  } else {
    cell.basis.Know(InstantOf(fact.at("known_at")));
  }
  return cell;
}

Cell Verification::OfAlias(const json& form) const {
  const auto index = form.at("same_as").get<size_t>();
  const Cell& cell = CellAt(index);
  const json& source = CellForm(index);
  const auto name = form.at("name").get<std::string>();
  const json* definition = DefinitionOf(name);
  Require(definition != nullptr && definition->at("same_as") == source.at("name"),
          name + " is the same as something else");
  const bool shifts = definition->at("shifts").get<bool>();
  Require(shifts ? IsApplicant(form.at("of")) && IsOther(source.at("of"))
                 : form.at("of") == source.at("of"),
          name + " is read in another profile");
  return cell;
}

Cell Verification::OfMembers(const json& form) const {
  const auto name = form.at("name").get<std::string>();
  const json& of = form.at("of");
  Cell cell;
  std::set<json> related;
  for (const json& index : form.at("relations")) {
    const json& relation = at("relations").at(index.get<size_t>());
    const bool outwards = relation.at("from") == of;
    const bool inwards = relation.at("to") == of;
    const bool fits = name == "spouses"    ? relation.at("kind") == "spouse" && outwards != inwards
                      : name == "children" ? relation.at("kind") == "parent" && outwards
                      : name == "parents"  ? relation.at("kind") == "parent" && inwards
                                           : false;
    Require(fits, name + " rests on another relation");
    related.insert(relation.at(outwards ? "to" : "from"));
    cell.basis.Know(InstantOf(relation.at("known_at")));
  }
  std::vector<Value> members;
  for (const json& member : form.at("members")) {
    Require(related.erase(member.at("citizen")) == 1, "a member of " + name + " is not related");
    Value::Entries entries;
    for (const auto& [attribute, index] : member.at("reads").items()) {
      const json& source = CellForm(index.get<size_t>());
      Require(source.at("name") == attribute && source.at("of") == member.at("citizen") &&
                  attribute.starts_with("person."),
              "a fact of a member of " + name + " is somebody else's");
      entries.push_back({attribute.substr(7), CellAt(index.get<size_t>()).value});
    }
    members.push_back(Value::Context(std::move(entries)));
  }
  Require(related.empty(), "somebody is missing among " + name);
  cell.value = Value::List(std::move(members));
  return cell;
}

Cell Verification::OfRelation(const json& form) const {
  const auto name = form.at("name").get<std::string>();
  Require(IsApplicant(form.at("of")) && !at("other").is_null(), name + " needs two people");
  Cell cell{Value::Boolean(!form.at("relations").empty()), {}};
  for (const json& index : form.at("relations")) {
    const json& relation = at("relations").at(index.get<size_t>());
    const bool outwards = IsApplicant(relation.at("from")) && IsOther(relation.at("to"));
    const bool inwards = IsOther(relation.at("from")) && IsApplicant(relation.at("to"));
    const json& kind = relation.at("kind");
    const bool fits = name == "relation.parent_of_child" || name == "relation.parent_of_deceased"
                          ? kind == "parent" && outwards
                      : name == "relation.guardian_of_child" ? kind == "guardian" && outwards
                      : name == "relation.spouse_of_deceased"
                          ? kind == "spouse" && (outwards || inwards)
                      : name == "relation.child_of_deceased" ? kind == "parent" && inwards
                                                             : false;
    Require(fits, name + " rests on another relation");
    cell.basis.Know(InstantOf(relation.at("known_at")));
  }
  Require(name.starts_with("relation."), name + " is no relation");
  return cell;
}

bool Verification::HolderIsKnown(const json& definition, const json& of) const {
  const bool own = IsApplicant(of) || IsOther(of);
  const json& holder = definition.at("holder");
  if (holder == "person") return own;
  if (!IsApplicant(of)) return holder == "about" && own;
  return !at("other").is_null();
}

// Nothing may be called missing that is there, or whose absence is an answer.
void Verification::CheckMissing(const json& form) const {
  const auto name = form.at("name").get<std::string>();
  const json& of = form.at("of");
  const json* definition = DefinitionOf(name);
  if (definition == nullptr) {
    const bool event = name == "event.date" && at("event_date").is_null();
    const bool pair = name.starts_with("relation.") && at("other").is_null();
    const bool list = (name == "children" || name == "parents" || name == "spouses") &&
                      (at("made_up") == true || !(IsApplicant(of) || IsOther(of)));
    const bool made_up = name.starts_with("relation.") && at("made_up") == true;
    Require(event || pair || list || made_up, name + " is not missing");
  } else if (definition->contains("same_as")) {
    const bool nobody = at("other").is_null() || !IsApplicant(of);
    Require(definition->at("shifts") == true && nobody, name + " is not missing");
  } else {
    const bool open = definition->contains("reported") && !definition->contains("absent");
    Require(open || (definition->contains("reported") && !HolderIsKnown(*definition, of)),
            name + " is not missing");
  }
}

Value Verification::Compute(const json& rule, const json& reads, const json& of,
                            Basis& basis) const {
  RuleWorld world(*this, rule, reads, of, basis);
  return Formula(world).Compute(rule.at("formula"));
}

Value Verification::ParameterValue(const std::string& id, const Value* dimensions,
                                   const std::string& region, Basis& basis) const {
  if (dimensions != nullptr) {
    if (dimensions->has_unknown()) return UnionOfUnknowns(std::span(dimensions, 1));
    if (!dimensions->is(Kind::kContext)) return Value::Null();
    for (const Value::Entry& entry : dimensions->context()) {
      const bool whole = entry.value.is(Kind::kNumber) && entry.value.number().ToInt64();
      if (!entry.value.is(Kind::kString) && !whole) return Value::Null();
    }
  }
  const json& values = at("parameters");
  std::optional<size_t> best;
  for (size_t i = 0; i < values.size(); ++i) {
    const json& value = values.at(i);
    if (value.at("parameter") != id || value.at("region") != region) continue;
    if (!Holds(value.at("from"), value.at("to"), day_)) continue;
    if (!Meets(value.at("when"), dimensions == nullptr ? Value::Null() : *dimensions)) continue;
    if (!best || value.at("when").size() > values.at(*best).at("when").size()) best = i;
  }
  const json& parameters = at("law").at("parameters");
  const auto position = std::distance(parameters.begin(), parameters.find(id));
  if (!best) return Value::Unknown(kParameterInput | static_cast<InputId>(position));
  basis.parameters.insert(*best);
  basis.unconfirmed |= !IsConfirmed(values.at(*best));
  return ValueOf(values.at(*best).at("value"));
}

json Verification::MissingOf(InputId input) const {
  if ((input & kParameterInput) == 0) return CellForm(input).at("missing");
  const auto parameter = std::next(at("law").at("parameters").begin(), input & ~kParameterInput);
  return {{"parameter", parameter.key()}};
}

}  // namespace kstati::certificate_verifier
