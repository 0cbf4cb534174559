// SPDX-License-Identifier: Apache-2.0
// How many decisions a second: all services of the catalogue for one citizen with a child, in
// thread CPU, median of rounds; and one service against the same criteria written by hand in C++.
// The ways take turns, so that the ratios hold on a noisy machine. The people are made up; every
// tenth attribute is unknown. All ways must come to the same verdicts.
//
//   decide_bench [--check] [CATALOGUE_FOLDER]      --check: only the verdicts; no figure means
//   anything
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/issue.h"
#include "decided_by_hand.h"
#include "eligibility/known_attributes.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

constexpr int kRounds = 31;
constexpr int kCitizensPerRound = 200;
constexpr int kRepetitionsByHand = 20;
constexpr int kUnknownEvery = 10;
constexpr CitizenId kMother{1};
constexpr CitizenId kChild{2};

double ThreadMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

profile::FactValue SomeValue(const profile::Attribute& attribute) {
  switch (attribute.type) {
    case profile::ValueType::kBoolean:
    case profile::ValueType::kDocument:
    case profile::ValueType::kEvent: return true;
    case profile::ValueType::kNumber: return Decimal(12);
    case profile::ValueType::kMoney:
    case profile::ValueType::kPayment: return *Decimal::Parse("20000.50");
    case profile::ValueType::kText: return std::string("77");
    case profile::ValueType::kCode:
      return attribute.codes.empty() ? std::string() : attribute.codes.back().code;
    case profile::ValueType::kDate: return Date::Of(1990, 5, 20);
  }
  return profile::NotApplicable{};
}

