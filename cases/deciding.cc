// SPDX-License-Identifier: Apache-2.0
#include "cases/deciding.h"

#include <algorithm>
#include <utility>

#include "cases/consenting.h"
#include "cases/correcting.h"
#include "cases/foreseen.h"
#include "cases/household_cases.h"
#include "cases/openings.h"
#include "cases/pre_check.h"
#include "cases/reading.h"
#include "cases/regulation_entry.h"
#include "cases/speaking.h"
#include "eligibility/questions/answers.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;
using eligibility::Verdict;
using graph::Course;
using graph::ProcedureKind;

// What a step is made from.
struct Step {
  Draft& draft;
  Case& c;
  const Decision& decision;
  const Course* course;  // null: the catalogue has none
  Wait wait;
  std::set<AttributeId> waited = {};  // what the case waited for, and registries have not reported

  const profile::Dictionary& dictionary() const { return draft.world().program->dictionary(); }
  const graph::Procedure* Procedure(ProcedureKind kind) const {
    return course == nullptr ? nullptr : course->Find(kind);
  }
};

Result<void> Refer(Step& step, const std::string& reason) {
  step.c.awaited.clear();
  step.c.wait_until.reset();
  return step.draft.Act(step.c, Action::kRefer, reason);
}

// The day on which the norm of a procedure has passed; nullopt past the last loaded calendar.
std::optional<Date> EndOf(const Step& step, const graph::Procedure& procedure) {
  const WorkingCalendar& calendar = step.draft.world().term_calendars().Of(step.c.calendar);
  const auto end = calendar.EndOfTerm(step.draft.today(), procedure.norm);
  return end ? std::optional(*end) : std::nullopt;
}

// The day on which the application was made; nullopt while there is none.
std::optional<Date> AppliedOn(const World& world, const Case& c) {
  for (const StatusChange& change : c.history) {
    if (change.status == Status::kStarted) return LocalDate(change.at, world.time_zone);
  }
  return std::nullopt;
}

// Whether the regulation it runs under began after the application.
bool RunsUnderNewerRules(const World& world, const Case& c) {
  const std::optional<Date> applied = AppliedOn(world, c);
  return applied && *applied < c.regulation_from;
}

Result<void> Grant(Step& step) {
  Ruling ruling;
  ruling.decided = Decided::kGranted;
  ruling.verdict = step.decision.verdict;
  ruling.amount = step.decision.amount;
  ruling.at = step.draft.now();
  step.c.rulings.push_back(std::move(ruling));
  step.c.wait_until.reset();
  const bool newer = RunsUnderNewerRules(step.draft.world(), step.c);
  KSTATI_TRY_VOID(step.draft.Act(
      step.c, Action::kGrant,
      newer ? "case.reason.granted_by_newer_rules" : "case.reason.granted_by_rules"));
  EnterRuling(step.draft, step.c);
  NoteRegulation(step.draft, step.c, step.decision);
  return {};
}

Result<void> Refuse(Step& step) {
  const auto leave = AdverseLeave::ByRules(step.decision, step.dictionary());
  if (!leave) return Refer(step, "case.reason.refusal_needs_official");
  step.c.wait_until.reset();
  KSTATI_TRY_VOID(step.draft.ActAgainst(step.c, *leave, "case.reason.refused_by_rules"));
  EnterRuling(step.draft, step.c);
  NoteRegulation(step.draft, step.c, step.decision);
  return {};
}

bool IsAlwaysAssessed(const Course* course) {
  const graph::Procedure* assessment =
      course == nullptr ? nullptr : course->Find(ProcedureKind::kAssessment);
  return assessment != nullptr && !graph::IsConditional(*assessment);
}

// A machine decides, and nothing limited is given out.
bool IsDecidedByRules(const Course* course) {
  if (course == nullptr) return false;
  const graph::Procedure* by = course->Find(ProcedureKind::kDecision);
  return by != nullptr && by->by == graph::Performer::kMachine &&
         course->Find(ProcedureKind::kDistribution) == nullptr;
}

// The conditions of the regulation that an official has not looked at yet.
std::set<std::string> NotAssessed(const Step& step) {
  std::set<std::string> open;
  if (IsAlwaysAssessed(step.course) && !step.c.findings.contains(kExamination))
    open.insert(kExamination);
  for (const graph::Condition& condition : step.decision.regulation->conditions) {
    if (!step.c.findings.contains(condition.id)) open.insert(condition.id);
  }
  return open;
}

