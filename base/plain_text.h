// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/issue.h"

namespace kstati {

// What is wrong with a file that people write and that is not plain text: UTF-8 without control
// characters but tab, line feed and carriage return. The issue names the first bad place. Parsers
// of other people's are given plain text alone: on other bytes some read past the end.
std::optional<Issue> NotPlainText(const std::string& path, std::string_view text);

}  // namespace kstati
