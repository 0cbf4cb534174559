// SPDX-License-Identifier: Apache-2.0
#include "cases/case.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kstati::cases {
namespace {

struct Transition {
  Status from;
  Action action;
  Status to;
};

// The whole state machine. What is not in the table is illegal.
// tidy: table
constexpr std::array kTransitions{
    Transition{Status::kAnnounced, Action::kConfirm, Status::kStarted},
    Transition{Status::kAnnounced, Action::kDecline, Status::kDeclined},
    Transition{Status::kAnnounced, Action::kResult, Status::kDone},
    Transition{Status::kAnnounced, Action::kAnnul, Status::kAnnulled},
    Transition{Status::kOffered, Action::kConfirm, Status::kStarted},
    Transition{Status::kOffered, Action::kDecline, Status::kDeclined},
    Transition{Status::kOffered, Action::kResult, Status::kDone},
    Transition{Status::kOffered, Action::kAnnul, Status::kAnnulled},
    Transition{Status::kStarted, Action::kHandOver, Status::kInterAgency},
    Transition{Status::kStarted, Action::kConsentEnds, Status::kStopped},
    Transition{Status::kStarted, Action::kResult, Status::kDone},
    Transition{Status::kStarted, Action::kAnnul, Status::kAnnulled},
    Transition{Status::kStarted, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kInterAgency, Action::kResult, Status::kDone},
    Transition{Status::kInterAgency, Action::kAsk, Status::kInformationAsked},
    Transition{Status::kInterAgency, Action::kSuspend, Status::kSuspended},
    Transition{Status::kInterAgency, Action::kAssess, Status::kBeingAssessed},
    Transition{Status::kInterAgency, Action::kQueue, Status::kWaitingForPlace},
    Transition{Status::kInterAgency, Action::kRefer, Status::kWithOfficial},
    Transition{Status::kInterAgency, Action::kGrant, Status::kGranted},
    Transition{Status::kInterAgency, Action::kRefuse, Status::kRefused},
    Transition{Status::kInterAgency, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kInformationAsked, Action::kInform, Status::kInterAgency},
    Transition{Status::kInformationAsked, Action::kRefer, Status::kWithOfficial},
    Transition{Status::kInformationAsked, Action::kResult, Status::kDone},
    Transition{Status::kInformationAsked, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kSuspended, Action::kResume, Status::kInterAgency},
    Transition{Status::kSuspended, Action::kRefer, Status::kWithOfficial},
    Transition{Status::kSuspended, Action::kResult, Status::kDone},
    Transition{Status::kSuspended, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kBeingAssessed, Action::kReportFindings, Status::kInterAgency},
    Transition{Status::kBeingAssessed, Action::kRefer, Status::kWithOfficial},
    Transition{Status::kBeingAssessed, Action::kResult, Status::kDone},
    Transition{Status::kBeingAssessed, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kWaitingForPlace, Action::kGivePlace, Status::kInterAgency},
    Transition{Status::kWaitingForPlace, Action::kRefer, Status::kWithOfficial},
    Transition{Status::kWaitingForPlace, Action::kResult, Status::kDone},
    Transition{Status::kWaitingForPlace, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kWithOfficial, Action::kGrant, Status::kGranted},
    Transition{Status::kWithOfficial, Action::kRefuse, Status::kRefused},
    Transition{Status::kWithOfficial, Action::kAnnul, Status::kAnnulled},
    Transition{Status::kWithOfficial, Action::kAsk, Status::kInformationAsked},
    Transition{Status::kWithOfficial, Action::kSuspend, Status::kSuspended},
    Transition{Status::kWithOfficial, Action::kResult, Status::kDone},
    Transition{Status::kWithOfficial, Action::kWithdraw, Status::kWithdrawn},
    Transition{Status::kGranted, Action::kResult, Status::kDone},
    Transition{Status::kGranted, Action::kReopen, Status::kWithOfficial},
    Transition{Status::kRefused, Action::kGrant, Status::kGranted},
    Transition{Status::kRefused, Action::kReopen, Status::kWithOfficial},
    Transition{Status::kDone, Action::kReopen, Status::kWithOfficial},
    Transition{Status::kStopped, Action::kErase, Status::kErased},
};

template <class Value>
struct Named {
  Value value;
  std::string_view name;
};

constexpr std::array kStatusNames{
    Named{Status::kAnnounced, "announced"},
    Named{Status::kOffered, "offered"},
    Named{Status::kStarted, "started"},
    Named{Status::kInterAgency, "inter_agency"},
    Named{Status::kDone, "done"},
    Named{Status::kStopped, "stopped"},
    Named{Status::kDeclined, "declined"},
    Named{Status::kErased, "erased"},
    Named{Status::kSuspended, "suspended"},
    Named{Status::kInformationAsked, "information_asked"},
    Named{Status::kBeingAssessed, "being_assessed"},
    Named{Status::kWaitingForPlace, "waiting_for_place"},
    Named{Status::kWithOfficial, "with_official"},
    Named{Status::kGranted, "granted"},
    Named{Status::kRefused, "refused"},
    Named{Status::kAnnulled, "annulled"},
    Named{Status::kWithdrawn, "withdrawn"},
};
static_assert(kStatusNames.size() == kStatusCount);

constexpr std::array kActionNames{
    Named{Action::kConfirm, "confirm"},
    Named{Action::kDecline, "decline"},
    Named{Action::kHandOver, "hand_over"},
    Named{Action::kResult, "result"},
    Named{Action::kConsentEnds, "consent_ends"},
    Named{Action::kErase, "erase"},
    Named{Action::kAsk, "ask"},
    Named{Action::kInform, "inform"},
    Named{Action::kSuspend, "suspend"},
    Named{Action::kResume, "resume"},
    Named{Action::kAssess, "assess"},
    Named{Action::kReportFindings, "report_findings"},
    Named{Action::kQueue, "queue"},
    Named{Action::kGivePlace, "give_place"},
    Named{Action::kRefer, "refer"},
    Named{Action::kGrant, "grant"},
    Named{Action::kRefuse, "refuse"},
    Named{Action::kAnnul, "annul"},
    Named{Action::kWithdraw, "withdraw"},
    Named{Action::kReopen, "reopen"},
};
static_assert(kActionNames.size() == kActionCount);

constexpr std::array kDecidedNames{
    Named{Decided::kGranted, "granted"},
    Named{Decided::kRefused, "refused"},
    Named{Decided::kAnnulled, "annulled"},
};

constexpr std::array kOverrideNames{
    Named{Override::kNone, "none"},
    Named{Override::kRecordIsWrong, "record_is_wrong"},
    Named{Override::kDocumentSeen, "document_seen"},
    Named{Override::kCourtDecided, "court_decided"},
    Named{Override::kRuleIsWrong, "rule_is_wrong"},
};

template <class Table, class Value>
std::string_view NameIn(const Table& table, Value value) {
  for (const auto& entry : table) {
    if (entry.value == value) return entry.name;
  }
  return "unknown";
}

}  // namespace