// An official found that one of the conditions does not hold.
bool SomeConditionFails(const Case& c) {
  return std::ranges::any_of(c.findings, [](const auto& found) { return !found.second; });
}

Result<void> DecideYes(Step& step) {
  const Decision& decision = step.decision;
  step.c.wait_until.reset();
  if (SomeConditionFails(step.c)) return Refer(step, "case.reason.condition_fails");
  if (!NotAssessed(step).empty()) {
    if (step.Procedure(ProcedureKind::kAssessment) == nullptr) {
      return Refer(step, "case.reason.needs_official");
    }
    return step.draft.Act(step.c, Action::kAssess, "case.reason.being_assessed");
  }
  const graph::Procedure* by = step.Procedure(ProcedureKind::kDecision);
  if (by == nullptr || by->by == graph::Performer::kOfficial) {
    return Refer(step, "case.reason.needs_official");
  }
  // What an official found counts as confirmed.
  Decision confirmed = decision;
  confirmed.verdict = Verdict::kEligible;
  if (!IsConfirmedYes(confirmed, step.dictionary())) {
    return Refer(step, "case.reason.facts_not_confirmed");
  }
  if (step.Procedure(ProcedureKind::kDistribution) != nullptr && !step.c.has_place) {
    return step.draft.Act(step.c, Action::kQueue, "case.reason.waiting_for_place");
  }
  return Grant(step);
}

// What the applicant has not told yet.
std::set<AttributeId> NotTold(const Step& step) {
  std::set<AttributeId> unknown;
  for (const eligibility::Missing& missing : OnlyPersonKnows(step.decision, step.dictionary())) {
    if (!step.c.told.contains({missing.citizen, missing.attribute})) {
      unknown.insert(missing.attribute);
    }
  }
  return unknown;
}

Result<void> Ask(Step& step, std::set<AttributeId> unknown, const graph::Procedure& procedure) {
  const std::optional<Date> until = EndOf(step, procedure);
  if (!until) return Refer(step, "case.reason.time_cannot_be_counted");
  step.c.awaited = std::move(unknown);
  step.c.wait_until = until;
  return step.draft.Act(step.c, Action::kAsk, "case.reason.information_asked");
}

// What is missing and registries are to report.
std::set<AttributeId> OwedByRegistries(const Step& step) {
  std::set<AttributeId> owed;
  for (const eligibility::Missing& missing : step.decision.missing) {
    const profile::Attribute* attribute = ReportedAs(step.dictionary(), missing.attribute);
    const bool reported = attribute != nullptr && attribute->is_reported() && !attribute->askable;
    if (reported) owed.insert(attribute->id);
  }
  return owed;
}

std::set<RegistryId> RegistriesOf(const std::set<AttributeId>& attributes,
                                  const profile::Dictionary& dictionary) {
  std::set<RegistryId> registries;
  for (const AttributeId& id : attributes) {
    const profile::Attribute* attribute = dictionary.Find(id);
    if (attribute != nullptr) registries.insert(attribute->registry);
  }
  return registries;
}

// The journal tells what registries do about the case.
void WriteDown(const Step& step, std::string_view activity,
               const std::set<RegistryId>& registries) {
  for (const RegistryId& registry : registries) {
    JournalEntry entry = step.draft.EntryAbout(step.c);
    entry.activity = activity;
    entry.party = registry.text();
    if (activity == kSourceAnsweredActivity) entry.actor = Actor::kSource;
    step.draft.Append(step.c.citizen, entry);
  }
}

// Takes what the event reports, and the decision lacks no longer, out of what the case waits for:
// the same of somebody else is no answer. A registry has answered when nothing of it is left.
void TakeAnswers(Step& step) {
  step.waited = std::exchange(step.c.awaited, {});
  const profile::RegistryEvent* event = step.draft.event();
  if (step.waited.empty() || event == nullptr) return;
  std::set<RegistryId> answered = RegistriesOf(step.waited, step.dictionary());
  const std::set<AttributeId> owed = OwedByRegistries(step);
  for (const profile::ReportedFact& fact : event->facts) {
    if (!owed.contains(fact.attribute)) step.waited.erase(fact.attribute);
  }
  for (const RegistryId& silent : RegistriesOf(step.waited, step.dictionary())) {
    answered.erase(silent);
  }
  WriteDown(step, kSourceAnsweredActivity, answered);
}

