// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

namespace kstati::certificate_verifier {

// Checks the content of a certificate whose decision is the same whatever the missing facts turn
// out to be. Throws Rejected, or an exception of the JSON library.
void VerifyCompletion(const nlohmann::json& content);

}  // namespace kstati::certificate_verifier
