// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kstati {

// Prints "file:line: check failed: text" to stderr and aborts. Never returns.
[[noreturn]] void CheckFailed(const char* file, int line, const char* text);

}  // namespace kstati

// A broken invariant is our bug: stop before it does harm. Always on, also in release builds.
#define KSTATI_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::kstati::CheckFailed(__FILE__, __LINE__, #condition))

#ifdef NDEBUG
#define KSTATI_DCHECK(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define KSTATI_DCHECK(condition) KSTATI_CHECK(condition)
#endif
