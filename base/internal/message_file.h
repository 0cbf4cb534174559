// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/issue.h"

namespace kstati {

// One entry of a file of messages: a dotted key, its pattern, and where the key stands.
struct MessageEntry {
  std::string key;
  std::string pattern;
  Location where;
};

// Reads one flat JSON object of texts. A syntax error, a repeated or malformed key and a value that
// is not a text are issues.
std::vector<MessageEntry> ReadMessageFile(const std::string& path, std::vector<Issue>& issues);

}  // namespace kstati
