// SPDX-License-Identifier: Apache-2.0
#include "cases/single_application.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "cases/answer.h"
#include "cases/chain_viewpoint.h"
#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/openings.h"
#include "cases/reading.h"
#include "cases/speaking.h"
#include "profile/ledger/hash.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

// How long the consent lasts to what starts by itself later: past what a chain takes, and no longer
// than the person will remember.
constexpr int64_t kConsentDays = 365;

// The case of the step that is under way: neither an offer nor over.
const Case* UnderWayCase(const std::vector<Case>& cases, const ApplicationStep& step) {
  for (const Case& c : cases) {
    const bool waits = c.status == Status::kAnnounced || c.status == Status::kOffered;
    if (c.service == step.service && c.about == step.about && IsOpen(c.status) && !waits) return &c;
  }
  return nullptr;
}

ApplicationStep StepFrom(const graph::ChainStep& planned, const Decision& decision,
                         const std::vector<Case>& cases) {
  ApplicationStep step;
  step.service = planned.service;
  step.about = decision.about;
  for (const graph::UsedDocument& used : planned.uses) {
    if (!used.giver.empty()) step.awaits.insert(used.document);
  }
  step.awaits.insert(planned.given.begin(), planned.given.end());
  step.behind = planned.behind;
  if (const Case* c = UnderWayCase(cases, step)) step.case_id = c->id;
  return step;
}

// Whether it may begin right after those before it in the application, all of which are `earlier`.
bool StartsAtOnce(const ApplicationStep& step, const std::vector<OfferedStep>& earlier,
                  CitizenId applicant) {
  if (!step.case_id.empty() || !step.awaits.empty()) return false;
  std::vector<ApplicationStep> steps;
  for (const OfferedStep& each : earlier) steps.push_back(each.step);
  return std::ranges::all_of(step.behind, [&](const graph::Ahead& ahead) {
    const std::set<CitizenId> all = AboutAhead(steps, step, ahead.service, applicant);
    return !ahead.finished && std::ranges::all_of(all, [&](CitizenId about) {
      return std::ranges::any_of(earlier, [&](const OfferedStep& each) {
        const bool begins = each.starts || !each.step.case_id.empty();
        return begins && each.step.service == ahead.service && each.step.about == about;
      });
    });
  });
}

void AddStep(const graph::ChainStep& planned, const Decision& decision,
             const std::vector<Case>& cases, const profile::Dictionary& dictionary,
             ApplicationOffer& offer) {
  OfferedStep offered;
  offered.step = StepFrom(planned, decision, cases);
  offered.verdict = decision.verdict;
  offered.starts = StartsAtOnce(offered.step, offer.steps, offer.citizen);
  if (offered.step.case_id.empty()) {
    offered.fee = planned.fee;
    offered.fee_known = planned.fee_known;
    offered.visits = planned.visits;
    for (const eligibility::Missing& missing : OnlyPersonKnows(decision, dictionary)) {
      offer.asks[{missing.citizen, missing.attribute}].insert(planned.service);
    }
    for (const AttributeId& document : planned.bring) {
      offer.to_bring[document].insert(planned.service);
    }
  }
  offer.steps.push_back(std::move(offered));
}

void AddCategory(const AttributeId& id, const profile::Dictionary& dictionary, Categories& needed) {
  const profile::Attribute* attribute = ReportedAs(dictionary, id);
  if (attribute != nullptr && !attribute->category.empty()) needed.emplace(attribute->category);
}

bool Waits(const OfferedStep& offered) { return !offered.starts && offered.step.case_id.empty(); }

