// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kstati::graph::picture {

// A label as it is drawn: broken between words into lines of at most `columns` code points, at most
// `lines` of them; what does not fit ends in an ellipsis. UTF-8.
std::vector<std::string> WrapLabel(std::string_view text, size_t columns, size_t lines);

size_t CountCodePoints(std::string_view text);

// Text as content or attribute of XML: markup is escaped, control characters become spaces.
std::string EscapeXml(std::string_view text);

}  // namespace kstati::graph::picture
