// SPDX-License-Identifier: Apache-2.0
#include "cases/pre_check.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "cases/consenting.h"
#include "cases/dealings.h"
#include "cases/deciding.h"
#include "cases/household_cases.h"
#include "cases/single_application.h"
#include "cases/zeros.h"
#include "profile/value.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;
using eligibility::Verdict;

std::string NamesIn(const char* role,
                    const std::vector<std::shared_ptr<const profile::FactView>>& members) {
  std::string names = role;
  for (const auto& member : members) names += " " + member->citizen().ToString();
  return names + ";";
}

std::string WhoIsIn(const profile::Household& household) {
  return NamesIn("children", household.children) + NamesIn("parents", household.parents) +
         NamesIn("spouses", household.spouses) + NamesIn("wards", household.wards);
}

// Whose facts it is, as the viewpoint sees them; null: a stranger's.
const profile::FactView* ViewOf(const Viewpoint& viewpoint, CitizenId citizen) {
  if (viewpoint.about && viewpoint.about->citizen() == citizen) return viewpoint.about.get();
  return viewpoint.household->Find(citizen).get();
}

// The document that an input on record stands for.
void AddRecorded(const AttributeId& id, const Viewpoint& viewpoint,
                 std::vector<FactBehind>& facts) {
  const profile::FactView* person = viewpoint.household->person.get();
  for (const profile::FactView* view : {person, viewpoint.about.get()}) {
    const profile::Fact* fact = view == nullptr ? nullptr : view->Find(id);
    if (fact != nullptr) facts.push_back({view->citizen(), id, std::nullopt});
  }
}

std::vector<FactBehind> FactsBehind(const Decision& decision, const Viewpoint& viewpoint) {
  std::vector<FactBehind> facts;
  ForEachUsedFact(decision, [&](const eligibility::UsedFact& used) {
    std::optional<std::string> absent;
    if (used.assumed_absent) absent = profile::ToText(used.fact.value);
    facts.push_back({used.citizen, used.fact.attribute, std::move(absent)});
  });
  for (const AttributeId& id : decision.recorded) AddRecorded(id, viewpoint, facts);
  const auto order = [](const FactBehind& a, const FactBehind& b) {
    return std::tie(a.citizen, a.attribute) < std::tie(b.citizen, b.attribute);
  };
  std::ranges::stable_sort(facts, order);
  const auto rest = std::ranges::unique(facts);
  facts.erase(rest.begin(), rest.end());
  return facts;
}

// nullopt: nothing says what it is.
std::optional<std::string> ValueOf(const FactBehind& behind, const Viewpoint& viewpoint) {
  const profile::FactView* view = ViewOf(viewpoint, behind.citizen);
  if (view == nullptr) return std::nullopt;
  const profile::Fact* fact = view->Find(behind.attribute);
  return fact == nullptr ? behind.absent : profile::ToText(fact->value);
}

bool Holds(const FactBehind& behind, const Viewpoint& then, const Viewpoint& now) {
  const std::optional<std::string> value = ValueOf(behind, then);
  return value && value == ValueOf(behind, now);
}

// Whether a "yes" needs an official: by the course, or because facts are not confirmed.
bool NeedsOfficial(const World& world, const Decision& decision) {
  return !GrantsByItself(world.CourseOf(*decision.described, *decision.in_force)) ||
         !IsConfirmedYes(decision, world.program->dictionary());
}

Result<Instant> EndOfBinding(const World& world, const graph::Service& service,
                             const Decision& decision, const Viewpoint& viewpoint, Date today) {
  const graph::Course* course = world.CourseOf(service, *decision.in_force);
  if (course == nullptr) {
    return Fail(ErrorCode::kUnsupported, "nothing says how long an answer binds",
                "service " + service.id.text(), "load a catalogue with courses.yaml");
  }
  const WorkingCalendar& calendar =
      world.term_calendars().Of(world.CalendarOf(service, RegionOf(world, viewpoint)));
  KSTATI_TRY(const Date last_day, calendar.EndOfTerm(today, course->pre_check_holds));
  return StartOfDay(last_day.AddDays(1), world.time_zone);
}

Result<Viewpoint> ViewpointOfPreCheck(Draft& draft, const PreCheck& pre_check) {
  Case like;
  like.citizen = pre_check.citizen;
  like.about = pre_check.about;
  like.service = pre_check.service;
  return ViewpointOfCase(draft, like);
}

