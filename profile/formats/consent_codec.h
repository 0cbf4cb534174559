// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "profile/consent.h"

namespace kstati::profile {

// What consents are made of, as records keep it (docs/internals/formats.md).
void WriteScope(ByteWriter& writer, const ConsentScope& scope);
// kCorrupt when the purpose or the mode is unknown; otherwise the reader tells.
Result<ConsentScope> ReadScope(ByteReader& reader);
void WriteEvidence(ByteWriter& writer, const ConsentEvidence& evidence);
ConsentEvidence ReadEvidence(ByteReader& reader);

// Under ConsentKey. kUnsupported for the form of earlier programs, which knew no versions.
std::string Encode(const Consent& consent);
Result<Consent> DecodeConsent(std::string_view bytes);

}  // namespace kstati::profile
