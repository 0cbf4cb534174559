// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>

#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

constexpr int64_t kMostDocuments = 100;

const std::vector<std::string>& RelativeWords() {
  static const std::vector<std::string> words{"spouse", "child", "parent"};
  return words;
}

// The situation is about whoever it concerns, in whatever role.
constexpr std::string_view kSelf = "person";

// A role of the event's own list.
std::string ReadRole(const yaml::Node& node, const std::vector<std::string>& roles) {
  return node.OneOf(roles).value_or(std::string());
}

EventRelation ReadRelation(const yaml::Node& node, const std::vector<std::string>& roles) {
  EventRelation relation;
  relation.from_role = ReadRole(node.Require("from"), roles);
  relation.kind = node.Require("kind")
                      .OneOf({"parent", "spouse", "guardian", "household"})
                      .value_or(std::string());
  relation.to_role = ReadRole(node.Require("to"), roles);
  node.RejectUnknownKeys();
  return relation;
}

// The keys that only this way of detection has; the others stay unknown and are rejected.
void ReadDetection(Reader& reader, const yaml::Node& node, EventType& type) {
  const std::string word = node.Require("detect")
                               .OneOf({"registry", "date", "change", "derived"})
                               .value_or(std::string());
  if (word == "registry") {
    type.detection = Detection::kRegistry;
    type.registry = RegistryId(reader.Refer(Kind::kRegistry, node.Require("registry")));
  } else if (!word.empty()) {
    type.attribute = AttributeId(reader.Refer(Kind::kAttribute, node.Require("attribute")));
  }
  if (word == "date") {
    type.detection = Detection::kDate;
    const yaml::Node before = node.Get("before");
    if (!before) {
      type.after = node.Require("after").Span();
    } else if (const auto ahead = before.Span()) {
      type.after = Period{-ahead->months, -ahead->days};
    }
  }
  if (word == "change" || word == "derived") {
    type.detection = word == "change" ? Detection::kChange : Detection::kDerived;
    type.becomes = node.Require("becomes").Text().value_or(std::string());
  }
}

EventType ReadEventType(Reader& reader, const yaml::Node& node) {
  EventType type;
  type.location = node.location();
  type.id = EventTypeId(reader.Declare(Kind::kEventType, node.Require("id")));
  type.name = node.Require("name").Texts().value_or(Bilingual());
  ReadDetection(reader, node, type);
  const yaml::Node roles = node.Require("roles");
  type.roles = ReadAnyWords(roles);
  if (roles.is_list() && type.roles.empty()) roles.Problem("an event needs a role");
  type.required = ReadWords(node.Get("required"), type.roles);
  type.subject = ReadRole(node.Require("subject"), type.roles);
  type.creates = ReadRole(node.Get("creates"), type.roles);
  for (const yaml::Node& item : node.Get("relations").Items()) {
    type.relations.push_back(ReadRelation(item, type.roles));
  }
  type.proves = reader.ReferIds<AttributeId>(Kind::kAttribute, node.Get("proves"));
  type.concerns_relatives = ReadWords(node.Get("concerns_relatives"), RelativeWords());
  return type;
}

bool Has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The trigger events that exist; the others are already reported.
std::vector<const EventType*> TriggersOf(const Situation& situation, const Catalogue& catalogue) {
  std::vector<const EventType*> types;
  for (const EventTypeId& id : situation.triggers) {
    if (const EventType* type = catalogue.FindEventType(id)) types.push_back(type);
  }
  return types;
}

void CheckRoles(const Situation& situation, const yaml::Node& node, const Catalogue& catalogue) {
  const std::vector<const EventType*> triggers = TriggersOf(situation, catalogue);
  for (const yaml::Node& item : node.Get("concerns").Items()) {
    const std::string role = item.Text().value_or(std::string());
    const bool named = std::any_of(triggers.begin(), triggers.end(), [&](const EventType* type) {
      return Has(type->roles, role) || Has(type->concerns_relatives, role);
    });
    if (named || triggers.empty()) continue;
    item.Problem("no event that triggers this situation has the role \"" + role + "\"");
  }
  if (situation.about == kSelf) return;
  for (const EventType* type : triggers) {
    if (Has(type->roles, situation.about)) continue;
    node.Get("about").Problem("the event \"" + type->id.text() + "\" has no role \"" +
                              situation.about + "\"");
  }
}