// Whether the facts that it rests on are as they were.
Result<bool> FactsHold(const World& world, const PreCheck& pre_check, const Viewpoint& now) {
  if (pre_check.household != WhoIsIn(*now.household)) return false;
  Draft back(world, profile::AsOf{pre_check.made_on, pre_check.known_at});
  const Result<Viewpoint> then = ViewpointOfPreCheck(back, pre_check);
  if (!then && then.error().code == ErrorCode::kNotFound) return false;  // erased since
  if (!then) return Fail(then.error());
  return std::ranges::all_of(pre_check.facts,
                             [&](const FactBehind& behind) { return Holds(behind, *then, now); });
}

bool IsFor(const PreCheck& pre_check, const ServiceId& service, CitizenId about) {
  return pre_check.service == service && pre_check.about == about;
}

bool SaysTheSame(const PreCheck& one, const PreCheck& other) {
  return IsFor(one, other.service, other.about) && one.case_id.empty() &&
         one.made_on == other.made_on && one.holds_until == other.holds_until &&
         one.verdict == other.verdict && one.regulation_from == other.regulation_from &&
         one.missing == other.missing && one.documents == other.documents &&
         one.facts == other.facts && one.official == other.official && one.visits == other.visits;
}

// An earlier one that says the same on the same facts.
Result<std::optional<PreCheck>> SameAnswer(const World& world, const std::vector<PreCheck>& earlier,
                                           const PreCheck& made, const Viewpoint& viewpoint) {
  for (const PreCheck& other : earlier) {
    if (!SaysTheSame(other, made)) continue;
    KSTATI_TRY(const bool same_facts, FactsHold(world, other, viewpoint));
    if (same_facts) return std::optional(other);
  }
  return std::nullopt;
}

Result<bool> BindsAsSeen(const Draft& draft, const PreCheck& pre_check,
                         const Viewpoint& viewpoint) {
  if (!pre_check.Promises() || pre_check.holds_until <= draft.now()) return false;
  return FactsHold(draft.world(), pre_check, viewpoint);
}

// Those that bind for an application about whom the viewpoint is about and that none has taken.
Result<std::vector<PreCheck>> FreePreChecks(Draft& draft, const ServiceId& service,
                                            const Viewpoint& viewpoint) {
  KSTATI_TRY(std::vector<PreCheck> pre_checks,
             PreChecksOf(draft, viewpoint.household->person->citizen()));
  std::vector<PreCheck> free;
  for (PreCheck& pre_check : pre_checks) {
    const bool taken = !pre_check.case_id.empty();
    if (taken || !IsFor(pre_check, service, AboutIn(viewpoint))) continue;
    KSTATI_TRY(const bool binds, BindsAsSeen(draft, pre_check, viewpoint));
    if (binds) free.push_back(std::move(pre_check));
  }
  return free;
}

}  // namespace

bool PreCheck::Promises() const {
  return verdict == Verdict::kEligible || verdict == Verdict::kLikely;
}

bool PreCheck::Suffices() const {
  return verdict == Verdict::kEligible && documents.empty() && !official && visits == 0;
}

std::string Encode(const PreCheck& pre_check) {
  ByteWriter writer;
  writer.Text(pre_check.id).Number(pre_check.citizen.number()).Number(pre_check.about.number());
  writer.Text(pre_check.service.text()).Moment(pre_check.made_at).Moment(pre_check.known_at);
  writer.Day(pre_check.made_on);
  writer.Moment(pre_check.holds_until).Number(static_cast<uint64_t>(pre_check.verdict));
  writer.Day(pre_check.regulation_from).Number(pre_check.missing.size());
  for (const eligibility::Missing& missing : pre_check.missing) {
    writer.Text(missing.attribute.text()).Text(missing.parameter.text());
    writer.Number(missing.citizen.number());
  }
  writer.Number(pre_check.documents.size());
  for (const AttributeId& document : pre_check.documents) writer.Text(document.text());
  writer.Number(pre_check.grounds.size());
  for (const GroundId& ground : pre_check.grounds) writer.Text(ground.text());
  writer.Number(pre_check.facts.size());
  for (const FactBehind& fact : pre_check.facts) {
    writer.Number(fact.citizen.number()).Text(fact.attribute.text());
    writer.Flag(fact.absent.has_value()).Text(fact.absent.value_or(""));
  }
  writer.Text(pre_check.household).Text(pre_check.case_id.text());
  return writer.Flag(pre_check.official).Number(static_cast<uint64_t>(pre_check.visits)).Take();
}

