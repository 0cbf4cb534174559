// SPDX-License-Identifier: Apache-2.0
// The calls that look after the store itself.
#include "base/log.h"
#include "thrift/server/handler.h"

namespace kstati::thrift {

void Handler::backUpStore(rpc::StoreBackup& reply, const rpc::CallContext& context) {
  Answer("backUpStore", context, [&]() -> Result<void> {
    KSTATI_TRY(const Caller caller, Identify(context));
    if (!caller.MayOperate()) {
      return Fail(ErrorCode::kDenied, "the token does not allow making backups", "context.token",
                  "use a token with the scope operator");
    }
    if (parts_.backups_folder.empty()) {
      return Fail(ErrorCode::kUnsupported, "the server has no folder for backups", "store.backups",
                  "name one in the server's configuration and start it again");
    }
    // What was done up to now is in it.
    KSTATI_TRY_VOID(parts_.uses.Flush());
    KSTATI_TRY(const auto made, parts_.world.store->engine().BackUp(parts_.backups_folder));
    log::Info("store_backed_up", {{"number", static_cast<uint64_t>(made.number)},
                                  {"bytes", made.bytes},
                                  {"caller", caller.name()}});
    reply.number = static_cast<int32_t>(made.number);
    reply.made_at = made.made_at.ToString();
    reply.bytes = static_cast<int64_t>(made.bytes);
    return {};
  });
}

}  // namespace kstati::thrift
