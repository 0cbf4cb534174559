// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "eligibility/dmn/model.h"
#include "eligibility/dmn/xml.h"

namespace kstati::eligibility::dmn {

// What the readers of a model's parts have in common: attributes, children in the model's own
// namespace, and the issues they find.
class ElementReader {
 public:
  explicit ElementReader(std::vector<Issue>& issues) : issues_(issues) {}

 protected:
  void Error(const Location& where, std::string text, std::string hint = {});
  // The element means nothing inside `parent`.
  void Unexpected(const XmlElement& element, std::string_view parent);

  // Empty when the attribute is absent; an issue too when it is required.
  static std::string Optional(const XmlElement& element, std::string_view attribute);
  std::string Required(const XmlElement& element, std::string_view attribute);

  // The children in the namespace of `element`.
  static std::vector<std::reference_wrapper<const XmlElement>> Children(const XmlElement& element);
  // The first such child of this name, or nullptr.
  static const XmlElement* Child(const XmlElement& element, std::string_view name);
  // As Child, and an issue when it is not there.
  const XmlElement* RequiredChild(const XmlElement& element, std::string_view name);

  static TypeName TypeOf(const XmlElement& element);
  Variable ReadVariable(const XmlElement& element);
  // The text in the element's child <text>.
  std::optional<Text> TextOf(const XmlElement& element);
  static std::string Trimmed(std::string_view text);

 private:
  std::vector<Issue>& issues_;
};

}  // namespace kstati::eligibility::dmn
