// SPDX-License-Identifier: Apache-2.0
#include "eligibility/dmn/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>

#include "base/check.h"

namespace kstati::eligibility::dmn {
namespace {

std::string_view ViewOf(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const {
    if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
  }
};

// Builds the tree from the parser's callbacks.
class TreeReader {
 public:
  TreeReader(std::string_view bytes, std::string file, std::vector<Issue>& issues,
             const XmlLimits& limits)
      : bytes_(bytes), file_(std::move(file)), issues_(issues), limits_(limits) {
    for (size_t at = 0; at < bytes.size(); ++at) {
      if (bytes[at] == '\n') line_starts_.push_back(at + 1);
    }
  }

  std::optional<XmlElement> Read() {
    xmlSAXHandler handler{};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = OnStart;
    handler.endElementNs = OnEnd;
    handler.characters = OnCharacters;
    handler.cdataBlock = OnCharacters;
    handler.ignorableWhitespace = OnCharacters;
    handler.internalSubset = OnDocumentType;
    handler.serror = OnError;
    const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
        xmlCreateMemoryParserCtxt(bytes_.data(), static_cast<int>(bytes_.size())));
    KSTATI_CHECK(parser != nullptr);
    parser_ = parser.get();
    *parser->sax = handler;
    parser->userData = this;
    // A document type is refused, so the only entities left to replace are XML's own five.
    xmlCtxtUseOptions(
        parser_, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES | XML_PARSE_NOENT);
    xmlParseDocument(parser_);
    if (!failed_ && !root_) Fail(1, 1, "the file has no element");
    return failed_ ? std::nullopt : std::move(root_);
  }

