// SPDX-License-Identifier: Apache-2.0
#include "graph/courses.h"

#include <algorithm>

namespace kstati::graph {

const Course* Courses::Find(std::string_view id) const {
  const auto found = std::ranges::find(typical_, id, &Course::id);
  return found == typical_.end() ? nullptr : &*found;
}

const Course* Courses::DefaultFor(Mode mode) const {
  const bool on_request = mode == Mode::kOnRequest;
  const auto found = std::ranges::find_if(typical_, [&](const Course& course) {
    return on_request ? course.default_on_request : course.default_proactive;
  });
  return found == typical_.end() ? nullptr : &*found;
}

const Course* Courses::Of(const Service& service, const Regulation& regulation) const {
  const Regulation* typical = service.RegulationOn(regulation.in_force.from);
  const Date from = typical == nullptr ? regulation.in_force.from : typical->in_force.from;
  const std::pair key(service.id, from);
  if (const auto own = own_.find(key); own != own_.end()) return &own->second;
  if (const auto named = named_.find(key); named != named_.end()) return Find(named->second);
  return DefaultFor(regulation.mode);
}

}  // namespace kstati::graph
