// SPDX-License-Identifier: Apache-2.0
// How long a decision takes: all services of the catalogue for one citizen with a child, in
// microseconds of thread CPU per decision, median of rounds. The people are made up; every tenth
// attribute is unknown.
//
//   decide_bench [CATALOGUE_FOLDER]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/issue.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

constexpr int kRounds = 31;
constexpr int kCitizensPerRound = 200;
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
      return attribute.values.empty() ? std::string() : attribute.values.back();
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
    fact.reported_by = {attribute.registry, EventId("e" + std::to_string(count))};
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

// Median microseconds per decision of a function that makes `decisions` of them.
double MicrosPerDecision(size_t decisions, const std::function<void()>& work) {
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    const double start = ThreadMicros();
    for (int i = 0; i < kCitizensPerRound; ++i) work();
    const double total = static_cast<double>(decisions) * kCitizensPerRound;
    rounds.push_back((ThreadMicros() - start) / total);
  }
  std::ranges::nth_element(rounds, rounds.begin() + kRounds / 2);
  return rounds[kRounds / 2];
}

int Run(const std::string& folder) {
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::KnownAttributes known{
      [&](const AttributeId& id) { return dictionary.Find(id) != nullptr; },
      [&](std::string_view id) { return dictionary.NearestAttribute(id); },
      [&](std::string_view id) {
        return dictionary.FindRegistry(RegistryId(std::string(id))) != nullptr;
      }};
  const graph::Catalogue catalogue = graph::LoadCatalogue(folder, known, issues);
  const Program program(catalogue, dictionary, issues);
  const size_t services = catalogue.services().size();
  if (services == 0) {
    std::fprintf(stderr, "no services in %s\n", folder.c_str());
    return 4;
  }
  const profile::AsOf as_of{Date::Of(2026, 3, 15), Instant{1'800'000'000'000'000}};
  profile::Household household;
  household.person = std::make_shared<profile::FactView>(MakeHistory(dictionary, kMother), as_of);
  household.children.push_back(
      std::make_shared<profile::FactView>(MakeHistory(dictionary, kChild), as_of));
  const Subject subject{&household, household.children.front(), Date::Of(2026, 3, 1)};

  size_t counts[4] = {};
  const auto together = [&](bool explain) {
    Inquiry inquiry(program, subject);
    for (const graph::Service& service : catalogue.services()) {
      ++counts[static_cast<size_t>(inquiry.Decide(service, explain).verdict)];
    }
  };
  const auto apart = [&](bool explain) {
    for (const graph::Service& service : catalogue.services()) {
      ++counts[static_cast<size_t>(program.Decide(service, subject, explain).verdict)];
    }
  };
  together(false);
  std::printf("services %zu, facts %zu\n", services, household.person->facts().size());
  std::printf("eligible %zu, not eligible %zu, undetermined %zu, likely %zu\n", counts[0],
              counts[1], counts[2], counts[3]);
  std::printf("one inquiry, verdicts      %8.3f us per decision\n",
              MicrosPerDecision(services, [&] { together(false); }));
  std::printf("one inquiry, explained     %8.3f us per decision\n",
              MicrosPerDecision(services, [&] { together(true); }));
  std::printf("one by one, verdicts       %8.3f us per decision\n",
              MicrosPerDecision(services, [&] { apart(false); }));
  std::printf("one by one, explained      %8.3f us per decision\n",
              MicrosPerDecision(services, [&] { apart(true); }));
  return 0;
}

}  // namespace
}  // namespace kstati::eligibility

int main(int argc, char** argv) {
  return kstati::eligibility::Run(argc > 1 ? argv[1] : KSTATI_DATA "/catalogue");
}
