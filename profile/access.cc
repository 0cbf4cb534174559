// SPDX-License-Identifier: Apache-2.0
#include "profile/access.h"

#include "base/bytes.h"

namespace kstati::profile {
namespace {

constexpr uint64_t kFormat = 1;

}  // namespace

std::string Encode(const Access& access) {
  ByteWriter writer;
  writer.Number(kFormat).Moment(access.at).Number(access.citizen.number());
  writer.Text(access.caller).Text(access.actor).Text(access.call).Text(access.reason);
  return writer.Take();
}

Result<Access> DecodeAccess(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored access record has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  Access access;
  access.at = reader.Moment();
  access.citizen = CitizenId(reader.Number());
  access.caller = reader.Text();
  access.actor = reader.Text();
  access.call = reader.Text();
  access.reason = reader.Text();
  KSTATI_TRY_VOID(reader.Finish("a stored access record"));
  return access;
}

Result<void> Record(Store& store, const Access& access) {
  Transaction transaction(access.at);
  transaction.AppendLog(access.citizen, kAccessLog, Encode(access));
  return store.Commit(transaction);
}

}  // namespace kstati::profile
