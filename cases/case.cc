// SPDX-License-Identifier: Apache-2.0
#include "cases/case.h"

#include <array>

namespace kstati::cases {
namespace {

struct Transition {
  Status from;
  Action action;
  Status to;
};

// The whole state machine. What is not in the table is illegal.
constexpr std::array kTransitions{
    Transition{Status::kAnnounced, Action::kConfirm, Status::kStarted},
    Transition{Status::kAnnounced, Action::kDecline, Status::kDeclined},
    Transition{Status::kAnnounced, Action::kResult, Status::kDone},
    Transition{Status::kOffered, Action::kConfirm, Status::kStarted},
    Transition{Status::kOffered, Action::kDecline, Status::kDeclined},
    Transition{Status::kOffered, Action::kResult, Status::kDone},
    Transition{Status::kStarted, Action::kHandOver, Status::kInterAgency},
    Transition{Status::kStarted, Action::kConsentEnds, Status::kStopped},
    Transition{Status::kStarted, Action::kResult, Status::kDone},
    Transition{Status::kInterAgency, Action::kResult, Status::kDone},
    Transition{Status::kStopped, Action::kErase, Status::kErased},
};

struct StatusName {
  Status status;
  std::string_view name;
};

constexpr std::array kStatusNames{
    StatusName{Status::kAnnounced, "announced"}, StatusName{Status::kOffered, "offered"},
    StatusName{Status::kStarted, "started"},     StatusName{Status::kInterAgency, "inter_agency"},
    StatusName{Status::kDone, "done"},           StatusName{Status::kStopped, "stopped"},
    StatusName{Status::kDeclined, "declined"},   StatusName{Status::kErased, "erased"},
};

}  // namespace

std::string_view NameOf(Status status) {
  for (const StatusName& entry : kStatusNames) {
    if (entry.status == status) return entry.name;
  }
  return "unknown";
}

std::optional<Status> Next(Status status, Action action) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == status && transition.action == action) return transition.to;
  }
  return std::nullopt;
}

bool IsOpen(Status status) {
  return status != Status::kDone && status != Status::kStopped && status != Status::kDeclined &&
         status != Status::kErased;
}

}  // namespace kstati::cases
