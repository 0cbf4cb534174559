// SPDX-License-Identifier: Apache-2.0
// How many questions people are asked until every service is decided:
//   questions_govuk [FOLDER] [--people N]
// FOLDER holds rules and people in the neutral form (facts.json, services.json, persons.jsonl,
// expected.jsonl); without it "govuk" of $KSTATI_ACCEPTANCE_DIR. Nothing is known at the start. A
// fact that is asked only of some people (`asked_if`) is not applicable to the others.
//
// The planner is set against the order of facts.json, which is that of the site: once as it is, and
// once leaving out every question that can no longer change a decision. Every decision is compared
// with the expected one. Exit code 77 when the folder is not there, 1 when a decision differs.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <set>

#include "eligibility/questions/exploration.h"
#include "eligibility/questions/planner.h"
#include "tests/conformance/neutral_catalogue.h"
#include "tests/conformance/neutral_completions.h"

namespace kstati::bench {
namespace {

using eligibility::feel::Value;
using eligibility::questions::Diagram;
using eligibility::questions::Exploration;
using eligibility::questions::Given;
using eligibility::questions::Plan;
using eligibility::questions::Planner;
using eligibility::questions::Question;
using eligibility::questions::QuestionIndex;
using eligibility::questions::Standing;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kEvaluationsPerService = 4'000'000;
constexpr eligibility::questions::Outcome kUnseen = 2;

// Asked only of people to whose earlier answer it applies.
struct Condition {
  QuestionIndex fact = 0;
  Value value;
};

struct Site {
  neutral::Catalogue catalogue;
  std::vector<neutral::Person> people;
  std::vector<std::vector<Value>> answers;  // by fact; that it does not apply is none of them
  std::vector<std::map<std::string, uint32_t>> answer_of;  // by fact and KeyOf, into `answers`
  std::vector<std::optional<Condition>> asked_if;
  std::vector<Question> questions;
};

std::optional<Condition> ConditionOf(const nlohmann::json& fact, const neutral::Facts& facts) {
  const nlohmann::json asked_if = fact.value("asked_if", nlohmann::json());
  if (asked_if.is_null()) return std::nullopt;
  const auto on = facts.Find(asked_if["fact"].get<std::string>());
  if (!on || asked_if["op"] != "=") std::abort();  // no other form is known
  return Condition{*on, Value::String(asked_if["value"].get<std::string>())};
}

// Tells values of one fact apart; the order within a set does not matter.
std::string KeyOf(const Value& value) {
  if (!value.is(eligibility::feel::Kind::kList)) return ToSource(value);
  std::vector<std::string> codes;
  for (const Value& code : value.list()) codes.push_back(code.string());
  std::ranges::sort(codes);
  std::string key;
  for (const std::string& code : codes) key += code + "\n";
  return key;
}

bool Same(const Value& a, const Value& b) { return ToSource(a) == ToSource(b); }

Result<Site> ReadSite(const std::filesystem::path& folder) {
  Site site;
  KSTATI_TRY(site.catalogue, neutral::ReadCatalogue(folder));
  KSTATI_TRY(site.people, neutral::ReadPersons(folder, site.catalogue));
  for (const neutral::Domain& domain : neutral::DomainsOf(site.catalogue, {})) {
    site.answers.emplace_back(domain.values.begin() + 1, domain.values.end());  // without null
    std::map<std::string, uint32_t>& answer_of = site.answer_of.emplace_back();
    for (const Value& answer : site.answers.back()) {
      answer_of.emplace(KeyOf(answer), static_cast<uint32_t>(answer_of.size()));
    }
  }
  std::ifstream file(folder / "facts.json");
  const nlohmann::json facts = nlohmann::json::parse(file);
  for (const nlohmann::json& fact : facts["facts"]) {
    site.asked_if.push_back(ConditionOf(fact, site.catalogue.facts));
    const auto& condition = site.asked_if.back();
    Question question{std::vector<double>(site.answers[site.questions.size()].size(), 1)};
    // A fact and what is asked because of it are one topic.
    question.topic = condition ? site.questions[condition->fact].topic
                               : static_cast<QuestionIndex>(site.questions.size());
    if (condition) question.after = condition->fact;
    site.questions.push_back(std::move(question));
  }
  return site;
}

using Codes = std::set<std::string>;

// The sets of codes that a rule tests the fact for.
void CollectTests(const nlohmann::json& rule, const std::string& fact, std::set<Codes>& tests) {
  for (const char* key : {"all", "any"}) {
    for (const auto& part : rule.value(key, nlohmann::json::array())) {
      CollectTests(part, fact, tests);
    }
  }
  if (rule.contains("not")) CollectTests(rule["not"], fact, tests);
  if (rule.value("fact", "") == fact) tests.insert(rule["value"].get<Codes>());
}

// Sets of codes have up to 2^9 values; rules tell few of them apart. Those that no test tells apart
// become one answer, as likely as all of them together.
void MergeSets(Site& site, QuestionIndex fact) {
  std::set<Codes> tests;
  for (const neutral::Service& service : site.catalogue.services) {
    CollectTests(service.rule, site.catalogue.facts.all()[fact].name, tests);
  }
  std::map<std::vector<bool>, uint32_t> kinds;
  std::vector<Value> merged;
  std::vector<double> weights;
  for (const Value& answer : site.answers[fact]) {
    std::vector<bool> kind;
    for (const Codes& test : tests) {
      kind.push_back(std::ranges::any_of(
          answer.list(), [&](const Value& code) { return test.contains(code.string()); }));
    }
    const auto [found, added] =
        kinds.try_emplace(std::move(kind), static_cast<uint32_t>(merged.size()));
    if (added) {
      merged.push_back(answer);
      weights.push_back(0);
    }
    weights[found->second] += 1;
    site.answer_of[fact][KeyOf(answer)] = found->second;
  }
  site.answers[fact] = std::move(merged);
  site.questions[fact].weights = std::move(weights);
}

// The facts as some answers leave them: unknown, or null once they cannot apply.
std::vector<Value> Known(const Site& site, std::span<const Given> given) {
  std::vector<Value> values;
  for (QuestionIndex fact = 0; fact < site.questions.size(); ++fact) {
    values.push_back(Value::Unknown(fact));
  }
  for (const Given& each : given) {
    values[each.question] = site.answers[each.question][each.answer];
  }
  for (QuestionIndex fact = 0; fact < site.questions.size(); ++fact) {
    const auto& condition = site.asked_if[fact];
    if (!condition || values[condition->fact].is_unknown()) continue;
    if (!Same(values[condition->fact], condition->value)) values[fact] = Value::Null();
  }
  return values;
}

Standing Judge(const Site& site, const neutral::Service& service, std::span<const Given> given) {
  neutral::KnownFacts known(Known(site, given));
  const Value value = Evaluate(service.expression, known);
  if (!value.is_unknown()) return {value.is_true() ? 1U : 0U};
  QuestionIndex fact = value.missing().front();
  while (site.asked_if[fact] && known.values[site.asked_if[fact]->fact].is_unknown()) {
    fact = site.asked_if[fact]->fact;
  }
  return {std::nullopt, fact};
}

std::vector<Diagram> Goals(const Site& site, Planner& planner) {
  std::vector<QuestionIndex> place_of;
  for (QuestionIndex fact = 0; fact < site.questions.size(); ++fact) place_of.push_back(fact);
  std::vector<Diagram> goals;
  for (const neutral::Service& service : site.catalogue.services) {
    uint64_t evaluations = kEvaluationsPerService;
    const Exploration exploration = eligibility::questions::Explore(
        [&](std::span<const Given> given) { return Judge(site, service, given); },
        [&](QuestionIndex fact) { return static_cast<uint32_t>(site.answers[fact].size()); },
        kUnseen, evaluations);
    if (!exploration.whole) std::abort();
    goals.push_back(ToDiagram(exploration, place_of, planner.diagrams()));
  }
  return goals;
}

// What one way of asking came to.
struct Count {
  std::string name;
  uint64_t sum = 0;
  uint64_t worst = 0;

