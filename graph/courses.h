// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/catalogue.h"
#include "graph/course.h"

namespace kstati::graph {

// Which course each regulation of a catalogue takes. Immutable after loading; safe to share between
// threads.
class Courses {
 public:
  // Typical ones, by id.
  std::span<const Course> typical() const { return typical_; }
  const Course* Find(std::string_view id) const;
  // Its own, the one it names, or the default of its mode; a region's is that of the typical
  // regulation. Null in a catalogue without courses.
  const Course* Of(const Service& service, const Regulation& regulation) const;

 private:
  friend class CourseReader;

  const Course* DefaultFor(Mode mode) const;

  std::vector<Course> typical_;
  // By service and start of a typical regulation that names a course or has its own.
  std::map<std::pair<ServiceId, Date>, std::string> named_;
  std::map<std::pair<ServiceId, Date>, Course> own_;
};

// As LoadCatalogue of catalogue.h, which checks courses too and drops them.
Catalogue LoadCatalogue(const std::string& folder, const KnownAttributes& known,
                        std::vector<Issue>& issues, Courses& courses);

}  // namespace kstati::graph
