// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "delivery/message.h"

namespace kstati::delivery {

// Whether it is an address as mail servers take it without quotes: printable ASCII without blanks,
// brackets, quotes, commas and the like, with one "@" within.
bool IsAddress(std::string_view address);

// Text as encoded words of RFC 2047, base64 of UTF-8, folded; whatever is in it, no line of a
// header can be begun with it.
std::string EncodedWords(std::string_view text);

// "Sun, 29 Nov 2026 16:32:10 +0000"
std::string MailDate(Instant at);

// The whole mail: a header that says that a machine wrote it, and the text in base64. `from` and
// `to` are addresses.
std::string MailOf(const Message& message, const std::string& from, const std::string& to);

}  // namespace kstati::delivery