  void Add(uint64_t questions) {
    sum += questions;
    worst = std::max(worst, questions);
  }
};

class Comparison {
 public:
  Comparison(const Site& site, Planner& planner, std::vector<Diagram> goals)
      : site_(site), planner_(planner), goals_(std::move(goals)) {}

  void Ask(const neutral::Person& person) {
    ++people_;
    answers_.clear();
    for (QuestionIndex fact = 0; fact < site_.questions.size(); ++fact) {
      answers_.push_back(person.given[fact] ? std::optional(AnswerOf(person, fact)) : std::nullopt);
    }
    planned_.Add(AskAsPlanned(person));
    site_order_.Add(static_cast<uint64_t>(std::ranges::count(person.given, true)));
    site_order_skipping_.Add(AskInOrder());
    fewest_.Add(SmallestCertificate());
  }

  int Report() const {
    for (const Count* count : {&planned_, &site_order_skipping_, &site_order_, &fewest_}) {
      const double mean = static_cast<double>(count->sum) / static_cast<double>(people_);
      const double of_site = static_cast<double>(count->sum) / static_cast<double>(site_order_.sum);
      std::printf("%-58s mean %6.3f, worst %2lu, %5.1f %% of the site's\n", count->name.c_str(),
                  mean, count->worst, 100 * of_site);
    }
    std::printf("%-58s %.2f ms mean, %.1f ms worst\n", "time for the next question",
                millis_ / static_cast<double>(planned_.sum + people_), worst_millis_);
    std::printf("%lu people, %zu services: %lu decisions differ from the expected ones\n", people_,
                goals_.size(), wrong_);
    return wrong_ == 0 ? 0 : 1;
  }

