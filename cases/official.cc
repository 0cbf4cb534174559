// SPDX-License-Identifier: Apache-2.0
#include "cases/official.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "cases/answer.h"
#include "cases/consenting.h"
#include "cases/correcting.h"
#include "cases/deciding.h"
#include "cases/official_index.h"
#include "cases/single_application.h"
#include "eligibility/questions/answers.h"
#include "eligibility/relevance.h"

namespace kstati::cases {
namespace {

struct StepName {
  OfficialStep step;
  std::string_view name;
};

constexpr std::array kStepNames{
    StepName{OfficialStep::kGrant, "grant"},
    StepName{OfficialStep::kRefuse, "refuse"},
    StepName{OfficialStep::kAnnul, "annul"},
    StepName{OfficialStep::kAsk, "ask"},
    StepName{OfficialStep::kSuspend, "suspend"},
    StepName{OfficialStep::kReportFindings, "report_findings"},
    StepName{OfficialStep::kGivePlace, "give_place"},
};

bool Has(const std::vector<GroundId>& grounds, const GroundId& ground) {
  return std::ranges::find(grounds, ground) != grounds.end();
}

Result<void> CheckGrounds(const OfficialAct& act, const graph::Regulation& regulation) {
  if (act.step != OfficialStep::kRefuse) {
    if (act.grounds.empty()) return {};
    return Fail(ErrorCode::kInvalidArgument, "only a refusal has grounds", "grounds",
                "leave them out");
  }
  if (act.grounds.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a refusal needs a ground", "grounds",
                "choose among the grounds of the regulation; `passport` lists them");
  }
  for (const GroundId& ground : act.grounds) {
    if (Has(regulation.grounds, ground) || Has(regulation.authority_grounds, ground)) continue;
    return Fail(ErrorCode::kInvalidArgument,
                ground.text() + " is no ground of this service's regulation", "grounds",
                "choose among the grounds of the regulation; `passport` lists them");
  }
  return {};
}

void CountOverride(Draft& draft, const Case& c) {
  const Ruling& ruling = c.rulings.back();
  if (ruling.override_reason == Override::kNone) return;
  ByteWriter entry;
  entry.Text(c.service.text()).Number(static_cast<uint64_t>(ruling.override_reason));
  entry.Number(static_cast<uint64_t>(ruling.decided));
  draft.AppendLog(c.citizen, kOverrideLog, entry.Take());
}

Result<Ruling> RulingOf(const OfficialAct& act, const Case& c,
                        const graph::Regulation& regulation) {
  KSTATI_TRY_VOID(CheckGrounds(act, regulation));
  Ruling ruling;
  if (act.step == OfficialStep::kRefuse) ruling.decided = Decided::kRefused;
  if (act.step == OfficialStep::kAnnul) ruling.decided = Decided::kAnnulled;
  ruling.official = act.official;
  ruling.verdict = c.verdict;
  ruling.grounds = act.grounds;
  ruling.override_reason = act.override_reason;
  const bool needs = NeedsOverride(ruling, regulation);
  if (needs == (act.override_reason != Override::kNone)) return ruling;
  if (needs) {
    return Fail(ErrorCode::kInvalidArgument, "the rules come to the opposite", "override",
                "say why it is decided otherwise: record_is_wrong, document_seen, court_decided "
                "or rule_is_wrong");
  }
  return Fail(ErrorCode::kInvalidArgument, "nothing of the rules is overridden", "override",
              "leave the reason out");
}

Result<void> Grant(Draft& draft, const OfficialAct& act, const graph::Regulation& regulation,
                   const std::optional<Decimal>& amount, Case& c) {
  KSTATI_TRY(Ruling ruling, RulingOf(act, c, regulation));
  ruling.amount = amount;
  ruling.at = draft.now();
  const bool had_result = HadResult(c);  // then it need not be issued again
  c.rulings.push_back(std::move(ruling));
  c.compensation.clear();
  KSTATI_TRY_VOID(draft.Act(c, Action::kGrant, "case.reason.granted_by_official"));
  EnterRuling(draft, c);
  CountOverride(draft, c);
  if (had_result) return draft.Act(c, Action::kResult, "case.reason.result_stands");
  return {};
}

// Whether the person has what the case gives, or was told so.
bool WasGranted(const Case& c) {
  return HadResult(c) || (!c.rulings.empty() && c.rulings.back().decided == Decided::kGranted);
}

Result<void> DecideAgainst(Draft& draft, const OfficialAct& act,
                           const graph::Regulation& regulation, Case& c) {
  KSTATI_TRY(Ruling ruling, RulingOf(act, c, regulation));
  const bool annuls = act.step == OfficialStep::kAnnul;
  if (annuls || WasGranted(c)) KSTATI_TRY_VOID(CheckTakenBack(draft, c));
  if (annuls) {
    const bool decided = c.status == Status::kGranted || c.status == Status::kDone;
    if (decided) KSTATI_TRY_VOID(draft.Act(c, Action::kReopen, "case.reason.taken_back"));
  }
  const auto leave = AdverseLeave::ByOfficial(std::move(ruling));
  if (!leave) {
    return Fail(ErrorCode::kInvalidArgument, "the ruling does not say who decides", "official",
                "name the official");
  }
  KSTATI_TRY_VOID(draft.ActAgainst(
      c, *leave, annuls ? "case.reason.annulled_by_official" : "case.reason.refused_by_official"));
  EnterRuling(draft, c);
  CountOverride(draft, c);
  return {};
}

// The monitor learns of what was demanded.
void NoteRefusedAsk(Draft& draft, const Case& c, std::string_view activity,
                    const AttributeId& attribute) {
  RefusedAct refused{c.citizen, draft.EntryAbout(c), {}};
  refused.entry.activity = activity;
  refused.entry.actor = Actor::kOfficial;
  refused.entry.reason = attribute.text();
  refused.entry.party = refused.entry.authority;
  draft.NoteRefused(std::move(refused));
}

// What may be waited for, as registries report it: only what the regulations of the service list.
// An attempt to get more is on record.
Result<std::set<AttributeId>> CheckListed(Draft& draft, const OfficialAct& act, const Case& c) {
  const eligibility::Program& program = *draft.world().program;
  const graph::Service& service = *draft.world().catalogue().FindService(c.service);
  const std::set<AttributeId> listed = eligibility::FactsThatMatter(program, service);
  std::set<AttributeId> recorded;
  for (const AttributeId& id : act.attributes) {
    const profile::Attribute* attribute = program.dictionary().Find(id);
    if (attribute == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "there is no attribute " + id.text(), "attributes",
                  "name attributes of the dictionary");
    }
    attribute = &eligibility::questions::RecordedOf(*attribute, program.dictionary());
    if (!listed.contains(attribute->id)) {
      NoteRefusedAsk(draft, c, kUnlistedAskActivity, attribute->id);
      return Fail(ErrorCode::kDenied, "the regulation does not list " + id.text(), "attributes",
                  "name what the service needs; `passport` lists it");
    }
    recorded.insert(attribute->id);
  }
  return recorded;
}

