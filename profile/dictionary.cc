// SPDX-License-Identifier: Apache-2.0
#include "profile/dictionary.h"

#include <algorithm>
#include <utility>

#include "base/text_distance.h"

namespace kstati::profile {

bool Attribute::MayReport(const RegistryId& source) const {
  return source == registry || std::find(also.begin(), also.end(), source) != also.end();
}

std::string_view Attribute::holder() const {
  if (held_by_about) return "about";
  return role == "child" || role == "deceased" ? std::string_view(role) : "person";
}

const Code* Attribute::FindCode(std::string_view code) const {
  const auto found = std::ranges::find(codes, code, &Code::code);
  return found == codes.end() ? nullptr : &*found;
}

std::vector<std::string> Attribute::AllCodes() const {
  std::vector<std::string> all;
  for (const Code& code : codes) all.push_back(code.code);
  return all;
}

std::vector<std::string> Attribute::CodesOn(Date day) const {
  std::vector<std::string> some;
  for (const Code& code : codes) {
    if (code.HoldsOn(day)) some.push_back(code.code);
  }
  return some;
}

std::vector<std::string> Attribute::CodesUntil(Date day) const {
  std::vector<std::string> some;
  for (const Code& code : codes) {
    if (!code.from || *code.from <= day) some.push_back(code.code);
  }
  return some;
}

std::string Attribute::WhyNotOn(std::string_view code, Date day) const {
  const Code* found = FindCode(code);
  if (found == nullptr) return "the code is not in the list of " + id.text();
  if (found->from && day < *found->from) {
    return "the code holds only since " + found->from->ToString();
  }
  if (found->until && *found->until < day) {
    return "the code holds only until " + found->until->ToString();
  }
  return {};
}

Dictionary::Dictionary(std::vector<Attribute> attributes, std::vector<Registry> registries,
                       std::vector<Category> categories)
    : attributes_(std::move(attributes)),
      registries_(std::move(registries)),
      categories_(std::move(categories)) {
  index_of_.reserve(attributes_.size());
  for (AttributeIndex index = 0; index < attributes_.size(); ++index) {
    attributes_[index].index = index;
    index_of_.emplace(attributes_[index].id.text(), index);
  }
}

const Attribute* Dictionary::Find(const AttributeId& id) const {
  const auto found = index_of_.find(id.text());
  return found == index_of_.end() ? nullptr : &attributes_[found->second];
}

bool Registry::MayReport(RelationKind kind) const {
  return std::find(relations.begin(), relations.end(), kind) != relations.end();
}

std::vector<RegistryId> Dictionary::ReportersOf(RelationKind kind) const {
  std::vector<RegistryId> reporters;
  for (const Registry& registry : registries_) {
    if (registry.MayReport(kind)) reporters.push_back(registry.id);
  }
  return reporters;
}

const Registry* Dictionary::FindRegistry(const RegistryId& id) const {
  const auto found = std::find_if(registries_.begin(), registries_.end(),
                                  [&id](const Registry& registry) { return registry.id == id; });
  return found == registries_.end() ? nullptr : &*found;
}

const Category* Dictionary::FindCategory(std::string_view id) const {
  const auto found = std::find_if(categories_.begin(), categories_.end(),
                                  [&id](const Category& category) { return category.id == id; });
  return found == categories_.end() ? nullptr : &*found;
}

std::string Dictionary::NearestAttribute(std::string_view id) const {
  std::vector<std::string> names;
  names.reserve(attributes_.size());
  for (const Attribute& attribute : attributes_) names.push_back(attribute.id.text());
  return Nearest(id, names);
}

}  // namespace kstati::profile
