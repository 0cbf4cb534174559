// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include "base/yaml.h"

// Any text is read without a crash; what is wrong with it becomes issues.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<kstati::Issue> issues;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const kstati::yaml::Document document("fuzz.yaml", text, issues);
  for (const auto& [key, node] : document.root().Entries()) node.Texts();
  return 0;
}