// What the rules leave open: the person is asked, registries are waited for as long as the norm
// says, then it is an official's.
Result<void> GoOnUndetermined(Step& step) {
  if (step.wait == Wait::kIsOver) return Refer(step, "case.reason.wait_is_over");
  std::set<AttributeId> unknown = NotTold(step);
  const graph::Procedure* information = step.Procedure(ProcedureKind::kAdditionalInformation);
  if (!unknown.empty() && information != nullptr) {
    return Ask(step, std::move(unknown), *information);
  }
  const graph::Procedure* exchange = step.Procedure(ProcedureKind::kExchange);
  std::set<AttributeId> owed = OwedByRegistries(step);
  if (exchange == nullptr || owed.empty()) {
    return Refer(step, step.c.told.empty() ? "case.reason.needs_official"
                                           : "case.reason.facts_not_confirmed");
  }
  const bool waits = step.c.wait_until.has_value();
  if (!waits) step.c.wait_until = EndOf(step, *exchange);
  if (!step.c.wait_until) return Refer(step, "case.reason.time_cannot_be_counted");
  std::set<RegistryId> asked = RegistriesOf(owed, step.dictionary());
  for (const RegistryId& already : RegistriesOf(step.waited, step.dictionary())) {
    asked.erase(already);
  }
  WriteDown(step, kSourceAskedActivity, asked);
  step.c.awaited = std::move(owed);
  if (waits) return step.draft.Keep(step.c);
  step.draft.AppendLog(
      step.c.citizen, kWaitLog,
      Encode(QueuedCase{step.c.citizen, step.c.id, step.draft.now(), step.c.wait_until}));
  return step.draft.Keep(step.c);
}

// Whether a consent that the case rests on still allows a step.
Result<bool> ConsentAllows(Draft& draft, const Case& c) {
  if (c.consent.empty()) return true;
  KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(c.citizen));
  KSTATI_TRY(const profile::Processing next, NextStepOf(draft, c));
  return profile::FindAllowing(consents, next) != nullptr;
}

Result<void> DecideOrWait(Step& step) {
  KSTATI_TRY(const bool allowed, ConsentAllows(step.draft, step.c));
  if (!allowed) return Refer(step, "case.reason.consent_ended_under_way");
  if (step.decision.regulation == nullptr) return Refer(step, "case.reason.needs_official");
  switch (step.decision.verdict) {
    case Verdict::kEligible:
    case Verdict::kLikely: return DecideYes(step);
    case Verdict::kNotEligible: return Refuse(step);
    case Verdict::kUndetermined: return GoOnUndetermined(step);
  }
  return {};
}

// A suspension or a question whose time is over, as its procedure says.
Result<void> EndWait(Step& step) {
  const bool asked = step.c.status == Status::kInformationAsked;
  const graph::Procedure* procedure =
      step.Procedure(asked ? ProcedureKind::kAdditionalInformation : ProcedureKind::kSuspension);
  const bool waits = asked || step.c.status == Status::kSuspended;
  const bool resumes =
      procedure != nullptr && procedure->on_time_out == graph::TimeOut::kResume && waits;
  if (!resumes) return Refer(step, "case.reason.wait_is_over");
  step.c.awaited.clear();
  step.c.wait_until.reset();
  return step.draft.Act(step.c, asked ? Action::kInform : Action::kResume,
                        "case.reason.wait_is_over");
}

bool AllRecorded(const std::set<AttributeId>& attributes, const profile::FactView& person,
                 const profile::FactView* about) {
  return std::ranges::all_of(attributes, [&](const AttributeId& attribute) {
    return person.Find(attribute) != nullptr ||
           (about != nullptr && about->Find(attribute) != nullptr);
  });
}

const Course* CourseOf(const Draft& draft, const Decision& decision) {
  if (decision.regulation == nullptr) return nullptr;
  return draft.world().CourseOf(*decision.described, *decision.in_force);
}