// Whether the state has what would be asked for: nobody whom the case concerns lacks it, and the
// record of whoever has the attribute's role says something that the person changes by no act.
Result<bool> IsHeld(Draft& draft, Case& c, const AttributeId& id) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  if (dictionary.Find(id)->changed_by_person) return false;
  KSTATI_TRY(const std::set<CitizenId> lacking, WhoLacks(draft, c, id));
  if (!lacking.empty()) return false;
  const CitizenId whose = HolderOf(dictionary, id, c.citizen, c.about);
  KSTATI_TRY(const bool known, draft.Knows(whose));
  if (!known) return false;
  KSTATI_TRY(const auto holder, draft.HouseholdOf(whose));
  return IsYes(holder->person->Find(id));
}

// Asking for what a registry keeps is refused: the state asks itself. So is asking again for what
// it has.
Result<std::set<AttributeId>> CheckAskable(Draft& draft, const OfficialAct& act, Case& c) {
  if (act.attributes.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "nothing is asked for", "attributes",
                "name what the person is to tell");
  }
  KSTATI_TRY(std::set<AttributeId> recorded, CheckListed(draft, act, c));
  for (const AttributeId& id : recorded) {
    if (draft.world().program->dictionary().Find(id)->askable) continue;
    return Fail(ErrorCode::kDenied, id.text() + " may not be asked of a person", "attributes",
                "a registry keeps it: suspend the case until it is on record");
  }
  for (const AttributeId& id : recorded) {
    KSTATI_TRY(const bool held, IsHeld(draft, c, id));
    if (!held) continue;
    NoteRefusedAsk(draft, c, kHeldAskActivity, id);
    return Fail(ErrorCode::kDenied, id.text() + " is on record already", "attributes",
                "decide on what is held; a wrong record is an `override`");
  }
  return recorded;
}

// The day on which the norm of a procedure has passed.
Result<Date> EndOf(const Draft& draft, const Case& c, const graph::Procedure& procedure) {
  const WorkingCalendar& calendar = draft.world().term_calendars().Of(c.calendar);
  return calendar.EndOfTerm(draft.today(), procedure.norm);
}

