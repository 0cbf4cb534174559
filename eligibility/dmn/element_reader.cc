// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/element_reader.h"

#include <utility>

namespace kstati::eligibility::dmn {

void ElementReader::Error(const Location& where, std::string text, std::string hint) {
  issues_.push_back({Severity::kError, where, std::move(text), std::move(hint)});
}

void ElementReader::Unexpected(const XmlElement& element, std::string_view parent) {
  Error(element.where, "<" + element.name + "> has no meaning in " + std::string(parent));
}

std::string ElementReader::Optional(const XmlElement& element, std::string_view attribute) {
  const std::string* value = element.Attribute(attribute);
  return value == nullptr ? std::string() : *value;
}

std::string ElementReader::Required(const XmlElement& element, std::string_view attribute) {
  const std::string* value = element.Attribute(attribute);
  if (value != nullptr && !value->empty()) return *value;
  Error(element.where,
        "<" + element.name + "> needs the attribute \"" + std::string(attribute) + "\"");
  return {};
}

std::vector<std::reference_wrapper<const XmlElement>> ElementReader::Children(
    const XmlElement& element) {
  std::vector<std::reference_wrapper<const XmlElement>> children;
  for (const XmlElement& child : element.children) {
    if (child.name_space == element.name_space) children.emplace_back(child);
  }
  return children;
}

const XmlElement* ElementReader::Child(const XmlElement& element, std::string_view name) {
  for (const XmlElement& child : element.children) {
    if (child.name == name && child.name_space == element.name_space) return &child;
  }
  return nullptr;
}

const XmlElement* ElementReader::RequiredChild(const XmlElement& element, std::string_view name) {
  const XmlElement* child = Child(element, name);
  if (child == nullptr) {
    Error(element.where, "<" + element.name + "> needs a <" + std::string(name) + ">");
  }
  return child;
}

TypeName ElementReader::TypeOf(const XmlElement& element) {
  return {Optional(element, "typeRef"), element.where};
}

Variable ElementReader::ReadVariable(const XmlElement& element) {
  return {Required(element, "name"), TypeOf(element), element.where};
}

std::optional<Text> ElementReader::TextOf(const XmlElement& element) {
  const XmlElement* text = Child(element, "text");
  if (text == nullptr) return std::nullopt;
  return Text{text->text, text->raw, text->content};
}

std::string ElementReader::Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1));
}

}  // namespace kstati::eligibility::dmn
