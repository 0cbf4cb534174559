// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/documents.h"

#include <nlohmann/json.hpp>

#include "profile/ledger/encoding.h"

namespace kstati::profile::ledger {
namespace {

using nlohmann::json;  // sorts members, writes no blanks and escapes only what JSON must

std::string HexOf(const Salt& salt) {
  return ToHex({reinterpret_cast<const char*>(salt.data()), salt.size()});
}

json HexOf(const std::vector<Hash>& path) {
  json list = json::array();
  for (const Hash& hash : path) list.push_back(ToHex(BytesOf(hash)));
  return list;
}

}  // namespace

Result<std::string> ToJson(const Receipt& receipt) {
  const json form{{"checkpoint", receipt.checkpoint},
                  {"citizen", receipt.citizen.ToString()},
                  {"citizen_salt", HexOf(receipt.citizen_salt)},
                  {"content", receipt.content},
                  {"content_salt", HexOf(receipt.content_salt)},
                  {"entry", ToHex(receipt.entry)},
                  {"format", "kstati-ledger-receipt/1"},
                  {"index", std::to_string(receipt.index)},
                  {"path", HexOf(receipt.path)}};
  try {
    return form.dump();
  } catch (const json::type_error&) {
    return Fail(ErrorCode::kInvalidArgument, "the content of the ledger's entry is not UTF-8", {},
                "commit to text only");
  }
}

std::string ConsistencyJson(std::string_view first, std::string_view second,
                            const std::vector<Hash>& path) {
  return json{{"first", first},
              {"format", "kstati-ledger-consistency/1"},
              {"path", HexOf(path)},
              {"second", second}}
      .dump();
}

std::string EntryLine(uint64_t index, std::string_view entry) {
  return json{{"entry", ToHex(entry)},
              {"index", std::to_string(index)},
              {"leaf", ToHex(BytesOf(LeafHash(entry)))}}
             .dump() +
         "\n";
}

std::string CheckpointLine(std::string_view checkpoint) {
  return json{{"checkpoint", checkpoint}}.dump() + "\n";
}

}  // namespace kstati::profile::ledger
