// SPDX-License-Identifier: Apache-2.0
#include "cases/inquiries.h"

#include <algorithm>
#include <exception>
#include <typeinfo>

#include "base/log.h"
#include "base/metrics.h"
#include "base/micros.h"
#include "cases/consenting.h"
#include "cases/draft.h"
#include "cases/pipeline.h"
#include "cases/speaking.h"
#include "eligibility/questions/answers.h"
#include "sources/answer_events.h"

namespace kstati::cases {
namespace {

using profile::ledger::EntryKind;
using State = AskedSource::State;

constexpr std::string_view kConsentGround = "consent";

std::string NameOf(State state) {
  switch (state) {
    case State::kBeingAsked: return "being_asked";
    case State::kAnswered: return "answered";
    case State::kNoRecord: return "no_record";
    case State::kSilent: return "silent";
    case State::kNotAllowed: return "not_allowed";
  }
  return "silent";
}

void Count(const std::vector<AskedSource>& told) {
  for (const AskedSource& each : told) {
    metrics::CounterOf("kstati_cases_inquiries_total",
                       "Questions to sources by what became of them", "outcome", NameOf(each.state))
        .Add();
  }
}

bool Covers(const graph::Catalogue& catalogue, const std::string& basis,
            const std::string& category) {
  const auto found = std::ranges::find(catalogue.legal_bases(), basis, &graph::LegalBasis::id);
  if (found == catalogue.legal_bases().end()) return false;
  return found->categories.empty() || std::ranges::count(found->categories, category) > 0;
}

// A consent of the citizen that covers using data of the categories for what needs them.
Result<std::optional<ConsentId>> FindConsent(Draft& draft, CitizenId citizen,
                                             const InquiryReason& reason,
                                             const std::set<profile::CategoryId>& categories) {
  profile::Processing processing;
  processing.service = reason.service;
  processing.situation = reason.situation;
  processing.categories = categories;
  processing.mode = profile::ConsentMode::kPrepare;
  processing.on = draft.today();
  KSTATI_TRY(processing.represented, IsRepresented(draft, citizen));
  KSTATI_TRY(const auto consents, draft.Consents(citizen));
  const profile::Consent* consent = profile::FindAllowing(consents, processing);
  if (consent == nullptr) return std::nullopt;
  return consent->id;
}

bool HasSource(const sources::Gatherer& gatherer, const AttributeId& attribute) {
  return std::ranges::any_of(gatherer.sources(), [&](const auto& source) {
    return source->terms().way != sources::Way::kPush &&
           source->terms().attributes.contains(attribute);
  });
}

// When the record that holds was recorded.
Instant LastToldAt(const profile::Store& store, const eligibility::UsedFact& used) {
  Instant told = used.fact.known_at;
  const Result<profile::History> history = store.Load(used.citizen);
  if (!history) return told;  // erased since: nothing can be asked
  for (const profile::Fact& fact : history->facts) {
    const bool same =
        fact.attribute == used.fact.attribute && fact.reported_by == used.fact.reported_by;
    if (same) told = std::max(told, fact.known_at);
  }
  return told;
}

}  // namespace

Inquiries::Inquiries(const World& world, profile::AccessLog& uses, sources::Gatherer& gatherer,
                     Options options)
    : world_(world), uses_(uses), gatherer_(gatherer), options_(options) {
  if (!any()) return;
  for (size_t i = 0; i < options_.workers; ++i) threads_.emplace_back([this] { Run(); });
}

Inquiries::~Inquiries() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

LackedFacts Inquiries::LackedBy(const eligibility::Decision& decision) const {
  LackedFacts lacked;
  const profile::Dictionary& dictionary = world_.program->dictionary();
  for (const eligibility::Missing& missing : decision.missing) {
    const profile::Attribute* attribute = dictionary.Find(missing.attribute);
    if (attribute == nullptr || missing.citizen.number() == 0) continue;
    lacked.insert({missing.citizen, eligibility::questions::RecordedOf(*attribute, dictionary).id});
  }
  const Instant now = world_.Now();
  eligibility::ForEachUsedFact(decision, [&](const eligibility::UsedFact& used) {
    for (const auto& source : gatherer_.sources()) {
      const sources::SourceTerms& terms = source->terms();
      if (terms.cache_life.count() == 0 || !sources::IsAnswerOf(used.fact, terms)) continue;
      const auto is_old = [&](Instant told) {
        return (now.micros - told.micros) / kMicrosPerSecond >= terms.cache_life.count();
      };
      // It may have been told again since it is known.
      if (is_old(used.fact.known_at) && is_old(LastToldAt(*world_.store, used))) {
        lacked.insert({used.citizen, used.fact.attribute});
      }
    }
  });
  return lacked;
}

bool Inquiries::MayBeAsked(const LackedFact& fact) const {
  {
    const std::lock_guard lock(mutex_);
    if (under_way_.contains(fact)) return true;
  }
  return !gatherer_.Plan(fact.citizen, {fact.attribute}).calls.empty();
}

std::optional<Inquiries::Ground> Inquiries::GroundFor(const LackedFact& fact,
                                                      const InquiryReason& reason) const {
  const profile::Attribute* attribute = world_.program->dictionary().Find(fact.attribute);
  if (attribute == nullptr) return std::nullopt;
  if (Covers(world_.catalogue(), reason.legal_basis, attribute->category)) {
    return Ground("basis", reason.legal_basis);
  }
  Draft draft(world_, world_.Now());
  const auto consent =
      FindConsent(draft, fact.citizen, reason, {profile::CategoryId(attribute->category)});
  if (!consent || !*consent) return std::nullopt;
  return Ground(std::string(kConsentGround), (*consent)->text());
}

void Inquiries::Start(CitizenId citizen, const Ground& ground,
                      const std::set<AttributeId>& attributes, const InquiryReason& reason,
                      Jobs& jobs, std::vector<AskedSource>& asked) {
  const sources::CallPlan plan = gatherer_.Plan(citizen, attributes);
  const std::lock_guard lock(mutex_);
  auto job = std::make_shared<Job>(Job{citizen, {}, reason, ground, {}, false});
  const auto join = [&](const std::shared_ptr<Job>& other) {
    if (std::ranges::find(jobs, other) == jobs.end()) jobs.push_back(other);
  };
  const bool room = waiting_.size() < options_.waiting_max && !stopping_;
  for (const sources::PlannedCall& call : plan.calls) {
    const sources::SourceTerms& terms = gatherer_.sources()[call.source]->terms();
    AskedSource each{terms.name, terms.registry, citizen, {}, State::kBeingAsked};
    for (const AttributeId& attribute : call.attributes) {
      const auto found = under_way_.find({citizen, attribute});
      if (found != under_way_.end()) {
        join(found->second);
        continue;
      }
      each.attributes.push_back(attribute);
      if (!room) continue;
      job->attributes.insert(attribute);
      under_way_[{citizen, attribute}] = job;
    }
    if (each.attributes.empty()) continue;
    if (!room) each.state = State::kSilent;
    (room ? job->told : asked).push_back(std::move(each));
  }
  if (job->attributes.empty()) return;
  jobs.push_back(job);
  waiting_.push_back(std::move(job));
  work_.notify_one();
}

void Inquiries::Take(CitizenId citizen, const std::set<AttributeId>& attributes,
                     const InquiryReason& reason, Jobs& jobs, std::vector<AskedSource>& asked) {
  std::map<Ground, std::set<AttributeId>> by_ground;
  AskedSource not_allowed{{}, {}, citizen, {}, State::kNotAllowed};
  for (const AttributeId& attribute : attributes) {
    if (const auto ground = GroundFor({citizen, attribute}, reason)) {
      by_ground[*ground].insert(attribute);
    } else {
      not_allowed.attributes.push_back(attribute);
    }
  }
  for (const auto& [ground, of_ground] : by_ground) {
    Start(citizen, ground, of_ground, reason, jobs, asked);
    for (sources::FailedCall& silent : gatherer_.NotAsked(citizen, of_ground)) {
      asked.push_back({silent.source, silent.registry, citizen,
                       std::move(silent.question.attributes), State::kSilent});
    }
  }
  if (!not_allowed.attributes.empty()) asked.push_back(std::move(not_allowed));
}

std::vector<AskedSource> Inquiries::Ask(const LackedFacts& lacked, const InquiryReason& reason,
                                        std::chrono::milliseconds wait) {
  std::vector<AskedSource> asked;
  std::map<CitizenId, std::set<AttributeId>> by_citizen;
  for (const LackedFact& fact : lacked) {
    if (HasSource(gatherer_, fact.attribute)) by_citizen[fact.citizen].insert(fact.attribute);
  }
  Jobs jobs;
  for (const auto& [citizen, attributes] : by_citizen) {
    Take(citizen, attributes, reason, jobs, asked);
  }
  std::unique_lock lock(mutex_);
  const auto all_done = [&] {
    return std::ranges::all_of(jobs, [](auto& job) { return job->done; });
  };
  done_.wait_for(lock, wait, all_done);
  for (const auto& job : jobs) asked.insert(asked.end(), job->told.begin(), job->told.end());
  return asked;
}

profile::DeedContent Inquiries::UseOf(const Job& job, const std::string& call,
                                      const std::string& source, const RegistryId& registry,
                                      const Categories& categories) const {
  profile::DeedContent content = job.reason.who;
  content.emplace("call", call);
  content.emplace("source", source);
  content.emplace("registry", registry.text());
  content.insert(job.ground);
  if (!job.reason.service.empty()) content.emplace("service", job.reason.service.text());
  content.emplace("categories", profile::Joined(categories));
  return content;
}

Categories Inquiries::CategoriesOf(const sources::Question& question) const {
  Categories categories;
  for (const AttributeId& attribute : question.attributes) {
    categories.emplace(world_.program->dictionary().Find(attribute)->category);
  }
  return categories;
}

Result<void> Inquiries::EnterAsking(const Job& job, const sources::SourceTerms& terms,
                                    const sources::Question& question) {
  const Categories categories = CategoriesOf(question);
  const profile::DeedContent use =
      UseOf(job, "source_asked", terms.name, terms.registry, categories);
  if (job.ground.first != kConsentGround) {
    return uses_.Enter({{job.citizen, EntryKind::kAccess, use}});
  }
  return Retry(world_, [&](Draft& draft) -> Result<void> {
    KSTATI_TRY(const std::optional<ConsentId> consent,
               FindConsent(draft, job.citizen, job.reason, categories));
    if (!consent || consent->text() != job.ground.second) {
      return Fail(ErrorCode::kDenied, "the consent to ask no longer stands", {},
                  "the fact stays unknown until there is a ground to ask for it");
    }
    draft.Enter(job.citizen, EntryKind::kAccess, use);
    return {};
  });
}

Result<void> Inquiries::EnterAnswer(const Job& job, const sources::Reply& reply) {
  return uses_.Enter({{job.citizen, EntryKind::kDisclosure,
                       UseOf(job, "source_answered", reply.source, reply.registry,
                             CategoriesOf(reply.question))}});
}

void Inquiries::Record(const Job& job, const sources::Reply& reply,
                       std::vector<AskedSource>& told) {
  const auto record = [&]() -> Result<void> {
    if (reply.answer.empty()) return {};
    KSTATI_TRY_VOID(EnterAnswer(job, reply));
    KSTATI_TRY(const profile::History history, world_.store->Load(job.citizen));
    for (const profile::RegistryEvent& event : sources::EventsOf(reply, history, world_.Today())) {
      KSTATI_TRY_VOID(ProcessRegistryEvent(world_, event));
    }
    return {};
  };
  AskedSource has{reply.source, reply.registry, job.citizen, {}, State::kAnswered};
  AskedSource has_none{reply.source, reply.registry, job.citizen, {}, State::kNoRecord};
  for (const AttributeId& attribute : reply.question.attributes) {
    const bool known = std::ranges::find(reply.answer, attribute,
                                         &sources::AnsweredFact::attribute) != reply.answer.end();
    (known ? has : has_none).attributes.push_back(attribute);
  }
  const Result<void> recorded = record();
  if (!recorded) {
    log::Warning(
        "source.not_recorded",
        {{"source", reply.source}, {"code", std::string(KindOf(recorded.error().code).name)}});
    has.state = State::kSilent;
  } else {
    gatherer_.Keep(reply);
  }
  for (AskedSource* each : {&has, &has_none}) {
    if (!each->attributes.empty()) told.push_back(std::move(*each));
  }
}

std::vector<AskedSource> Inquiries::Fetch(const Job& job) {
  std::vector<AskedSource> told;
  sources::Gathered gathered =
      gatherer_.Gather(job.citizen, job.attributes,
                       [&](const sources::SourceTerms& terms, const sources::Question& question) {
                         return EnterAsking(job, terms, question);
                       });
  for (const sources::Reply& reply : gathered.replies) Record(job, reply, told);
  for (sources::FailedCall& failed : gathered.failed) {
    log::Info("source.silent", {{"source", failed.source},
                                {"attempts", static_cast<uint64_t>(failed.attempts)},
                                {"code", std::string(KindOf(failed.error.code).name)}});
    const bool denied = failed.withheld && failed.error.code == ErrorCode::kDenied;
    told.push_back({failed.source, failed.registry, job.citizen,
                    std::move(failed.question.attributes),
                    denied ? State::kNotAllowed : State::kSilent});
  }
  return told;
}

void Inquiries::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Job> job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    std::vector<AskedSource> told;
    try {
      told = Fetch(*job);
    } catch (const std::exception& bug) {
      // Its text may hold a person's data.
      log::Failure("source.bug", {{"type", typeid(bug).name()}});
      told = job->told;
      for (AskedSource& each : told) each.state = State::kSilent;
    }
    Count(told);
    lock.lock();
    for (const AttributeId& attribute : job->attributes) {
      under_way_.erase({job->citizen, attribute});
    }
    job->told = std::move(told);
    job->done = true;
    done_.notify_all();
  }
}

}  // namespace kstati::cases
