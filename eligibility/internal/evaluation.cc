// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/evaluation.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <utility>

#include "base/check.h"
#include "eligibility/feel/spare.h"
#include "eligibility/internal/frame_environment.h"
#include "eligibility/internal/ruling.h"

namespace kstati::eligibility {

using profile::RelationKind;

void Reads::AddFact(Place place) {
  if (std::ranges::find(facts, place) == facts.end()) facts.push_back(place);
}

void Reads::AddParameter(const UsedParameter& parameter) {
  const auto same = [&](const UsedParameter& other) { return other.value == parameter.value; };
  if (std::ranges::none_of(parameters, same)) parameters.push_back(parameter);
}

void Reads::Add(const Reads& other) {
  for (const Place place : other.facts) AddFact(place);
  for (const UsedParameter& parameter : other.parameters) AddParameter(parameter);
  for (const MatchedRule& rule : other.matched) {
    if (std::ranges::find(matched, rule) == matched.end()) matched.push_back(rule);
  }
}

Evaluation::Evaluation(const Rulebook& book, const Subject& subject, bool record)
    : book_(book), subject_(subject), record_(record) {
  AddApplicant();
}

void Evaluation::Restart() {
  frame_count_ = 0;
  for (RuleMemo& memo : memos_) {
    memo.cells.Clear();
    memo.reads.Clear();
    memo.direct.Clear();
  }
  kept_touches_.clear();
  assumed_.clear();
  AddApplicant();
}

void Evaluation::AddApplicant() {
  today_ = subject_.day();
  const profile::FactView* person = subject_.household->person.get();
  AddFrame(person->citizen(), person);
  Frame& before_another = AddFrame(person->citizen(), person);
  before_another.about_another = true;
  before_another.about = subject_.about.get();
  for (const Assumption& assumption : subject_.assumed) {
    std::optional<uint32_t> slot = book_.Find(assumption.attribute);
    if (!slot) continue;
    // A role without a person has no profile in which the fact could have its own name.
    while (assumption.citizen != CitizenId() && book_.slots[*slot].origin == Origin::kAlias) {
      slot = book_.slots[*slot].target;
    }
    assumed_.insert_or_assign({assumption.citizen, *slot}, assumption.value);
  }
}

Evaluation::Frame& Evaluation::AddFrame(CitizenId citizen, const profile::FactView* person) {
  KSTATI_CHECK(frame_count_ < kParameterInput / slot_count());
  if (frame_count_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[frame_count_++];
  frame.citizen = citizen;
  frame.person = person;
  frame.about_another = false;
  frame.about = nullptr;
  frame.cells.Clear();
  frame.reads.Clear();
  frame.parts.Clear();
  for (std::vector<uint32_t>& members : frame.members) members.clear();
  return frame;
}

uint32_t Evaluation::FrameOfCitizen(CitizenId citizen) {
  for (uint32_t i = 0; i < frame_count_; ++i) {
    if (frames_[i].citizen == citizen && !frames_[i].about_another) return i;
  }
  const bool is_about = subject_.about != nullptr && subject_.about->citizen() == citizen;
  AddFrame(citizen, is_about ? subject_.about.get() : subject_.household->Find(citizen).get());
  return frame_count_ - 1;
}

const RuleCell& Evaluation::RuleAt(uint32_t frame, uint32_t rule) {
  const Rule& compiled = book_.rules[rule];
  const uint32_t keeper = Keeper(frame, compiled.needs);
  RuleMemo& memo = memos_[keeper];
  if (!memo.cells.has_size()) {
    memo.cells.SetSize(book_.rules.size());
    if (record_) memo.reads.SetSize(book_.rules.size());
    if (record_) memo.direct.SetSize(book_.rules.size());
  }
  RuleCell& known = memo.cells.At(rule);
  if (known.cell.state == Cell::State::kReady) return known;
  std::optional<feel::Value> value =
      Evaluate(compiled, keeper, known.cell.mark, record_ ? &memo.reads.At(rule) : nullptr,
               record_ ? &memo.direct.At(rule) : nullptr);
  known.cell.state = Cell::State::kReady;
  if (!value) return known;
  known.cell.value = *std::move(value);
  // Null, "not applicable", fails: what the criterion demands does not hold of this person, and no
  // missing fact could change that. Only the unknown leaves the question open.
  known.truth = known.cell.value.is_unknown() ? Truth::kUnknown
                : known.cell.value.is_true()  ? Truth::kHolds
                                              : Truth::kFails;
  return known;
}

std::optional<feel::Value> Evaluation::ValueOf(const Rule& rule, uint32_t frame) {
  Mark mark;
  std::vector<Place> direct;
  Reads reads;
  return Evaluate(rule, Keeper(frame, rule.needs), mark, record_ ? &reads : nullptr,
                  record_ ? &direct : nullptr);
}

std::optional<feel::Value> Evaluation::Evaluate(const Rule& rule, uint32_t frame, Mark& mark,
                                                Reads* reads, std::vector<Place>* direct) {
  FrameEnvironment environment(*this, rule, frame, mark, reads, direct);
  feel::Diagnostics diagnostics;
  environment.diagnostics = &diagnostics;
  environment.is_timed = subject_.overruns != nullptr;
  feel::Value value = EvaluateIn(environment, rule);
  if (!diagnostics.limit_exceeded) return value;
  Tell(rule.expression.text(), diagnostics);
  return std::nullopt;
}

// An author is told of places in the rule's own text, which parts do not know.
feel::Value Evaluation::EvaluateIn(FrameEnvironment& environment, const Rule& rule) {
  const bool alone = rule.number == kNone || !book_.together || subject_.overruns != nullptr;
  if (alone) return feel::Evaluate(rule.expression, environment);
  if (locals_.empty()) locals_.resize(book_.together->program()->frame_size);
  return feel::Evaluate(*book_.together, rule.number, environment, locals_, environment, work_);
}

void Evaluation::Tell(const std::string& rule, const feel::Diagnostics& diagnostics) const {
  if (subject_.overruns == nullptr) return;
  const bool noted = !diagnostics.items.empty();  // the last note is of the limit, if there is room
  subject_.overruns->push_back({rule, noted ? diagnostics.items.back().offset : 0,
                                noted ? diagnostics.items.back().text : std::string()});
}

const Cell& Evaluation::Load(uint32_t asked, uint32_t slot) {
  const uint32_t frame = Keeper(asked, book_.slots[slot].needs);
  Frame& keeper = frames_[frame];
  if (!keeper.cells.has_size()) {
    keeper.cells.SetSize(slot_count());
    if (record_) keeper.reads.SetSize(slot_count());
  }
  Cell& cell = keeper.cells.At(slot);
  if (cell.state == Cell::State::kReady) return cell;
  KSTATI_CHECK(cell.state == Cell::State::kEmpty);  // the rulebook has no circles
  cell.state = Cell::State::kComputing;
  Compute(frame, slot, cell);
  cell.state = Cell::State::kReady;
  return cell;
}

const profile::FactValue* Evaluation::AssumedAt(uint32_t frame, uint32_t slot) const {
  if (assumed_.empty()) return nullptr;
  const auto found = assumed_.find({HolderOf(PlaceOf(frame, slot)), slot});
  return found == assumed_.end() ? nullptr : &found->second;
}

void Evaluation::Compute(uint32_t frame, uint32_t slot, Cell& cell) {
  if (const profile::FactValue* assumed = AssumedAt(frame, slot)) {
    cell.value = ToFeel(*assumed);
    return;
  }
  switch (book_.slots[slot].origin) {
    case Origin::kReported: return LoadFact(frame, slot, cell);
    case Origin::kAlias: return LoadAlias(frame, slot, cell);
    case Origin::kDerived: return LoadDerived(frame, slot, cell);
    case Origin::kBuiltin: return LoadBuiltin(frame, slot, cell);
    case Origin::kModel: return LoadModel(frame, slot, cell);
    case Origin::kDecision: return LoadDecision(frame, slot, cell);
    case Origin::kBroken: cell.value = feel::Value::Unknown(PlaceOf(frame, slot));
  }
}

const profile::FactView* Evaluation::HolderView(uint32_t frame, uint32_t slot) const {
  const Frame& here = frames_[frame];
  switch (book_.slots[slot].holder) {
    case Holder::kPerson: return here.person;
    case Holder::kRole: return here.about;
    case Holder::kAbout: return here.about_another ? here.about : here.person;
  }
  return nullptr;
}

void Evaluation::TakeFact(const profile::Fact& fact, uint32_t frame, uint32_t slot, Cell& cell) {
  cell.value = ToFeel(fact.value);
  cell.mark.known_at = fact.known_at;
  cell.mark.reported_by = &*fact.reported_by;
  if (record_) frames_[frame].reads.At(slot).AddFact(PlaceOf(frame, slot));
}

void Evaluation::LoadFact(uint32_t frame, uint32_t slot, Cell& cell) {
  const profile::FactView* view = HolderView(frame, slot);
  const profile::Fact* fact = view == nullptr ? nullptr : view->Find(book_.IdOf(slot));
  if (fact != nullptr) return TakeFact(*fact, frame, slot, cell);
  if (view == nullptr || !book_.slots[slot].complete || subject_.nothing_recorded ||
      view->erased()) {
    cell.value = feel::Value::Unknown(PlaceOf(frame, slot));
    return;
  }
  cell.value = book_.slots[slot].absent;
  cell.absent = true;
  if (record_) frames_[frame].reads.At(slot).AddFact(PlaceOf(frame, slot));
}

std::optional<uint32_t> Evaluation::SourceOf(uint32_t frame, uint32_t alias) {
  if (!book_.slots[alias].shifts) return frame;
  if (frames_[frame].about == nullptr) return std::nullopt;
  return FrameOfCitizen(frames_[frame].about->citizen());
}

void Evaluation::LoadAlias(uint32_t frame, uint32_t slot, Cell& cell) {
  const Slot& alias = book_.slots[slot];
  const std::optional<uint32_t> source = SourceOf(frame, slot);
  if (!source) {
    cell.value = feel::Value::Unknown(PlaceOf(frame, slot));
    return;
  }
  const Cell& target = Load(*source, alias.target);
  cell.value = target.value;
  cell.mark = target.mark;
  cell.absent = target.absent;
  const uint32_t keeper = Keeper(*source, book_.slots[alias.target].needs);
  if (record_) frames_[frame].reads.At(slot) = frames_[keeper].reads.At(alias.target);
}

bool Evaluation::LoadStated(uint32_t frame, uint32_t slot, Cell& cell) {
  if (!subject_.only_stated) return false;
  const profile::FactView* view = HolderView(frame, slot);
  const profile::Fact* stated = view == nullptr ? nullptr : view->Find(book_.IdOf(slot));
  if (stated != nullptr) TakeFact(*stated, frame, slot, cell);
  return stated != nullptr;
}

void Evaluation::LoadDerived(uint32_t frame, uint32_t slot, Cell& cell) {
  if (LoadStated(frame, slot, cell)) return;
  std::vector<Place> direct;
  const Rule& rule = book_.derived[book_.slots[slot].target];
  Reads* reads = record_ ? &frames_[frame].reads.At(slot) : nullptr;
  cell.value = Evaluate(rule, frame, cell.mark, reads, record_ ? &direct : nullptr)
                   .value_or(feel::Value::Unknown(PlaceOf(frame, slot)));
}

// Everything the decision requires counts as read, also where a table stops earlier.
void Evaluation::LoadModel(uint32_t frame, uint32_t slot, Cell& cell) {
  if (LoadStated(frame, slot, cell)) return;
  const ModelDecision& decision = book_.model_decisions[book_.slots[slot].target];
  dmn::ModelEvaluation model(*decision.model, dmn::ModelEvaluation::Absent::kNull);
  feel::Diagnostics diagnostics;
  model.diagnostics = &diagnostics;
  model.is_timed = subject_.overruns != nullptr;
  model.today = today_;
  model.now.date = today_;
  for (const ModelDecision::Input& input : decision.inputs) {
    const Cell& read = Load(frame, input.slot);
    const uint32_t keeper = Keeper(frame, book_.slots[input.slot].needs);
    cell.mark.Add(read.mark);
    if (record_) frames_[frame].reads.At(slot).Add(frames_[keeper].reads.At(input.slot));
    model.Give(input.element, read.value);
  }
  feel::Trace trace;
  if (record_) model.trace = &trace;
  cell.value = model.Load(decision.decision);
  for (const feel::Trace::Match& match : trace.matches) {
    frames_[frame].reads.At(slot).Add({{}, {}, {{match.table, match.rule}}});
  }
  if (!diagnostics.limit_exceeded) return;
  Tell(book_.IdOf(slot).text(), diagnostics);
  cell.value = feel::Value::Unknown(PlaceOf(frame, slot));
}

void Evaluation::LoadBuiltin(uint32_t frame, uint32_t slot, Cell& cell) {
  const Builtin builtin = static_cast<Builtin>(book_.slots[slot].target);
  if (builtin == Builtin::kEventDate) {
    cell.value = subject_.event_date ? feel::Value::OfDate(*subject_.event_date)
                                     : feel::Value::Unknown(PlaceOf(frame, slot));
  } else if (frames_[frame].person == nullptr || subject_.only_stated) {
    cell.value = feel::Value::Unknown(PlaceOf(frame, slot));
  } else if (IsMemberList(builtin)) {
    LoadMembers(frame, builtin, cell);
  } else {
    LoadRelation(frame, builtin, cell);
  }
}

void Evaluation::LoadDecision(uint32_t frame, uint32_t slot, Cell& cell) {
  const graph::Service& service = book_.catalogue.services()[book_.slots[slot].target];
  const Ruling ruling = VerdictAlone(service, book_, *this);
  cell.mark = ruling.mark;
  if (record_) {
    Reads& reads = frames_[frame].reads.At(slot);
    for (const uint32_t rule : ruling.rules) reads.Add(ReadsOf(FrameFor(service.about), rule));
    if (service.DependsOnRegion(today_) && book_.region_slot != kNone) {
      reads.Add(frames_[kApplicantFrame].reads.At(book_.region_slot));
    }
  }
  if (ruling.verdict != Verdict::kUndetermined) {
    static const std::array<feel::Value, 4> kWords{
        feel::Value::String(std::string(NameOf(Verdict::kEligible))),
        feel::Value::String(std::string(NameOf(Verdict::kNotEligible))),
        feel::Value::String(std::string(NameOf(Verdict::kUndetermined))),
        feel::Value::String(std::string(NameOf(Verdict::kLikely)))};
    cell.value = kWords[static_cast<size_t>(ruling.verdict)];
    return;
  }
  cell.value = ruling.missing.empty() ? feel::Value::Unknown(PlaceOf(frame, slot))
                                      : feel::Value::Unknown(ruling.missing);
}

namespace {

// Whether the relation makes somebody a member of the person's list.
bool MakesMember(const profile::Relation& relation, CitizenId person, Builtin list) {
  if (list == Builtin::kSpouses) {
    return relation.kind == RelationKind::kSpouse &&
           (relation.from == person || relation.to == person);
  }
  const CitizenId own = list == Builtin::kChildren ? relation.from : relation.to;
  return relation.kind == RelationKind::kParent && own == person;
}

}  // namespace

void Evaluation::LoadMembers(uint32_t frame, Builtin list, Cell& cell) {
  const profile::FactView& person = *frames_[frame].person;
  std::array<std::byte, 512> room;  // for the members of most lists
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  std::pmr::vector<CitizenId> citizens(&memory);
  for (const profile::Relation& relation : person.relations()) {
    if (!MakesMember(relation, person.citizen(), list)) continue;
    citizens.push_back(relation.from == person.citizen() ? relation.to : relation.from);
    cell.mark.Add({relation.known_at, &*relation.reported_by, false});
  }
  std::ranges::sort(citizens);
  citizens.erase(std::unique(citizens.begin(), citizens.end()), citizens.end());
  std::vector<feel::Value> items = feel::SpareItems();
  for (const CitizenId citizen : citizens) {
    const uint32_t member = FrameOfCitizen(citizen);
    frames_[frame].members[static_cast<size_t>(list)].push_back(member);
    feel::Value::Entries entries = feel::SpareEntries(book_.member_slots.size());
    for (size_t i = 0; i < entries.size(); ++i) {
      entries[i].name = book_.member_names[i];
      entries[i].value = Load(member, book_.member_slots[i]).value;
    }
    items.push_back(feel::Value::Context(std::move(entries)));
  }
  cell.value = feel::Value::List(std::move(items));
}

std::vector<const profile::Relation*> Evaluation::RelationsOf(uint32_t frame, Builtin list) const {
  const profile::FactView& person = *frames_[frame].person;
  std::vector<const profile::Relation*> found;
  for (const profile::Relation& relation : person.relations()) {
    if (MakesMember(relation, person.citizen(), list)) found.push_back(&relation);
  }
  return found;
}

// Relations between two citizens whom we both know are definite: the civil register is complete.
void Evaluation::LoadRelation(uint32_t frame, Builtin builtin, Cell& cell) {
  if (frames_[frame].about == nullptr) {
    cell.value = feel::Value::Unknown(PlaceOf(frame, book_.SlotOf(builtin)));
    return;
  }
  const profile::Relation* relation = RelationOf(frame, builtin);
  cell.value = feel::Value::Boolean(relation != nullptr);
  if (relation != nullptr) cell.mark.Add({relation->known_at, &*relation->reported_by, false});
}

const profile::Relation* Evaluation::RelationOf(uint32_t frame, Builtin builtin) const {
  const Frame& here = frames_[frame];
  const CitizenId person = here.citizen;
  const CitizenId about = here.about->citizen();
  const auto matches = [&](const profile::Relation& relation) {
    const bool outwards = relation.from == person && relation.to == about;
    const bool inwards = relation.from == about && relation.to == person;
    switch (builtin) {
      case Builtin::kParentOfChild:
      case Builtin::kParentOfDeceased: return relation.kind == RelationKind::kParent && outwards;
      case Builtin::kGuardianOfChild: return relation.kind == RelationKind::kGuardian && outwards;
      case Builtin::kSpouseOfDeceased:
        return relation.kind == RelationKind::kSpouse && (outwards || inwards);
      default: return relation.kind == RelationKind::kParent && inwards;
    }
  };
  const auto found = std::ranges::find_if(here.person->relations(), matches);
  return found == here.person->relations().end() ? nullptr : &*found;
}

}  // namespace kstati::eligibility
