// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "profile/registry_event.h"
#include "profile/value.h"

namespace kstati::profile {

// The binary form of values, facts and registry events, described in docs/internals/formats.md.
// One value has one form, so equal events have equal bytes.

// Kind, level and texts, in the order of the struct.
void EncodeEvidence(const Evidence& evidence, ByteWriter& writer);
std::optional<Evidence> DecodeEvidence(ByteReader& reader);  // nullopt when the form is wrong

void EncodeValue(const FactValue& value, ByteWriter& writer);
// Puts it in place of `value`; false when the form is wrong.
bool DecodeValue(ByteReader& reader, FactValue& value);

// The bytes of CanonicalBytes.
std::string EncodeEvent(const RegistryEvent& event);
// The same without facts and relations.
std::string EncodeEventHead(const RegistryEvent& event);
// kCorrupt when the bytes are not of this form or of a later one.
Result<RegistryEvent> DecodeEvent(std::string_view bytes);

}  // namespace kstati::profile
