// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/evaluation.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
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

// The world as an expression sees it from one frame; gathers what stands behind what it read.
class FrameEnvironment final : public feel::Environment {
 public:
  FrameEnvironment(Evaluation& evaluation, const Rule& rule, uint32_t frame, Mark& mark,
                   Reads* reads, std::vector<Place>* direct)
      : evaluation_(evaluation),
        rule_(rule),
        frame_(frame),
        mark_(mark),
        reads_(reads),
        direct_(direct) {
    today = evaluation.today_;
    now.date = evaluation.today_;
  }

  feel::Value Load(uint32_t slot) override {
    const feel::Value& value = Take(frame_, slot);
    const Slot& described = evaluation_.book_.slots[slot];
    if (described.origin == Origin::kBuiltin) {
      const Builtin builtin = static_cast<Builtin>(described.target);
      if (IsMemberList(builtin)) TakeMembers(evaluation_.Keeper(frame_, described.needs), builtin);
    }
    return value;
  }

  feel::Value Call(uint32_t, std::span<const feel::Value> arguments) override {
    return evaluation_.CallParameter(arguments, mark_, reads_);
  }

 private:
  const feel::Value& Take(uint32_t asked, uint32_t slot) {
    const Cell& cell = evaluation_.Load(asked, slot);
    const uint32_t frame = evaluation_.Keeper(asked, evaluation_.book_.slots[slot].needs);
    mark_.Add(cell.mark);
    if (reads_ != nullptr) {
      reads_->Add(evaluation_.frames_[frame].reads.At(slot));
      const Place place = evaluation_.PlaceOf(frame, slot);
      if (std::ranges::find(*direct_, place) == direct_->end()) direct_->push_back(place);
    }
    return cell.value;
  }

  // The list is one value; what of it counts as read is what this rule can name.
  void TakeMembers(uint32_t frame, Builtin list) {
    for (const uint32_t member : evaluation_.frames_[frame].members[static_cast<size_t>(list)]) {
      for (const uint32_t slot : rule_.member_slots) Take(member, slot);
    }
  }

  Evaluation& evaluation_;
  const Rule& rule_;
  uint32_t frame_;
  Mark& mark_;
  Reads* reads_;
  std::vector<Place>* direct_;
};

Evaluation::Evaluation(const Rulebook& book, const Subject& subject, bool record)
    : book_(book), subject_(subject), record_(record), today_(subject.day()) {
  const profile::FactView* person = subject.household->person.get();
  AddFrame(person->citizen(), person);
  Frame& before_another = AddFrame(person->citizen(), person);
  before_another.about_another = true;
  before_another.about = subject.about.get();
  for (const Assumption& assumption : subject.assumed) {
    std::optional<uint32_t> slot = book.Find(assumption.attribute);
    if (!slot) continue;
    // A role without a person has no profile in which the fact could have its own name.
    while (assumption.citizen != CitizenId() && book.slots[*slot].origin == Origin::kAlias) {
      slot = book.slots[*slot].target;
    }
    assumed_.insert_or_assign({assumption.citizen, *slot}, assumption.value);
  }
}

Evaluation::Frame& Evaluation::AddFrame(CitizenId citizen, const profile::FactView* person) {
  KSTATI_CHECK(frames_.size() < kParameterInput / slot_count());
  Frame& frame = frames_.emplace_back();
  frame.citizen = citizen;
  frame.person = person;
  return frame;
}

uint32_t Evaluation::FrameOfCitizen(CitizenId citizen) {
  for (uint32_t i = 0; i < frames_.size(); ++i) {
    if (frames_[i].citizen == citizen && !frames_[i].about_another) return i;
  }
  const bool is_about = subject_.about != nullptr && subject_.about->citizen() == citizen;
  AddFrame(citizen, is_about ? subject_.about.get() : subject_.household->Find(citizen).get());
  return static_cast<uint32_t>(frames_.size() - 1);
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
  feel::Value value = feel::Evaluate(rule.expression, environment);
  if (!diagnostics.limit_exceeded) return value;
  Tell(rule.expression.text(), diagnostics);
  return std::nullopt;
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
  cell.mark.reported_by = &fact.reported_by;
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
  const Ruling ruling = RuleOn(service, book_, *this);
  cell.mark = ruling.mark;
  if (record_) {
    Reads& reads = frames_[frame].reads.At(slot);
    for (const uint32_t rule : ruling.rules) reads.Add(ReadsOf(FrameFor(service.about), rule));
    if (service.DependsOnRegion(today_) && book_.region_slot != kNone) {
      reads.Add(frames_[kApplicantFrame].reads.At(book_.region_slot));
    }
  }
  if (ruling.verdict != Verdict::kUndetermined) {
    cell.value = feel::Value::String(std::string(NameOf(ruling.verdict)));
    return;
  }
  cell.value = ruling.missing.empty() ? feel::Value::Unknown(PlaceOf(frame, slot))
                                      : feel::Value::Unknown(ruling.missing);
}

void Evaluation::LoadMembers(uint32_t frame, Builtin list, Cell& cell) {
  const profile::FactView& person = *frames_[frame].person;
  const RelationKind kind =
      list == Builtin::kSpouses ? RelationKind::kSpouse : RelationKind::kParent;
  const std::vector<CitizenId> citizens =
      list == Builtin::kChildren ? person.ToWhom(kind) : person.WhoAre(kind);
  std::vector<feel::Value> items;
  for (const CitizenId citizen : citizens) {
    const uint32_t member = FrameOfCitizen(citizen);
    frames_[frame].members[static_cast<size_t>(list)].push_back(member);
    feel::Value::Entries entries;
    for (size_t i = 0; i < book_.member_slots.size(); ++i) {
      entries.push_back({book_.member_names[i], Load(member, book_.member_slots[i]).value});
    }
    items.push_back(feel::Value::Context(std::move(entries)));
  }
  cell.value = feel::Value::List(std::move(items));
  for (const profile::Relation* relation : RelationsOf(frame, list)) {
    cell.mark.Add({relation->known_at, &relation->reported_by, false});
  }
}

std::vector<const profile::Relation*> Evaluation::RelationsOf(uint32_t frame, Builtin list) const {
  const profile::FactView& person = *frames_[frame].person;
  const RelationKind kind =
      list == Builtin::kSpouses ? RelationKind::kSpouse : RelationKind::kParent;
  std::vector<const profile::Relation*> found;
  for (const profile::Relation& relation : person.relations()) {
    const bool outwards = relation.from == person.citizen();
    const bool counts = list == Builtin::kSpouses || outwards == (list == Builtin::kChildren);
    if (relation.kind == kind && counts) found.push_back(&relation);
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
  if (relation != nullptr) cell.mark.Add({relation->known_at, &relation->reported_by, false});
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
