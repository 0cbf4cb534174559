// SPDX-License-Identifier: Apache-2.0
#include "sources/gatherer.h"

#include <algorithm>
#include <thread>

#include "sources/planner.h"

namespace kstati::sources {
namespace {

using Steady = std::chrono::steady_clock;

bool MayBeTriedAgain(const Error& error) { return error.code == ErrorCode::kUnavailable; }

std::chrono::seconds Since(Instant then, Instant now) {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::microseconds(now.micros - then.micros));
}

}  // namespace

struct Gatherer::Outcome {
  Result<Answer> answer = Answer();
  size_t attempts = 0;
};

Gatherer::Outcome Gatherer::Call(const FactSource& source, const Question& question,
                                 Steady::time_point until) const {
  Outcome outcome;
  for (auto pause = options_.first_pause;; pause *= 2) {
    ++outcome.attempts;
    outcome.answer = source.Ask(question, until);
    if (outcome.answer || !MayBeTriedAgain(outcome.answer.error())) return outcome;
    const bool no_time = Steady::now() + pause >= until;
    if (no_time || outcome.attempts >= static_cast<size_t>(options_.attempts_max)) return outcome;
    std::this_thread::sleep_for(pause);
  }
}

std::set<AttributeId> Gatherer::NotAskedLately(CitizenId citizen,
                                               const std::set<AttributeId>& missing) {
  std::set<AttributeId> open = missing;
  const Instant now = clock_.Now();
  const std::lock_guard lock(mutex_);
  for (const auto& source : sources_) {
    const SourceTerms& terms = source->terms();
    for (const AttributeId& attribute : missing) {
      const auto found = answered_.find({terms.name, citizen, attribute});
      if (found == answered_.end()) continue;
      if (Since(found->second, now) < terms.cache_life) {
        open.erase(attribute);
      } else {
        answered_.erase(found);
      }
    }
  }
  return open;
}

void Gatherer::Remember(const FactSource& source, const Question& question) {
  if (source.terms().cache_life.count() == 0) return;
  const Instant now = clock_.Now();
  const std::lock_guard lock(mutex_);
  for (const AttributeId& attribute : question.attributes) {
    answered_[{source.terms().name, question.citizen, attribute}] = now;
  }
}

profile::RegistryEvent Gatherer::EventOf(const SourceTerms& terms, const Question& question,
                                         const Answer& answer, Date today) {
  profile::RegistryEvent event;
  const std::lock_guard lock(mutex_);
  event.key = {terms.registry,
               EventId("answer-" + terms.name + "-" + question.citizen.ToString() + "-" +
                       std::to_string(clock_.Now().micros) + "-" + std::to_string(++numbered_))};
  event.type = EventTypeId(std::string(profile::kFactsOnly));
  event.subject = question.citizen;
  event.occurred_on = today;
  for (const AnsweredFact& fact : answer) {
    event.facts.push_back({question.citizen, fact.attribute, fact.value, fact.valid});
  }
  return event;
}

Gathered Gatherer::Gather(CitizenId citizen, const std::set<AttributeId>& missing, Date today) {
  Gathered gathered;
  gathered.unanswered = missing;
  std::vector<SourceTerms> terms;
  for (const auto& source : sources_) terms.push_back(source->terms());
  const CallPlan plan = PlanCalls(terms, NotAskedLately(citizen, missing), options_.limit);
  const Steady::time_point until = Steady::now() + options_.limit;
  std::vector<Question> questions;
  for (const PlannedCall& call : plan.calls) questions.push_back({citizen, call.attributes});
  std::vector<Outcome> outcomes(plan.calls.size());
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < plan.calls.size(); ++i) {
      threads.emplace_back(
          [&, i] { outcomes[i] = Call(*sources_[plan.calls[i].source], questions[i], until); });
    }
  }
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const FactSource& source = *sources_[plan.calls[i].source];
    gathered.calls += outcomes[i].attempts;
    if (!outcomes[i].answer) {
      gathered.failed.push_back({source.terms().name, outcomes[i].answer.error()});
      continue;
    }
    Remember(source, questions[i]);
    const Answer& answer = *outcomes[i].answer;
    for (const AnsweredFact& fact : answer) gathered.unanswered.erase(fact.attribute);
    if (answer.empty()) continue;
    gathered.events.push_back(EventOf(source.terms(), questions[i], answer, today));
  }
  return gathered;
}

}  // namespace kstati::sources
