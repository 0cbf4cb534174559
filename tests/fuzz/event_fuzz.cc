// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "profile/formats/fact_codec.h"
#include "profile/registry_event.h"

// A stored event is either refused or read as an event that writes the same bytes again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto event = kstati::profile::DecodeEvent(bytes);
  if (event) {
    const std::string again = kstati::profile::CanonicalBytes(*event);
    const auto twice = kstati::profile::DecodeEvent(again);
    KSTATI_CHECK(twice && kstati::profile::CanonicalBytes(*twice) == again);
  }
  return 0;
}