Result<PreCheck> DecodePreCheck(std::string_view bytes) {
  ByteReader reader(bytes);
  PreCheck pre_check;
  pre_check.id = reader.Text();
  pre_check.citizen = CitizenId(reader.Number());
  pre_check.about = CitizenId(reader.Number());
  pre_check.service = ServiceId(reader.Text());
  pre_check.made_at = reader.Moment();
  pre_check.known_at = reader.Moment();
  pre_check.made_on = reader.Day();
  pre_check.holds_until = reader.Moment();
  pre_check.verdict = static_cast<Verdict>(reader.Number());
  pre_check.regulation_from = reader.Day();
  for (size_t left = reader.Count(); left > 0; --left) {
    AttributeId attribute(reader.Text());
    ParameterId parameter(reader.Text());
    pre_check.missing.push_back(
        {std::move(attribute), std::move(parameter), CitizenId(reader.Number())});
  }
  for (size_t left = reader.Count(); left > 0; --left) {
    pre_check.documents.emplace_back(reader.Text());
  }
  for (size_t left = reader.Count(); left > 0; --left) {
    pre_check.grounds.emplace_back(reader.Text());
  }
  for (size_t left = reader.Count(); left > 0; --left) {
    FactBehind fact;
    fact.citizen = CitizenId(reader.Number());
    fact.attribute = AttributeId(reader.Text());
    const bool absent = reader.Flag();
    std::string meant = reader.Text();
    if (absent) fact.absent = std::move(meant);
    pre_check.facts.push_back(std::move(fact));
  }
  pre_check.household = reader.Text();
  pre_check.case_id = CaseId(reader.Text());
  pre_check.official = reader.Flag();
  pre_check.visits = static_cast<int64_t>(reader.Number());
  KSTATI_TRY_VOID(reader.Finish("pre-check"));
  return pre_check;
}

Result<PreCheck> MakePreCheck(Draft& draft, const graph::Service& service,
                              const Viewpoint& viewpoint) {
  KSTATI_TRY_VOID(CheckRoles(service, viewpoint));
  const World& world = draft.world();
  const CitizenId citizen = viewpoint.household->person->citizen();
  const Decision decision = world.program->Decide(service, viewpoint.subject(), true);
  if (decision.regulation == nullptr) {
    return Fail(ErrorCode::kNotFound, "no regulation is in force today",
                "service " + service.id.text(), "`passport` says on which days one is");
  }
  KSTATI_TRY(const std::vector<PreCheck> earlier, PreChecksOf(draft, citizen));
  PreCheck pre_check;
  pre_check.id = NumberedId('P', citizen, earlier.size());
  pre_check.citizen = citizen;
  pre_check.about = AboutIn(viewpoint);
  pre_check.service = service.id;
  pre_check.made_at = draft.now();
  pre_check.known_at = viewpoint.household->person->as_of().known_at;
  pre_check.made_on = draft.today();
  KSTATI_TRY(pre_check.holds_until,
             EndOfBinding(world, service, decision, viewpoint, draft.today()));
  pre_check.verdict = decision.verdict;
  pre_check.regulation_from = decision.in_force->in_force.from;
  pre_check.missing = decision.missing;
  for (const ZeroBlocker& blocker : ZerosOf(decision, world.program->dictionary()).blockers) {
    const bool is_document = blocker.zero == Zero::kPaper && !blocker.any_of.empty();
    if (is_document) pre_check.documents.push_back(blocker.any_of.front());
  }
  pre_check.grounds = decision.grounds;
  pre_check.facts = FactsBehind(decision, viewpoint);
  pre_check.household = WhoIsIn(*viewpoint.household);
  pre_check.official = NeedsOfficial(world, decision);
  pre_check.visits = decision.regulation->visits;
  KSTATI_TRY(const std::optional<PreCheck> same, SameAnswer(world, earlier, pre_check, viewpoint));
  if (same) return *same;
  draft.PutRecord(citizen, kPreCheckRecord, pre_check.id, Encode(pre_check));
  draft.Enter(
      citizen, profile::ledger::EntryKind::kEvaluation,
      {{"call", "pre_check_kept"},
       {"pre_check", pre_check.id},
       {"service", service.id.text()},
       {"about", pre_check.about.ToString()},
       {"verdict", std::string(eligibility::NameOf(pre_check.verdict))},
       {"regulation_from", pre_check.regulation_from.ToString()},
       {"holds_until", pre_check.holds_until.ToString()},
       {"categories", profile::Joined(CategoriesUsed(decision, world.program->dictionary()))},
       {"basis", "service_on_request"}});
  return pre_check;
}

