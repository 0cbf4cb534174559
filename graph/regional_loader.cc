// SPDX-License-Identifier: Apache-2.0
// What regions have otherwise than typical regulations.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "graph/internal/regulation_parts.h"

namespace kstati::graph {
namespace {

constexpr std::string_view kParts[] = {"term",     "fee",       "amount",   "visits",
                                       "channels", "scenarios", "criteria", "conditions"};

bool IsOpen(const Regulation& typical, std::string_view part) {
  return std::ranges::find(typical.open_to_regions, part) != typical.open_to_regions.end();
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// One file, checked against the regulation it differs from.
class RegionalReader {
 public:
  RegionalReader(Reader& reader, const yaml::Node& node, const Regulation& typical)
      : reader_(reader), node_(node), typical_(typical) {}

  Regulation Read(const std::string& region) {
    ClosedList list;
    for (const GroundId& ground : typical_.grounds) list.grounds.push_back(ground.text());
    for (const Condition& condition : typical_.conditions) list.ids.insert(condition.id);
    const Changes changes = ReadChanges(reader_, node_, list);
    CheckParts(changes);
    Regulation regulation = With(changes, typical_);
    CheckNotWorse(changes, regulation.visits);
    regulation.region = region;
    regulation.location = node_.location();
    regulation.in_force = Interval();
    const LegalSource source = ReadLegalSource(reader_, node_);
    regulation.verification = source.verification;
    regulation.sources = source.sources;
    node_.RejectUnknownKeys();
    return regulation;
  }

 private:
  DateInterval Interval() {
    DateInterval interval = ReadInterval(node_);
    const DateInterval& whole = typical_.in_force;
    if (interval.from < whole.from || (whole.to && interval.to && *interval.to > *whole.to) ||
        (whole.to && interval.from > *whole.to)) {
      node_.Get("from").Problem("the typical regulation is in force from " + whole.from.ToString() +
                                    (whole.to ? " to " + whole.to->ToString() : ""),
                                "state the part of that time in which the region differs");
    }
    if (!interval.to) interval.to = whole.to;
    return interval;
  }

  void CheckParts(const Changes& changes) {
    for (const std::string_view part : kParts) {
      const yaml::Node node = node_.Get(part);
      if (!node || IsOpen(typical_, part)) continue;
      if (part != "criteria") Refuse(node, part);
    }
    if (const yaml::Node inputs = node_.Get("inputs")) Refuse(inputs, "inputs");
    if (IsOpen(typical_, "criteria")) return;
    const std::vector<yaml::Node> nodes = node_.Get("criteria").Items();
    for (size_t i = 0; i < nodes.size() && i < changes.criteria.size(); ++i) {
      const std::string part = "criteria." + changes.criteria[i].id;
      if (!IsOpen(typical_, part)) Refuse(nodes[i], part);
    }
  }

  void Refuse(const yaml::Node& node, std::string_view part) {
    node.Problem("the typical regulation does not leave " + std::string(part) + " to regions",
                 typical_.open_to_regions.empty()
                     ? "it has no open_to_regions"
                     : "it leaves them " + Joined(typical_.open_to_regions));
  }

  // A region may be better to people than the typical regulation, never worse.
  void CheckNotWorse(const Changes& changes, int visits) {
    if (changes.term) CheckTerm(*changes.term);
    if (visits > typical_.visits) {
      const yaml::Node scenarios = node_.Get("scenarios");
      (scenarios ? scenarios : node_.Get("visits"))
          .Problem("more visits than the typical regulation's " + std::to_string(typical_.visits));
    }
    const bool amounts = changes.fee && changes.fee->amount && typical_.fee.amount;
    if (amounts && *changes.fee->amount > *typical_.fee.amount) {
      node_.Get("fee").Problem("a higher fee than the typical regulation's " +
                               typical_.fee.amount->ToString());
    }
  }

  void CheckTerm(const Term& term) {
    const yaml::Node node = node_.Get("term");
    if (term.unit != typical_.term.unit) {
      node.Problem("the term cannot be compared with the typical regulation's",
                   "state it in " + std::string(NameOf(typical_.term.unit)));
    } else if (term.value > typical_.term.value) {
      node.Problem("a longer term than the typical regulation's " +
                   std::to_string(typical_.term.value) + " " +
                   std::string(NameOf(typical_.term.unit)));
    }
  }

  Reader& reader_;
  const yaml::Node& node_;
  const Regulation& typical_;
};

bool Overlap(const DateInterval& a, const DateInterval& b) {
  return (!a.to || b.from <= *a.to) && (!b.to || a.from <= *b.to);
}

void ReadFile(Reader& reader, const std::string& path, std::vector<Service>& services) {
  const yaml::Document document(path, reader.issues());
  const yaml::Node node = document.root();
  if (!node) return;
  const yaml::Node id = node.Require("regional");
  const std::string name = reader.Refer(Kind::kService, id);
  CheckFileName(id, name);
  const yaml::Node region = node.Require("region");
  const std::string code = region.Text().value_or(std::string());
  const std::string folder = std::filesystem::path(path).parent_path().filename().string();
  if (code != folder) region.Problem("the file is in the folder of " + folder);
  const auto service = std::ranges::find(services, ServiceId(name), &Service::id);
  if (service == services.end()) return;  // reported by reference
  const yaml::Node of = node.Require("of");
  const std::optional<Date> start = of.Day();
  if (!start) return;
  const auto typical = std::ranges::find_if(
      service->regulations,
      [&](const Regulation& regulation) { return regulation.in_force.from == *start; });
  if (typical == service->regulations.end()) {
    of.Problem("\"" + name + "\" has no regulation from " + start->ToString(),
               "name the start of the version that the region differs from");
    return;
  }
  Regulation regulation = RegionalReader(reader, node, *typical).Read(code);
  for (const Regulation& other : service->regional) {
    if (other.region == code && Overlap(other.in_force, regulation.in_force)) {
      id.Problem("the region has two regulations at once");
    }
  }
  service->regional.push_back(std::move(regulation));
}

}  // namespace

void ReadRegionalRegulations(Reader& reader, const std::string& folder,
                             std::vector<Service>& services) {
  std::vector<std::string> regions;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/regional", error)) {
    if (entry.is_directory()) regions.push_back(entry.path().string());
  }
  std::ranges::sort(regions);
  for (const std::string& region : regions) {
    for (const std::string& path : yaml::FilesIn(region)) ReadFile(reader, path, services);
  }
}

}  // namespace kstati::graph
