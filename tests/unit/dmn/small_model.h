// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "eligibility/dmn/decision_model.h"
#include "eligibility/dmn/model_reader.h"

namespace kstati::eligibility::dmn {

inline std::string InModel(std::string_view parts, std::string_view version = "20230324") {
  const std::string host = version == "20180521" ? "http://www.omg.org" : "https://www.omg.org";
  return "<definitions xmlns=\"" + host + "/spec/DMN/" + std::string(version) +
         "/MODEL/\" name=\"m\" namespace=\"urn:m\">\n" + std::string(parts) + "</definitions>\n";
}

// A decision without requirements whose logic is the element given.
inline std::string Deciding(std::string_view logic) {
  return InModel("<decision name=\"d\"><variable name=\"d\"/>" + std::string(logic) +
                 "</decision>");
}

// A model of one file, ready to be asked.
class SmallModel {
 public:
  explicit SmallModel(const std::string& text) {
    std::vector<Model> models;
    if (auto model = ReadModel(text, "m.dmn", issues_)) models.push_back(*std::move(model));
    model_ = std::make_unique<DecisionModel>(models, issues_);
  }

  // The printed value of a decision; inputs are FEEL literals, "?" for unknown.
  std::string Answer(std::string_view decision,
                     const std::map<std::string, std::string>& inputs = {}) const {
    ModelEvaluation evaluation(*model_, ModelEvaluation::Absent::kUnknown);
    evaluation.today = Date::Of(2026, 3, 15);
    for (const auto& [name, literal] : inputs) {
      if (literal == "?") continue;
      evaluation.Give(model_->Find(name).value(), Literal(literal));
    }
    const auto slot = model_->Find(decision);
    return slot ? ToSource(evaluation.Load(*slot)) : "no such decision";
  }

  // All issues, as a person sees them.
  std::string Issues() const {
    std::string text;
    for (const Issue& issue : issues_) text += Render(issue, {});
    return text;
  }

 private:
  static feel::Value Literal(const std::string& text) {
    struct Nothing final : feel::Scope, feel::Environment {
      std::optional<feel::Binding> Resolve(std::string_view) const override { return {}; }
      std::vector<std::string> Names() const override { return {}; }
      feel::Value Load(uint32_t) override { return {}; }
    } nothing;
    std::vector<Issue> issues;
    return feel::Evaluate(feel::Compile(text, {}, nothing, issues).value(), nothing);
  }

  std::vector<Issue> issues_;
  std::unique_ptr<DecisionModel> model_;
};

}  // namespace kstati::eligibility::dmn
