// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/questionnaire.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

#include "base/check.h"
#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/rulebook.h"
#include "eligibility/internal/ruling.h"
#include "eligibility/questions/answers.h"
#include "eligibility/questions/exploration.h"
#include "eligibility/questions/internal/answer_analysis.h"

namespace kstati::eligibility::questions {

// What a rule comes to; of several rules the largest one counts.
constexpr Outcome kHolds = 0;
constexpr Outcome kHoldsLikely = 1;  // only of whole services: conditions remain
constexpr Outcome kStaysOpen = 2;    // on what nobody may be asked, or the person does not know
constexpr Outcome kUnseen = 3;       // not evaluated, or on an answer that cannot be listed
constexpr Outcome kFails = 4;

// Something that could be asked, as it was met in a rule.
struct Unknown {
  CitizenId citizen;
  const profile::Attribute* attribute = nullptr;  // as the rule names it
  FactKey key;
  PossibleAnswers possible;

  // Those that can be listed, and one that stands for all others.
  AnswerIndex answer_count() const {
    return static_cast<AnswerIndex>(possible.answers.size() + (possible.exact ? 0 : 1));
  }
};

// Evaluates the rules of one subject on answers that are tried; gathers what could be asked.
class Rules {
 public:
  Rules(const Program& program, const Subject& subject, const Answered& answered,
        const QuestionLimits& limits)
      : book_(*program.book_),
        subject_(WithAnswers(subject, answered)),
        analysis_(program, subject_),
        answered_(answered),
        limits_(limits),
        evaluations_(limits.max_evaluations) {}

  const std::vector<Unknown>& unknowns() const { return unknowns_; }
  bool whole() const { return whole_; }

  // One function for each rule of the service, of questions that are indices into unknowns().
  // Where the regulation differs by category or region, one function of all of it.
  std::vector<const Exploration*> Of(const graph::Service& service,
                                     const graph::Regulation& regulation, Date today) {
    if (!regulation.variants.empty() || service.DependsOnRegion(today)) {
      return {&OfService(service)};
    }
    const auto plan = book_.plans.find(&regulation);
    KSTATI_CHECK(plan != book_.plans.end());  // the service is the program's own
    std::vector<const Exploration*> rules;
    for (const uint32_t rule : plan->second.rules) rules.push_back(&OfRule(rule, service.about));
    if (service.about != graph::About::kPerson && subject_.about == nullptr) {
      rules.push_back(&stays_open_);
    }
    return rules;
  }

 private:
  static Subject WithAnswers(Subject subject, const Answered& answered) {
    subject.assumed.insert(subject.assumed.end(), answered.known.begin(), answered.known.end());
    return subject;
  }

  const Exploration& OfRule(uint32_t rule, graph::About about) {
    if (rule == kNone) return stays_open_;
    const auto [found, added] = known_.try_emplace({rule, about});
    if (added) {
      found->second = Explored([this, rule, about = about](std::span<const Given> given) {
        return Judged(given,
                      [&](Evaluation& evaluation) { return Judged(rule, about, evaluation); });
      });
    }
    return found->second;
  }

  const Exploration& OfService(const graph::Service& service) {
    const auto [found, added] = known_services_.try_emplace(&service);
    if (added) {
      found->second = Explored([this, &service](std::span<const Given> given) {
        return Judged(given, [&](Evaluation& evaluation) { return Judged(service, evaluation); });
      });
    }
    return found->second;
  }

  Exploration Explored(const Judge& judge) {
    const AnswerCount count = [&](QuestionIndex question) {
      return unknowns_[question].answer_count();
    };
    const uint64_t kept = evaluations_ - std::min(evaluations_, limits_.max_evaluations_of_one);
    evaluations_ -= kept;
    Exploration explored = Explore(judge, count, kUnseen, evaluations_);
    evaluations_ += kept;
    whole_ &= explored.whole;
    return explored;
  }

  // What was judged, and what is open on when it has no outcome.
  struct Judgement {
    std::optional<Outcome> outcome;
    std::vector<Missing> missing;
  };

  Standing Judged(std::span<const Given> given,
                  const std::function<Judgement(Evaluation&)>& judge) {
    const auto is_listed = [&](const Given& each) {
      return each.answer < unknowns_[each.question].possible.answers.size();
    };
    if (!std::ranges::all_of(given, is_listed)) return {kUnseen};
    const size_t before = subject_.assumed.size();
    for (const Given& each : given) {
      const Unknown& unknown = unknowns_[each.question];
      subject_.assumed.push_back(
          {unknown.citizen, unknown.attribute->id, unknown.possible.answers[each.answer].value});
    }
    Evaluation evaluation(book_, subject_, false);
    subject_.assumed.resize(before);
    const Judgement judgement = judge(evaluation);
    if (judgement.outcome) return {*judgement.outcome};
    for (const Missing& missing : judgement.missing) {
      const auto question = QuestionAbout(missing);
      const auto asks = [&](const Given& each) { return each.question == *question; };
      if (question && std::ranges::none_of(given, asks)) return {std::nullopt, *question};
    }
    return {kStaysOpen};
  }

