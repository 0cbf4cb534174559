// SPDX-License-Identifier: Apache-2.0
// Runs a folder of rules in a neutral form (facts.json, services.json, persons.jsonl,
// expected.jsonl) through the FEEL compiler:
//   neutral_rules [FOLDER] [--feel]
// Without a folder "govuk" of $KSTATI_ACCEPTANCE_DIR is taken. --feel prints the translated rules.
//
// Every person with every service is one check of each pass:
// 1. An absent fact is not applicable (null): the answer is the expected one.
// 2. An absent fact is unknown: a definite answer is the expected one and that of every completion
//    of the absent facts; an unknown answer names absent facts only.
// 3. As 2, with a part of the given facts hidden too.
// Failures are named; the last line is "N passed, M failed". Exit code 77 when the folder is not
// there.
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "tests/conformance/neutral_catalogue.h"
#include "tests/conformance/neutral_completions.h"

namespace kstati::neutral {
namespace {

using eligibility::feel::Kind;
using eligibility::feel::Value;

// Completions evaluated per check; when there are more, so many are drawn. Hiding facts makes more
// of them for more people, so fewer each.
constexpr uint64_t kMostCompletions = 65536;
constexpr uint64_t kMostCompletionsHiding = 1024;
// Completions evaluated per pass: a few seconds. Persons beyond are left out, and said to be.
constexpr uint64_t kMostEvaluations = 15'000'000;
constexpr uint64_t kMostFailuresShown = 100;
// One in so many given facts is hidden in pass 3, drawn with this seed.
constexpr uint64_t kOneHiddenIn = 4;
constexpr uint64_t kSeed = 20240702;

class Report {
 public:
  void Passed() { ++passed_; }
  void Failed(const Service& service, const Person& person, std::string_view expected,
              const std::string& got) {
    if (++failed_ > kMostFailuresShown) return;
    std::cout << "FAILED " << service.id << ", person " << person.id << ": expected " << expected
              << ", got " << got << '\n';
  }

  void Refused(const Error& error) {
    ++failed_;
    std::cout << "FAILED " << error.ToString() << '\n';
  }

  uint64_t passed() const { return passed_; }
  uint64_t failed() const { return failed_; }

 private:
  uint64_t passed_ = 0;
  uint64_t failed_ = 0;
};

// Pass 1.
void CheckNotApplicable(const Catalogue& catalogue, const std::vector<Person>& persons,
                        Report& report) {
  const uint64_t passed_before = report.passed();
  const uint64_t failed_before = report.failed();
  for (const Person& person : persons) {
    KnownFacts known(person.values);
    for (const Service& service : catalogue.services) {
      const bool expected = person.expected.contains(service.id);
      const Value answer = Evaluate(service.expression, known);
      if (answer.is(Kind::kBoolean) && answer.boolean() == expected) {
        report.Passed();
      } else {
        report.Failed(service, person, expected ? "true" : "false", ToSource(answer));
      }
    }
  }
  std::cout << "absent facts not applicable: " << persons.size() << " persons x "
            << catalogue.services.size() << " services: " << report.passed() - passed_before
            << " passed, " << report.failed() - failed_before << " failed\n";
}

// What a pass over unknown facts came to, in checks.
struct Tally {
  uint64_t definite = 0;
  uint64_t definite_sampled = 0;  // of these: not every completion was evaluated
  uint64_t unknown = 0;
  uint64_t unknown_settled = 0;   // of these: all completions agree
  uint64_t unknown_agreeing = 0;  // of these: the sampled completions agree
  uint64_t persons = 0;
  uint64_t evaluated = 0;
};

// Passes 2 and 3. Persons who share the facts that a service reads share its answer.
class UnknownPass {
 public:
  UnknownPass(const Catalogue& catalogue, const std::vector<Domain>& domains, uint64_t most,
              Report& report)
      : catalogue_(catalogue),
        domains_(domains),
        most_(most),
        report_(report),
        seen_(catalogue.services.size()) {}

  // `missing`, by slot, holds at least the facts that are not given. False once the evaluations
  // are spent, without having checked the person.
  bool Check(const Person& person, const std::vector<bool>& missing) {
    if (tally_.evaluated >= kMostEvaluations) return false;
    std::vector<Value> values = person.values;
    std::vector<std::string> texts;
    for (uint32_t slot = 0; slot < values.size(); ++slot) {
      if (missing[slot]) values[slot] = Value::Unknown(slot);
      texts.push_back(ToSource(values[slot]));
    }
    ++tally_.persons;
    for (size_t i = 0; i < catalogue_.services.size(); ++i) {
      const Service& service = catalogue_.services[i];
      std::string key;
      for (const uint32_t slot : service.expression.slots()) key += texts[slot] + '\n';
      auto found = seen_[i].find(key);
      if (found == seen_[i].end()) {
        found = seen_[i].emplace(std::move(key), Decide(service, values, missing)).first;
      }
      Judge(service, person, found->second);
    }
    return true;
  }

  const Tally& tally() const { return tally_; }

 private:
  struct Verdict {
    Value answer;
    Outcomes outcomes;
    std::string problem;  // why it is wrong for anybody; empty: it is not
  };

  Verdict Decide(const Service& service, const std::vector<Value>& values,
                 const std::vector<bool>& missing) {
    KnownFacts known(values);
    Verdict verdict{Evaluate(service.expression, known), {}, {}};
    std::vector<uint32_t> absent;
    for (const uint32_t slot : service.expression.slots()) {
      if (missing[slot]) absent.push_back(slot);
    }
    verdict.outcomes = Complete(service.expression, absent, domains_, most_, known);
    tally_.evaluated += verdict.outcomes.evaluated;
    verdict.problem = ProblemOf(verdict.answer, verdict.outcomes, missing);
    return verdict;
  }