std::string_view NameOf(Status status) { return NameIn(kStatusNames, status); }

std::string_view NameOf(Action action) { return NameIn(kActionNames, action); }

std::string_view NameOf(Decided decided) { return NameIn(kDecidedNames, decided); }

std::string_view NameOf(Override override_reason) {
  return NameIn(kOverrideNames, override_reason);
}

std::optional<Override> ParseOverride(std::string_view name) {
  for (const auto& entry : kOverrideNames) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

std::optional<Status> Next(Status status, Action action) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == status && transition.action == action) return transition.to;
  }
  return std::nullopt;
}

bool IsOpen(Status status) {
  switch (status) {
    case Status::kDone:
    case Status::kStopped:
    case Status::kDeclined:
    case Status::kErased:
    case Status::kRefused:
    case Status::kAnnulled:
    case Status::kWithdrawn: return false;
    default: return true;
  }
}

std::optional<Decimal> GrantedAmount(const Case& c) {
  const auto granted = std::find_if(c.rulings.rbegin(), c.rulings.rend(), [](const Ruling& ruling) {
    return ruling.decided == Decided::kGranted;
  });
  return granted == c.rulings.rend() ? std::nullopt : granted->amount;
}

bool HadResult(const Case& c) {
  return std::ranges::find(c.history, Status::kDone, &StatusChange::status) != c.history.end();
}

bool IsForOfficial(Status status) {
  return status == Status::kWithOfficial || status == Status::kBeingAssessed ||
         status == Status::kWaitingForPlace;
}

std::string NumberedId(char kind, CitizenId citizen, size_t earlier) {
  char number[16];
  std::snprintf(number, sizeof number, "-%04zu", earlier + 1);
  return kind + ("-" + citizen.ToString()) + number;
}

bool IsUnderWay(Status status) {
  switch (status) {
    case Status::kInterAgency:
    case Status::kSuspended:
    case Status::kInformationAsked:
    case Status::kBeingAssessed:
    case Status::kWaitingForPlace:
    case Status::kWithOfficial: return true;
    default: return false;
  }
}

}  // namespace kstati::cases