  Judgement Judged(uint32_t rule, graph::About about, Evaluation& evaluation) const {
    const RuleCell& cell = evaluation.RuleAt(FrameFor(about), rule);
    if (cell.truth != Truth::kUnknown) {
      return {cell.truth == Truth::kHolds ? kHolds : kFails, {}};
    }
    if (!cell.cell.value.is_unknown()) return {kStaysOpen, {}};  // cut short
    Judgement open;
    for (const feel::InputId input : cell.cell.value.missing()) {
      open.missing.push_back(evaluation.MissingAt(input, about));
    }
    return open;
  }

  Judgement Judged(const graph::Service& service, Evaluation& evaluation) const {
    const Ruling ruling = RuleOn(service, book_, evaluation);
    switch (ruling.verdict) {
      case Verdict::kEligible: return {kHolds, {}};
      case Verdict::kLikely: return {kHoldsLikely, {}};
      case Verdict::kNotEligible: return {kFails, {}};
      case Verdict::kUndetermined: break;
    }
    Judgement open;
    for (const feel::InputId input : ruling.missing) {
      open.missing.push_back(evaluation.MissingAt(input, service.about));
    }
    return open;
  }

  // nullopt when it may not be asked, or the person does not know.
  std::optional<QuestionIndex> QuestionAbout(const Missing& missing) {
    const profile::Attribute* attribute = book_.dictionary.Find(missing.attribute);
    if (attribute == nullptr || !MayBeAsked(*attribute, book_.dictionary)) return std::nullopt;
    FactKey key{missing.citizen, attribute->index};
    if (missing.citizen != CitizenId()) key.second = RecordedOf(*attribute, book_.dictionary).index;
    if (answered_.not_known.contains(key)) return std::nullopt;
    const auto found = std::ranges::find(unknowns_, key, &Unknown::key);
    if (found == unknowns_.end()) {
      unknowns_.push_back({missing.citizen, attribute, key,
                           analysis_.Of(RecordedOf(*attribute, book_.dictionary))});
      return static_cast<QuestionIndex>(unknowns_.size() - 1);
    }
    return static_cast<QuestionIndex>(found - unknowns_.begin());
  }

  const Rulebook& book_;
  Subject subject_;
  const AnswerAnalysis analysis_;
  const Answered& answered_;
  const QuestionLimits& limits_;
  uint64_t evaluations_;
  bool whole_ = true;
  std::vector<Unknown> unknowns_;
  std::map<std::pair<uint32_t, graph::About>, Exploration> known_;
  std::map<const graph::Service*, Exploration> known_services_;
  const Exploration stays_open_{{kStaysOpen}};
};

namespace {

// What one service comes to, as far as rules say.
struct Goal {
  const graph::Service* service = nullptr;
  const graph::Regulation* regulation = nullptr;
  std::vector<const Exploration*> rules;
  Diagram diagram = 0;
};

// Questions in the order of a person's thoughts: about the applicant first, then about each
// relative; within a person by the dictionary, which stands by topics.
class Order {
 public:
  Order(const std::vector<Unknown>& unknowns, CitizenId applicant)
      : unknowns_(unknowns), by_place_(unknowns.size()), place_of_(unknowns.size()) {
    std::iota(by_place_.begin(), by_place_.end(), 0);
    std::ranges::sort(by_place_, {}, [&](QuestionIndex question) {
      const FactKey& key = unknowns[question].key;
      return std::tuple(key.first != applicant, key.first, key.second);
    });
    for (QuestionIndex place = 0; place < by_place_.size(); ++place) {
      place_of_[by_place_[place]] = place;
    }
  }

  const Unknown& At(QuestionIndex place) const { return unknowns_[by_place_[place]]; }
  std::span<const QuestionIndex> place_of() const { return place_of_; }

  // Topics are the categories of data, of each person.
  std::vector<Question> Questions() {
    std::vector<Question> questions;
    for (const QuestionIndex index : by_place_) {
      const Unknown& unknown = unknowns_[index];
      questions.push_back({std::vector<double>(unknown.answer_count(), 1),
                           TopicOf(unknown.citizen, unknown.attribute->category)});
    }
    return questions;
  }
  Topic TopicOf(CitizenId citizen, const std::string& category) {
    const auto next = static_cast<Topic>(topics_.size());
    return topics_.try_emplace({citizen, category}, next).first->second;
  }

