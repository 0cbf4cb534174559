// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace kstati::recommender::inference {

// What may have happened to a person without a registry having told.
enum class EventKind { kMoved, kExpectingChild, kStoppedWorking, kLeftHome, kMarried };

inline constexpr std::array kEventKinds{EventKind::kMoved, EventKind::kExpectingChild,
                                        EventKind::kStoppedWorking, EventKind::kLeftHome,
                                        EventKind::kMarried};

std::string_view NameOf(EventKind kind);  // "moved", "expecting_child", ...

// Kinds that are estimated with the person's consent alone, and never named in a question.
constexpr bool IsSensitive(EventKind kind) {
  return kind == EventKind::kExpectingChild || kind == EventKind::kStoppedWorking;
}

// The situation whose name a consent to estimate a sensitive kind must bear.
SituationId SituationOf(EventKind kind);

// How far an estimate leads. There is no zone beyond the question: whatever the probability, a
// case, a trigger or a decision needs a registry's word.
enum class Zone { kSilent, kQuestion };

std::string_view NameOf(Zone zone);  // "silent", "question"

// A guess about one person. It is no LifeEvent, no fact and no situation, and nothing makes one of
// them out of it: deciding, triggers and cases do not take this type.
class InferredEvent {
 public:
  static constexpr bool kInferred = true;

  InferredEvent(EventKind kind, CitizenId citizen, Date on, double probability, Zone zone)
      : kind_(kind), citizen_(citizen), on_(on), probability_(probability), zone_(zone) {}

  EventKind kind() const { return kind_; }
  CitizenId citizen() const { return citizen_; }
  Date on() const { return on_; }  // when it was estimated, not when it happened
  // Calibrated: that it happened within kWindowDays before `on` and no registry has told of it.
  double probability() const { return probability_; }
  Zone zone() const { return zone_; }

 private:
  EventKind kind_;
  CitizenId citizen_;
  Date on_;
  double probability_;
  Zone zone_;
};

inline constexpr int64_t kWindowDays = 120;

}  // namespace kstati::recommender::inference