 private:
  static TreeReader& Of(void* data) { return *static_cast<TreeReader*>(data); }
  static void OnStart(void* data, const xmlChar* name, const xmlChar*, const xmlChar* name_space,
                      int, const xmlChar**, int count, int, const xmlChar** attributes) {
    Of(data).Start(ViewOf(name), ViewOf(name_space), attributes, count);
  }
  static void OnEnd(void* data, const xmlChar*, const xmlChar*, const xmlChar*) { Of(data).End(); }
  static void OnCharacters(void* data, const xmlChar* text, int size) {
    TreeReader& reader = Of(data);
    if (reader.failed_ || reader.open_.empty()) return;
    reader.open_.back().text.append(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
  }
  static void OnDocumentType(void* data, const xmlChar*, const xmlChar*, const xmlChar*) {
    TreeReader& reader = Of(data);
    const size_t begin = reader.bytes_.rfind("<!DOCTYPE", reader.Position());
    const Location where = reader.PlaceOf(begin == std::string_view::npos ? 0 : begin);
    reader.Fail(where.line, where.column, "document types and their entities are not accepted",
                "remove <!DOCTYPE ...>");
  }
  static void OnError(void* data, xmlErrorPtr error) {
    if (error->level == XML_ERR_WARNING) return;
    std::string text = error->message == nullptr ? "not well-formed" : error->message;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    Of(data).Fail(error->line, error->int2, "not well-formed XML: " + text);
  }

  size_t Position() const {
    const xmlParserInput& input = *parser_->input;
    const size_t position = input.consumed + static_cast<size_t>(input.cur - input.base);
    return std::min(position, bytes_.size());
  }

  Location PlaceOf(size_t position) const {
    const auto line = std::upper_bound(line_starts_.begin(), line_starts_.end(), position) - 1;
    return {file_, static_cast<int>(line - line_starts_.begin()) + 1,
            static_cast<int>(position - *line) + 1};
  }

  void Start(std::string_view name, std::string_view name_space, const xmlChar** attributes,
             int count) {
    if (failed_) return;
    const size_t position = Position();
    XmlElement element;
    element.name = std::string(name);
    element.name_space = std::string(name_space);
    // No attribute's value holds a "<", so the nearest one opens this tag.
    element.where = PlaceOf(bytes_.rfind('<', position == 0 ? 0 : position - 1));
    const size_t begin = std::min(bytes_.find('>', position), bytes_.size() - 1) + 1;
    element.content = PlaceOf(begin);
    for (int i = 0; i < count; ++i) {
      const xmlChar** attribute = attributes + static_cast<ptrdiff_t>(i) * 5;
      element.attributes.push_back({std::string(ViewOf(attribute[0])),
                                    std::string(ViewOf(attribute[2])),
                                    std::string(reinterpret_cast<const char*>(attribute[3]),
                                                static_cast<size_t>(attribute[4] - attribute[3]))});
    }
    if (static_cast<int>(open_.size()) >= limits_.max_depth) {
      Fail(element.where.line, element.where.column, "the elements are nested too deeply");
      return;
    }
    open_.push_back(std::move(element));
    begins_.push_back(begin);
  }

  void End() {
    if (failed_ || open_.empty()) return;
    XmlElement element = std::move(open_.back());
    open_.pop_back();
    const size_t begin = begins_.back();
    begins_.pop_back();
    const size_t position = Position();
    const size_t end = bytes_.rfind("</", position == 0 ? 0 : position - 1);
    if (element.children.empty() && end != std::string_view::npos && end >= begin) {
      element.raw = std::string(bytes_.substr(begin, end - begin));
    }
    if (open_.empty()) {
      root_ = std::move(element);
    } else {
      open_.back().children.push_back(std::move(element));
    }
  }

  void Fail(int line, int column, std::string text, std::string hint = {}) {
    if (failed_) return;
    failed_ = true;
    issues_.push_back({Severity::kError, {file_, line, column}, std::move(text), std::move(hint)});
    xmlStopParser(parser_);
  }

  const std::string_view bytes_;
  const std::string file_;
  std::vector<Issue>& issues_;
  const XmlLimits& limits_;
  std::vector<size_t> line_starts_{0};
  xmlParserCtxt* parser_ = nullptr;
  std::vector<XmlElement> open_;
  std::vector<size_t> begins_;  // where the content of each open element begins
  std::optional<XmlElement> root_;
  bool failed_ = false;
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

// The name in encoding="..." of the XML declaration, in small letters; empty when there is none.
std::string DeclaredEncoding(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return {};
  const std::string_view declaration = bytes.substr(0, bytes.find("?>"));
  const size_t at = declaration.find("encoding");
  const size_t quote = at == std::string_view::npos ? at : declaration.find_first_of("'\"", at);
  if (quote == std::string_view::npos) return {};
  const std::string_view rest = declaration.substr(quote + 1);
  return Lower(rest.substr(0, rest.find(declaration[quote])));
}

// Bytes of the character that "&lt;" or "&#x444;" stands for.
size_t DecodedSize(std::string_view reference) {
  if (!reference.starts_with("&#")) return 1;
  const bool hexadecimal = reference.starts_with("&#x");
  const std::string_view digits = reference.substr(hexadecimal ? 3 : 2);
  uint32_t code = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

}  // namespace

const std::string* XmlElement::Attribute(std::string_view attribute,
                                         std::string_view attribute_name_space) const {
  for (const XmlAttribute& each : attributes) {
    if (each.name == attribute && each.name_space == attribute_name_space) return &each.value;
  }
  return nullptr;
}

std::optional<XmlElement> ReadXml(std::string_view bytes, const std::string& file,
                                  std::vector<Issue>& issues, const XmlLimits& limits) {
  const auto refuse = [&](std::string text, std::string hint) {
    issues.push_back({Severity::kError, {file, 1, 1}, std::move(text), std::move(hint)});
    return std::nullopt;
  };
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.empty()) return refuse("the file is empty", {});
  if (bytes.size() > limits.max_bytes) {
    return refuse("the file is larger than " + std::to_string(limits.max_bytes) + " bytes",
                  "split the model and import its parts");
  }
  const std::string encoding = DeclaredEncoding(bytes);
  const bool utf16 = bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE");
  if (utf16 || (!encoding.empty() && encoding != "utf-8" && encoding != "us-ascii")) {
    return refuse("the file is not UTF-8", "save it as UTF-8");
  }
  return TreeReader(bytes, file, issues, limits).Read();
}

size_t RawOffset(std::string_view raw, size_t offset) {
  constexpr std::string_view kCData = "<![CDATA[";
  size_t at = 0;
  size_t decoded = 0;
  bool verbatim = false;  // inside a CDATA section
  while (at < raw.size()) {
    const std::string_view rest = raw.substr(at);
    if (!verbatim && rest.starts_with(kCData)) {
      verbatim = true;
      at += kCData.size();
    } else if (verbatim && rest.starts_with("]]>")) {
      verbatim = false;
      at += 3;
    } else if (!verbatim && rest.starts_with("<!--")) {
      at += std::min(rest.find("-->"), rest.size() - 3) + 3;
    } else if (decoded >= offset) {
      return at;
    } else if (!verbatim && rest.front() == '&') {
      const std::string_view reference = rest.substr(0, rest.find(';') + 1);
      decoded += DecodedSize(reference);
      at += std::max<size_t>(reference.size(), 1);
    } else {
      at += rest.starts_with("\r\n") ? 2 : 1;
      ++decoded;
    }
  }
  return raw.size();
}

}  // namespace kstati::eligibility::dmn