// With an official because something was missing, and now the rules come to a "yes" by themselves.
Result<void> GrantWhatWasOpen(Draft& draft, Case& c) {
  const Verdict before = c.verdict;
  if (before != Verdict::kUndetermined || !c.rulings.empty()) return {};
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  KSTATI_TRY(const bool by_rules, RulesMayGrant(draft, c, decision));
  if (!by_rules) return draft.Keep(c);
  Step step{draft, c, decision, CourseOf(draft, decision), Wait::kGoesOn};
  return Grant(step);
}

bool IsDecided(const Case& c) {
  return c.status == Status::kGranted || c.status == Status::kRefused || HadResult(c);
}

// By the version in force today, where it has replaced the one of `decision`, is meant for open
// cases, and the course of the case does not pin the version it runs under.
std::optional<Decision> DecideByNewer(const Draft& draft, eligibility::Subject subject,
                                      const Decision& decision) {
  if (decision.in_force == nullptr) return std::nullopt;
  const Course* course = CourseOf(draft, decision);
  const bool pinned = course != nullptr && course->new_version == graph::NewVersion::kPinned;
  if (pinned) return std::nullopt;
  const graph::Service& service = *decision.described;
  const bool everywhere = !service.DependsOnRegion(draft.today());
  if (everywhere && service.RegulationOn(draft.today()) == decision.in_force) return std::nullopt;
  subject.law_on = draft.today();
  Decision newer = draft.world().program->Decide(service, subject, true);
  const bool replaced = newer.in_force != nullptr && newer.in_force != decision.in_force;
  if (!replaced || !newer.in_force->helps_open_cases) return std::nullopt;
  return newer;
}

// Somebody whom the case is about was erased, or the service is gone: nothing can be worked out.
Result<bool> CanBeDecided(Draft& draft, const Case& c) {
  if (draft.world().catalogue().FindService(c.service) == nullptr) return false;
  return draft.Knows(c.about);
}

// Whether the event reports something that the case waits for of whom it concerns.
bool Answers(const profile::RegistryEvent& event, const Case& c) {
  return std::ranges::any_of(event.facts, [&](const profile::ReportedFact& fact) {
    const bool concerned = fact.citizen == c.citizen || fact.citizen == c.about;
    return concerned && c.awaited.contains(fact.attribute);
  });
}

Result<void> ProceedWith(Draft& draft, const profile::RegistryEvent& event, Case& c) {
  switch (c.status) {
    case Status::kInterAgency: return Proceed(draft, c);
    case Status::kWithOfficial:
      return IsDoubted(c) ? DropDoubt(draft, c) : GrantWhatWasOpen(draft, c);
    case Status::kInformationAsked:
    case Status::kSuspended: break;
    default: return {};
  }
  KSTATI_TRY(const bool recorded, AreOnRecord(draft, c, c.awaited));
  if (!recorded || !Answers(event, c)) return {};
  const bool asked = c.status == Status::kInformationAsked;
  c.awaited.clear();
  c.wait_until.reset();
  KSTATI_TRY_VOID(
      draft.Act(c, asked ? Action::kInform : Action::kResume, "case.reason.registry_answered"));
  return Proceed(draft, c);
}

// The situation after which the case is decided: of its cause; where that is not kept, the latest
// of its kind about the same person, and without a kind the one that the service is meant for. By
// the event under way: only of its cause.
const recommender::OpenSituation* SituationBehind(
    const Draft& draft, const std::vector<recommender::OpenSituation>& situations, const Case& c,
    bool by_event) {
  const recommender::OpenSituation* of_kind = nullptr;
  for (const recommender::OpenSituation& situation : situations) {
    const bool same_kind = c.situation.empty() || situation.situation == c.situation;
    if (!c.cause.id.empty() && situation.cause == c.cause && same_kind) return &situation;
    const bool same = !c.situation.empty() && same_kind && situation.about == c.about;
    if (of_kind == nullptr && same) of_kind = &situation;
  }
  if (by_event) return nullptr;
  const graph::Service* service = draft.world().catalogue().FindService(c.service);
  if (!c.situation.empty() || service == nullptr) return of_kind;
  return SituationFor(draft.world(), *service, situations, c.about, draft.today());
}

}  // namespace