Result<void> Ask(Draft& draft, const OfficialAct& act, const graph::Course* course, Case& c) {
  KSTATI_TRY(std::set<AttributeId> asked, CheckAskable(draft, act, c));
  const graph::Procedure* procedure =
      course == nullptr ? nullptr : course->Find(graph::ProcedureKind::kAdditionalInformation);
  if (procedure == nullptr) {
    return Fail(ErrorCode::kDenied, "the course of this service asks the person for nothing",
                "step", "decide on what is known");
  }
  KSTATI_TRY(const Date until, EndOf(draft, c, *procedure));
  c.awaited = std::move(asked);
  c.wait_until = until;
  return draft.Act(c, Action::kAsk, "case.reason.asked_by_official");
}

Result<void> Suspend(Draft& draft, const OfficialAct& act, const graph::Course* course, Case& c) {
  const graph::Procedure* procedure =
      course == nullptr ? nullptr : course->Find(graph::ProcedureKind::kSuspension);
  if (procedure == nullptr) {
    return Fail(ErrorCode::kDenied, "the course of this service has no suspension", "step",
                "decide on what is known");
  }
  if (act.attributes.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a suspension needs a criterion by which it ends",
                "attributes", "name the facts that have to be on record");
  }
  KSTATI_TRY(std::set<AttributeId> awaited, CheckListed(draft, act, c));
  KSTATI_TRY(const Date longest, EndOf(draft, c, *procedure));
  if (act.until && (*act.until < draft.today() || *act.until > longest)) {
    return Fail(ErrorCode::kInvalidArgument, "a suspension may not last so long", "until",
                "end it by " + longest.ToString());
  }
  c.awaited = std::move(awaited);
  c.wait_until = act.until.value_or(longest);
  return draft.Act(c, Action::kSuspend, "case.reason.suspended");
}

Result<void> CheckFinding(const std::string& name, const graph::Regulation& regulation) {
  const bool known = name == kExamination ||
                     std::ranges::find(regulation.conditions, name, &graph::Condition::id) !=
                         regulation.conditions.end();
  if (known) return {};
  return Fail(ErrorCode::kInvalidArgument, name + " is no condition of this service's regulation",
              "findings", "name its conditions; `passport` lists them");
}

Result<void> Report(Draft& draft, const OfficialAct& act, const graph::Regulation& regulation,
                    Case& c) {
  if (act.findings.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "nothing was found", "findings",
                "say of each condition whether it holds");
  }
  bool all_hold = true;
  for (const auto& [condition, holds] : act.findings) {
    KSTATI_TRY_VOID(CheckFinding(condition, regulation));
    c.findings[condition] = holds;
    all_hold &= holds;
  }
  if (!all_hold) return draft.Act(c, Action::kRefer, "case.reason.condition_fails");
  KSTATI_TRY_VOID(draft.Act(c, Action::kReportFindings, "case.reason.assessed"));
  return Proceed(draft, c);
}

Result<void> GivePlace(Draft& draft, Case& c) {
  c.has_place = true;
  KSTATI_TRY_VOID(draft.Act(c, Action::kGivePlace, "case.reason.place_given"));
  return Proceed(draft, c);
}

// Whose fact an answer tells that does not say so: of whom it is lacked, else of whoever has the
// attribute's role.
Result<CitizenId> WhoseAnswer(Draft& draft, Case& c, const AttributeId& attribute) {
  KSTATI_TRY(const std::set<CitizenId> lacking, WhoLacks(draft, c, attribute));
  if (lacking.size() == 1) return *lacking.begin();
  if (lacking.size() > 1) {
    return Fail(ErrorCode::kInvalidArgument, "several people are asked for " + attribute.text(),
                "answers", "say with each answer whose fact it is");
  }
  return HolderOf(draft.world().program->dictionary(), attribute, c.citizen, c.about);
}

// One of several people's answers leaves the others asked.
Result<void> TakeAnswer(Draft& draft, Case& c, const AskedFact& asked, const std::string& text) {
  auto [whose, attribute] = asked;
  if (!c.awaited.contains(attribute)) {
    return Fail(ErrorCode::kInvalidArgument, attribute.text() + " was not asked", "answers",
                "answer what the case asks for");
  }
  const profile::Attribute* known = draft.world().program->dictionary().Find(attribute);
  if (known != nullptr) KSTATI_TRY_VOID(CheckAnswer(*known, text));
  if (whose.number() == 0) {
    KSTATI_TRY(whose, WhoseAnswer(draft, c, attribute));
  }
  if (whose != c.citizen && whose != c.about) {
    return Fail(ErrorCode::kInvalidArgument, "the case asks nothing about that person", "answers",
                "answer about the applicant, or whomever the case is about");
  }
  c.told[{whose, attribute}] = text;
  KSTATI_TRY(const std::set<CitizenId> lacking, WhoLacks(draft, c, attribute));
  if (lacking.empty()) c.awaited.erase(attribute);
  return {};
}

}  // namespace

