// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eligibility/feel/environment.h"
#include "eligibility/feel/rule_set.h"
#include "eligibility/internal/evaluation.h"

namespace kstati::eligibility {

// The world as one evaluation of one rule sees it from one frame, and where it finds the parts that
// others have computed. Gathers what stands behind what was asked.
//
// Invariants:
// 1. Of a part that is reused everything is gathered that its computation asked.
// 2. `open_touches_` of the evaluation are those of the innermost environment, above those of
// others
//    that wait for it.
class FrameEnvironment final : public feel::Environment, public feel::PartValues {
 public:
  // `reads` and `direct` only when recording, else null.
  FrameEnvironment(Evaluation& evaluation, const Rule& rule, uint32_t frame, Mark& mark,
                   Reads* reads, std::vector<Place>* direct);
  ~FrameEnvironment() override;
  FrameEnvironment(const FrameEnvironment&) = delete;
  FrameEnvironment& operator=(const FrameEnvironment&) = delete;

  feel::Value Load(uint32_t slot) override;
  feel::Value Call(uint32_t function, std::span<const feel::Value> arguments) override;

  const Kept* Find(uint32_t part) override;
  size_t Begin() override;
  const feel::Value& Keep(uint32_t part, size_t begun, Kept kept) override;

  // What was asked counts as read.
  void Note(const Touch& touch);

 private:
  static constexpr size_t kNoPart = SIZE_MAX;

  StableTable<Evaluation::PartCell>& PartsOf(uint32_t part);
  const feel::Value& NoteSlot(uint32_t slot);
  void NoteLaw(const Touch& touch);
  const feel::Value& Take(uint32_t asked, uint32_t slot);
  // The list is one value; what of it counts as read is what this rule can name.
  void TakeMembers(uint32_t frame, Builtin list);
  void Remember(const Touch& touch);

  Evaluation& evaluation_;
  const Rule& rule_;
  const uint32_t frame_;
  Mark& mark_;
  Reads* const reads_;
  std::vector<Place>* const direct_;
  const size_t base_;       // of this environment's touches
  size_t begun_ = kNoPart;  // of those of the innermost part that is being computed
};

}  // namespace kstati::eligibility