 private:
  uint32_t AnswerOf(const neutral::Person& person, QuestionIndex fact) const {
    return site_.answer_of[fact].at(KeyOf(person.values[fact]));
  }

  std::vector<Diagram> After(std::vector<Diagram> goals, QuestionIndex fact) {
    for (Diagram& goal : goals) goal = planner_.diagrams().Given(goal, fact, *answers_[fact]);
    return goals;
  }

  bool Matters(const std::vector<Diagram>& goals, QuestionIndex fact) const {
    return std::ranges::any_of(goals, [&](Diagram goal) {
      return std::ranges::binary_search(planner_.diagrams().QuestionsOf(goal), fact);
    });
  }

  bool AreSettled(const std::vector<Diagram>& goals) const {
    return std::ranges::all_of(goals,
                               [&](Diagram goal) { return planner_.diagrams().IsSettled(goal); });
  }

  uint64_t AskAsPlanned(const neutral::Person& person) {
    std::vector<Diagram> goals = goals_;
    std::optional<eligibility::questions::Topic> topic;
    for (uint64_t asked = 0;; ++asked) {
      const auto start = Clock::now();
      const Plan plan = planner_.PlanFor(goals, topic);
      const double millis = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
      millis_ += millis;
      worst_millis_ = std::max(worst_millis_, millis);
      if (!plan.next) {
        Compare(person, goals);
        return asked;
      }
      topic = site_.questions[*plan.next].topic;
      goals = After(std::move(goals), *plan.next);
    }
  }

  void Compare(const neutral::Person& person, const std::vector<Diagram>& goals) {
    for (size_t i = 0; i < goals.size(); ++i) {
      const bool expected = person.expected.contains(site_.catalogue.services[i].id);
      if (planner_.diagrams().OutcomeOf(goals[i]) != (expected ? 1U : 0U)) ++wrong_;
    }
  }

  uint64_t AskInOrder() {
    std::vector<Diagram> goals = goals_;
    uint64_t asked = 0;
    for (QuestionIndex fact = 0; fact < answers_.size(); ++fact) {
      if (!answers_[fact] || !Matters(goals, fact)) continue;
      goals = After(std::move(goals), fact);
      ++asked;
    }
    return asked;
  }

