// SPDX-License-Identifier: Apache-2.0
#include "cases/application_form.h"

#include <algorithm>
#include <memory>

#include "cases/deciding.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

// Fills in field by field; what is there already stays as it is.
class Form {
 public:
  Form(const Decision& decision, const profile::Dictionary& dictionary,
       std::vector<std::shared_ptr<const profile::FactView>> people)
      : decision_(decision), dictionary_(dictionary), people_(std::move(people)) {}

  std::vector<FormField> Fill() {
    for (const graph::Input& input : decision_.regulation->inputs) AddDocument(input);
    eligibility::ForEachUsedFact(decision_, [this](const eligibility::UsedFact& used) {
      Add({used.citizen, used.fact.attribute, FieldState::kHeld, used});
    });
    for (const eligibility::Missing& missing : decision_.missing) AddMissing(missing);
    return std::move(fields_);
  }

 private:
  void Add(FormField field) {
    const bool there = std::ranges::any_of(fields_, [&](const FormField& other) {
      return other.citizen == field.citizen && other.attribute == field.attribute;
    });
    if (!there) fields_.push_back(std::move(field));
  }

  void AddDocument(const graph::Input& input) {
    for (const AttributeId& id : input.any_of) {
      if (std::ranges::find(decision_.recorded, id) == decision_.recorded.end()) continue;
      Add(HeldDocument(id));
      return;
    }
    const bool only_person =
        std::ranges::all_of(input.any_of, [this](const AttributeId& id) { return IsAsked(id); });
    if (input.any_of.empty()) return;
    Add({Holder(input.any_of.front()), input.any_of.front(),
         only_person ? FieldState::kBring : FieldState::kRegistry, std::nullopt});
  }

  FormField HeldDocument(const AttributeId& id) const {
    FormField field{Holder(id), id, FieldState::kHeld, std::nullopt};
    const profile::Attribute* recorded = ReportedAs(dictionary_, id);
    for (const auto& person : people_) {
      if (recorded == nullptr || person->citizen() != field.citizen) continue;
      const profile::Fact* fact = person->Find(recorded->id);
      if (fact != nullptr) field.fact = eligibility::UsedFact{field.citizen, *fact, false};
    }
    return field;
  }

  void AddMissing(const eligibility::Missing& missing) {
    const profile::Attribute* recorded = ReportedAs(dictionary_, missing.attribute);
    if (recorded == nullptr) return;  // a value of law, or something that is on no record
    const FieldState state = recorded->askable ? FieldState::kPerson : FieldState::kRegistry;
    Add({missing.citizen, recorded->id, state, std::nullopt});
  }

  bool IsAsked(const AttributeId& id) const {
    const profile::Attribute* recorded = ReportedAs(dictionary_, id);
    return recorded != nullptr && recorded->askable;
  }

  CitizenId Holder(const AttributeId& id) const {
    return HolderOf(dictionary_, id, decision_.applicant, decision_.about);
  }

  const Decision& decision_;
  const profile::Dictionary& dictionary_;
  // The applicant, and whom the application is about.
  const std::vector<std::shared_ptr<const profile::FactView>> people_;
  std::vector<FormField> fields_;
};

}  // namespace

std::string_view NameOf(FieldState state) {
  switch (state) {
    case FieldState::kHeld: return "held";
    case FieldState::kRegistry: return "registry";
    case FieldState::kPerson: return "person";
    case FieldState::kBring: return "bring";
  }
  return "unknown";
}

Result<std::vector<FormField>> FillForm(Draft& draft, const Decision& decision) {
  if (decision.regulation == nullptr) {
    return Fail(ErrorCode::kNotFound, "no regulation of the service is in force today",
                "service " + decision.service.text(), "`passport` says on which days one is");
  }
  std::vector<std::shared_ptr<const profile::FactView>> people;
  if (decision.about != decision.applicant) {
    KSTATI_TRY(const auto about, draft.HouseholdOf(decision.about));
    people.push_back(about->person);
  }
  KSTATI_TRY(const auto own, draft.HouseholdOf(decision.applicant));
  people.push_back(own->person);
  return Form(decision, draft.world().program->dictionary(), std::move(people)).Fill();
}

}  // namespace kstati::cases
