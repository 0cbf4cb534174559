// SPDX-License-Identifier: Apache-2.0
#include "thrift/failure.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/submission.h"

namespace kstati::thrift {
namespace {

void Count(const char* outcome) {
  metrics::CounterOf("kstati_thrift_events_total", "Registry events by outcome", "outcome", outcome)
      .Add();
}

}  // namespace

void Handler::EnterRefusedEvent(const Caller& caller, const rpc::RegistryEvent& event) const {
  const Result<CitizenId> subject = ReadCitizen(event.subject, "subject");
  if (subject) EnterRefusal("submitEvents", caller.name(), *subject);
}

rpc::EventReceipt Handler::Submit(const Caller& caller, const rpc::RegistryEvent& reported) const {
  rpc::EventReceipt receipt;
  receipt.id = reported.id;
  receipt.source = reported.source;
  const Result<kstati::cases::Outcome> outcome = RecordSubmitted(parts_.world, caller, reported);
  if (!outcome) {
    receipt.outcome = rpc::EventOutcome::REFUSED;
    receipt.__set_failure(ToFailure(outcome.error()));
    if (outcome.error().code == ErrorCode::kDenied) EnterRefusedEvent(caller, reported);
    Count("refused");
    return receipt;
  }
  receipt.outcome = outcome->repeated ? rpc::EventOutcome::REPEATED : rpc::EventOutcome::ACCEPTED;
  Count(outcome->repeated ? "repeated" : "accepted");
  for (const recommender::LifeEvent& event : outcome->life_events) {
    receipt.life_events.push_back(event.type.text());
  }
  for (const kstati::cases::Case& c : outcome->cases) receipt.cases.push_back(c.id.text());
  if (!outcome->repeated) receipt.__set_recorded_at(outcome->recorded_at.ToString());
  return receipt;
}

void Handler::submitEvents(std::vector<rpc::EventReceipt>& receipts,
                           const rpc::CallContext& context,
                           const std::vector<rpc::RegistryEvent>& events) {
  Answer("submitEvents", context, [&]() -> Result<void> {
    KSTATI_TRY(const Caller caller, Identify(context));
    if (!caller.MaySubmit()) {
      for (const rpc::RegistryEvent& event : events) EnterRefusedEvent(caller, event);
      return Fail(ErrorCode::kDenied, "the token does not allow events", "context.token",
                  "use the token of a registry");
    }
    // In the order given: a correction may follow what it corrects in one batch.
    receipts.reserve(events.size());
    for (const rpc::RegistryEvent& event : events) receipts.push_back(Submit(caller, event));
    return {};
  });
}

}  // namespace kstati::thrift
