// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/frame_environment.h"

#include <algorithm>
#include <utility>

namespace kstati::eligibility {

FrameEnvironment::FrameEnvironment(Evaluation& evaluation, const Rule& rule, uint32_t frame,
                                   Mark& mark, Reads* reads, std::vector<Place>* direct)
    : evaluation_(evaluation),
      rule_(rule),
      frame_(frame),
      mark_(mark),
      reads_(reads),
      direct_(direct),
      base_(evaluation.open_touches_.size()) {
  today = evaluation.today_;
  now.date = evaluation.today_;
}

FrameEnvironment::~FrameEnvironment() { evaluation_.open_touches_.resize(base_); }

feel::Value FrameEnvironment::Load(uint32_t slot) {
  Remember({slot, kNone, nullptr});
  return NoteSlot(slot);
}

feel::Value FrameEnvironment::Call(uint32_t, std::span<const feel::Value> arguments) {
  return evaluation_.CallParameter(arguments, *this);
}

void FrameEnvironment::Note(const Touch& touch) {
  Remember(touch);
  if (touch.slot != kNone) {
    NoteSlot(touch.slot);
  } else {
    NoteLaw(touch);
  }
}

const feel::Value& FrameEnvironment::NoteSlot(uint32_t slot) {
  const feel::Value& value = Take(frame_, slot);
  const Slot& described = evaluation_.book_.slots[slot];
  if (described.origin == Origin::kBuiltin) {
    const Builtin builtin = static_cast<Builtin>(described.target);
    if (IsMemberList(builtin)) TakeMembers(evaluation_.Keeper(frame_, described.needs), builtin);
  }
  return value;
}

void FrameEnvironment::NoteLaw(const Touch& touch) {
  const Rulebook& book = evaluation_.book_;
  if (touch.value == nullptr) {
    mark_.Add(evaluation_.Load(kApplicantFrame, book.region_slot).mark);
    if (reads_ != nullptr) {
      reads_->Add(evaluation_.frames_[kApplicantFrame].reads.At(book.region_slot));
    }
    return;
  }
  mark_.unconfirmed |= touch.value->verification != graph::Verification::kConfirmed;
  if (reads_ == nullptr) return;
  reads_->AddParameter({book.catalogue.parameters()[touch.parameter].id, touch.value});
}

const feel::Value& FrameEnvironment::Take(uint32_t asked, uint32_t slot) {
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

void FrameEnvironment::TakeMembers(uint32_t frame, Builtin list) {
  for (const uint32_t member : evaluation_.frames_[frame].members[static_cast<size_t>(list)]) {
    for (const uint32_t slot : rule_.member_slots) Take(member, slot);
  }
}

void FrameEnvironment::Remember(const Touch& touch) {
  if (begun_ == kNoPart) return;
  std::vector<Touch>& open = evaluation_.open_touches_;
  if (std::find(open.begin() + static_cast<ptrdiff_t>(begun_), open.end(), touch) == open.end()) {
    open.push_back(touch);
  }
}

StableTable<Evaluation::PartCell>& FrameEnvironment::PartsOf(uint32_t part) {
  const Rulebook& book = evaluation_.book_;
  const uint32_t keeper = evaluation_.Keeper(frame_, book.part_needs[part]);
  StableTable<Evaluation::PartCell>& parts = evaluation_.frames_[keeper].parts;
  if (!parts.has_size()) parts.SetSize(book.part_needs.size());
  return parts;
}

const feel::PartValues::Kept* FrameEnvironment::Find(uint32_t part) {
  const StableTable<Evaluation::PartCell>& parts = PartsOf(part);
  if (!parts.Has(part)) return nullptr;
  const Evaluation::PartCell& cell = parts.Made(part);
  if (!cell.ready) return nullptr;
  for (uint32_t i = 0; i < cell.touch_count; ++i) {
    Note(Touch(evaluation_.kept_touches_[cell.first_touch + i]));
  }
  return &cell.kept;
}

size_t FrameEnvironment::Begin() { return std::exchange(begun_, evaluation_.open_touches_.size()); }

const feel::Value& FrameEnvironment::Keep(uint32_t part, size_t begun, Kept kept) {
  std::vector<Touch>& open = evaluation_.open_touches_;
  std::vector<Touch>& all = evaluation_.kept_touches_;
  Evaluation::PartCell& cell = PartsOf(part).At(part);
  cell.kept = std::move(kept);
  cell.first_touch = static_cast<uint32_t>(all.size());
  cell.touch_count = static_cast<uint32_t>(open.size() - begun_);
  cell.ready = true;
  all.insert(all.end(), open.begin() + static_cast<ptrdiff_t>(begun_), open.end());
  begun_ = begun;
  if (begun_ == kNoPart) open.resize(base_);
  return cell.kept.value;
}

}  // namespace kstati::eligibility