  // The fewest answers of this person from which every decision follows: whoever asks, in whatever
  // order and knowing whatever of other people, asks so many.
  uint64_t SmallestCertificate() {
    std::vector<QuestionIndex> optional;
    std::vector<Diagram> goals = goals_;
    uint64_t needed = 0;
    for (QuestionIndex fact = 0; fact < answers_.size(); ++fact) {
      if (!answers_[fact]) continue;
      std::vector<Diagram> others = goals_;
      for (QuestionIndex each = 0; each < answers_.size(); ++each) {
        if (each != fact && answers_[each]) others = After(std::move(others), each);
      }
      if (AreSettled(others)) {
        optional.push_back(fact);
        continue;
      }
      goals = After(std::move(goals), fact);
      ++needed;
    }
    uint64_t fewest = optional.size();
    for (uint32_t chosen = 0; chosen < (1U << optional.size()); ++chosen) {
      const auto size = static_cast<uint64_t>(std::popcount(chosen));
      if (size >= fewest) continue;
      std::vector<Diagram> left = goals;
      for (size_t i = 0; i < optional.size(); ++i) {
        if ((chosen >> i & 1U) != 0) left = After(std::move(left), optional[i]);
      }
      if (AreSettled(left)) fewest = size;
    }
    return needed + fewest;
  }

  const Site& site_;
  Planner& planner_;
  const std::vector<Diagram> goals_;
  std::vector<std::optional<uint32_t>> answers_;  // of one person, by fact
  Count planned_{"as planned"};
  Count site_order_{"the site's order"};
  Count site_order_skipping_{"the site's order without needless questions"};
  Count fewest_{"fewest answers that prove the decisions, known beforehand"};
  uint64_t people_ = 0;
  uint64_t wrong_ = 0;
  double millis_ = 0;
  double worst_millis_ = 0;
};

int Run(const std::filesystem::path& folder, size_t people) {
  Result<Site> site = ReadSite(folder);
  if (!site) {
    std::fprintf(stderr, "%s\n", site.error().ToString().c_str());
    return 1;
  }
  for (QuestionIndex fact = 0; fact < site->questions.size(); ++fact) {
    if (site->catalogue.facts.all()[fact].form == neutral::Fact::Form::kSet) MergeSets(*site, fact);
  }
  auto start = Clock::now();
  const auto millis = [&] {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  };
  Planner planner(site->questions);
  std::vector<Diagram> goals = Goals(*site, planner);
  std::printf("rules followed over all answers: %.0f ms\n", millis());
  start = Clock::now();
  const Plan plan = planner.PlanFor(goals);
  std::printf(
      "first plan: %.0f ms; expects %.4f when all answers are equally likely, %s %.4f; at "
      "most %u\n",
      millis(), plan.expected, plan.exact ? "the best" : "no plan expects fewer than",
      plan.at_least, plan.at_most);
  Comparison comparison(*site, planner, std::move(goals));
  for (size_t i = 0; i < std::min(people, site->people.size()); ++i) {
    comparison.Ask(site->people[i]);
  }
  return comparison.Report();
}

}  // namespace
}  // namespace kstati::bench

int main(int argc, char** argv) {
  const char* acceptance = std::getenv("KSTATI_ACCEPTANCE_DIR");
  std::filesystem::path folder;
  if (acceptance != nullptr) folder = std::filesystem::path(acceptance) / "govuk";
  size_t people = std::numeric_limits<size_t>::max();
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--people" && i + 1 < argc) {
      people = std::strtoul(argv[++i], nullptr, 10);
    } else {
      folder = argv[i];
    }
  }
  if (!std::filesystem::exists(folder / "services.json")) {
    std::puts("skipped: the folder of the rules is not there");
    return 77;
  }
  return kstati::bench::Run(folder, people);
}