// What the consent has to cover so that the steps that wait can start by themselves: no more.
void AddScopes(const World& world, const DecidedChain& chain,
               const std::vector<Viewpoint>& viewpoints, ApplicationOffer& offer) {
  const profile::Dictionary& dictionary = world.program->dictionary();
  std::vector<PlannedStep> plan;
  for (size_t i = 0; i < offer.steps.size(); ++i) {
    const Decision& decision = chain.decisions[i];
    if (!Waits(offer.steps[i])) continue;
    plan.push_back({decision.described, SeenFrom(viewpoints, decision)});
  }
  if (plan.empty()) return;
  const Categories least = LeastScopesOf(world, plan).categories;
  for (size_t i = 0; i < offer.steps.size(); ++i) {
    const Decision& decision = chain.decisions[i];
    if (!Waits(offer.steps[i])) continue;
    Categories needed = StillToCome(offer.steps[i].step, decision, dictionary);
    for (const profile::CategoryId& category : CategoriesUsed(decision, dictionary)) {
      if (least.contains(category)) needed.insert(category);
    }
    for (const profile::CategoryId& category : needed) {
      offer.categories[category].insert(decision.service);
    }
    const profile::AuthorityId recipient(decision.described->authority);
    offer.recipients[recipient].insert(decision.service);
  }
}

std::string IdsIn(const std::set<ServiceId>& services) {
  std::string names;
  for (const ServiceId& service : services) names += service.text() + " ";
  return names;
}

// Everything that the person is shown, so that something else cannot be confirmed by it.
std::string DigestOf(const ApplicationOffer& offer) {
  std::string shown = offer.citizen.ToString() + offer.about.ToString() + offer.situation.text();
  for (const OfferedStep& each : offer.steps) {
    shown += "\nstep " + each.step.service.text() + " " + each.step.about.ToString() + " " +
             each.step.case_id.text() + (each.starts ? " starts " : " ") +
             std::string(eligibility::NameOf(each.verdict)) + " " + std::to_string(each.fee) +
             (each.fee_known ? " known " : " in words ") + std::to_string(each.visits);
    for (const AttributeId& awaited : each.step.awaits) shown += " " + awaited.text();
    for (const graph::Ahead& ahead : each.step.behind) {
      shown += " after " + ahead.service.text() + (ahead.finished ? " finished" : " begun");
    }
  }
  for (const auto& [asked, services] : offer.asks) {
    shown += "\nask " + asked.first.ToString() + asked.second.text() + " " + IdsIn(services);
  }
  for (const auto& [document, services] : offer.to_bring) {
    shown += "\nbring " + document.text() + " " + IdsIn(services);
  }
  for (const auto& [category, services] : offer.categories) {
    shown += "\nscope " + category.text() + " " + IdsIn(services);
  }
  for (const auto& [recipient, services] : offer.recipients) {
    shown += "\nrecipient " + recipient.text() + " " + IdsIn(services);
  }
  if (offer.consent_until) shown += "\nuntil " + offer.consent_until->ToString();
  for (const AttributeId& goal : offer.unreached) shown += "\nunreached " + goal.text();
  const profile::ledger::Hash hash = profile::ledger::Sha256(shown);
  std::string digest;
  for (size_t i = 0; i < 12; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", hash.bytes[i]);
    digest += digits;
  }
  return digest;
}

// The offer without the moment at which it was made.
std::string_view DigestIn(std::string_view offer) { return offer.substr(offer.find('-') + 1); }

// The moment alone; what names none was made at no time.
Instant MomentIn(std::string_view offer) {
  Instant moment;
  std::from_chars(offer.data(), offer.data() + offer.find('-'), moment.micros);
  return moment;
}

Result<void> CheckAsked(const AskedFact& asked, const std::optional<std::string>& answer,
                        const ApplicationOffer& offer, const profile::Dictionary& dictionary) {
  if (!offer.asks.contains(asked)) {
    return Fail(ErrorCode::kInvalidArgument, asked.second.text() + " was not asked", "answers",
                "answer what the offer asks for");
  }
  const profile::Attribute* attribute = dictionary.Find(asked.second);
  if (!answer || attribute == nullptr) return {};
  return CheckAnswer(*attribute, *answer);
}

Result<std::map<AskedFact, std::string>> TakeAnswers(const Confirmation& confirmation,
                                                     const ApplicationOffer& offer,
                                                     const profile::Dictionary& dictionary) {
  std::map<AskedFact, std::string> told;
  for (const auto& [asked, answer] : confirmation.answers) {
    KSTATI_TRY_VOID(CheckAsked(asked, answer, offer, dictionary));
    if (answer) told[asked] = *answer;
  }
  for (const auto& [asked, services] : offer.asks) {
    if (confirmation.answers.contains(asked)) continue;
    return Fail(ErrorCode::kInvalidArgument, asked.second.text() + " is not answered", "answers",
                "answer it, or give it without a value when the person does not know");
  }
  return told;
}

