// SPDX-License-Identifier: Apache-2.0
// Sixty services for ten thousand citizens, from a folder with services.json, profiles.jsonl,
// expected.jsonl, profiles_nulls.jsonl and expected_nulls.jsonl:
//
//   services60 [FOLDER]
//
// Without a folder that of $KSTATI_ACCEPTANCE_DIR is taken. Prints, for each mode, the decisions
// that differ from the expected ones and the microseconds of thread CPU per decision (median of
// rounds), beside an evaluator of the same criteria written by hand over scaled integers. Exit code
// 77 when the folder is not there, 1 when a decision differs.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/services60_by_hand.h"
#include "tests/bench/services60_models.h"
#include "tests/bench/services60_rules.h"
#include "tests/bench/services60_workload.h"
#include "tests/bench/thread_clock.h"

namespace kstati::bench {
namespace {

constexpr int kRounds = 7;

// Median microseconds per decision of `work`, which decides everything once.
template <class Work>
double MicrosPerDecision(size_t decisions, const Work& work) {
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    const double start = ThreadMicros();
    work();
    rounds.push_back((ThreadMicros() - start) / static_cast<double>(decisions));
  }
  std::ranges::nth_element(rounds, rounds.begin() + kRounds / 2);
  return rounds[kRounds / 2];
}

size_t Differences(const std::vector<std::string>& expected,
                   const std::vector<std::string>& actual) {
  size_t count = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    for (size_t s = 0; s < expected[i].size(); ++s) count += expected[i][s] != actual[i][s];
  }
  return count;
}

size_t Report(const char* mode, const std::vector<std::string>& expected,
              const std::vector<std::string>& actual, double micros) {
  const size_t differences = Differences(expected, actual);
  std::printf("%-44s %6zu mismatches  %8.4f us per decision\n", mode, differences, micros);
  return differences;
}

// A completed decision may differ from the one by Kleene logic only where that one is unknown.
size_t ReportCompletion(const Workload& workload, Rules& rules) {
  const double start = ThreadMicros();
  const Rules::Completed completed = rules.DecideByCompletion(workload.incomplete);
  const double decisions =
      static_cast<double>(workload.services.size() * workload.incomplete.size());
  const size_t differences = Differences(workload.expected_kleene, completed.letters);
  std::printf(
      "%-44s %6zu turned definite, %zu of them refuted by trying all completions, %zu other "
      "mismatches  %8.4f us per decision\n",
      "completion: few missing facts", completed.turned, completed.refuted,
      differences - completed.turned, (ThreadMicros() - start) / decisions);
  return completed.refuted + differences - completed.turned;
}

// The same services as decision models. A table with a last rule for everyone else turns null into
// false, as the standard has it, so its answers with nulls are compared without telling the two
// apart.
size_t ReportModels(const std::filesystem::path& folder, const Workload& workload) {
  size_t wrong = 0;
  for (const char* file : {"services_literal.dmn", "services_tables.dmn"}) {
    if (!std::filesystem::exists(folder / file)) continue;
    const ModelRules model(folder / file, workload);
    const bool tables = std::string(file) == "services_tables.dmn";
    for (const Missing missing : {Missing::kNull, Missing::kUnknown}) {
      const double start = ThreadMicros();
      std::vector<std::string> answers = model.Decide(workload.incomplete, missing);
      const double micros =
          (ThreadMicros() - start) /
          static_cast<double>(workload.services.size() * workload.incomplete.size());
      std::vector<std::string> expected =
          missing == Missing::kNull ? workload.expected_feel : workload.expected_kleene;
      if (tables && missing == Missing::kNull) {
        for (std::string& each : expected) std::ranges::replace(each, 'U', 'F');
      }
      const std::string mode =
          std::string(file) + (missing == Missing::kNull ? ", feel" : ", kleene");
      wrong += Report(mode.c_str(), expected, answers, micros);
    }
  }
  return wrong;
}

int Run(const std::filesystem::path& folder) {
  const Workload workload = ReadWorkload(folder);
  const size_t decisions = workload.services.size() * workload.complete.size();
  Rules rules(workload);
  ByHand by_hand(workload);
  by_hand.Load(workload.complete);
  size_t wrong = 0;
  std::vector<std::string> answers;

  double hand = MicrosPerDecision(decisions, [&] { answers = by_hand.Decide(); });
  wrong += Report("by hand, all facts", workload.expected, answers, hand);
  double micros = MicrosPerDecision(
      decisions, [&] { answers = rules.Decide(workload.complete, Missing::kUnknown); });
  wrong += Report("rules, all facts", workload.expected, answers, micros);
  std::printf("%-44s %29.1f x by hand\n", "", micros / hand);
  micros =
      MicrosPerDecision(decisions, [&] { answers = rules.DecideExplained(workload.complete); });
  wrong +=
      Report("rules, all facts, every criterion explained", workload.expected, answers, micros);

  micros = MicrosPerDecision(decisions,
                             [&] { answers = rules.Decide(workload.incomplete, Missing::kNull); });
  wrong += Report("feel: a missing fact is null", workload.expected_feel, answers, micros);
  micros = MicrosPerDecision(
      decisions, [&] { answers = rules.Decide(workload.incomplete, Missing::kUnknown); });
  wrong += Report("kleene: a missing fact is unknown", workload.expected_kleene, answers, micros);
  wrong += ReportCompletion(workload, rules);
  wrong += ReportModels(folder, workload);
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace kstati::bench

int main(int argc, char** argv) {
  const char* acceptance = std::getenv("KSTATI_ACCEPTANCE_DIR");
  std::filesystem::path folder;
  if (acceptance != nullptr) folder = std::filesystem::path(acceptance) / "services60";
  if (argc > 1) folder = argv[1];
  if (!std::filesystem::exists(folder / "services.json")) {
    std::puts("skipped: the folder of the workload is not there");
    return 77;
  }
  return kstati::bench::Run(folder);
}
