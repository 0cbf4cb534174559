// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cases/register.h"
#include "profile/ledger/signing_key.h"

namespace kstati::cases {

// A result that its owner can show to anybody, who verifies it without us: a JSON Web Signature
// (RFC 7515, compact) with Ed25519 (RFC 8037) over a payload of RFC 7519's claims, so that any
// library for JOSE, and a browser by itself, can check it. It ends soon, since what is revoked
// later cannot be seen in it.

inline constexpr int64_t kTokenDays = 30;  // unless it is asked for another time

// kConflict when the result does not stand today. Ends after `days`, or with the result.
Result<std::string> MakeResultToken(const ResultRecord& record, const World& world,
                                    const profile::ledger::SigningKey& key, Instant now,
                                    int64_t days);

struct VerifiedResult {
  std::string claims;  // the payload: JSON
  Instant issued_at;
  Instant ends_at;
};

// kInvalidArgument for what is no such token, kCorrupt when the key did not sign it, kConflict when
// it ended or has not begun.
Result<VerifiedResult> VerifyResultToken(std::string_view token,
                                         const profile::ledger::PublicKey& key, Instant now);

}  // namespace kstati::cases