  static std::string ProblemOf(const Value& answer, const Outcomes& outcomes,
                               const std::vector<bool>& missing) {
    if (outcomes.any_other) return "true or false for every completion";
    if (answer.is_true() && outcomes.any_false) return "unknown, as a completion gives false";
    if (answer.is_false() && outcomes.any_true) return "unknown, as a completion gives true";
    if (answer.is(Kind::kBoolean)) return {};
    if (!answer.is_unknown()) return "true, false or unknown";
    for (const uint32_t slot : answer.missing()) {
      if (slot >= missing.size() || !missing[slot]) return "an unknown of absent facts only";
    }
    return {};
  }

  void Judge(const Service& service, const Person& person, const Verdict& verdict) {
    const Value& answer = verdict.answer;
    const Outcomes& outcomes = verdict.outcomes;
    const bool expected = person.expected.contains(service.id);
    if (!verdict.problem.empty()) {
      report_.Failed(service, person, verdict.problem, ToSource(answer));
    } else if (answer.is(Kind::kBoolean) && answer.boolean() != expected) {
      report_.Failed(service, person, expected ? "true" : "false", ToSource(answer));
    } else {
      report_.Passed();
    }
    if (answer.is_unknown()) {
      ++tally_.unknown;
      if (!outcomes.open()) ++(outcomes.proven ? tally_.unknown_settled : tally_.unknown_agreeing);
    } else {
      ++tally_.definite;
      if (!outcomes.proven) ++tally_.definite_sampled;
    }
  }

  const Catalogue& catalogue_;
  const std::vector<Domain>& domains_;
  const uint64_t most_;  // completions evaluated per check
  Report& report_;
  std::vector<std::map<std::string, Verdict>> seen_;  // by service; key: the facts it reads
  Tally tally_;
};

void Print(std::string_view title, const Tally& tally, size_t persons, uint64_t most) {
  std::cout << title << ": " << tally.persons << " of " << persons << " persons; "
            << tally.evaluated << " completions evaluated, at most " << most << " a check\n"
            << "  definite: " << tally.definite
            << ", held against every completion: " << tally.definite - tally.definite_sampled
            << ", against a sample: " << tally.definite_sampled << '\n'
            << "  unknown: " << tally.unknown
            << ", of them in truth definite: " << tally.unknown_settled
            << ", perhaps definite (a sample agrees): " << tally.unknown_agreeing << '\n';
}

void CheckUnknown(const Catalogue& catalogue, const std::vector<Person>& persons, Report& report) {
  const std::vector<Domain> domains = DomainsOf(catalogue, persons);
  for (const bool hiding : {false, true}) {
    const uint64_t most = hiding ? kMostCompletionsHiding : kMostCompletions;
    UnknownPass pass(catalogue, domains, most, report);
    std::mt19937_64 random(kSeed);
    for (const Person& person : persons) {
      std::vector<bool> missing = person.given;
      missing.flip();
      for (size_t slot = 0; hiding && slot < missing.size(); ++slot) {
        missing[slot] = missing[slot] || random() % kOneHiddenIn == 0;
      }
      if (!pass.Check(person, missing)) break;
    }
    Print(hiding ? "absent facts unknown, others hidden" : "absent facts unknown", pass.tally(),
          persons.size(), most);
  }
}

int Stop(const Error& error) {
  std::cout << error.ToString() << "\n0 passed, 1 failed\n";
  return 1;
}

int Run(const std::filesystem::path& folder, bool show_feel) {
  const auto catalogue = ReadCatalogue(folder);
  if (!catalogue) return Stop(catalogue.error());
  for (const Issue& issue : catalogue->warnings) std::cout << Render(issue, {}) << '\n';
  if (!catalogue->semantics.empty()) std::cout << "semantics: " << catalogue->semantics << '\n';
  Report report;
  for (const Error& error : catalogue->refused) report.Refused(error);
  if (show_feel) {
    for (const Service& service : catalogue->services) {
      std::cout << service.id << ": " << service.expression.text() << '\n';
    }
  }
  const auto persons = ReadPersons(folder, *catalogue);
  if (!persons) return Stop(persons.error());
  CheckNotApplicable(*catalogue, *persons, report);
  CheckUnknown(*catalogue, *persons, report);
  if (report.failed() > kMostFailuresShown) {
    std::cout << "failures not shown: " << report.failed() - kMostFailuresShown << '\n';
  }
  std::cout << report.passed() << " passed, " << report.failed() << " failed\n";
  return report.failed() == 0 && report.passed() > 0 ? 0 : 1;
}

int Main(const std::vector<std::string>& arguments) {
  bool show_feel = false;
  const char* acceptance = std::getenv("KSTATI_ACCEPTANCE_DIR");
  std::filesystem::path folder;
  if (acceptance != nullptr) folder = std::filesystem::path(acceptance) / "govuk";
  for (const std::string& argument : arguments) {
    if (argument == "--feel") {
      show_feel = true;
    } else {
      folder = argument;
    }
  }
  if (!std::filesystem::is_directory(folder)) {
    std::cout << "skipped: the folder of the rules is not there\n";
    return 77;
  }
  try {
    return Run(folder, show_feel);
  } catch (const nlohmann::json::exception& exception) {
    return Stop({ErrorCode::kInvalidArgument, exception.what(), folder.string(), {}});
  }
}

}  // namespace
}  // namespace kstati::neutral

int main(int argc, char** argv) {
  return kstati::neutral::Main(std::vector<std::string>(argv + 1, argv + argc));
}
