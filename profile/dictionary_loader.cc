// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text_distance.h"
#include "base/yaml.h"
#include "profile/dictionary.h"

namespace kstati::profile {
namespace {

using Ids = std::set<std::string>;

const std::vector<std::string>& TypeNames() {
  static const std::vector<std::string> kNames{"boolean", "number",   "money",   "text", "date",
                                               "code",    "document", "payment", "event"};
  return kNames;
}

const std::vector<std::string>& RoleNames() {
  static const std::vector<std::string> kNames{"person",  "applicant", "family",  "household",
                                               "status",  "mse",       "doc",     "pay",
                                               "derived", "child",     "deceased"};
  return kNames;
}

const std::vector<std::string>& VerificationNames() {
  static const std::vector<std::string> kNames{"confirmed", "computed", "from_knowledge"};
  return kNames;
}

bool IsWord(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

std::string NearHint(std::string_view word, const Ids& known, std::string otherwise) {
  const std::string nearest = Nearest(word, std::vector<std::string>(known.begin(), known.end()));
  return nearest.empty() ? std::move(otherwise) : "did you mean " + nearest + "?";
}

bool IsOrdered(ValueType type) {
  return type == ValueType::kNumber || type == ValueType::kMoney || type == ValueType::kPayment ||
         type == ValueType::kDate;
}

// An attribute as written, with what is needed to check it against the others.
struct Draft {
  Attribute attribute;
  yaml::Node same_as;
};

class Loader {
 public:
  Loader(std::string folder, std::vector<Issue>& issues)
      : folder_(std::move(folder)), issues_(issues) {}

  Dictionary Load() {
    LoadRegistries();
    LoadCategories();
    for (const std::string& path : yaml::FilesIn(folder_ + "/attributes")) LoadAttributes(path);
    if (documents_.size() < 2) {
      issues_.push_back({Severity::kError,
                         {folder_ + "/attributes", 0, 0},
                         "the catalogue has no attributes",
                         "add files to the folder attributes"});
    }
    CheckReferences();
    std::vector<Attribute> attributes;
    attributes.reserve(drafts_.size());
    for (Draft& draft : drafts_) attributes.push_back(std::move(draft.attribute));
    return Dictionary(std::move(attributes), std::move(registries_), std::move(categories_));
  }

 private:
  yaml::Node Open(const std::string& path) {
    documents_.push_back(std::make_unique<yaml::Document>(path, issues_));
    return documents_.back()->root();
  }

  void LoadRegistries() {
    const yaml::Node root = Open(folder_ + "/registries.yaml");
    if (!root) return;
    for (const yaml::Node& item : root.Require("registries").Items()) LoadRegistry(item);
    root.RejectUnknownKeys();
  }

  void LoadRegistry(const yaml::Node& node) {
    Registry registry;
    const yaml::Node id = node.Require("id");
    const std::string name = id.Text().value_or("");
    registry.id = RegistryId(name);
    registry.name = node.Require("name").Texts().value_or(Bilingual{});
    registry.owner = node.Get("owner").Texts().value_or(Bilingual{});
    const std::optional<std::string> latency =
        node.Get("latency").OneOf({"data_mart", "interagency", "on_site"});
    if (latency) registry.latency = *ParseLatency(*latency);
    for (const yaml::Node& item : node.Get("relations").Items()) {
      const auto kind = item.OneOf({"parent", "spouse", "guardian", "household"});
      if (kind) registry.relations.push_back(*ParseRelationKind(*kind));
    }
    node.RejectUnknownKeys();
    if (name.empty()) return;
    if (!IsWord(name)) {
      id.Problem("not a name of a registry", "use small Latin letters, digits and underscores");
    } else if (!registry_ids_.insert(name).second) {
      id.Problem("the registry " + name + " is listed twice", "remove one of the two");
    } else {
      registries_.push_back(std::move(registry));
    }
  }

  void LoadCategories() {
    const std::string path = folder_ + "/categories.yaml";
    if (!std::filesystem::exists(path)) return;
    const yaml::Document document(path, issues_);
    if (!document.root()) return;
    for (const yaml::Node& item : document.root().Require("categories").Items()) {
      const yaml::Node id = item.Require("id");
      Category category;
      category.id = id.Text().value_or("");
      category.name = item.Require("name").Texts().value_or(Bilingual{});
      item.RejectUnknownKeys();
      if (category.id.empty()) continue;
      if (!IsWord(category.id)) {
        id.Problem("not a name of a data category",
                   "use small Latin letters, digits and underscores");
      } else if (!category_ids_.insert(category.id).second) {
        id.Problem("the data category " + category.id + " is listed twice",
                   "remove one of the two");
      } else {
        categories_.push_back(std::move(category));
      }
    }
    document.root().RejectUnknownKeys();
  }

  void LoadAttributes(const std::string& path) {
    const yaml::Node root = Open(path);
    if (!root) return;
    for (const yaml::Node& item : root.Require("attributes").Items()) LoadAttribute(item);
    root.RejectUnknownKeys();
  }

  void LoadAttribute(const yaml::Node& node) {
    Draft draft;
    Attribute& attribute = draft.attribute;
    attribute.location = node.location();
    const bool identified = ReadId(node.Require("id"), attribute);
    const bool typed = ReadType(node, attribute);
    attribute.name = node.Require("name").Texts().value_or(Bilingual{});
    ReadOrigin(node, draft);
    ReadHolder(node.Get("holder"), attribute);
    attribute.unit = node.Get("unit").Text().value_or("");
    attribute.verification = node.Get("verification").OneOf(VerificationNames()).value_or("");
    ReadReporting(node, attribute);
    node.RejectUnknownKeys();
    if (!identified || !typed) return;
    index_of_.emplace(attribute.id.text(), drafts_.size());
    drafts_.push_back(std::move(draft));
  }

  bool ReadId(const yaml::Node& node, Attribute& attribute) {
    const std::optional<std::string> text = node.Text();
    if (!text) return false;
    const size_t dot = text->find('.');
    if (dot == std::string::npos || !IsWord(text->substr(0, dot)) ||
        !IsWord(text->substr(dot + 1))) {
      node.Problem("not an attribute id",
                   "write ROLE.NAME in small Latin letters, for example "
                   "person.birth_date");
      return false;
    }
    attribute.id = AttributeId(*text);
    attribute.role = text->substr(0, dot);
    const std::vector<std::string>& roles = RoleNames();
    if (std::find(roles.begin(), roles.end(), attribute.role) == roles.end()) {
      node.Problem("unknown role " + attribute.role,
                   NearHint(attribute.role, Ids(roles.begin(), roles.end()),
                            "the roles are listed in docs/reference/catalogue.md"));
    }
    if (!attribute_ids_.insert(*text).second) {
      node.Problem("the attribute " + *text + " is described twice", FirstPlaceOf(*text));
      return false;
    }
    return true;
  }

  std::string FirstPlaceOf(const std::string& id) const {
    const auto found = index_of_.find(id);
    if (found == index_of_.end()) return "remove one of the two";
    const Location& first = drafts_[found->second].attribute.location;
    return "the first description is at " + first.file + ":" + std::to_string(first.line);
  }

  bool ReadType(const yaml::Node& node, Attribute& attribute) {
    const std::optional<std::string> name = node.Require("type").OneOf(TypeNames());
    const yaml::Node values = node.Get("values");
    if (values) ReadValues(values, attribute);
    if (!name) return false;
    const Result<ValueType> type = ParseValueType(*name);
    if (!type) return false;
    attribute.type = *type;
    if (values && attribute.type != ValueType::kCode) {
      values.Problem("only an attribute of type code has a list of values",
                     "remove the list, or make the type code");
    }
    return true;
  }

  void ReadValues(const yaml::Node& node, Attribute& attribute) {
    Ids seen;
    for (const yaml::Node& item : node.Items()) {
      const Code code = ReadCode(item);
      if (code.code.empty()) {
        item.Problem("a code is empty", "remove it; no value means none is known");
      } else if (!seen.insert(code.code).second) {
        item.Problem("the code " + code.code + " is listed twice", "remove one of the two");
      }
      attribute.codes.push_back(code);
    }
    for (const yaml::Node& item : node.Items()) {
      if (item.is_map()) CheckSuccessor(item, attribute);
    }
  }

  // A code alone, or with the days on which it holds.
  static Code ReadCode(const yaml::Node& node) {
    Code code;
    if (!node.is_map()) {
      code.code = node.Text().value_or("");
      return code;
    }
    code.code = node.Require("code").Text().value_or("");
    code.from = node.Get("from").Day();
    code.until = node.Get("until").Day();
    code.successor = node.Get("successor").Text().value_or("");
    if (code.from && code.until && *code.until < *code.from) {
      node.Get("until").Problem("it ends before it begins", "put the earlier day under from");
    }
    node.RejectUnknownKeys();
    return code;
  }

  static void CheckSuccessor(const yaml::Node& node, const Attribute& attribute) {
    const yaml::Node successor = node.Get("successor");
    if (!successor) return;
    const std::optional<Date> until = node.Get("until").Day();
    const std::string name = successor.Text().value_or("");
    const Code* found = attribute.FindCode(name);
    if (!until) {
      successor.Problem("only a code that ends has a successor", "add until, or remove it");
    } else if (found == nullptr) {
      successor.Problem("the list has no code " + name, "add it to the list");
    } else if (!found->HoldsOn(until->AddDays(1))) {
      successor.Problem("the code " + name + " does not hold when this one has ended",
                        "let it hold from " + until->AddDays(1).ToString() + " on");
    }
  }

  // Exactly one of registry, derive, decide and same_as says where the value comes from.
  void ReadOrigin(const yaml::Node& node, Draft& draft) {
    Attribute& attribute = draft.attribute;
    const yaml::Node registry = node.Get("registry");
    const yaml::Node derive = node.Get("derive");
    draft.same_as = node.Get("same_as");
    attribute.registry = RegistryId(registry.Text().value_or(""));
    attribute.derive = derive.Text().value_or("");
    if (derive) attribute.derive_location = derive.text_location();
    const yaml::Node decide = node.Get("decide");
    if (decide) ReadDecide(decide, attribute);
    attribute.same_as = AttributeId(draft.same_as.Text().value_or(""));
    const int origins =
        (registry ? 1 : 0) + (derive ? 1 : 0) + (decide ? 1 : 0) + (draft.same_as ? 1 : 0);
    if (origins != 1) {
      node.Problem(origins == 0 ? "nothing says where the attribute comes from"
                                : "the attribute has more than one origin",
                   "give exactly one of registry, derive, decide and same_as");
    }
    if (registry) CheckRegistry(registry, attribute.registry.text());
    for (const yaml::Node& also : node.Get("also").Items()) {
      attribute.also.emplace_back(also.Text().value_or(""));
      CheckRegistry(also, attribute.also.back().text());
    }
  }

  void ReadDecide(const yaml::Node& node, Attribute& attribute) {
    const yaml::Node model = node.Require("model");
    const yaml::Node decision = node.Require("decision");
    const std::string file = model.Text().value_or("");
    if (file.find('/') != std::string::npos || !file.ends_with(".dmn")) {
      model.Problem("not a file of the folder models", "write the name alone: pension_age.dmn");
    }
    attribute.model = folder_ + "/models/" + file;
    attribute.decision = decision.Text().value_or("");
    attribute.decision_location = decision ? decision.location() : node.location();
    node.RejectUnknownKeys();
  }

  void CheckRegistry(const yaml::Node& node, const std::string& id) {
    if (registry_ids_.count(id) != 0) return;
    node.Problem("unknown registry " + id,
                 NearHint(id, registry_ids_, "add it to registries.yaml"));
  }

  // Documents and payments may be kept with whoever a service is about.
  static void ReadHolder(const yaml::Node& node, Attribute& attribute) {
    if (!node) return;
    attribute.held_by_about = node.OneOf({"about"}).has_value();
    if (attribute.role != "doc" && attribute.role != "pay") {
      node.Problem("only doc.* and pay.* have a holder",
                   "remove it: the role says whose profile holds the attribute");
    }
  }

  // What only an attribute that a registry reports has.
  void ReadReporting(const yaml::Node& node, Attribute& attribute) {
    const yaml::Node category =
        attribute.is_reported() ? node.Require("category") : node.Get("category");
    attribute.category = category.Text().value_or("");
    if (category && !category_ids_.empty() && !category_ids_.contains(attribute.category)) {
      category.Problem("unknown data category " + attribute.category,
                       NearHint(attribute.category, category_ids_, "add it to categories.yaml"));
    }
    const yaml::Node completeness = node.Get("completeness");
    if (completeness.OneOf({"open", "complete"}).value_or("open") == "complete") {
      attribute.completeness = Completeness::kComplete;
    }
    const yaml::Node askable = node.Get("askable");
    attribute.askable = askable.Boolean().value_or(false);
    const yaml::Node changes = node.Get("changes");
    attribute.changed_by_person =
        changes.OneOf({"never", "by_person"}).value_or("never") == "by_person";
    const yaml::Node only = node.Get("only");
    if (const auto way = only.OneOf({"up", "down"})) {
      attribute.direction = *way == "up" ? Direction::kUp : Direction::kDown;
    }
    if (only && !attribute.changed_by_person) {
      only.Problem("only what a person changes has a direction", "write changes: by_person");
    }
    if (only && !IsOrdered(attribute.type)) {
      only.Problem("only numbers, money and dates have a direction", "remove it");
    }
    if (attribute.is_reported()) return;
    for (const yaml::Node& each : {completeness, askable, changes, only}) {
      if (each) each.Problem("only an attribute with a registry has this key", "remove it");
    }
  }

  void CheckReferences() {
    for (Draft& draft : drafts_) {
      if (draft.same_as) CheckSameAs(draft);
      const Attribute& attribute = draft.attribute;
      if (attribute.type == ValueType::kCode && attribute.codes.empty()) {
        issues_.push_back({Severity::kError, attribute.location,
                           attribute.id.text() + " is a code without a list of values",
                           "add values: [...]"});
      }
    }
  }

  void CheckSameAs(Draft& draft) {
    Attribute& attribute = draft.attribute;
    const std::string& target_id = attribute.same_as.text();
    if (target_id.empty()) return;
    const auto found = index_of_.find(target_id);
    if (found == index_of_.end()) {
      draft.same_as.Problem("unknown attribute " + target_id,
                            NearHint(target_id, attribute_ids_, "describe it first"));
      return;
    }
    const Attribute& target = drafts_[found->second].attribute;
    if (!target.same_as.empty()) {
      draft.same_as.Problem(target_id + " itself only names another attribute",
                            "write same_as: " + target.same_as.text());
    }
    if (target.type != attribute.type) {
      draft.same_as.Problem(target_id + " has another type",
                            "make the type " + std::string(NameOf(target.type)));
    } else if (attribute.codes.empty()) {
      attribute.codes = target.codes;
    } else if (attribute.codes != target.codes) {
      draft.same_as.Problem(target_id + " has another list of values",
                            "remove values here: they are those of " + target_id);
    }
  }

  const std::string folder_;
  std::vector<Issue>& issues_;
  std::vector<std::unique_ptr<yaml::Document>> documents_;  // nodes live as long as these
  std::vector<Registry> registries_;
  Ids registry_ids_;
  std::vector<Category> categories_;
  Ids category_ids_;
  Ids attribute_ids_;
  std::vector<Draft> drafts_;
  std::unordered_map<std::string, size_t> index_of_;
};

}  // namespace

Dictionary LoadDictionary(const std::string& folder, std::vector<Issue>& issues) {
  return Loader(folder, issues).Load();
}

}  // namespace kstati::profile
