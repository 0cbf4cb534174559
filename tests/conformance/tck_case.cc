// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/tck_case.h"

#include <fstream>
#include <iostream>
#include <sstream>

#include "base/decimal.h"
#include "eligibility/dmn/xml.h"
#include "eligibility/feel/scope.h"
#include "eligibility/feel/temporal.h"

namespace kstati::tck {
namespace {

using eligibility::dmn::XmlElement;
using eligibility::feel::ParseDate;
using eligibility::feel::ParseDateTime;
using eligibility::feel::ParseMonthsDuration;
using eligibility::feel::ParseTime;
using eligibility::feel::ParseTimeDuration;
using eligibility::feel::Value;

const XmlElement* Child(const XmlElement& element, std::string_view name) {
  for (const XmlElement& child : element.children) {
    if (child.name == name) return &child;
  }
  return nullptr;
}

std::string Attribute(const XmlElement& element, std::string_view name) {
  const std::string* value = element.Attribute(name);
  return value == nullptr ? std::string() : *value;
}

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string SchemaAttribute(const XmlElement& element, std::string_view name) {
  const std::string* value = element.Attribute(name, "http://www.w3.org/2001/XMLSchema-instance");
  return value == nullptr ? std::string() : *value;
}

Value Scalar(const XmlElement& element) {
  const std::string qualified = SchemaAttribute(element, "type");
  const std::string type = qualified.substr(qualified.find(':') + 1);
  const std::string text = Trimmed(element.text);
  const auto number = [&]() -> Value {
    const auto decimal = Decimal::Parse(text);
    return decimal ? Value::Number(*decimal) : Value::Null();
  };
  if (SchemaAttribute(element, "nil") == "true") return Value::Null();
  if (type == "string") return Value::String(element.text);
  if (type == "boolean") return Value::Boolean(text == "true" || text == "1");
  if (type == "date") {
    const auto date = ParseDate(text);
    return date ? Value::OfDate(*date) : Value::Null();
  }
  if (type == "time") {
    const auto time = ParseTime(text);
    return time ? Value::OfTime(*time) : Value::Null();
  }
  if (type == "dateTime") {
    const auto moment = ParseDateTime(text);
    return moment ? Value::OfDateTime(*moment) : Value::Null();
  }
  if (type == "duration") {
    if (const auto months = ParseMonthsDuration(text)) return Value::OfMonths(*months);
    const auto nanos = ParseTimeDuration(text);
    return nanos ? Value::OfNanos(*nanos) : Value::Null();
  }
  if (type == "decimal" || type == "double" || type == "integer" || type == "int") return number();
  return Value::String(element.text);
}

Value ValueOf(const XmlElement& holder) {
  if (const XmlElement* value = Child(holder, "value")) return Scalar(*value);
  if (const XmlElement* list = Child(holder, "list")) {
    std::vector<Value> items;
    for (const XmlElement& item : list->children) items.push_back(ValueOf(item));
    return Value::List(std::move(items));
  }
  Value::Entries entries;
  for (const XmlElement& child : holder.children) {
    if (child.name == "component") entries.push_back({Attribute(child, "name"), ValueOf(child)});
  }
  return entries.empty() ? Value::Null() : Value::Context(std::move(entries));
}

Case ReadCase(const XmlElement& element) {
  Case made;
  made.id = Attribute(element, "id");
  if (Attribute(element, "type") == "decisionService") {
    made.service = Attribute(element, "invocableName");
  }
  for (const XmlElement& child : element.children) {
    NodeValue node{Attribute(child, "name"), Attribute(child, "namespace"), {}};
    if (child.name == "inputNode") {
      node.value = ValueOf(child);
      made.inputs.push_back(std::move(node));
    } else if (child.name == "resultNode") {
      if (const XmlElement* expected = Child(child, "expected")) node.value = ValueOf(*expected);
      made.expected.push_back(std::move(node));
    }
  }
  return made;
}

}  // namespace

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<CaseFile> ReadCases(const std::filesystem::path& path) {
  std::vector<Issue> issues;
  const auto root = eligibility::dmn::ReadXml(ReadFile(path), path.string(), issues);
  if (!root || root->name != "testCases") {
    for (const Issue& issue : issues) std::cerr << Render(issue, {}) << '\n';
    return std::nullopt;
  }
  CaseFile file;
  file.path = path;
  if (const XmlElement* model = Child(*root, "modelName")) file.model = Trimmed(model->text);
  for (const XmlElement& child : root->children) {
    if (child.name == "testCase") file.cases.push_back(ReadCase(child));
  }
  return file;
}

}  // namespace kstati::tck
