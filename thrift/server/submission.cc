// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/submission.h"

#include "cases/intake.h"
#include "thrift/server/from_rpc.h"

namespace kstati::thrift {
namespace {

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

Result<void> CheckSubmitted(const kstati::cases::World& world, const Caller& caller,
                            const rpc::RegistryEvent& submitted) {
  KSTATI_TRY_VOID(CheckSource(caller, RegistryId(submitted.source)));
  KSTATI_TRY(const kstati::profile::RegistryEvent event, ReadEvent(submitted));
  return kstati::cases::CheckEvent(world, event);
}

Result<kstati::cases::Outcome> RecordSubmitted(const kstati::cases::World& world,
                                               const Caller& caller,
                                               const rpc::RegistryEvent& submitted) {
  KSTATI_TRY_VOID(CheckSource(caller, RegistryId(submitted.source)));
  KSTATI_TRY(const kstati::profile::RegistryEvent event, ReadEvent(submitted));
  return kstati::cases::ProcessRegistryEvent(world, event);
}

}  // namespace kstati::thrift
