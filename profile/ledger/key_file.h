// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "profile/ledger/signing_key.h"

namespace kstati::profile::ledger {

// Writes the private key to `path`, readable by its owner alone, and the public key to `path` +
// ".pub". kConflict when one of them exists: a key that was used is never overwritten.
Result<void> WriteKeyFiles(const SigningKey& key, const std::string& path);

// The private key of a log. kNotFound when there is no such file, kDenied when others than its
// owner may read it.
Result<SigningKey> ReadKeyFile(const std::string& path);

}  // namespace kstati::profile::ledger
