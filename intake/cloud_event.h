// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace kstati::intake {

using Json = nlohmann::ordered_json;

// Whether the object is an event in the JSON format of CloudEvents (https://cloudevents.io).
bool IsCloudEvent(const Json& object);

// The event of a CloudEvents 1.0 envelope in the project's own form: the attributes source, id,
// type and subject beside the members of `data`. Other attributes of the envelope are let be.
// kInvalidArgument names the attribute that is wrong.
Result<Json> EventInEnvelope(const Json& envelope);

}  // namespace kstati::intake
