// SPDX-License-Identifier: Apache-2.0
#include "cases/service_statuses.h"

namespace kstati::cases {
namespace {

// How it comes to an application.
void AddBeginning(graph::Mode mode, std::vector<Status>& statuses) {
  switch (mode) {
    case graph::Mode::kOnRequest: break;
    case graph::Mode::kProactiveInform: statuses.push_back(Status::kAnnounced); break;
    case graph::Mode::kProactivePrepare:
    case graph::Mode::kProactiveAct: statuses.push_back(Status::kOffered); break;
  }
  if (mode != graph::Mode::kOnRequest) statuses.push_back(Status::kDeclined);
  // Also a step of an application for a whole situation starts on a consent.
  statuses.insert(statuses.end(), {Status::kStarted, Status::kStopped, Status::kErased});
}

}  // namespace

std::vector<Status> StatusesOf(const graph::Regulation& regulation, const graph::Course* course) {
  using graph::ProcedureKind;
  std::vector<Status> statuses;
  AddBeginning(regulation.mode, statuses);
  const auto add_for = [&](ProcedureKind kind, Status status) {
    if (course != nullptr && course->Has(kind)) statuses.push_back(status);
  };
  statuses.push_back(Status::kInterAgency);
  add_for(ProcedureKind::kAdditionalInformation, Status::kInformationAsked);
  add_for(ProcedureKind::kSuspension, Status::kSuspended);
  add_for(ProcedureKind::kAssessment, Status::kBeingAssessed);
  add_for(ProcedureKind::kDistribution, Status::kWaitingForPlace);
  // What no machine can decide on confirmed facts is an official's, whatever the course.
  statuses.insert(statuses.end(), {Status::kWithOfficial, Status::kGranted, Status::kRefused,
                                   Status::kDone, Status::kWithdrawn, Status::kAnnulled});
  return statuses;
}

}  // namespace kstati::cases
