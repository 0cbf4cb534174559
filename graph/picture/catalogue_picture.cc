// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/catalogue_picture.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace kstati::graph::picture {
namespace {

// What a service needs and gives, each thing once.
struct Links {
  std::map<AttributeId, EdgeKind> needs;
  std::set<AttributeId> gives;
};

Links LinksOf(const Service& service, Date on) {
  Links links;
  const Regulation* regulation = service.RegulationOn(on);
  if (regulation == nullptr) return links;
  for (const Input* input : InputsOf(*regulation)) {
    const EdgeKind kind = input->any_of.size() > 1 ? EdgeKind::kOneOf : EdgeKind::kNeeds;
    for (const AttributeId& id : input->any_of) {
      const auto [entry, is_new] = links.needs.try_emplace(id, kind);
      if (!is_new && kind == EdgeKind::kNeeds) entry->second = kind;
    }
  }
  links.gives.insert(regulation->outputs.begin(), regulation->outputs.end());
  return links;
}

// Gathers services; a service comes with all it needs and gives, or not at all.
class Gathering {
 public:
  explicit Gathering(const ServiceGraph& graph) : graph_(graph) {}

  // False: there is no room for it.
  bool Add(const ServiceId& id) {
    if (services_.contains(id)) return true;
    const Service* service = graph_.catalogue().FindService(id);
    if (service == nullptr || service->RegulationOn(graph_.date()) == nullptr) return true;
    Links links = LinksOf(*service, graph_.date());
    std::set<AttributeId> more = attributes_;
    for (const auto& [needed, kind] : links.needs) more.insert(needed);
    more.insert(links.gives.begin(), links.gives.end());
    if (services_.size() + 1 + more.size() > kNodesMax) {
      left_out_.insert(id);
      return false;
    }
    attributes_ = std::move(more);
    services_.emplace(id, std::move(links));
    return true;
  }

  const std::map<ServiceId, Links>& services() const { return services_; }

  Picture ToPicture(std::string title, const Naming& naming, const std::set<std::string>& marked) {
    Picture picture;
    picture.title = std::move(title);
    picture.left_out = left_out_.size();
    std::map<AttributeId, uint32_t> number_of;
    for (const AttributeId& id : attributes_) {
      number_of.emplace(id, static_cast<uint32_t>(picture.nodes.size()));
      picture.nodes.push_back(
          {id.text(), NodeKind::kDocument, naming.attribute(id), marked.contains(id.text())});
    }
    for (const auto& [id, links] : services_) {
      const auto number = static_cast<uint32_t>(picture.nodes.size());
      const Bilingual& name = graph_.catalogue().FindService(id)->name;
      picture.nodes.push_back(
          {id.text(), NodeKind::kService, name.in(naming.language), marked.contains(id.text())});
      for (const auto& [needed, kind] : links.needs) {
        picture.edges.push_back({number_of.at(needed), number, kind});
      }
      for (const AttributeId& given : links.gives) {
        picture.edges.push_back({number, number_of.at(given), EdgeKind::kGives});
      }
    }
    return picture;
  }

 private:
  const ServiceGraph& graph_;
  std::map<ServiceId, Links> services_;
  std::set<AttributeId> attributes_;
  std::set<ServiceId> left_out_;
};

// The services one hop before or after the given ones.
std::set<ServiceId> NextTo(const ServiceGraph& graph, const Gathering& gathering,
                           const std::set<ServiceId>& services, bool before) {
  std::set<ServiceId> next;
  for (const ServiceId& id : services) {
    const auto found = gathering.services().find(id);
    if (found == gathering.services().end()) continue;
    const auto add = [&](const std::vector<ServiceId>& others) {
      next.insert(others.begin(), others.end());
    };
    if (before) {
      for (const auto& [needed, kind] : found->second.needs) add(graph.ProducersOf(needed));
    } else {
      for (const AttributeId& given : found->second.gives) add(graph.ConsumersOf(given));
    }
  }
  return next;
}

}  // namespace

std::optional<Picture> NeighbourhoodOf(const ServiceGraph& graph, const ServiceId& service,
                                       int hops, const Naming& naming) {
  const Service* described = graph.catalogue().FindService(service);
  if (described == nullptr || described->RegulationOn(graph.date()) == nullptr) return std::nullopt;
  Gathering gathering(graph);
  gathering.Add(service);
  std::set<ServiceId> before{service};
  std::set<ServiceId> after{service};
  for (int hop = 0; hop < hops; ++hop) {
    before = NextTo(graph, gathering, before, true);
    after = NextTo(graph, gathering, after, false);
    for (const std::set<ServiceId>* side : {&before, &after}) {
      for (const ServiceId& id : *side) gathering.Add(id);
    }
  }
  return gathering.ToPicture(described->name.in(naming.language), naming, {service.text()});
}

Picture PictureOf(const ServiceGraph& graph, const Situation& situation, const Naming& naming) {
  Gathering gathering(graph);
  for (const ServiceId& id : situation.services) gathering.Add(id);
  std::set<std::string> goals;
  for (const AttributeId& goal : situation.goals) goals.insert(goal.text());
  return gathering.ToPicture(situation.name.in(naming.language), naming, goals);
}

}  // namespace kstati::graph::picture
