// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>

#include "profile/registry_event.h"

namespace kstati::profile {
namespace {

constexpr size_t kCodesShownMax = 12;

tl::unexpected<Error> Refuse(std::string message, std::string place, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), std::move(place), std::move(remedy));
}

tl::unexpected<Error> OverLimit(std::string message, std::string place, std::string remedy) {
  return Fail(ErrorCode::kLimitExceeded, std::move(message), std::move(place), std::move(remedy));
}

std::string At(std::string_view list, size_t index, std::string_view field = {}) {
  std::string place = std::string(list) + "[" + std::to_string(index) + "]";
  return field.empty() ? place : place + "." + std::string(field);
}

bool HasControlOrSlash(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || byte == '/';
  });
}

// Whether the text can be repeated in an error message: made of the characters that names have.
bool IsNameLike(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

std::string FirstOf(const std::vector<std::string>& values) {
  std::string text;
  for (size_t i = 0; i < values.size() && i < kCodesShownMax; ++i) {
    text += (i == 0 ? "" : ", ") + values[i];
  }
  if (values.size() <= kCodesShownMax) return text;
  return text + " and " + std::to_string(values.size() - kCodesShownMax) + " more";
}

// One run of checks over one event.
class Checker {
 public:
  Checker(const RegistryEvent& event, const Dictionary& dictionary, Date latest,
          const EventLimits& limits)
      : event_(event), dictionary_(dictionary), latest_(latest), limits_(limits) {}

  Result<void> Run() const {
    KSTATI_TRY_VOID(CheckHead());
    KSTATI_TRY_VOID(CheckParticipants());
    KSTATI_TRY_VOID(CheckCounts());
    KSTATI_TRY_VOID(CheckEvidence());
    for (size_t i = 0; i < event_.facts.size(); ++i) KSTATI_TRY_VOID(CheckFact(i));
    for (size_t i = 0; i < event_.relations.size(); ++i) KSTATI_TRY_VOID(CheckRelation(i));
    return {};
  }

 private:
  Result<void> CheckId(const std::string& id, std::string place) const {
    if (id.empty()) return Refuse("the id is empty", std::move(place), "give it a name");
    if (id.size() > limits_.id_bytes) {
      return OverLimit("the id is too long", std::move(place),
                       "use at most " + std::to_string(limits_.id_bytes) + " bytes");
    }
    if (HasControlOrSlash(id) || !IsUtf8(id)) {
      return Refuse("the id has a character that is not allowed", std::move(place),
                    "use letters, digits, dots, dashes and underscores; no '/' and no control "
                    "characters");
    }
    return {};
  }

  Result<void> CheckCitizen(CitizenId citizen, std::string place) const {
    if (citizen != CitizenId()) return {};
    return Refuse("no citizen is named", std::move(place), "give the citizen's number");
  }

  Result<void> CheckHead() const {
    KSTATI_TRY_VOID(CheckId(event_.key.source.text(), "source"));
    KSTATI_TRY_VOID(CheckId(event_.key.id.text(), "id"));
    KSTATI_TRY_VOID(CheckId(event_.type.text(), "type"));
    if (dictionary_.FindRegistry(event_.key.source) == nullptr) {
      return Refuse("unknown registry", "source",
                    "use the id of a registry that registries.yaml lists");
    }
    KSTATI_TRY_VOID(CheckCitizen(event_.subject, "subject"));
    if (event_.occurred_on > latest_) {
      return Refuse("the event lies in the future", "occurred_on",
                    "report it on the day it happens, or correct the date");
    }
    if (!event_.supersedes) return {};
    KSTATI_TRY_VOID(CheckId(event_.supersedes->text(), "supersedes"));
    if (*event_.supersedes == event_.key.id) {
      return Refuse("the event supersedes itself", "supersedes",
                    "give the correction an id of its own");
    }
    return {};
  }

  Result<void> CheckParticipants() const {
    size_t count = 0;
    for (const auto& [role, citizens] : event_.participants) {
      KSTATI_TRY_VOID(CheckId(role, "participants"));
      const std::string list =
          IsNameLike(role) ? "participants." + role : std::string("participants");
      for (size_t i = 0; i < citizens.size(); ++i) {
        KSTATI_TRY_VOID(CheckCitizen(citizens[i], At(list, i)));
      }
      count += std::max<size_t>(citizens.size(), 1);
    }
    if (count <= limits_.participants) return {};
    return OverLimit("too many participants", "participants",
                     "name at most " + std::to_string(limits_.participants));
  }

  Result<void> CheckCounts() const {
    if (event_.facts.size() > limits_.facts) {
      return OverLimit(
          "too many facts", "facts",
          "send at most " + std::to_string(limits_.facts) + " in one event; split the report");
    }
    if (event_.relations.size() > limits_.relations) {
      return OverLimit(
          "too many relations", "relations",
          "send at most " + std::to_string(limits_.relations) + " in one event; split the report");
    }
    return {};
  }

  Result<void> CheckEvidence() const {
    if (!event_.evidence) return {};
    const Evidence& evidence = *event_.evidence;
    KSTATI_TRY_VOID(CheckEvidenceText(evidence.reference, "evidence.reference"));
    KSTATI_TRY_VOID(CheckEvidenceText(evidence.issuer, "evidence.issuer"));
    KSTATI_TRY_VOID(CheckEvidenceText(evidence.certifier, "evidence.certifier"));
    const std::string kind(NameOf(evidence.kind));
    const Assurance most = MostOf(evidence.kind);
    if (evidence.assurance > most) {
      return Refuse("evidence of the kind " + kind + " assures less", "evidence.assurance",
                    "it is " + std::string(NameOf(most)) + " at most");
    }
    const bool duplicate = evidence.kind == EvidenceKind::kElectronicDuplicate;
    if (duplicate && evidence.certifier.empty()) {
      return Refuse("nobody certified the duplicate", "evidence.certifier",
                    "name who compared it with the paper");
    }
    if (evidence.kind == EvidenceKind::kRegistryRecord && event_.key.source.text() == kDeclared) {
      return Refuse("what a person says is no record of a registry", "evidence.kind",
                    "leave the evidence out, or say what the person showed");
    }
    return {};
  }

  Result<void> CheckEvidenceText(const std::string& text, std::string place) const {
    if (text.size() > limits_.evidence_bytes) {
      return OverLimit("the text is too long", std::move(place),
                       "use at most " + std::to_string(limits_.evidence_bytes) + " bytes");
    }
    const bool control = std::any_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    if (!control && IsUtf8(text)) return {};
    return Refuse("the text has a character that is not allowed", std::move(place),
                  "send UTF-8 without control characters");
  }

  // A person's word counts for what the dictionary lets the person be asked.
  Result<void> CheckSaidBy(const Attribute& attribute, const std::string& place) const {
    const bool asked = attribute.askable || attribute.MayReport(RegistryId(std::string(kDeclared)));
    if (asked || !IsSelfDeclared(event_)) return {};
    return Fail(ErrorCode::kDenied, "nobody's own word is taken for " + attribute.id.text(), place,
                "report it on a document or a record, and name it in `evidence`");
  }

  Result<void> CheckInterval(const DateInterval& valid, const std::string& place) const {
    if (valid.to && *valid.to < valid.from) {
      return Refuse("the interval ends before it begins", place + ".valid",
                    "put the earlier day first");
    }
    if (valid.from > latest_) {
      return Refuse("it is valid only from a day in the future", place + ".valid.from",
                    "report it on the day it becomes valid, or correct the date");
    }
    return {};
  }

  Result<void> CheckFact(size_t index) const {
    const ReportedFact& fact = event_.facts[index];
    KSTATI_TRY_VOID(CheckCitizen(fact.citizen, At("facts", index, "citizen")));
    KSTATI_TRY(const Attribute* const attribute, FindAttribute(fact, index));
    KSTATI_TRY_VOID(CheckOrigin(*attribute, At("facts", index, "attribute")));
    KSTATI_TRY_VOID(CheckSaidBy(*attribute, At("facts", index, "attribute")));
    const std::string place = At("facts", index, "value");
    KSTATI_TRY_VOID(CheckValue(*attribute, fact.value, place));
    KSTATI_TRY_VOID(CheckInterval(fact.valid, At("facts", index)));
    return CheckCode(*attribute, fact, place);
  }

  Result<const Attribute*> FindAttribute(const ReportedFact& fact, size_t index) const {
    const std::string place = At("facts", index, "attribute");
    KSTATI_TRY_VOID(CheckId(fact.attribute.text(), place));
    if (const Attribute* const found = dictionary_.Find(fact.attribute)) return found;
    const std::string& name = fact.attribute.text();
    const std::string nearest = dictionary_.NearestAttribute(name);
    return Refuse(IsNameLike(name) ? "unknown attribute " + name : "unknown attribute", place,
                  nearest.empty() ? "use an id of the attribute dictionary"
                                  : "did you mean " + nearest + "?");
  }

  Result<void> CheckOrigin(const Attribute& attribute, const std::string& place) const {
    const std::string& name = attribute.id.text();
    if (!attribute.same_as.empty()) {
      return Refuse(name + " is another role's name for " + attribute.same_as.text(), place,
                    "report " + attribute.same_as.text() + " of the citizen in that role");
    }
    if (!attribute.is_reported()) {
      return Refuse(name + " is derived and cannot be reported", place,
                    "report the facts that its expression uses");
    }
    if (!attribute.MayReport(event_.key.source)) {
      std::string reporters = attribute.registry.text();
      for (const RegistryId& each : attribute.also) reporters += ", " + each.text();
      return Fail(ErrorCode::kDenied, "the registry may not report " + name, place,
                  "only these may: " + reporters);
    }
    return {};
  }

  Result<void> CheckOrigin(RelationKind kind, const std::string& place) const {
    if (dictionary_.FindRegistry(event_.key.source)->MayReport(kind)) return {};
    std::string reporters;
    for (const RegistryId& id : dictionary_.ReportersOf(kind)) {
      reporters += (reporters.empty() ? "" : ", ") + id.text();
    }
    return Fail(ErrorCode::kDenied,
                "the registry may not report who is " + std::string(NameOf(kind)) + " of whom",
                place,
                reporters.empty() ? "no registry may; registries.yaml says who may report what"
                                  : "only these may: " + reporters);
  }

  Result<void> CheckValue(const Attribute& attribute, const FactValue& value,
                          const std::string& place) const {
    const std::string& name = attribute.id.text();
    if (!HasType(value, attribute.type)) {
      return Refuse("the value of " + name + " has another type", place,
                    "its type is " + std::string(NameOf(attribute.type)));
    }
    if (const Decimal* const number = std::get_if<Decimal>(&value)) {
      return CheckLength(number->ToString(), place);
    }
    const std::string* const text = std::get_if<std::string>(&value);
    if (text == nullptr) return {};
    KSTATI_TRY_VOID(CheckLength(*text, place));
    if (!IsUtf8(*text)) {
      return Refuse("the value of " + name + " is not UTF-8", place, "send texts as UTF-8");
    }
    return {};
  }

  // By the list as it was on the day from which the fact is valid.
  Result<void> CheckCode(const Attribute& attribute, const ReportedFact& fact,
                         const std::string& place) const {
    const std::string* const code = std::get_if<std::string>(&fact.value);
    if (attribute.type != ValueType::kCode || code == nullptr) return {};
    const std::string problem = attribute.WhyNotOn(*code, fact.valid.from);
    if (problem.empty()) return {};
    const bool listed = attribute.FindCode(*code) != nullptr;
    return Refuse(problem, place,
                  (listed ? "for a fact valid from " + fact.valid.from.ToString() + " use one of: "
                          : std::string("use one of: ")) +
                      FirstOf(attribute.CodesOn(fact.valid.from)));
  }

  Result<void> CheckLength(const std::string& text, const std::string& place) const {
    if (text.size() <= limits_.text_bytes) return {};
    return OverLimit("the value is too long", place,
                     "send at most " + std::to_string(limits_.text_bytes) + " bytes");
  }

  Result<void> CheckRelation(size_t index) const {
    const ReportedRelation& relation = event_.relations[index];
    KSTATI_TRY_VOID(CheckCitizen(relation.from, At("relations", index, "from")));
    KSTATI_TRY_VOID(CheckCitizen(relation.to, At("relations", index, "to")));
    if (relation.from == relation.to) {
      return Refuse("the relation joins a citizen with the same citizen", At("relations", index),
                    "name two citizens");
    }
    KSTATI_TRY_VOID(CheckOrigin(relation.kind, At("relations", index, "kind")));
    if (IsSelfDeclared(event_)) {
      return Fail(ErrorCode::kDenied, "nobody's own word is taken for ties between people",
                  At("relations", index),
                  "report them on a document or a record, and name it in `evidence`");
    }
    return CheckInterval(relation.valid, At("relations", index));
  }

  const RegistryEvent& event_;
  const Dictionary& dictionary_;
  const Date latest_;
  const EventLimits& limits_;
};

}  // namespace

Result<void> Validate(const RegistryEvent& event, const Dictionary& dictionary, Date latest,
                      const EventLimits& limits) {
  return Checker(event, dictionary, latest, limits).Run();
}

}  // namespace kstati::profile
