// SPDX-License-Identifier: Apache-2.0
#include "cases/case_inquiries.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/micros.h"
#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/draft.h"

namespace kstati::cases {
namespace {

constexpr size_t kAskedAtOnce = 100;
constexpr int64_t kFirstPauseSeconds = 60;
constexpr int64_t kLongestPauseSeconds = 6 * 3'600;

// Whether the next step is a registry's.
bool WaitsForRegistry(const Case& c) {
  const bool waits = c.status == Status::kInterAgency || c.status == Status::kSuspended;
  return waits && !c.awaited.empty();
}

}  // namespace

void CaseInquiries::Waits(CitizenId citizen, const CaseId& id) {
  if (inquiries_ == nullptr || !inquiries_->any()) return;
  due_.emplace(world_.Now(), Waiting{citizen, id, kFirstPauseSeconds});
}

bool CaseInquiries::Run() {
  const Instant now = world_.Now();
  for (size_t count = 0; count < kAskedAtOnce; ++count) {
    if (due_.empty() || now < due_.begin()->first) return false;
    Waiting waiting = due_.extract(due_.begin()).mapped();
    if (!AskFor(waiting)) continue;
    const Instant next{now.micros + waiting.pause_seconds * kMicrosPerSecond};
    waiting.pause_seconds = std::min(2 * waiting.pause_seconds, kLongestPauseSeconds);
    due_.emplace(next, std::move(waiting));
  }
  return true;
}

bool CaseInquiries::AskFor(const Waiting& waiting) {
  Draft draft(world_, world_.Now());  // never committed
  Result<Case> c = RequireCase(draft, waiting.citizen, waiting.id);
  if (!c) {
    if (c.error().code == ErrorCode::kNotFound) return false;
    log::Failure("case_not_asked_for", {{"code", std::string(KindOf(c.error().code).name)}});
    return true;
  }
  if (!WaitsForRegistry(*c)) return false;
  const Result<bool> known = draft.Knows(c->about);
  if (known && !*known) return false;  // erased
  const InquiryReason reason{c->consent.empty() ? std::string(kServiceOnRequest) : std::string(),
                             c->service,
                             {},
                             c->situation};
  inquiries_->Ask(LackedBy(draft, *c), reason, std::chrono::milliseconds(0));
  return true;
}

// Of what the decision lacks only what the case waits for; what an official waits for is lacked by
// whoever has the attribute's role.
LackedFacts CaseInquiries::LackedBy(Draft& draft, Case& c) const {
  LackedFacts lacked;
  if (const auto decision = DecideAgain(draft, c)) {
    for (const LackedFact& fact : inquiries_->LackedBy(*decision)) {
      if (c.awaited.contains(fact.attribute)) lacked.insert(fact);
    }
  }
  for (const AttributeId& id : c.awaited) {
    const bool known =
        std::ranges::any_of(lacked, [&](const LackedFact& fact) { return fact.attribute == id; });
    if (known) continue;
    lacked.insert({HolderOf(world_.program->dictionary(), id, c.citizen, c.about), id});
  }
  return lacked;
}

}  // namespace kstati::cases
