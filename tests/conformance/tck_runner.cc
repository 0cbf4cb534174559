// SPDX-License-Identifier: Apache-2.0
// Runs every case of a folder in the format of the DMN Technology Compatibility Kit:
//   tck_runner [FOLDER] [--issues]
// Without a folder that of $KSTATI_ACCEPTANCE_DIR is taken.
// Failures are named; the last lines give "N passed, M failed" and the rate on results that are not
// null. Exit code 77 when the folder is not there.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>

#include "eligibility/dmn/decision_model.h"
#include "eligibility/dmn/model_loader.h"
#include "tests/conformance/tck_case.h"
#include "tests/conformance/tck_compare.h"

namespace kstati::tck {
namespace {

namespace dmn = eligibility::dmn;
using eligibility::feel::Value;

// Cases that are not run: external functions in Java are refused by design.
const std::set<std::string> kSkipped{"0076-feel-external-java"};

struct Count {
  int passed = 0;
  int failed = 0;
  void Add(bool pass) { ++(pass ? passed : failed); }
};

struct Report {
  Count all;
  Count not_null;
  int close = 0;  // passed within 1e-8 only
  int skipped = 0;
};

dmn::DecisionModel Load(const std::filesystem::path& path, bool show_issues) {
  std::vector<Issue> issues;
  dmn::DecisionModel model(dmn::LoadModels(path.string(), issues), issues);
  if (show_issues) {
    for (const Issue& issue : issues) std::cout << Render(issue, {}) << '\n';
  }
  return model;
}

class Runner {
 public:
  explicit Runner(bool show_issues) : show_issues_(show_issues) {}

  void RunFile(const CaseFile& file) {
    const std::string folder = file.path.parent_path().filename().string();
    if (kSkipped.contains(folder)) {
      report_.skipped += static_cast<int>(file.cases.size());
      return;
    }
    const dmn::DecisionModel model = Load(file.path.parent_path() / file.model, show_issues_);
    for (const Case& one : file.cases) RunCase(folder, model, one);
  }

  const Report& report() const { return report_; }

 private:
  static void Give(const dmn::DecisionModel& model, const Case& one,
                   dmn::ModelEvaluation& evaluation) {
    for (const NodeValue& input : one.inputs) {
      auto slot = model.Find(input.name, input.name_space);
      for (uint32_t i = 0; !slot && i < model.elements().size(); ++i) {
        if (model.elements()[i].name == input.name) slot = i;
      }
      if (slot) evaluation.Give(*slot, input.value);
    }
  }

  // The arguments of a service by the names of its parameters; absent ones are null.
  static Value Invoke(const dmn::DecisionModel& model, const Case& one,
                      dmn::ModelEvaluation& evaluation) {
    const auto slot = model.Find(one.service);
    if (!slot) return Value::Null();
    std::vector<Value> arguments;
    for (const std::string& name : model.elements()[*slot].parameter_names) {
      const auto given = std::find_if(one.inputs.begin(), one.inputs.end(),
                                      [&](const NodeValue& input) { return input.name == name; });
      arguments.push_back(given == one.inputs.end() ? Value::Null() : given->value);
    }
    return evaluation.Call(*slot, arguments);
  }

  static Value Actual(const dmn::DecisionModel& model, const Case& one, const std::string& name,
                      dmn::ModelEvaluation& evaluation) {
    if (one.service.empty()) {
      const auto slot = model.Find(name);
      return slot ? evaluation.Load(*slot) : Value::Null();
    }
    const Value result = Invoke(model, one, evaluation);
    const auto slot = model.Find(one.service);
    if (!slot || model.elements()[*slot].outputs.size() < 2) return result;
    if (name == one.service) return result;
    const Value* entry = result.is(eligibility::feel::Kind::kContext) ? result.Find(name) : nullptr;
    return entry == nullptr ? Value::Null() : *entry;
  }

  // A case passes when each of its results does; results are what the kit's tables count too.
  void RunCase(const std::string& folder, const dmn::DecisionModel& model, const Case& one) {
    dmn::ModelEvaluation evaluation(model, dmn::ModelEvaluation::Absent::kNull);
    evaluation.today = Date::Of(2026, 3, 15);
    evaluation.now = {evaluation.today, 0, {true, 0}};
    eligibility::feel::Diagnostics diagnostics;
    evaluation.diagnostics = &diagnostics;
    Give(model, one, evaluation);
    bool passed = true;
    bool close = false;
    bool expects_something = false;
    for (const NodeValue& expected : one.expected) {
      const Value actual = Actual(model, one, expected.name, evaluation);
      const Match match = Compare(expected.value, actual);
      close = close || match == Match::kClose;
      expects_something = expects_something || !expected.value.is_null();
      if (match != Match::kDifferent) continue;
      passed = false;
      std::cout << "FAILED " << folder << " " << one.id << " " << expected.name << ": expected "
                << ToSource(expected.value) << ", got " << ToSource(actual);
      for (const auto& item : diagnostics.items) std::cout << " | " << item.text;
      std::cout << '\n';
    }
    report_.all.Add(passed);
    if (expects_something) report_.not_null.Add(passed);
    if (passed && close) ++report_.close;
  }

  bool show_issues_;
  Report report_;
};

int Main(const std::vector<std::string>& arguments) {
  namespace fs = std::filesystem;
  const bool given = !arguments.empty() && !arguments.front().starts_with("--");
  const char* acceptance = std::getenv("KSTATI_ACCEPTANCE_DIR");
  const fs::path folder = given                   ? fs::path(arguments.front())
                          : acceptance != nullptr ? fs::path(acceptance) / "dmn-tck"
                                                  : fs::path();
  if (!fs::is_directory(folder)) {
    std::cout << "skipped: the folder of the test kit is not there\n";
    return 77;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".xml" && name.find("-test-") != std::string::npos) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  const bool show_issues =
      std::find(arguments.begin(), arguments.end(), "--issues") != arguments.end();
  Runner runner(show_issues);
  for (const fs::path& path : files) {
    if (const auto file = ReadCases(path)) runner.RunFile(*file);
  }
  const Report& report = runner.report();
  const int not_null = report.not_null.passed + report.not_null.failed;
  std::cout << "skipped by name: " << report.skipped << "\nequal only within 1e-8: " << report.close
            << "\nresults that are not null: " << report.not_null.passed << " of " << not_null
            << " passed\n";
  std::cout << report.all.passed << " passed, " << report.all.failed << " failed\n";
  return report.all.failed == 0 && report.all.passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace kstati::tck

int main(int argc, char** argv) {
  return kstati::tck::Main(std::vector<std::string>(argv + 1, argv + argc));
}
