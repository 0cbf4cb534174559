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
