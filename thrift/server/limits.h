// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kstati::thrift {

// What one message of a caller may cost us. Each limit is checked before memory is taken for what
// it counts: a twenty-byte message may announce a list of fifty million elements.
struct MessageLimits {
  uint32_t message_bytes = 1u << 20;   // any call but submitEvents
  uint32_t batch_bytes = 8u << 20;     // submitEvents: some ten thousand events of a registry
  uint32_t dropped_bytes = 64u << 20;  // of a longer one, read so that its caller sees the refusal
  uint32_t string_bytes = 1u << 20;
  uint32_t elements = 10'000;              // of one list, set or map
  uint32_t elements_in_message = 200'000;  // of all of them together: about 60 MiB when decoded
  uint32_t depth = 32;                     // structures inside structures
};

}  // namespace kstati::thrift