std::string_view NameOf(OfficialStep step) {
  for (const StepName& entry : kStepNames) {
    if (entry.step == step) return entry.name;
  }
  return "unknown";
}

Result<OfficialStep> ParseOfficialStep(std::string_view name) {
  for (const StepName& entry : kStepNames) {
    if (entry.name == name) return entry.step;
  }
  return Fail(ErrorCode::kInvalidArgument, "no official takes such a step", "step",
              "one of grant, refuse, annul, ask, suspend, report_findings, give_place");
}

bool NeedsOverride(const Ruling& ruling, const graph::Regulation& regulation) {
  if (ruling.decided == Decided::kGranted) {
    return ruling.verdict == eligibility::Verdict::kNotEligible;
  }
  if (ruling.verdict != eligibility::Verdict::kEligible) return false;
  return ruling.decided == Decided::kAnnulled ||
         std::ranges::any_of(ruling.grounds, [&](const GroundId& ground) {
           return !Has(regulation.authority_grounds, ground);
         });
}

Result<const graph::Regulation*> RegulationOf(const World& world, const Case& c) {
  const graph::Service* service = world.catalogue().FindService(c.service);
  const graph::Regulation* regulation =
      service == nullptr ? nullptr : service->RegulationOn(c.regulation_from);
  if (regulation != nullptr) return regulation;
  return Fail(ErrorCode::kNotFound, "the catalogue no longer has the regulation of the case",
              "case " + c.id.text(), "load a catalogue that has it");
}

Result<Case> ActOfficially(Draft& draft, const OfficialAct& act) {
  KSTATI_TRY(Case c, RequireCase(draft, act.citizen, act.id));
  KSTATI_TRY(const eligibility::Decision decision, DecideAgain(draft, c));
  KSTATI_TRY(const graph::Regulation* regulation, RegulationOf(draft.world(), c));
  const graph::Service& service = *draft.world().catalogue().FindService(c.service);
  const graph::Course* course = draft.world().CourseOf(service, *regulation);
  const auto act_on = [&]() -> Result<void> {
    switch (act.step) {
      case OfficialStep::kGrant: return Grant(draft, act, *regulation, decision.amount, c);
      case OfficialStep::kRefuse:
      case OfficialStep::kAnnul: return DecideAgainst(draft, act, *regulation, c);
      case OfficialStep::kAsk: return Ask(draft, act, course, c);
      case OfficialStep::kSuspend: return Suspend(draft, act, course, c);
      case OfficialStep::kReportFindings: return Report(draft, act, *regulation, c);
      case OfficialStep::kGivePlace: return GivePlace(draft, c);
    }
    return {};
  };
  KSTATI_TRY_VOID(act_on());
  KSTATI_TRY_VOID(FollowApplications(draft, act.citizen));
  return c;
}

Result<Case> TellCase(Draft& draft, CitizenId citizen, const CaseId& id,
                      const std::map<AskedFact, std::string>& answers) {
  KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
  if (c.status != Status::kInformationAsked) {
    return Fail(ErrorCode::kConflict, "the case asks nothing of the person", "case " + id.text(),
                "read the case again: its status has changed");
  }
  for (const auto& [asked, text] : answers) KSTATI_TRY_VOID(TakeAnswer(draft, c, asked, text));
  if (!c.awaited.empty()) {  // a part of it; the rest is still waited for
    KSTATI_TRY_VOID(draft.Keep(c));
    return c;
  }
  c.wait_until.reset();
  KSTATI_TRY_VOID(draft.Act(c, Action::kInform, "case.reason.informed"));
  KSTATI_TRY_VOID(Proceed(draft, c));
  return c;
}

Result<Case> WithdrawCase(Draft& draft, CitizenId citizen, const CaseId& id) {
  KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
  if (WasGranted(c)) {
    return Fail(ErrorCode::kConflict, "the application was decided", "case " + id.text(),
                "an official looks at its result; there is nothing to withdraw");
  }
  c.awaited.clear();
  c.wait_until.reset();
  KSTATI_TRY_VOID(draft.Act(c, Action::kWithdraw, "case.reason.withdrawn"));
  return c;
}

Result<Case> ActOfficially(const World& world, const OfficialAct& act) {
  return RetryStep(world, [&](Draft& draft) { return ActOfficially(draft, act); });
}

Result<Case> TellCase(const World& world, CitizenId citizen, const CaseId& id,
                      const std::map<AskedFact, std::string>& answers) {
  return RetryStep(world, [&](Draft& draft) { return TellCase(draft, citizen, id, answers); });
}

Result<Case> WithdrawCase(const World& world, CitizenId citizen, const CaseId& id) {
  return RetryStep(world, [&](Draft& draft) { return WithdrawCase(draft, citizen, id); });
}

}  // namespace kstati::cases