const profile::Attribute* ReportedAs(const profile::Dictionary& dictionary, const AttributeId& id) {
  const profile::Attribute* attribute = dictionary.Find(id);
  return attribute == nullptr ? nullptr
                              : &eligibility::questions::RecordedOf(*attribute, dictionary);
}

CitizenId HolderOf(const profile::Dictionary& dictionary, const AttributeId& id,
                   CitizenId applicant, CitizenId about) {
  const profile::Attribute* attribute = dictionary.Find(id);
  return attribute == nullptr || attribute->holder() == "person" ? applicant : about;
}

bool IsYes(const profile::Fact* fact) {
  if (fact == nullptr || std::holds_alternative<profile::NotApplicable>(fact->value)) return false;
  const bool* flag = std::get_if<bool>(&fact->value);
  return flag == nullptr || *flag;
}

std::set<profile::EventKey> EventsBehind(const Decision& decision) {
  std::set<profile::EventKey> keys;
  ForEachUsedFact(decision, [&](const eligibility::UsedFact& used) {
    if (!used.assumed_absent) keys.insert(used.fact.reported_by);
  });
  return keys;
}

int FavourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEligible: return 3;
    case Verdict::kLikely: return 2;
    case Verdict::kUndetermined: return 1;
    case Verdict::kNotEligible: return 0;
  }
  return 0;
}

bool GivesMore(const Decision& one, const Decision& other) {
  if (one.verdict != other.verdict) return FavourOf(one.verdict) > FavourOf(other.verdict);
  return one.amount && other.amount && *other.amount < *one.amount;
}

std::set<eligibility::Missing> OnlyPersonKnows(const Decision& decision,
                                               const profile::Dictionary& dictionary) {
  std::set<eligibility::Missing> unknown;
  for (const eligibility::Missing& missing : decision.missing) {
    const profile::Attribute* attribute = ReportedAs(dictionary, missing.attribute);
    const bool own = missing.citizen == decision.applicant || missing.citizen == decision.about;
    if (attribute == nullptr || !attribute->askable || !own) continue;
    unknown.insert({attribute->id, {}, missing.citizen});
  }
  return unknown;
}

Result<Viewpoint> ViewpointOfCase(Draft& draft, const Case& c) {
  Viewpoint viewpoint;
  KSTATI_TRY(viewpoint.household, draft.HouseholdOf(c.citizen));
  if (c.about != c.citizen) {
    viewpoint.about = viewpoint.household->Find(c.about);
    if (!viewpoint.about) {
      KSTATI_TRY(const auto other, draft.HouseholdOf(c.about));
      viewpoint.about = other->person;
    }
  }
  KSTATI_TRY(const auto situations, SituationsIn(draft, c.citizen));
  // A corrected event opens its situation anew only after the cases were decided again.
  const profile::RegistryEvent* event = draft.event();
  const bool by_event = !c.cause.id.empty() && event != nullptr && event->key == c.cause;
  if (const auto* behind = SituationBehind(draft, situations, c, by_event)) {
    viewpoint.event_date = behind->occurred_on;
    if (behind->IsOpenOn(draft.today())) viewpoint.opened_on = behind->occurred_on;
  } else if (by_event) {
    viewpoint.event_date = event->occurred_on;
  }
  return viewpoint;
}

Result<bool> AreOnRecord(Draft& draft, const Case& c, const std::set<AttributeId>& attributes) {
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfCase(draft, c));
  return AllRecorded(attributes, *viewpoint.household->person, viewpoint.about.get());
}

Result<std::set<CitizenId>> WhoLacks(Draft& draft, Case& c, const AttributeId& attribute) {
  std::set<CitizenId> lacking;
  KSTATI_TRY(const bool possible, CanBeDecided(draft, c));
  if (!possible) return lacking;
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  for (const eligibility::Missing& missing : OnlyPersonKnows(decision, dictionary)) {
    const bool told = c.told.contains({missing.citizen, missing.attribute});
    if (missing.attribute == attribute && !told) lacking.insert(missing.citizen);
  }
  return lacking;
}