profile::History MakeHistory(const profile::Dictionary& dictionary, CitizenId citizen) {
  profile::History history;
  history.citizen = citizen;
  history.version = 1;
  int count = 0;
  for (const profile::Attribute& attribute : dictionary.attributes()) {
    if (!attribute.is_reported() || ++count % kUnknownEvery == 0) continue;
    if (citizen == kChild && attribute.role != "person" && attribute.role != "child") continue;
    profile::Fact fact;
    fact.attribute = attribute.id;
    fact.value = SomeValue(attribute);
    fact.valid.from = Date::Of(1990, 5, 20);
    fact.known_at = Instant{1'700'000'000'000'000};
    fact.reported_by = profile::EventKey{attribute.registry, EventId("e" + std::to_string(count))};
    if (citizen == kChild && attribute.id.text() == "person.birth_date") {
      fact.value = Date::Of(2025, 11, 3);
    }
    history.facts.push_back(std::move(fact));
  }
  profile::Relation relation;
  relation.from = kMother;
  relation.to = kChild;
  relation.valid.from = Date::Of(1990, 5, 20);
  history.relations.push_back(relation);
  return history;
}

// One way to come to decisions.
struct Way {
  const char* name;
  size_t decisions;  // that `work` makes
  std::function<void()> work;
  std::vector<double> rounds;  // microseconds per decision

  double Micros() const {
    std::vector<double> sorted = rounds;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

// Prints each way, and its time against that of the first.
void Compare(std::vector<Way> ways, int rounds, int repetitions) {
  for (int round = 0; round < rounds; ++round) {
    for (Way& way : ways) {
      const double start = ThreadMicros();
      for (int i = 0; i < repetitions; ++i) way.work();
      const auto decisions = static_cast<double>(way.decisions) * repetitions;
      way.rounds.push_back((ThreadMicros() - start) / decisions);
    }
  }
  for (const Way& way : ways) {
    std::printf("  %-42s %8.3f us %12.0f decisions/s   x %.2f\n", way.name, way.Micros(),
                1e6 / way.Micros(), way.Micros() / ways.front().Micros());
  }
}

// Stands for a use of the verdicts, so that no decision is left out by the compiler.
size_t verdicts_used = 0;

void Use(Verdict verdict) { verdicts_used += static_cast<size_t>(verdict); }

class Bench {
 public:
  Bench(const Program& program, bool check) : program_(program), check_(check) {}

  // Whether all ways agree.
  bool CompareCatalogue() const {
    const auto& services = program_.catalogue().services();
    profile::Household household;
    household.person =
        std::make_shared<profile::FactView>(MakeHistory(program_.dictionary(), kMother), as_of_);
    household.children.push_back(
        std::make_shared<profile::FactView>(MakeHistory(program_.dictionary(), kChild), as_of_));
    const Subject subject{&household, household.children.front(), Date::Of(2026, 3, 1)};
    const auto together = [&](bool explain) {
      Inquiry inquiry(program_, subject);
      for (const graph::Service& service : services) Use(inquiry.Decide(service, explain).verdict);
    };
    const auto apart = [&](bool explain) {
      for (const graph::Service& service : services) {
        Use(program_.Decide(service, subject, explain).verdict);
      }
    };
    std::printf("%zu services, a citizen of %zu facts:\n", services.size(),
                household.person->facts().size());
    const size_t count = services.size();
    Compare({{"one inquiry, verdicts", count, [&] { together(false); }, {}},
             {"one inquiry, explained", count, [&] { together(true); }, {}},
             {"one by one, verdicts", count, [&] { apart(false); }, {}},
             {"one by one, explained", count, [&] { apart(true); }, {}}},
            check_ ? 1 : kRounds, check_ ? 1 : kCitizensPerRound);
    Inquiry plain(program_, subject);
    Inquiry explained(program_, subject);
    return std::ranges::all_of(services, [&](const graph::Service& service) {
      const Verdict verdict = plain.Decide(service, false).verdict;
      return verdict == explained.Decide(service, true).verdict &&
             verdict == program_.Decide(service, subject, false).verdict &&
             verdict == program_.Decide(service, subject, true).verdict;
    });
  }

  // The same for the service that is written by hand.
  bool CompareByHand() const {
    const graph::Service* service =
        program_.catalogue().FindService(ServiceId(std::string(kByHandService)));
    const graph::Parameter* minimum =
        program_.catalogue().FindParameter(ParameterId("pm_per_capita"));
    if (service == nullptr || minimum == nullptr) return false;
    const std::vector<profile::Household> people = PeopleOfEveryKind(as_of_);
    std::vector<Subject> subjects;
    for (const profile::Household& household : people) {
      subjects.push_back({&household, household.children.front(), std::nullopt});
    }
    std::printf("%s, %zu kinds of people:\n", service->id.text().c_str(), people.size());
    const auto by_hand = [&] {
      for (const Subject& subject : subjects) Use(DecideByHand(subject, *minimum));
    };
    const auto compiled = [&] {
      for (const Subject& subject : subjects) {
        Use(program_.Decide(*service, subject, false).verdict);
      }
    };
    Compare({{"by hand in C++, without reasons", people.size(), by_hand, {}},
             {"compiled from the catalogue", people.size(), compiled, {}}},
            check_ ? 1 : kRounds, check_ ? 1 : kRepetitionsByHand);
    return std::ranges::all_of(subjects, [&](const Subject& subject) {
      return DecideByHand(subject, *minimum) == program_.Decide(*service, subject, false).verdict;
    });
  }

 private:
  const Program& program_;
  const bool check_;
  const profile::AsOf as_of_{Date::Of(2026, 3, 15), Instant{1'800'000'000'000'000}};
};

int Run(const std::string& folder, bool check) {
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::Catalogue catalogue =
      graph::LoadCatalogue(folder, KnownAttributesOf(dictionary), issues);
  const Program program(catalogue, dictionary, issues);
  if (catalogue.services().empty()) {
    std::fprintf(stderr, "no services in %s\n", folder.c_str());
    return 4;
  }
  const Bench bench(program, check);
  const bool catalogue_agrees = bench.CompareCatalogue();
  const bool by_hand_agrees = bench.CompareByHand();
  if (!catalogue_agrees) std::fprintf(stderr, "together, apart and explained disagree\n");
  if (!by_hand_agrees) std::fprintf(stderr, "the compiled criteria and those by hand disagree\n");
  return catalogue_agrees && by_hand_agrees ? 0 : 1;
}

}  // namespace
}  // namespace kstati::eligibility

int main(int count, char** words) {
  bool check = false;
  std::string folder = KSTATI_DATA "/catalogue";
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--check") {
      check = true;
    } else {
      folder = word;
    }
  }
  return kstati::eligibility::Run(folder, check);
}
