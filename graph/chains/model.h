// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/time.h"
#include "graph/calendars.h"
#include "graph/catalogue.h"
#include "graph/search/rows.h"

namespace kstati::graph::chains {

// A catalogue on one day as chains see it: services and attributes by number, in rows. Made once
// for many people. Immutable; safe to share.
//
// Services and attributes are numbered by id.
class Model {
 public:
  // Both must outlive the model. Without `calendars` everybody keeps the country's.
  Model(const Catalogue& catalogue, Date on, const Calendars* calendars = nullptr);

  const Catalogue& catalogue() const { return *catalogue_; }
  Date date() const { return date_; }
  // By which the days of the service are counted in the region.
  const WorkingCalendar& CalendarOf(const Service& service, std::string_view region) const;

  uint32_t attribute_count() const { return static_cast<uint32_t>(attributes_.size()); }
  const AttributeId& attribute(uint32_t number) const { return attributes_[number]; }
  // nullopt: no service in force needs or gives it.
  std::optional<uint32_t> Find(const AttributeId& id) const;

  uint32_t service_count() const { return static_cast<uint32_t>(services_.size()); }
  const Service& service(uint32_t number) const { return *services_[number]; }
  // The one for all regions.
  const Regulation& regulation(uint32_t service) const { return *regulations_[service]; }
  std::span<const uint32_t> gives(uint32_t service) const { return gives_[service]; }
  // Services that give the attribute.
  std::span<const uint32_t> producers(uint32_t attribute) const { return producers_[attribute]; }

 private:
  const Catalogue* catalogue_;
  const Calendars* calendars_;
  Date date_;
  std::vector<AttributeId> attributes_;
  std::unordered_map<AttributeId, uint32_t> number_of_;
  std::vector<const Service*> services_;
  std::vector<const Regulation*> regulations_;
  search::Rows gives_;
  search::Rows producers_;
};

}  // namespace kstati::graph::chains
