// SPDX-License-Identifier: Apache-2.0
// What can be told of an evaluation afterwards: whose facts were read, and which are missing.
#include <algorithm>

#include "eligibility/internal/evaluation.h"

namespace kstati::eligibility {

const Reads& Evaluation::ReadsOf(uint32_t frame, uint32_t rule) const {
  return memos_[Keeper(frame, book_.rules[rule].needs)].reads.Made(rule);
}

std::span<const Place> Evaluation::DirectOf(uint32_t frame, uint32_t rule) const {
  return memos_[Keeper(frame, book_.rules[rule].needs)].direct.Made(rule);
}

bool Evaluation::IsAbout(uint32_t frame) const {
  return subject_.about != nullptr && frame > kAboutAnotherFrame &&
         frames_[frame].citizen == subject_.about->citizen();
}

bool Evaluation::IsLoaded(uint32_t frame, uint32_t slot) const {
  const Frame& keeper = frames_[frame];
  return keeper.cells.Has(slot) && keeper.cells.Made(slot).state == Cell::State::kReady;
}

CitizenId Evaluation::HolderOf(Place place) const {
  const Frame& frame = frames_[FrameOf(place)];
  const Holder holder = book_.slots[SlotOf(place)].holder;
  const bool own = holder == Holder::kPerson || (holder == Holder::kAbout && !frame.about_another);
  if (own) return frame.citizen;
  return frame.about == nullptr ? CitizenId() : frame.about->citizen();
}

std::optional<UsedFact> Evaluation::FactAt(Place place) const {
  const uint32_t frame = FrameOf(place);
  const uint32_t slot = SlotOf(place);
  if (book_.slots[slot].origin == Origin::kBuiltin) return std::nullopt;
  const profile::FactView* view = HolderView(frame, slot);
  if (view == nullptr) return std::nullopt;
  UsedFact used;
  used.citizen = view->citizen();
  if (frames_[frame].cells.Made(slot).absent) {
    used.assumed_absent = true;
    used.fact.attribute = book_.IdOf(slot);
    used.fact.value = AbsentValue(book_.dictionary.at(slot));
    return used;
  }
  const profile::Fact* fact = view->Find(book_.IdOf(slot));
  if (fact == nullptr) return std::nullopt;
  used.fact = *fact;
  return used;
}

Missing Evaluation::MissingAt(feel::InputId input, graph::About about) const {
  Missing missing;
  if ((input & kParameterInput) != 0) {
    missing.parameter = book_.catalogue.parameters()[input & ~kParameterInput].id;
    return missing;
  }
  uint32_t slot = SlotOf(input);
  missing.citizen = HolderOf(input);
  if (IsAbout(FrameOf(input)) && about != graph::About::kPerson) {
    const auto& aliases = about == graph::About::kChild ? book_.child_alias : book_.deceased_alias;
    if (aliases[slot] != kNone) slot = aliases[slot];
  }
  missing.attribute = book_.IdOf(slot);
  return missing;
}

bool Evaluation::IsMember(Builtin list, uint32_t frame) const {
  const auto& members = frames_[kApplicantFrame].members[static_cast<size_t>(list)];
  return std::ranges::find(members, frame) != members.end();
}

}  // namespace kstati::eligibility
