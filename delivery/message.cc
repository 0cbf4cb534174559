// SPDX-License-Identifier: Apache-2.0
#include "delivery/message.h"

#include <nlohmann/json.hpp>

namespace kstati::delivery {

std::string ToJson(const Message& message) {
  const nlohmann::ordered_json json{
      {"key", message.key},          {"citizen", message.citizen.ToString()},
      {"at", message.at.ToString()}, {"sent_at", message.sent_at.ToString()},
      {"kind", message.kind},        {"case", message.case_id},
      {"service", message.service},  {"language", message.language},
      {"title", message.title},      {"text", message.text},
  };
  return json.dump();
}

}  // namespace kstati::delivery
