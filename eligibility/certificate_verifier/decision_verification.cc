// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/decision_verification.h"

#include <optional>
#include <utility>

namespace kstati::certificate_verifier {

using eligibility::feel::InputId;
using nlohmann::json;

Outcome DecisionVerification::Check() {
  if (law_.is_null()) {
    Require(form_.at("criteria").empty() && form_.at("verdict") == "not eligible" &&
                form_.at("grounds").empty() && form_.at("missing").empty() &&
                form_.at("founded_at").is_null() && form_.at("rests_on_unconfirmed") == false,
            "the verdict does not follow from the absence of a law");
    outcome_.verdict = "not eligible";
    return std::move(outcome_);
  }
  Require(law_.at("service") == form_.at("service"), "the law is another service's");
  Require(Holds(law_.at("from"), law_.at("to"), verification_.day()), "the law is not in force");
  const bool region_known = CheckRegion();
  Tally tally = Count();
  if (!region_known) tally.grounds.clear();
  const bool nobody = law_.at("about") != "person" && verification_.at("other").is_null();
  tally.open |= !region_known || nobody;
  CheckVerdict(tally);
  return std::move(outcome_);
}

// Where regions differ, the law must be the one of the applicant's, or the one that all share.
bool DecisionVerification::CheckRegion() {
  if (!law_.contains("region") && !law_.contains("not_of_regions")) return true;
  const auto index = form_.at("region").get<size_t>();
  const json& form = verification_.CellForm(index);
  Require(form.at("name") == "person.region_code" && verification_.IsApplicant(form.at("of")),
          "the region is not the applicant's");
  const Cell& cell = verification_.CellAt(index);
  outcome_.basis.Add(cell.basis);
  if (law_.contains("region")) {
    Require(cell.value.is(Kind::kString) && law_.at("region") == cell.value.string(),
            "the law is another region's");
    return true;
  }
  if (cell.value.is(Kind::kString)) {
    Require(!law_.at("not_of_regions").get<std::set<json>>().contains(cell.value.string()),
            "the applicant's region has a law of its own");
  }
  if (!cell.value.is_unknown()) return true;
  for (const InputId input : cell.value.missing()) {
    inputs_.insert(input);
    missing_.insert(verification_.MissingOf(input));
  }
  return false;
}

DecisionVerification::Coverage DecisionVerification::CheckCategories() {
  const json& categories = law_.at("categories");
  const json& forms = form_.at("categories");
  Require(categories.size() == forms.size(), "a category is missing");
  Coverage coverage;
  for (size_t i = 0; i < categories.size(); ++i) {
    const Value value = CheckOutcome(categories.at(i), forms.at(i));
    if (value.is_unknown()) coverage.open.push_back(i);
    if (value.is_true()) coverage.covering.push_back(i);
  }
  return coverage;
}

DecisionVerification::Tally DecisionVerification::Count() {
  conditions_ = &law_.at("conditions");
  if (!law_.contains("categories")) return CountCriteria(law_, form_.at("criteria"));
  const Coverage coverage = CheckCategories();
  if (coverage.covering.size() == 1 && coverage.open.empty()) {
    const json& variant = law_.at("variants").at(coverage.covering.front());
    Require(form_.at("variant") == variant.at("id"), "the criteria are another category's");
    conditions_ = &variant.at("conditions");
    for (const json& common : law_.at("criteria"))
      outcome_.basis.unconfirmed |= !IsConfirmed(common);
    return CountCriteria(variant, form_.at("criteria"));
  }
  Require(!form_.contains("variant"), "the category is not settled");
  Tally tally = CountCriteria(law_, form_.at("criteria"));
  tally.open = true;
  const bool otherwise = law_.contains("otherwise");
  if (otherwise && coverage.covering.empty() && coverage.open.empty()) {
    tally.grounds.insert(law_.at("otherwise").at("ground").get<std::string>());
    outcome_.basis.unconfirmed |= !IsConfirmed(law_.at("otherwise"));
  }
  const bool one_applies = coverage.covering.size() == 1 || !otherwise;
  if (coverage.covering.size() < 2 && one_applies) AddSharedGrounds(coverage, tally);
  return tally;
}

void DecisionVerification::AddSharedGrounds(const Coverage& coverage, Tally& tally) {
  std::optional<std::set<std::string>> shared;
  for (const auto* possible : {&coverage.covering, &coverage.open}) {
    for (const size_t index : *possible) {
      const json& variant = law_.at("variants").at(index);
      const auto id = variant.at("id").get<std::string>();
      const Tally one = CountCriteria(variant, form_.at("variants").at(id));
      if (!shared) {
        shared = one.grounds;
      } else {
        std::erase_if(*shared,
                      [&](const std::string& ground) { return !one.grounds.contains(ground); });
      }
    }
  }
  if (shared) tally.grounds.insert(shared->begin(), shared->end());
}

DecisionVerification::Tally DecisionVerification::CountCriteria(const json& law,
                                                                const json& forms) {
  const json& criteria = law.at("criteria");
  Require(criteria.size() == forms.size(), "a criterion is missing");
  Tally tally;
  for (size_t i = 0; i < criteria.size(); ++i) {
    const Value value = CheckOutcome(criteria.at(i), forms.at(i));
    tally.open |= value.is_unknown();
    if (value.is_unknown() || value.is_true()) continue;
    tally.grounds.insert(criteria.at(i).at("ground").get<std::string>());
  }
  return tally;
}

Value DecisionVerification::CheckOutcome(const json& law, const json& form) {
  const auto id = form.at("id").get<std::string>();
  Require(law.at("id") == id, "criterion " + id + " is another one");
  Basis basis;
  Value value = verification_.Compute(law, form.at("reads"), verification_.at("applicant"), basis);
  const char* outcome = value.is_unknown() ? "unknown" : value.is_true() ? "holds" : "fails";
  Require(form.at("outcome") == outcome, "criterion " + id + " comes out otherwise");
  CheckMissing(value, form);
  Require(form.at("facts") == basis.facts && form.at("parameters") == basis.parameters,
          "criterion " + id + " rests on something else");
  outcome_.basis.Add(basis);
  outcome_.basis.unconfirmed |= !IsConfirmed(law);
  return value;
}

// A criterion names at least what it misses; the engine may ask for more of the same people.
void DecisionVerification::CheckMissing(const Value& outcome, const json& form) {
  const auto named = form.at("missing").get<std::set<json>>();
  Require(outcome.is_unknown() || named.empty(), "nothing is missing of a known outcome");
  Require(form.at("missing") == named, "what is missing is not in order");
  missing_.insert(named.begin(), named.end());
  if (!outcome.is_unknown()) return;
  for (const InputId input : outcome.missing()) {
    Require(named.contains(verification_.MissingOf(input)), "a missing fact is not named");
    inputs_.insert(input);
  }
}

void DecisionVerification::CheckVerdict(const Tally& tally) {
  const bool undetermined = tally.grounds.empty() && tally.open;
  outcome_.verdict = !tally.grounds.empty() ? "not eligible"
                     : undetermined         ? kUndetermined
                     : conditions_->empty() ? "eligible"
                                            : "likely";
  Require(form_.at("verdict") == outcome_.verdict, "the verdict does not follow from the criteria");
  Require(form_.at("grounds") == tally.grounds, "the grounds are not those of the failed criteria");
  Require(form_.at("missing") == (undetermined ? missing_ : std::set<json>()),
          "the decision misses something else");
  if (undetermined) outcome_.missing.assign(inputs_.begin(), inputs_.end());
  Basis& basis = outcome_.basis;
  Require(form_.at("rests_on_unconfirmed") == basis.unconfirmed,
          "what is unconfirmed is told wrongly");
  const json founded = basis.known_at ? json(basis.known_at->ToString()) : json();
  Require(form_.at("founded_at") == founded, "the moment of foundation is another");
}

}  // namespace kstati::certificate_verifier
