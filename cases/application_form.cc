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
    Add({HolderOf(input.any_of.front()), input.any_of.front(),
         only_person ? FieldState::kBring : FieldState::kRegistry, std::nullopt});
  }

  FormField HeldDocument(const AttributeId& id) const {
    const profile::Attribute* recorded = ReportedAs(dictionary_, id);
    for (const auto& person : people_) {
      const profile::Fact* fact = recorded == nullptr ? nullptr : person->Find(recorded->id);
      if (fact == nullptr) continue;
      return {person->citizen(), id, FieldState::kHeld,
              eligibility::UsedFact{person->citizen(), *fact, false}};
    }
    return {HolderOf(id), id, FieldState::kHeld, std::nullopt};
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

  CitizenId HolderOf(const AttributeId& id) const {
    const profile::Attribute* attribute = dictionary_.Find(id);
    const bool of_about = attribute != nullptr && attribute->holder() == "about";
    return of_about ? decision_.about : decision_.applicant;
  }

  const Decision& decision_;
  const profile::Dictionary& dictionary_;
  // Whom the application is about comes first: a document of both is that one's.
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
