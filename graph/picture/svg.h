// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "graph/picture/picture.h"
#include "graph/picture/timeline.h"

namespace kstati::graph::picture {

// A whole SVG document: with title and description, classes for every kind of thing, colours for
// light and dark screens, and no script or foreign address. The same picture gives the same bytes.
std::string ToSvg(const DrawnPicture& drawn, const Words& words);
std::string ToSvg(const DrawnTimeline& drawn, const Words& words);

// The picture for Graphviz, which lays it out by itself.
std::string ToDot(const Picture& picture);

}  // namespace kstati::graph::picture
