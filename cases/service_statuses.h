// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cases/case.h"
#include "graph/course.h"
#include "graph/service.h"

namespace kstati::cases {

// The statuses that an application for a service can have, by the mode of its regulation and the
// procedures of its course (null: officials decide everything), in the order in which they may
// come.
std::vector<Status> StatusesOf(const graph::Regulation& regulation, const graph::Course* course);

}  // namespace kstati::cases