// What the person lets the state do by confirming.
profile::ConsentScope ScopeOf(const ApplicationOffer& offer) {
  profile::ConsentScope scope;
  scope.situation = offer.situation;
  for (const auto& [category, services] : offer.categories) scope.categories.insert(category);
  for (const auto& [recipient, services] : offer.recipients) scope.recipients.insert(recipient);
  return scope;
}

// The consent for what waits; an empty id where nothing does.
Result<ConsentId> ConsentTo(Draft& draft, const ApplicationOffer& offer, CitizenId by,
                            const profile::ConsentEvidence& evidence) {
  if (!offer.consent_until) return ConsentId();
  profile::ConsentGrant grant;
  grant.citizen = offer.citizen;
  grant.by.who = by;
  grant.scope = ScopeOf(offer);
  grant.valid = {draft.today(), *offer.consent_until};
  grant.evidence = evidence;
  KSTATI_TRY(const profile::Consent consent, GrantConsent(draft, std::move(grant)));
  return consent.id;
}

// Who confirms may do so for all that the steps take.
Result<CitizenId> RequireConfirming(Draft& draft, const Confirmation& confirmation,
                                    const SingleApplication& application) {
  const bool self = confirmation.by.number() == 0;
  const CitizenId by = self ? application.citizen : confirmation.by;
  KSTATI_TRY(const profile::ConsentScope scope, ScopeOfSteps(draft, application));
  KSTATI_TRY_VOID(RequireSpeaker(draft, by, application.citizen, scope));
  return by;
}

// The application that a confirmation would make of the offer; nothing of it has started.
SingleApplication ApplicationFor(const ApplicationOffer& offer) {
  SingleApplication application;
  application.citizen = offer.citizen;
  application.about = offer.about;
  application.situation = offer.situation;
  for (const OfferedStep& each : offer.steps) {
    if (each.step.case_id.empty()) application.steps.push_back(each.step);
  }
  return application;
}

Result<SingleApplication> Confirm(Draft& draft, const Confirmation& confirmation) {
  KSTATI_TRY(const std::vector<SingleApplication> earlier,
             ApplicationsOf(draft, confirmation.citizen));
  const auto same = std::ranges::find(earlier, confirmation.offer, &SingleApplication::offer);
  if (same != earlier.end()) {
    KSTATI_TRY_VOID(RequireConfirming(draft, confirmation, *same));
    return *same;
  }
  const Instant shown_at = MomentIn(confirmation.offer);
  KSTATI_TRY(const ApplicationOffer offer,
             OfferApplication(draft, confirmation.citizen, confirmation.situation,
                              confirmation.about, shown_at));
  KSTATI_TRY(const CitizenId by, RequireConfirming(draft, confirmation, ApplicationFor(offer)));
  // What is granted lasts as long as was shown, and no longer.
  const bool over = offer.consent_until && *offer.consent_until < draft.today();
  const bool ahead = draft.now() < shown_at;
  if (over || ahead || DigestIn(offer.id) != DigestIn(confirmation.offer)) {
    return Fail(ErrorCode::kConflict, "what is offered has changed", "offer",
                "show the person the new offer: `offerApplication`");
  }
  if (std::ranges::none_of(offer.steps, &OfferedStep::starts)) {
    return Fail(ErrorCode::kConflict, "nothing of the situation can be started", "situation",
                "`chain` says what stands in the way, `cases` what is under way");
  }
  SingleApplication application;
  application.id = NumberedId('A', confirmation.citizen, earlier.size());
  application.citizen = offer.citizen;
  application.about = offer.about;
  application.situation = offer.situation;
  application.made_at = draft.now();
  application.offer = confirmation.offer;
  application.confirmed_by = by;
  KSTATI_TRY(application.told,
             TakeAnswers(confirmation, offer, draft.world().program->dictionary()));
  KSTATI_TRY_VOID(StartSteps(draft, offer.steps, application));
  // After its own steps: other applications may go on with the new consent.
  KSTATI_TRY(application.consent,
             ConsentTo(draft, offer, application.confirmed_by, confirmation.evidence));
  draft.PutRecord(application.citizen, kApplicationRecord, application.id, Encode(application));
  return application;
}

}  // namespace

