// SPDX-License-Identifier: Apache-2.0
#include "graph/calendars.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "base/yaml.h"
#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

// What has a calendar already: region, kind, name.
using Kept = std::map<std::tuple<std::string, std::string, std::string>, std::string>;

void Keep(const yaml::Node& node, const OtherCalendar& other, const char* kind,
          const std::string& name, Kept& kept) {
  const auto [entry, is_new] = kept.try_emplace({other.region, kind, name}, other.id);
  if (is_new) return;
  node.Problem("the " + std::string(kind) + " " + name + " keeps the calendar \"" + entry->second +
                   "\" there already",
               "leave it in one of the two");
}

void ReadKeepers(const yaml::Node& node, const Catalogue& catalogue, OtherCalendar& other,
                 Kept& kept) {
  for (const yaml::Node& item : node.Get("authorities").Items()) {
    other.authorities.push_back(item.Text().value_or(std::string()));
    const std::string& id = other.authorities.back();
    if (catalogue.FindAuthority(id) == nullptr) {
      item.Problem("there is no authority \"" + id + "\"", "authorities.yaml lists them");
    }
    Keep(item, other, "authority", id, kept);
  }
  for (const yaml::Node& item : node.Get("services").Items()) {
    other.services.emplace_back(item.Text().value_or(std::string()));
    const ServiceId& id = other.services.back();
    if (catalogue.FindService(id) == nullptr) {
      item.Problem("there is no service \"" + id.text() + "\"",
                   "the folder services has a file for each");
    }
    Keep(item, other, "service", id.text(), kept);
  }
  if (other.authorities.empty() && other.services.empty()) {
    node.Problem("nobody keeps this calendar", "name `authorities` or `services`");
  }
}

// A calendar without a year would leave its keepers without any date.
WorkingCalendar ReadYears(const yaml::Node& node, const std::string& folder, const std::string& id,
                          std::vector<Issue>& issues) {
  const std::string years = folder + "/other_calendars/" + id;
  WorkingCalendar calendar = LoadCalendar(years, issues);
  if (calendar.empty()) {
    node.Problem("the calendar \"" + id + "\" has no year",
                 "write one to " + years + "/calendars, as in the folder calendars");
  }
  return calendar;
}

}  // namespace

const WorkingCalendar* Calendars::Find(const Service& service, std::string_view region) const {
  const OtherCalendar* other = FindOther(service, region);
  return other == nullptr ? nullptr : &other->calendar;
}

const OtherCalendar* Calendars::FindById(std::string_view id) const {
  const auto found = std::ranges::find(others_, id, &OtherCalendar::id);
  return found == others_.end() ? nullptr : &*found;
}

const OtherCalendar* Calendars::FindOther(const Service& service, std::string_view region) const {
  const OtherCalendar* best = nullptr;
  int best_rank = 0;
  for (const OtherCalendar& other : others_) {
    if (!other.region.empty() && other.region != region) continue;
    const bool named = std::ranges::find(other.services, service.id) != other.services.end();
    const bool provided =
        std::ranges::find(other.authorities, service.authority) != other.authorities.end();
    if (!named && !provided) continue;
    const int rank = (other.region.empty() ? 1 : 3) + (named ? 1 : 0);
    if (rank <= best_rank) continue;
    best = &other;
    best_rank = rank;
  }
  return best;
}

Calendars LoadCalendars(const std::string& folder, const Catalogue& catalogue,
                        std::vector<Issue>& issues) {
  const std::string path = folder + "/other_calendars.yaml";
  if (!std::filesystem::exists(path)) return {};
  std::vector<OtherCalendar> others;
  Kept kept;
  Reader reader(issues);
  ReadListFile(reader, path, "other_calendars", [&](const yaml::Node& node) {
    OtherCalendar& other = others.emplace_back();
    const yaml::Node id = node.Require("id");
    other.id = id.Text().value_or(std::string());
    if (std::ranges::count(others, other.id, &OtherCalendar::id) > 1) {
      id.Problem("\"" + other.id + "\" is there twice", "give one of them another id");
    }
    if (const yaml::Node region = node.Get("region")) {
      other.region = region.Text().value_or(std::string());
    }
    ReadKeepers(node, catalogue, other, kept);
    other.source = ReadLegalSource(reader, node);
    const yaml::Node act = node.Require("act");
    if (!other.source.act.empty() && catalogue.FindAct(other.source.act) == nullptr) {
      act.Problem("there is no act \"" + other.source.act.text() + "\"", "acts.yaml has the acts");
    }
    other.calendar = ReadYears(id, folder, other.id, issues);
    node.RejectUnknownKeys();
  });
  return Calendars(std::move(others));
}

}  // namespace kstati::graph
