// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "profile/key_service.h"
#include "profile/sealing.h"

namespace kstati::profile {

// Master keys in a file of lines "NAME 64-HEX-DIGITS"; the last line's key seals, all of them
// unseal, so that a new line rotates the master key. Blank lines and lines that begin with # are
// skipped. With a key service, which may be given, new keys are sealed by it, and their lines are
// "NAME sealed:TEXT"; lines of both kinds may stand in one file.
struct MasterKeyPlace {
  MasterKeyPlace(std::string path) : file(std::move(path)) {}
  MasterKeyPlace(std::string path, KeyService keeper)
      : file(std::move(path)), service(std::move(keeper)) {}

  std::string file;
  KeyService service;
};

// kDenied when others than the owner may read the file, or the service does not open a key;
// kInvalidArgument with the line that is wrong.
Result<std::unique_ptr<KeySealer>> OpenMasterKeyFile(const MasterKeyPlace& place);
// The same; a file that is not there is made first, with one new key, readable by its owner only.
Result<std::unique_ptr<KeySealer>> OpenOrMakeMasterKeyFile(const MasterKeyPlace& place);
// The name of the key that seals.
Result<std::string> CurrentMasterKey(const MasterKeyPlace& place);
// Adds a line with a new key under a name that the file does not have yet.
Result<void> AddMasterKey(const MasterKeyPlace& place, std::string_view name);

}  // namespace kstati::profile
