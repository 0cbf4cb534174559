// SPDX-License-Identifier: Apache-2.0
#include "thrift/failure.h"

#include <array>

namespace kstati::thrift {
namespace {

struct CodePair {
  ErrorCode inside;
  rpc::ErrorCode::type outside;
};

constexpr std::array kCodes{
    CodePair{ErrorCode::kInvalidArgument, rpc::ErrorCode::INVALID_ARGUMENT},
    CodePair{ErrorCode::kNotFound, rpc::ErrorCode::NOT_FOUND},
    CodePair{ErrorCode::kConflict, rpc::ErrorCode::CONFLICT},
    CodePair{ErrorCode::kConsentRequired, rpc::ErrorCode::CONSENT_REQUIRED},
    CodePair{ErrorCode::kDenied, rpc::ErrorCode::DENIED},
    CodePair{ErrorCode::kUnauthenticated, rpc::ErrorCode::UNAUTHENTICATED},
    CodePair{ErrorCode::kLimitExceeded, rpc::ErrorCode::LIMIT_EXCEEDED},
    CodePair{ErrorCode::kUnavailable, rpc::ErrorCode::UNAVAILABLE},
    CodePair{ErrorCode::kCorrupt, rpc::ErrorCode::CORRUPT},
    CodePair{ErrorCode::kUnsupported, rpc::ErrorCode::UNSUPPORTED},
    CodePair{ErrorCode::kInternal, rpc::ErrorCode::INTERNAL},
};
static_assert(kCodes.size() == kErrorKinds.size());

}  // namespace

rpc::Failure ToFailure(const Error& error) {
  rpc::Failure failure;
  failure.code = rpc::ErrorCode::INTERNAL;
  for (const CodePair& pair : kCodes) {
    if (pair.inside == error.code) failure.code = pair.outside;
  }
  failure.message = error.message;
  failure.place = error.place;
  failure.remedy = error.remedy;
  return failure;
}

Error FromFailure(const rpc::Failure& failure) {
  Error error{ErrorCode::kInternal, failure.message, failure.place, failure.remedy};
  for (const CodePair& pair : kCodes) {
    if (pair.outside == failure.code) error.code = pair.inside;
  }
  return error;
}

}  // namespace kstati::thrift