Result<Decision> DecideAgain(Draft& draft, Case& c) {
  const graph::Service* service = draft.world().catalogue().FindService(c.service);
  if (service == nullptr) {
    return Fail(ErrorCode::kNotFound, "the catalogue has no service " + c.service.text(),
                "case " + c.id.text(), "load a catalogue that has it");
  }
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfCase(draft, c));
  eligibility::Subject subject = viewpoint.subject();
  subject.today = AppliedOn(draft.world(), c);
  if (RunsUnderNewerRules(draft.world(), c)) subject.law_on = c.regulation_from;
  Decision decision = draft.world().program->Decide(*service, subject, true);
  KSTATI_TRY(std::optional<Decision> as_applied, DecideAsOfApplying(draft, c, viewpoint, subject));
  if (as_applied && FavourOf(decision.verdict) <= FavourOf(as_applied->verdict)) {
    decision = *std::move(as_applied);
  }
  if (subject.today && !IsDecided(c)) {
    std::optional<Decision> newer = DecideByNewer(draft, subject, decision);
    if (newer && GivesMore(*newer, decision)) decision = std::move(*newer);
  }
  KSTATI_TRY(decision, DecideOnPreChecksOf(draft, c, viewpoint, std::move(decision)));
  const bool applied_for = subject.today.has_value();
  if (applied_for && decision.in_force != nullptr) {
    c.regulation_from = decision.in_force->in_force.from;
  }
  c.verdict = decision.verdict;
  c.rests_on = EventsBehind(decision);
  return decision;
}

Result<void> Proceed(Draft& draft, Case& c, Wait wait) {
  if (!Next(c.status, Action::kRefer)) {
    return Fail(ErrorCode::kConflict,
                "the case is " + std::string(NameOf(c.status)) + " and waits for nothing",
                "case " + c.id.text(), "read the case again: its status has changed");
  }
  if (c.status != Status::kInterAgency && wait == Wait::kGoesOn) {
    return Fail(ErrorCode::kConflict, "the case waits for something else", "case " + c.id.text(),
                "its wait ends by itself");
  }
  KSTATI_TRY(const bool possible, CanBeDecided(draft, c));
  if (!possible) {
    c.awaited.clear();
    c.wait_until.reset();
    return draft.Act(c, Action::kRefer, "case.reason.needs_official");
  }
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  Step step{draft, c, decision, CourseOf(draft, decision), wait};
  if (c.status != Status::kInterAgency) return EndWait(step);
  TakeAnswers(step);
  KSTATI_TRY_VOID(DecideOrWait(step));
  const bool ended = c.status != Status::kInterAgency;
  if (ended) WriteDown(step, kSourceSilentActivity, RegistriesOf(step.waited, step.dictionary()));
  return {};
}

bool GrantsByItself(const Course* course) {
  return IsDecidedByRules(course) && !IsAlwaysAssessed(course);
}

Result<bool> RulesMayGrant(Draft& draft, Case& c, const Decision& decision) {
  Step step{draft, c, decision, CourseOf(draft, decision), Wait::kGoesOn};
  const bool by_rules = IsDecidedByRules(step.course) && NotAssessed(step).empty();
  if (!by_rules || SomeConditionFails(c)) return false;
  KSTATI_TRY(const bool allowed, ConsentAllows(draft, c));
  return allowed && IsConfirmedYes(decision, step.dictionary());
}

Result<void> ProceedAfter(Draft& draft, const profile::RegistryEvent& event) {
  if (event.facts.empty()) return {};
  KSTATI_TRY(const std::set<CitizenId> around, PeopleAround(draft, event));
  for (const CitizenId citizen : around) {
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
    for (Case c : cases) {
      if (!IsUnderWay(c.status)) continue;
      KSTATI_TRY(const bool possible, CanBeDecided(draft, c));
      if (possible) KSTATI_TRY_VOID(ProceedWith(draft, event, c));
    }
  }
  return {};
}

Result<Case> DecideCase(Draft& draft, CitizenId citizen, const CaseId& id, Wait wait) {
  KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
  if (wait == Wait::kIsOver && (!c.wait_until || draft.today() <= *c.wait_until)) {
    return Fail(ErrorCode::kConflict, "the case no longer waits", "case " + id.text(),
                "read the case again");
  }
  KSTATI_TRY_VOID(Proceed(draft, c, wait));
  return c;
}

Result<Case> DecideCase(const World& world, CitizenId citizen, const CaseId& id, Wait wait) {
  return Retry(world, [&](Draft& draft) { return DecideCase(draft, citizen, id, wait); });
}

}  // namespace kstati::cases