void CheckRenewals(const Situation& situation, const yaml::Node& renews) {
  for (const yaml::Node& item : renews.Items()) {
    const AttributeId renewed(item.Text().value_or(std::string()));
    if (std::ranges::find(situation.goals, renewed) != situation.goals.end()) continue;
    item.Problem("\"" + renewed.text() + "\" is no goal of this situation",
                 "add it to `goals`, or leave it out here");
  }
}

// Warns of goals that the situation's own services do not lead to: another service may.
void CheckGoals(const Situation& situation, const yaml::Node& goals, const Catalogue& catalogue,
                std::vector<Issue>& issues) {
  const auto makes = [&](const ServiceId& id, const AttributeId& goal) {
    const Service* const service = catalogue.FindService(id);
    if (service == nullptr) return false;
    return std::any_of(service->regulations.begin(), service->regulations.end(),
                       [&](const Regulation& regulation) {
                         const auto& outputs = regulation.outputs;
                         return std::find(outputs.begin(), outputs.end(), goal) != outputs.end();
                       });
  };
  for (const yaml::Node& item : goals.Items()) {
    const AttributeId goal(item.Text().value_or(std::string()));
    const bool made = std::any_of(situation.services.begin(), situation.services.end(),
                                  [&](const ServiceId& id) { return makes(id, goal); });
    if (made) continue;
    issues.push_back(Issue{Severity::kWarning, item.location(),
                           "no service of this situation has the output \"" + goal.text() + "\"",
                           "add the service, or drop the goal"});
  }
}

Standard ReadStandard(Reader& reader, const yaml::Node& node) {
  Standard standard;
  const yaml::Node visits = node.Get("visits");
  if (visits) standard.visits = static_cast<int>(ReadCount(visits, kMostVisits));
  const yaml::Node documents = node.Get("documents");
  if (documents) standard.documents = static_cast<int>(ReadCount(documents, kMostDocuments));
  if (!visits && !documents) {
    node.Problem("a standard without a figure", "state `visits`, `documents` or both");
  }
  standard.source = ReadLegalSource(reader, node);
  node.RejectUnknownKeys();
  return standard;
}

Situation ReadSituation(Reader& reader, const yaml::Node& node) {
  Situation situation;
  situation.location = node.location();
  const yaml::Node id = node.Require("situation");
  situation.id = SituationId(reader.Declare(Kind::kSituation, id));
  CheckFileName(id, situation.id.text());
  situation.name = node.Require("name").Texts().value_or(Bilingual());
  situation.description = node.Require("description").Texts().value_or(Bilingual());
  situation.triggers = reader.ReferIds<EventTypeId>(Kind::kEventType, node.Require("triggers"));
  situation.concerns = ReadAnyWords(node.Require("concerns"));
  situation.about =
      node.Require("about").OneOf({"person", "child", "deceased"}).value_or(std::string());
  situation.lasts = node.Require("lasts").Span().value_or(Period());
  situation.services = reader.ReferIds<ServiceId>(Kind::kService, node.Require("services"));
  const yaml::Node goals = node.Require("goals");
  situation.goals = reader.ReferIds<AttributeId>(Kind::kAttribute, goals);
  if (const yaml::Node renews = node.Get("renews")) {
    situation.renews = reader.ReferIds<AttributeId>(Kind::kAttribute, renews);
    CheckRenewals(situation, renews);
  }
  if (const yaml::Node standard = node.Get("standard")) {
    situation.standard = ReadStandard(reader, standard);
  }
  Verified verified = ReadVerified(reader, node);
  situation.verification = verified.verification;
  situation.sources = std::move(verified.sources);
  node.RejectUnknownKeys();
  reader.Later([situation, node, goals, &issues = reader.issues()](const Catalogue& catalogue) {
    CheckRoles(situation, node, catalogue);
    CheckGoals(situation, goals, catalogue, issues);
  });
  return situation;
}

}  // namespace

std::vector<EventType> ReadEventTypes(Reader& reader, const std::string& folder) {
  std::vector<EventType> types;
  ReadListFile(reader, folder + "/events.yaml", "events",
               [&](const yaml::Node& item) { types.push_back(ReadEventType(reader, item)); });
  return types;
}

std::vector<Situation> ReadSituations(Reader& reader, const std::string& folder) {
  std::vector<Situation> situations;
  for (const std::string& path : yaml::FilesIn(folder + "/situations")) {
    const yaml::Document document(path, reader.issues());
    if (document.root()) situations.push_back(ReadSituation(reader, document.root()));
  }
  return situations;
}

}  // namespace kstati::graph