 private:
  const std::vector<Unknown>& unknowns_;
  std::vector<QuestionIndex> by_place_;
  std::vector<QuestionIndex> place_of_;
  std::map<std::pair<CitizenId, std::string>, Topic> topics_;
};

Verdict VerdictOf(const Goal& goal, Outcome outcome) {
  if (goal.regulation == nullptr || outcome == kFails) return Verdict::kNotEligible;
  if (outcome == kStaysOpen) return Verdict::kUndetermined;
  if (outcome == kHoldsLikely) return Verdict::kLikely;
  return goal.regulation->conditions.empty() ? Verdict::kEligible : Verdict::kLikely;
}

std::vector<Goal> GoalsOf(std::span<const graph::Service* const> services, Rules& rules,
                          Date today) {
  std::vector<Goal> goals;
  for (const graph::Service* service : services) {
    Goal& goal = goals.emplace_back();
    goal.service = service;
    goal.regulation = service->RegulationOn(today);
    if (goal.regulation != nullptr) goal.rules = rules.Of(*service, *goal.regulation, today);
  }
  return goals;
}

Diagram FunctionOf(const Goal& goal, const Order& order, Diagrams& diagrams) {
  Diagram function = diagrams.Settled(kHolds);
  for (const Exploration* rule : goal.rules) {
    function = diagrams.Larger(function, ToDiagram(*rule, order.place_of(), diagrams));
  }
  return function;
}

Asked AskedOf(const Unknown& unknown, QuestionIndex place, const std::vector<Goal>& goals,
              const Diagrams& diagrams) {
  Asked asked{unknown.citizen, unknown.attribute, unknown.possible.answers, {}};
  for (const Goal& goal : goals) {
    const auto questions = diagrams.QuestionsOf(goal.diagram);
    if (std::ranges::binary_search(questions, place)) asked.decides.push_back(goal.service);
  }
  return asked;
}

// A question that the goal's rules wait for, of a goal that could not be followed far enough.
std::optional<Asked> AskedUnseen(const Goal& goal, const std::vector<Unknown>& unknowns) {
  for (const Exploration* rule : goal.rules) {
    if (rule->root.outcome) continue;
    const Unknown& unknown = unknowns[rule->root.question];
    return Asked{unknown.citizen, unknown.attribute, unknown.possible.answers, {goal.service}};
  }
  return std::nullopt;
}

}  // namespace

Result<NextQuestion> NextQuestionOf(const Program& program, const Subject& subject,
                                    std::span<const graph::Service* const> services,
                                    std::span<const Answer> answers, const QuestionLimits& limits) {
  const profile::FactView& person = *subject.household->person;
  const profile::Dictionary& dictionary = program.dictionary();
  KSTATI_TRY(const Answered answered, Check(answers, subject, dictionary, limits.max_answers));
  Rules rules(program, subject, answered, limits);
  std::vector<Goal> goals = GoalsOf(services, rules, subject.day());
  Order order(rules.unknowns(), person.citizen());
  Planner planner(order.Questions(), limits.planner);
  NextQuestion next;
  std::vector<Diagram> functions;
  for (Goal& goal : goals) {
    goal.diagram = FunctionOf(goal, order, planner.diagrams());
    functions.push_back(goal.diagram);
    const bool settled = planner.diagrams().IsSettled(goal.diagram);
    const Outcome outcome = settled ? planner.diagrams().OutcomeOf(goal.diagram) : kUnseen;
    if (outcome != kUnseen) {
      next.settled.push_back({goal.service, VerdictOf(goal, outcome)});
      continue;
    }
    next.open.push_back(goal.service);
    if (settled && !next.asked) next.asked = AskedUnseen(goal, rules.unknowns());
  }
  std::optional<Topic> topic;
  if (answered.last) {
    topic = order.TopicOf(answered.last->first, dictionary.at(answered.last->second).category);
  }
  const Plan plan = planner.PlanFor(functions, topic);
  next.expected = plan.expected;
  next.at_least = plan.at_least;
  next.at_most = plan.at_most;
  next.exact = plan.exact;
  if (plan.next) {
    next.asked = AskedOf(order.At(*plan.next), *plan.next, goals, planner.diagrams());
  }
  const bool told_apart = std::ranges::all_of(
      rules.unknowns(), [](const Unknown& unknown) { return unknown.possible.exact; });
  if (next.asked && !(rules.whole() && told_apart)) {  // what was not seen may change the numbers
    next.exact = false;
    next.at_least = 1;
    next.expected = std::max(next.expected, 1.0);
    next.at_most = std::max(next.at_most, 1U);
  }
  return next;
}

}  // namespace kstati::eligibility::questions
