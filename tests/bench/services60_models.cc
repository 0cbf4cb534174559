// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/services60_models.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "eligibility/dmn/model_reader.h"

namespace kstati::bench {
namespace {

namespace dmn = eligibility::dmn;
using eligibility::feel::Kind;
using eligibility::feel::Value;

// The model takes days as texts and makes dates of them itself.
Value AsDeclared(const Value& value, const dmn::Element& input) {
  const bool text = input.type && input.type->form.is(Kind::kString);
  return text && value.is(Kind::kDate) ? Value::String(ToText(value)) : value;
}

}  // namespace

ModelRules::ModelRules(const std::filesystem::path& path, const Workload& workload) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  std::vector<Issue> issues;
  std::vector<dmn::Model> models;
  models.push_back(dmn::ReadModel(text.str(), path.string(), issues).value());
  model_ = std::make_unique<const dmn::DecisionModel>(models, issues);
  for (const Issue& issue : issues) std::fputs(Render(issue, {}).c_str(), stderr);
  KSTATI_CHECK(!HasErrors(issues));
  for (const Attribute& attribute : workload.attributes) {
    inputs_.push_back(model_->Find(attribute.name));
  }
  for (const ServiceRule& service : workload.services) {
    decisions_.push_back(model_->Find(service.id).value());
  }
}

std::vector<std::string> ModelRules::Decide(const std::vector<Citizen>& citizens,
                                            Missing missing) const {
  using Absent = dmn::ModelEvaluation::Absent;
  std::vector<std::string> letters;
  for (const Citizen& citizen : citizens) {
    dmn::ModelEvaluation evaluation(*model_,
                                    missing == Missing::kNull ? Absent::kNull : Absent::kUnknown);
    for (size_t i = 0; i < citizen.size(); ++i) {
      if (!inputs_[i] || citizen[i].is_null()) continue;
      evaluation.Give(*inputs_[i], AsDeclared(citizen[i], model_->elements()[*inputs_[i]]));
    }
    std::string decided;
    for (const uint32_t slot : decisions_) decided += Letter(evaluation.Load(slot));
    letters.push_back(std::move(decided));
  }
  return letters;
}

}  // namespace kstati::bench
