// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "base/check.h"
#include "intake/event_form.h"

// A line is either refused, with what to do, or is an event that writes a line of the same event.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string line(reinterpret_cast<const char*>(data), size);
  const auto event = kstati::intake::ParseEvent(line);
  if (!event) {
    KSTATI_CHECK(!event.error().message.empty());
    return 0;
  }
  const auto again = kstati::intake::ParseEvent(kstati::intake::ToJson(*event).dump());
  KSTATI_CHECK(again && *again == *event);
  return 0;
}
