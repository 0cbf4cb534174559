// SPDX-License-Identifier: Apache-2.0
#include "sources/gatherer.h"

#include <algorithm>
#include <thread>

namespace kstati::sources {
namespace {

constexpr size_t kRememberedMax = 1'000'000;  // answers, of some 200 bytes each

bool MayBeTriedAgain(const Error& error) { return error.code == ErrorCode::kUnavailable; }

// Whether others would fare no better than the person who was asked about.
bool IsOfTheSource(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDenied;
}

std::chrono::seconds Since(Instant then, Instant now) {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::microseconds(now.micros - then.micros));
}

}  // namespace

Gatherer::Outcome Gatherer::Call(const FactSource& source, const Question& question,
                                 const Before& before, Steady::time_point until) const {
  Outcome outcome;
  for (auto pause = options_.first_pause;; pause *= 2) {
    const Result<void> may = before ? before(source.terms(), question) : Result<void>();
    if (!may) return {tl::unexpected(may.error()), outcome.attempts, true};
    ++outcome.attempts;
    outcome.answer = source.Ask(question, until);
    if (outcome.answer || !MayBeTriedAgain(outcome.answer.error())) return outcome;
    const bool no_time = Steady::now() + pause >= until;
    if (no_time || outcome.attempts >= static_cast<size_t>(options_.attempts_max)) return outcome;
    std::this_thread::sleep_for(pause);
  }
}

std::set<AttributeId> Gatherer::NotAskedLately(CitizenId citizen,
                                               const std::set<AttributeId>& missing) const {
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

void Gatherer::Keep(const Reply& reply) {
  const auto source = std::ranges::find(sources_, reply.source,
                                        [](const auto& each) { return each->terms().name; });
  if (source == sources_.end() || (*source)->terms().cache_life.count() == 0) return;
  const Instant now = clock_.Now();
  const std::lock_guard lock(mutex_);
  // What is forgotten is asked again, which costs a call.
  if (answered_.size() >= kRememberedMax) answered_.clear();
  for (const AttributeId& attribute : reply.question.attributes) {
    answered_[{reply.source, reply.question.citizen, attribute}] = now;
  }
}

std::vector<Rest> Gatherer::Resting() const {
  std::vector<Rest> resting;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, pause] : resting_) {
    if (Steady::now() < pause.until) resting.push_back({name, pause.error});
  }
  return resting;
}

void Gatherer::PutToRest(const SourceTerms& terms, const Error& error) {
  const std::lock_guard lock(mutex_);
  resting_[terms.name] = {Steady::now() + options_.rest, error};
}

void Gatherer::Remember(const SourceTerms& terms, const Question& question, const Error& error) {
  if (IsOfTheSource(error)) return PutToRest(terms, error);
  const std::lock_guard lock(mutex_);
  if (failed_.size() >= kRememberedMax) failed_.clear();
  for (const AttributeId& attribute : question.attributes) {
    failed_[{terms.name, question.citizen, attribute}] = {Steady::now() + options_.rest, error};
  }
}

std::map<AttributeId, Error> Gatherer::FailedLately(const std::string& source,
                                                    CitizenId citizen) const {
  std::map<AttributeId, Error> failed;
  const std::lock_guard lock(mutex_);
  auto each = failed_.lower_bound({source, citizen, AttributeId()});
  while (each != failed_.end()) {
    const auto& [asked, of, attribute] = each->first;
    if (asked != source || of != citizen) break;
    const bool over = Steady::now() >= each->second.until;
    if (!over) failed.emplace(attribute, each->second.error);
    each = over ? failed_.erase(each) : std::next(each);
  }
  return failed;
}

std::vector<SourceTerms> Gatherer::AwakeTerms(CitizenId citizen,
                                              std::vector<size_t>& indexes) const {
  const std::vector<Rest> resting = Resting();
  std::vector<SourceTerms> terms;
  for (size_t i = 0; i < sources_.size(); ++i) {
    const SourceTerms& each = sources_[i]->terms();
    if (std::ranges::find(resting, each.name, &Rest::source) != resting.end()) continue;
    terms.push_back(each);
    const auto failed = FailedLately(each.name, citizen);
    std::erase_if(terms.back().attributes,
                  [&](const AttributeId& attribute) { return failed.contains(attribute); });
    indexes.push_back(i);
  }
  return terms;
}

