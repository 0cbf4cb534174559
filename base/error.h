// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace kstati {

// Why an operation failed. A code exists only if some caller reacts to it.
enum class ErrorCode {
  kInvalidArgument,  // the request itself is wrong; repeating it will not help
  kNotFound,         // the thing named does not exist
  kConflict,         // the state changed meanwhile; read again and repeat
  kConsentRequired,  // the person has not allowed it
  kDenied,           // the caller may not do it
  kUnauthenticated,  // the caller did not say who it is, or the token is unknown
  kLimitExceeded,    // larger, deeper or longer than the stated limit
  kUnavailable,      // a resource (disk, port, peer) refuses for now; nothing was lost
  kCorrupt,          // stored bytes fail their checks
  kUnsupported,      // valid, but this version does not do it
  kInternal,         // our bug
};

// One row per code: everything a door needs to report it.
struct ErrorKind {
  ErrorCode code;
  std::string_view name;  // stable, also the metric label
  int http_status;
  int exit_code;
};

inline constexpr std::array<ErrorKind, 11> kErrorKinds{{
    {ErrorCode::kInvalidArgument, "invalid_argument", 400, 4},
    {ErrorCode::kNotFound, "not_found", 404, 5},
    {ErrorCode::kConflict, "conflict", 409, 7},
    {ErrorCode::kConsentRequired, "consent_required", 403, 6},
    {ErrorCode::kDenied, "denied", 403, 6},
    {ErrorCode::kUnauthenticated, "unauthenticated", 401, 6},
    {ErrorCode::kLimitExceeded, "limit_exceeded", 413, 4},
    {ErrorCode::kUnavailable, "unavailable", 503, 7},
    {ErrorCode::kCorrupt, "corrupt", 500, 4},
    {ErrorCode::kUnsupported, "unsupported", 501, 4},
    {ErrorCode::kInternal, "internal", 500, 70},
}};

const ErrorKind& KindOf(ErrorCode code);

// A failed operation: what happened, where, and what to do about it.
// Texts never contain a fact's value.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string place;   // what was being handled: "event egr_zags/42, facts[3]", "kstati.toml:7"
  std::string remedy;  // what the caller can do; may be empty

  // "message (at place); remedy"
  std::string ToString() const;
};

// Adds an outer place: "event egr_zags/42" to "facts[3]" gives "event egr_zags/42, facts[3]".
Error AtPlace(Error error, std::string_view outer);

}  // namespace kstati
