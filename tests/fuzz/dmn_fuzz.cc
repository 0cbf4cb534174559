// SPDX-License-Identifier: Apache-2.0
// Any bytes as a DMN file: reading and compiling end in issues or a model, evaluating in a value.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "eligibility/dmn/decision_model.h"
#include "eligibility/dmn/model_reader.h"

namespace kstati::eligibility::dmn {
namespace {

void Run(std::string_view bytes) {
  std::vector<Issue> issues;
  std::vector<Model> models;
  if (auto model = ReadModel(bytes, "fuzz.dmn", issues)) models.push_back(*std::move(model));
  KSTATI_CHECK(!models.empty() || HasErrors(issues));
  feel::CompileOptions options;
  options.strict = false;
  options.limits.max_steps = 20'000;
  options.limits.max_list_items = 2'000;
  const DecisionModel model(models, issues, options);
  ModelEvaluation evaluation(model, ModelEvaluation::Absent::kUnknown);
  for (uint32_t slot = 0; slot < model.elements().size(); ++slot) evaluation.Load(slot);
}

}  // namespace
}  // namespace kstati::eligibility::dmn

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kstati::eligibility::dmn::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