CallPlan Gatherer::Plan(CitizenId citizen, const std::set<AttributeId>& missing) const {
  std::vector<size_t> indexes;
  const std::vector<SourceTerms> terms = AwakeTerms(citizen, indexes);
  CallPlan plan = PlanCalls(terms, NotAskedLately(citizen, missing), options_.limit);
  for (PlannedCall& call : plan.calls) call.source = indexes[call.source];
  return plan;
}

std::vector<Gatherer::Outcome> Gatherer::CallAll(const CallPlan& plan,
                                                 const std::vector<Question>& questions,
                                                 const Before& before,
                                                 Steady::time_point until) const {
  std::vector<Outcome> outcomes(plan.calls.size());
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < plan.calls.size(); ++i) {
    threads.emplace_back([&, i] {
      outcomes[i] = Call(*sources_[plan.calls[i].source], questions[i], before, until);
    });
  }
  for (std::jthread& thread : threads) thread.join();
  return outcomes;
}

bool Gatherer::Round(CitizenId citizen, const CallPlan& plan, const Before& before,
                     Steady::time_point until, std::set<AttributeId>& open, Gathered& gathered) {
  std::vector<Question> questions;
  for (const PlannedCall& call : plan.calls) questions.push_back({citizen, call.attributes});
  std::vector<Outcome> outcomes = CallAll(plan, questions, before, until);
  bool failed = false;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const SourceTerms& terms = sources_[plan.calls[i].source]->terms();
    gathered.calls += outcomes[i].attempts;
    if (outcomes[i].answer) {
      for (const AttributeId& attribute : questions[i].attributes) open.erase(attribute);
      for (const AnsweredFact& fact : *outcomes[i].answer) {
        gathered.unanswered.erase(fact.attribute);
      }
      gathered.replies.push_back(
          {terms.name, terms.registry, questions[i], *std::move(outcomes[i].answer)});
      continue;
    }
    const Error& error = outcomes[i].answer.error();
    if (!outcomes[i].withheld) Remember(terms, questions[i], error);
    gathered.failed.push_back({terms.name, terms.registry, questions[i], error,
                               outcomes[i].attempts, outcomes[i].withheld});
    failed = true;
  }
  return failed;
}

std::vector<FailedCall> Gatherer::NotAsked(CitizenId citizen,
                                           const std::set<AttributeId>& missing) const {
  std::vector<FailedCall> not_asked;
  const std::vector<Rest> resting = Resting();
  for (const auto& source : sources_) {
    const SourceTerms& terms = source->terms();
    std::map<AttributeId, Error> errors = FailedLately(terms.name, citizen);
    const auto rest = std::ranges::find(resting, terms.name, &Rest::source);
    if (rest != resting.end()) {
      for (const AttributeId& each : terms.attributes) errors.insert_or_assign(each, rest->error);
    }
    std::erase_if(errors, [&](const auto& each) { return !missing.contains(each.first); });
    if (errors.empty()) continue;
    FailedCall silent{terms.name, terms.registry, {citizen, {}}, errors.begin()->second, 0};
    for (const auto& [attribute, error] : errors) silent.question.attributes.push_back(attribute);
    not_asked.push_back(std::move(silent));
  }
  return not_asked;
}

Gathered Gatherer::Gather(CitizenId citizen, const std::set<AttributeId>& missing,
                          const Before& before) {
  Gathered gathered;
  gathered.unanswered = missing;
  std::set<AttributeId> open = NotAskedLately(citizen, missing);
  const Steady::time_point until = Steady::now() + options_.limit;
  // Whoever failed is not asked again, so that each round asks others; there are as many as sources
  // at most.
  for (size_t round = 0; round < sources_.size() && Steady::now() < until; ++round) {
    const CallPlan plan = Plan(citizen, open);
    if (plan.calls.empty()) break;
    if (!Round(citizen, plan, before, until, open, gathered)) break;
  }
  for (FailedCall& silent : NotAsked(citizen, open)) {
    const bool told = std::ranges::find(gathered.failed, silent.source, &FailedCall::source) !=
                      gathered.failed.end();
    if (!told) gathered.failed.push_back(std::move(silent));
  }
  return gathered;
}

}  // namespace kstati::sources
