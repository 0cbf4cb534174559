// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "graph/picture/picture.h"
#include "graph/picture/timeline.h"

namespace kstati::thrift {

// The same as the picture, with all places.
nlohmann::ordered_json ToJson(const graph::picture::DrawnPicture& drawn);
nlohmann::ordered_json ToJson(const graph::picture::DrawnTimeline& drawn);

// The same as the picture, in lines: each service with what it needs and gives.
std::string ToText(const graph::picture::Picture& picture, const graph::picture::Words& words);
std::string ToText(const graph::picture::DrawnTimeline& drawn, const graph::picture::Words& words);

}  // namespace kstati::thrift
