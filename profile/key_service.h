// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace kstati::profile {

// A service that keeps a key which never leaves it and seals the master keys, a KMS or an HSM,
// reached by two commands of the operator, run by /bin/sh. Each reads one line and answers with one
// within a minute. Both empty: there is none.
struct KeyService {
  std::string seal_command;  // takes 64 hexadecimal digits, gives their sealed text without blanks
  std::string open_command;  // the reverse

  // kDenied when a command is missing, fails, is late or does not answer so; its own words, which
  // go to the errors of this program, say why. Safe from any thread.
  Result<std::string> Seal(std::string_view digits) const;
  Result<std::string> Open(std::string_view sealed) const;
};

}  // namespace kstati::profile
