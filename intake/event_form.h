// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "intake/cloud_event.h"
#include "kstati_rpc/kstati_types.h"
#include "profile/registry_event.h"

namespace kstati::intake {

// A registry event as one line of JSON (docs/reference/events.md):
//   {"source": "egr_zags", "id": "42", "type": "event.child_born", "subject": "18",
//    "occurred_on": "2026-03-15", "participants": {"mother": ["17"]},
//    "facts": [{"citizen": "18", "attribute": "person.sex", "value": "female"}],
//    "relations": [{"from": "17", "kind": "parent", "to": "18"}]}
// A value is true, false, a whole number, a text (one like 2026-03-15 is a date), null (does not
// apply), or says its kind: {"number": "12.50"}. The same in an envelope of CloudEvents has source,
// id, type and subject as attributes of the envelope and the rest as its data. kInvalidArgument
// names the field.
Result<rpc::RegistryEvent> ParseEvent(const std::string& text);

// The inverse: the line gives the same event when it is parsed.
Json ToJson(const rpc::RegistryEvent& event);

rpc::RegistryEvent ToRpc(const profile::RegistryEvent& event);

}  // namespace kstati::intake
