// SPDX-License-Identifier: Apache-2.0
#include "intake/cloud_event.h"

#include <algorithm>
#include <array>
#include <string>

namespace kstati::intake {
namespace {

constexpr std::array<const char*, 4> kAttributes{"source", "id", "type", "subject"};
constexpr std::string_view kJsonType = "application/json";

tl::unexpected<Error> Wrong(const char* attribute, std::string message, std::string remedy) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), attribute, std::move(remedy));
}

bool IsAttributeName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

Result<void> CheckEnvelope(const Json& envelope) {
  if (envelope["specversion"] != "1.0") {
    return Wrong("specversion", "the version of CloudEvents is not supported", "send 1.0");
  }
  if (envelope.contains("data_base64")) {
    return Wrong("data_base64", "the data are not JSON", "send them under `data`");
  }
  for (const auto& [name, value] : envelope.items()) {
    if (!IsAttributeName(name)) {
      return Wrong("the envelope", "`" + name.substr(0, 64) + "` is no name of CloudEvents",
                   "names are lower-case letters and digits");
    }
  }
  if (!envelope.contains("datacontenttype")) return {};
  const Json& type = envelope["datacontenttype"];
  if (type.is_string() && type.get<std::string>().starts_with(kJsonType)) return {};
  return Wrong("datacontenttype", "the data are not JSON", "send application/json");
}

}  // namespace

bool IsCloudEvent(const Json& object) {
  return object.is_object() && object.contains("specversion");
}

Result<Json> EventInEnvelope(const Json& envelope) {
  KSTATI_TRY_VOID(CheckEnvelope(envelope));
  Json event = envelope.value("data", Json::object());
  if (!event.is_object())
    return Wrong("data", "must be a JSON object", "write the event in braces: {...}");
  for (const char* const attribute : kAttributes) {
    if (event.contains(attribute)) {
      return Wrong("data", "`" + std::string(attribute) + "` stands in the data",
                   "leave it to the envelope");
    }
    if (envelope.contains(attribute)) event[attribute] = envelope[attribute];
  }
  return event;
}

}  // namespace kstati::intake
