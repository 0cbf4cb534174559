// SPDX-License-Identifier: Apache-2.0
#include "cli/who_acts.h"

#include <pwd.h>
#include <unistd.h>

namespace kstati::cli {

std::string WhoActs() {
  passwd entry{};
  passwd* found = nullptr;
  char buffer[4096];
  const int failed = getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found);
  return failed == 0 && found != nullptr ? found->pw_name : "uid " + std::to_string(geteuid());
}

}  // namespace kstati::cli
