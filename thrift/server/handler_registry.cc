// SPDX-License-Identifier: Apache-2.0
#include "cases/pipeline.h"
#include "thrift/failure.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"

namespace kstati::thrift {
namespace {

void Count(const char* outcome) {
  metrics::CounterOf("kstati_thrift_events_total", "Registry events by outcome", "outcome", outcome)
      .Add();
}

Result<void> CheckSource(const Caller& caller, const RegistryId& source) {
  if (source.text() == recommender::kCalendarSource) {
    return Fail(ErrorCode::kDenied, "the calendar's events are made by the service itself",
                "source", "send the event under the id of the registry that reports it");
  }
  if (caller.MaySubmitFrom(source)) return {};
  return Fail(ErrorCode::kDenied, "the token does not allow events of this source", "source",
              "use the token of that registry");
}

}  // namespace

rpc::EventReceipt Handler::Submit(const Caller& caller, const rpc::RegistryEvent& reported) const {
  rpc::EventReceipt receipt;
  receipt.id = reported.id;
  receipt.source = reported.source;
  const auto process = [&]() -> Result<kstati::cases::Outcome> {
    KSTATI_TRY_VOID(CheckSource(caller, RegistryId(reported.source)));
    KSTATI_TRY(const kstati::profile::RegistryEvent event, ReadEvent(reported));
    return kstati::cases::ProcessRegistryEvent(parts_.world, event);
  };
  const Result<kstati::cases::Outcome> outcome = process();
  if (!outcome) {
    receipt.outcome = rpc::EventOutcome::REFUSED;
    receipt.__set_failure(ToFailure(outcome.error()));
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
