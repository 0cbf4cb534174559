// SPDX-License-Identifier: Apache-2.0
// Any bytes as kstati.toml and as a tokens file: what is wrong with them becomes issues.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "cli/config.h"
#include "thrift/server/access.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int file = memfd_create("fuzz.toml", 0);
  KSTATI_CHECK(file >= 0 && write(file, data, size) == static_cast<ssize_t>(size));
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  std::vector<kstati::Issue> issues;
  const kstati::cli::Config config = kstati::cli::Config::Load(path, issues);
  KSTATI_CHECK(!kstati::cli::Print(config).empty());
  issues.clear();
  const auto callers = kstati::thrift::AccessList::Load(path, issues);
  KSTATI_CHECK(!callers.Identify("nobody") || callers.open());
  close(file);
  return 0;
}