Result<std::vector<PreCheck>> PreChecksOf(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.Cases(citizen));  // what is read here is what the commit expects
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kPreCheckRecord));
  std::vector<PreCheck> pre_checks;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(PreCheck pre_check, DecodePreCheck(bytes));
    pre_checks.push_back(std::move(pre_check));
  }
  return pre_checks;
}

Decision BetterOf(const World& world, const PreCheck& pre_check, const Viewpoint& viewpoint,
                  Decision decision) {
  eligibility::Subject subject = viewpoint.subject();
  subject.today = pre_check.made_on;
  const graph::Service* service = world.catalogue().FindService(pre_check.service);
  if (service == nullptr) return decision;
  Decision then = world.program->Decide(*service, subject, true);
  if (FavourOf(then.verdict) >= FavourOf(pre_check.verdict)) {
    return GivesMore(then, decision) ? then : decision;
  }
  if (decision.regulation == nullptr) decision = std::move(then);
  if (decision.regulation == nullptr || decision.verdict != Verdict::kNotEligible) return decision;
  decision.verdict = Verdict::kUndetermined;
  decision.grounds.clear();
  decision.missing.clear();
  return decision;
}

Result<bool> Binds(Draft& draft, const PreCheck& pre_check) {
  KSTATI_TRY(const bool known, draft.Knows(pre_check.about));
  if (!known) return false;
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfPreCheck(draft, pre_check));
  return BindsAsSeen(draft, pre_check, viewpoint);
}

Result<Decision> DecideOnPreChecks(Draft& draft, const Viewpoint& viewpoint, Decision decision) {
  KSTATI_TRY(const std::vector<PreCheck> binding,
             FreePreChecks(draft, decision.service, viewpoint));
  for (const PreCheck& pre_check : binding) {
    decision = BetterOf(draft.world(), pre_check, viewpoint, std::move(decision));
  }
  return decision;
}

Result<void> TakePreChecks(Draft& draft, const Viewpoint& viewpoint, const Case& c) {
  KSTATI_TRY(std::vector<PreCheck> binding, FreePreChecks(draft, c.service, viewpoint));
  for (PreCheck& pre_check : binding) {
    pre_check.case_id = c.id;
    draft.PutRecord(c.citizen, kPreCheckRecord, pre_check.id, Encode(pre_check));
  }
  return {};
}

Result<Decision> DecideOnPreChecksOf(Draft& draft, const Case& c, const Viewpoint& viewpoint,
                                     Decision decision) {
  KSTATI_TRY(const std::vector<PreCheck> pre_checks, PreChecksOf(draft, c.citizen));
  for (const PreCheck& pre_check : pre_checks) {
    if (pre_check.case_id != c.id) continue;
    KSTATI_TRY(const bool holds, FactsHold(draft.world(), pre_check, viewpoint));
    if (holds) decision = BetterOf(draft.world(), pre_check, viewpoint, std::move(decision));
  }
  return decision;
}

Result<Case> OrderOnPreCheck(Draft& draft, CitizenId citizen, const std::string& id) {
  KSTATI_TRY(const std::vector<PreCheck> pre_checks, PreChecksOf(draft, citizen));
  const auto found = std::ranges::find(pre_checks, id, &PreCheck::id);
  if (found == pre_checks.end()) {
    return Fail(ErrorCode::kNotFound, "the citizen has no pre-check " + id, "pre_check",
                "the call `preChecks` lists them");
  }
  if (!found->case_id.empty()) return RequireCase(draft, citizen, found->case_id);
  if (!found->Suffices()) {
    return Fail(ErrorCode::kConflict, "something still lacks", "pre-check " + id,
                "the pre-check names what; `apply` applies without it");
  }
  KSTATI_TRY(const bool binds, Binds(draft, *found));
  if (!binds) {
    return Fail(ErrorCode::kConflict, "the answer binds no more", "pre-check " + id,
                "its time is over or facts have changed: make a new one");
  }
  const graph::Service* service = draft.world().catalogue().FindService(found->service);
  if (service == nullptr) {
    return Fail(ErrorCode::kNotFound, "the catalogue has no service " + found->service.text(),
                "pre-check " + id, "load a catalogue that has it");
  }
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfPreCheck(draft, *found));
  KSTATI_TRY_VOID(NoteAccepted(draft, citizen, found->service, found->about));
  KSTATI_TRY(Case c, ApplyFor(draft, *service, viewpoint));
  KSTATI_TRY_VOID(FollowApplications(draft, citizen));
  return c;
}

}  // namespace kstati::cases
