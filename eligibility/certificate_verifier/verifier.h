// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kstati::certificate_verifier {

// Why the bytes are not a decision certificate whose decision follows from what it states; nullopt
// when they are. Any bytes may be given. Shares no code with the engine but its values, and reads
// nothing but the bytes: what that proves, and what not, is in docs/reference/certificate.md.
std::optional<std::string> WhyRejected(std::string_view certificate);

}  // namespace kstati::certificate_verifier