int64_t ApplicationOffer::fee() const {
  int64_t total = 0;
  for (const OfferedStep& each : steps) total += each.fee;
  return total;
}

bool ApplicationOffer::fee_known() const {
  return std::ranges::all_of(steps, &OfferedStep::fee_known);
}

int ApplicationOffer::visits() const {
  int total = 0;
  for (const OfferedStep& each : steps) total += each.visits;
  return total;
}

Categories StillToCome(const ApplicationStep& step, const Decision& decision,
                       const profile::Dictionary& dictionary) {
  Categories needed;
  for (const AttributeId& id : step.awaits) AddCategory(id, dictionary, needed);
  for (const eligibility::Missing& missing : decision.missing) {
    AddCategory(missing.attribute, dictionary, needed);
  }
  return needed;
}

Result<ApplicationOffer> OfferApplication(Draft& draft, CitizenId citizen, const SituationId& id,
                                          CitizenId about, Instant shown_at) {
  const World& world = draft.world();
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world, id));
  KSTATI_TRY(const Viewpoint own, ViewpointOfChain(draft, *situation, citizen, about, {}));
  KSTATI_TRY(const SoFar so_far, SoFarOf(draft, citizen, draft.now()));
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  const DecidedChain chain = BuildWholeChain(world, *situation, own, draft.today(), so_far);
  ApplicationOffer offer;
  offer.citizen = citizen;
  offer.about = own.about ? own.about->citizen() : citizen;
  offer.situation = id;
  offer.unreached = chain.chain.unreachable;
  for (size_t i = 0; i < chain.chain.steps.size(); ++i) {
    AddStep(chain.chain.steps[i], chain.decisions[i], cases, world.program->dictionary(), offer);
  }
  AddScopes(world, chain, ViewpointsOf(*situation, own), offer);
  // A consent that names no category covers all of them: rather none, and nothing starts by itself.
  if (offer.categories.empty()) offer.recipients.clear();
  const Date shown_on = LocalDate(shown_at, world.time_zone);
  if (!offer.recipients.empty()) offer.consent_until = shown_on.AddDays(kConsentDays);
  offer.id = std::to_string(shown_at.micros) + "-" + DigestOf(offer);
  return offer;
}

Result<ApplicationOffer> OfferApplication(const World& world, CitizenId citizen,
                                          const SituationId& situation, CitizenId about,
                                          std::vector<CitizenId>* read) {
  Draft draft(world, world.Now());  // never committed
  KSTATI_TRY(ApplicationOffer offer,
             OfferApplication(draft, citizen, situation, about, draft.now()));
  Tell(draft, read);
  return offer;
}

Result<SingleApplication> ConfirmApplication(const World& world, const Confirmation& confirmation) {
  return Retry(world, [&](Draft& draft) { return Confirm(draft, confirmation); });
}

Result<std::vector<SingleApplication>> ApplicationsOf(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.Cases(citizen));  // what is read here is what the commit expects
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kApplicationRecord));
  std::vector<SingleApplication> applications;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(SingleApplication application, DecodeSingleApplication(bytes));
    applications.push_back(std::move(application));
  }
  return applications;
}

std::map<AskedFact, std::string> ToldFor(const Decision& decision,
                                         const std::map<AskedFact, std::string>& told,
                                         const profile::Dictionary& dictionary) {
  std::map<AskedFact, std::string> answers;
  for (const eligibility::Missing& missing : OnlyPersonKnows(decision, dictionary)) {
    const auto found = told.find({missing.citizen, missing.attribute});
    if (found != told.end()) answers.insert(*found);
  }
  return answers;
}

}  // namespace kstati::cases
