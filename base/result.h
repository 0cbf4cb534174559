// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace kstati {

// The outcome of an operation that can fail. Domain outcomes ("not eligible") are plain values,
// problems in authored text are lists of Issue, bugs are KSTATI_CHECK; everything else is a Result.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(ErrorCode code, std::string message, std::string place = {},
                                  std::string remedy = {}) {
  return tl::unexpected<Error>(
      Error{code, std::move(message), std::move(place), std::move(remedy)});
}

inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace kstati

#define KSTATI_CONCAT_INNER(a, b) a##b
#define KSTATI_CONCAT(a, b) KSTATI_CONCAT_INNER(a, b)

// KSTATI_TRY(auto fact, ReadFact(key));  returns the error to the caller, or declares `fact`.
#define KSTATI_TRY(declaration, expression) \
  KSTATI_TRY_IMPL(KSTATI_CONCAT(result_, __LINE__), declaration, expression)
#define KSTATI_TRY_IMPL(result, declaration, expression)           \
  auto result = (expression);                                      \
  if (!result) return ::tl::unexpected(std::move(result).error()); \
  declaration = std::move(*result)

// KSTATI_TRY_VOID(Write(key));  for Result<void>, or when the value does not matter.
#define KSTATI_TRY_VOID(expression)                              \
  do {                                                           \
    if (auto kstati_result = (expression); !kstati_result)       \
      return ::tl::unexpected(std::move(kstati_result).error()); \
  } while (false)
