// SPDX-License-Identifier: Apache-2.0
// The calls that erase a person as a whole.
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_consents.h"

namespace kstati::thrift {

Result<Handler::Reading> Handler::AdmitOperator(std::string_view method,
                                                const rpc::CallContext& context,
                                                const std::string& citizen) const {
  KSTATI_TRY(const Caller caller, Identify(context));
  if (caller.MayOperate()) return Admit(method, context, citizen);
  KSTATI_TRY(const CitizenId id, ReadCitizen(citizen, "citizen"));
  EnterRefusal(method, caller.name(), id);
  return Fail(ErrorCode::kDenied, "the token does not allow erasing people", "context.token",
              "use a token with the scope operator");
}

void Handler::previewErasure(rpc::Erasure& reply, const rpc::CallContext& context,
                             const std::string& citizen) {
  Answer("previewErasure", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitOperator("previewErasure", context, citizen));
    KSTATI_TRY(const kstati::cases::WholeErasure whole,
               parts_.desk.PreviewErasingAll(reading.citizen));
    reply = WriteErasure(reading.wording, whole);
    return Enter(reading);
  });
}

void Handler::eraseCitizen(rpc::Erasure& reply, const rpc::CallContext& context,
                           const std::string& citizen, const std::string& confirmation) {
  Answer("eraseCitizen", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, AdmitOperator("eraseCitizen", context, citizen));
    if (reading.reason.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "erasing a person needs a reason", "context.reason",
                  "say who asked for it, for example the number of the request");
    }
    KSTATI_TRY(const CitizenId confirmed, ReadCitizen(confirmation, "confirmation"));
    if (confirmed != reading.citizen) {
      return Fail(ErrorCode::kInvalidArgument, "the confirmation names another citizen",
                  "confirmation", "repeat the citizen's number: what is erased cannot come back");
    }
    // While there is a key to seal it with.
    KSTATI_TRY_VOID(Enter(reading));
    KSTATI_TRY(const kstati::cases::WholeErasure whole, parts_.desk.EraseAll(reading.citizen));
    reply = WriteErasure(reading.wording, whole);
    reply.__set_erased_at(parts_.world.Now().ToString());
    return {};
  });
}

}  // namespace kstati::thrift
