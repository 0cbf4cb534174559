// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/questions/exhaustive.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

namespace kstati::eligibility::questions {
namespace {

using Answers = std::vector<std::optional<AnswerIndex>>;

double Probability(const Question& question, AnswerIndex answer) {
  return question.weights[answer] /
         std::accumulate(question.weights.begin(), question.weights.end(), 0.0);
}

// The places of a table that the answers leave.
void Places(const Tables& tables, const Answers& answers, size_t question, size_t stride,
            size_t place, std::vector<size_t>& places) {
  if (question == answers.size()) {
    places.push_back(place);
    return;
  }
  const AnswerIndex count = tables.answer_count(static_cast<QuestionIndex>(question));
  for (AnswerIndex answer = 0; answer < count; ++answer) {
    if (answers[question] && *answers[question] != answer) continue;
    Places(tables, answers, question + 1, stride * count, place + answer * stride, places);
  }
}

bool AreSettled(const Tables& tables, const Answers& answers) {
  std::vector<size_t> places;
  Places(tables, answers, 0, 1, 0, places);
  return std::ranges::all_of(tables.goals, [&](const std::vector<Outcome>& goal) {
    return std::ranges::all_of(places,
                               [&](size_t place) { return goal[place] == goal[places.front()]; });
  });
}

double Fewest(const Tables& tables, Answers& answers) {
  if (AreSettled(tables, answers)) return 0;
  double fewest = static_cast<double>(answers.size());
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i]) continue;
    double expected = 1;
    for (AnswerIndex answer = 0; answer < tables.questions[i].weights.size(); ++answer) {
      answers[i] = answer;
      expected += Probability(tables.questions[i], answer) * Fewest(tables, answers);
    }
    answers[i].reset();
    fewest = std::min(fewest, expected);
  }
  return fewest;
}

}  // namespace

AnswerIndex Tables::answer_count(QuestionIndex question) const {
  return static_cast<AnswerIndex>(questions[question].weights.size());
}

size_t Tables::size() const {
  size_t size = 1;
  for (const Question& question : questions) size *= question.weights.size();
  return size;
}

double FewestByTryingAll(const Tables& tables) {
  Answers answers(tables.questions.size());
  return Fewest(tables, answers);
}

double FewestBySubcubes(const Tables& tables) {
  const size_t questions = tables.questions.size();
  std::map<std::vector<Outcome>, int32_t> joint;
  size_t cubes = 1;
  for (size_t i = 0; i < questions; ++i) cubes *= 3;
  std::vector<float> cost(cubes, 0);
  std::vector<int32_t> outcome(cubes, -1);  // -1: open
  // A cube's digit is 0 or 1 when answered and 2 when not, so what it is made of comes before it.
  for (size_t cube = 0; cube < cubes; ++cube) {
    size_t place = 0;
    bool full = true;
    bool settled = true;
    double fewest = static_cast<double>(questions);
    size_t rest = cube;
    size_t stride = 1;
    for (size_t i = 0; i < questions; ++i, rest /= 3, stride *= 3) {
      const size_t digit = rest % 3;
      if (digit < 2) {
        place += digit << i;
        continue;
      }
      full = false;
      const size_t no = cube - 2 * stride;
      const size_t yes = cube - stride;
      settled &= outcome[no] >= 0 && outcome[no] == outcome[yes];
      fewest = std::min(fewest, 1 + Probability(tables.questions[i], 0) * cost[no] +
                                    Probability(tables.questions[i], 1) * cost[yes]);
      if (settled) outcome[cube] = outcome[no];
    }
    if (full) {
      std::vector<Outcome> outcomes;
      for (const auto& goal : tables.goals) outcomes.push_back(goal[place]);
      outcome[cube] = joint.try_emplace(outcomes, joint.size()).first->second;
    } else if (!settled) {
      outcome[cube] = -1;
      cost[cube] = static_cast<float>(fewest);
    }
  }
  return cost.back();
}

Played PlayAll(Planner& planner, const Tables& tables, const std::vector<Diagram>& goals) {
  Played played;
  for (size_t place = 0; place < tables.size(); ++place) {
    std::vector<AnswerIndex> answers;
    double probability = 1;
    size_t rest = place;
    for (const Question& question : tables.questions) {
      answers.push_back(static_cast<AnswerIndex>(rest % question.weights.size()));
      probability *= Probability(question, answers.back());
      rest /= question.weights.size();
    }
    std::vector<Diagram> left = goals;
    std::optional<Topic> topic;
    uint32_t asked = 0;
    while (const auto next = planner.PlanFor(left, topic).next) {
      for (Diagram& goal : left) goal = planner.diagrams().Given(goal, *next, answers[*next]);
      topic = tables.questions[*next].topic;
      ++asked;
    }
    played.mean += probability * asked;
    played.most = std::max(played.most, asked);
  }
  return played;
}

std::vector<Diagram> MakeDiagrams(const Tables& tables, Diagrams& diagrams, bool from_last) {
  const size_t questions = tables.questions.size();
  std::vector<Diagram> made;
  for (const std::vector<Outcome>& goal : tables.goals) {
    std::vector<Diagram> layer;
    for (const Outcome outcome : goal) layer.push_back(diagrams.Settled(outcome));
    // Either way the question whose answers are next to each other in `layer` is chosen from.
    for (size_t i = 0; i < questions; ++i) {
      const auto question = static_cast<QuestionIndex>(from_last ? questions - 1 - i : i);
      const size_t count = tables.answer_count(question);
      const size_t rows = layer.size() / count;
      std::vector<Diagram> next;
      for (size_t row = 0; row < rows; ++row) {
        std::vector<Diagram> by_answer;
        for (size_t answer = 0; answer < count; ++answer) {
          by_answer.push_back(from_last ? layer[answer * rows + row] : layer[row * count + answer]);
        }
        next.push_back(diagrams.Chosen(question, by_answer));
      }
      layer = std::move(next);
    }
    made.push_back(layer.front());
  }
  return made;
}

}  // namespace kstati::eligibility::questions
