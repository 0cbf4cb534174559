// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/yaml.h"
#include "graph/catalogue.h"
#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

// FNV-1a with 64 bits (draft-eastlake-fnv).
class Digest {
 public:
  void Add(std::string_view bytes) {
    for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash_ = (hash_ ^ 0xFF) * 0x100000001b3;  // no byte of UTF-8: ends the part
  }

  std::string ToString() const {
    std::string text(17, '\0');
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash_));
    text.resize(16);
    return text;
  }

 private:
  uint64_t hash_ = 0xcbf29ce484222325;
};

// Names and contents of all files but hidden ones, in order of their names.
std::string DigestOf(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (!hidden && entry->is_regular_file(error)) {
      names.push_back(fs::relative(entry->path(), folder, error).generic_string());
    }
  }
  std::sort(names.begin(), names.end());
  Digest digest;
  for (const std::string& name : names) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    digest.Add(name);
    digest.Add(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return digest.ToString();
}

Authority ReadAuthority(Reader& reader, const yaml::Node& node) {
  Authority authority;
  authority.id = reader.Declare(Kind::kAuthority, node.Require("id"));
  authority.name = node.Require("name").Texts().value_or(Bilingual());
  authority.level = node.Require("level")
                        .OneOf({"federal", "regional", "municipal", "other"})
                        .value_or(std::string());
  return authority;
}

Act ReadAct(Reader& reader, const yaml::Node& node) {
  Act act;
  act.id = ActId(reader.Declare(Kind::kAct, node.Require("id")));
  act.kind =
      node.Require("kind")
          .OneOf({"law", "federal_law", "code", "presidential_decree", "government_resolution",
                  "ministry_order", "regional_act", "municipal_act"})
          .value_or(std::string());
  if (const std::optional<Date> date = node.Get("date").Day()) act.date = date->ToString();
  act.number = node.Require("number").Text().value_or(std::string());
  act.title = node.Require("title").Texts().value_or(Bilingual());
  Verified verified = ReadVerified(reader, node);
  act.verification = verified.verification;
  act.sources = std::move(verified.sources);
  return act;
}

Source ReadSource(Reader& reader, const yaml::Node& node) {
  Source source;
  source.id = reader.Declare(Kind::kSource, node.Require("id"));
  source.address = node.Require("address").Text().value_or(std::string());
  source.published = node.Get("published").Text().value_or(std::string());
  source.quality = node.Require("quality")
                       .OneOf({"official", "legal_db", "open_data", "news", "low"})
                       .value_or(std::string());
  source.says = node.Require("says").Text().value_or(std::string());
  return source;
}

RefusalGround ReadGround(Reader& reader, const yaml::Node& node) {
  RefusalGround ground;
  ground.id = GroundId(reader.Declare(Kind::kGround, node.Require("id")));
  ground.text = node.Require("text").Texts().value_or(Bilingual());
  return ground;
}

template <class Item>
std::vector<Item> ReadList(Reader& reader, const std::string& folder, const std::string& name,
                           Item (*read)(Reader&, const yaml::Node&)) {
  std::vector<Item> items;
  ReadListFile(reader, folder + "/" + name + ".yaml", name,
               [&](const yaml::Node& node) { items.push_back(read(reader, node)); });
  return items;
}

// The calendar itself is read by base, which knows of no acts and sources.
void ReferFromCalendars(Reader& reader, const std::string& folder) {
  for (const std::string& path : yaml::FilesIn(folder + "/calendars")) {
    const size_t before = reader.issues().size();
    const yaml::Document document(path, reader.issues());
    reader.issues().resize(before);  // already reported
    if (!document.root().is_map()) continue;
    if (const yaml::Node act = document.root().Get("act")) reader.Refer(Kind::kAct, act);
    ReadVerified(reader, document.root());
  }
}

template <class Item>
void SortById(std::vector<Item>& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.id < b.id; });
}

bool ComesBefore(const Issue& a, const Issue& b) {
  return std::tie(a.where.file, a.where.line, a.where.column) <
         std::tie(b.where.file, b.where.line, b.where.column);
}

}  // namespace

// Fills a catalogue; the only one who may.
class CatalogueLoader {
 public:
  static Catalogue Load(const std::string& folder, const KnownAttributes& known,
                        std::vector<Issue>& issues, Courses& courses) {
    Catalogue catalogue;
    Reader reader(issues);
    catalogue.sources_ = ReadList<Source>(reader, folder, "sources", ReadSource);
    catalogue.authorities_ = ReadList<Authority>(reader, folder, "authorities", ReadAuthority);
    catalogue.acts_ = ReadList<Act>(reader, folder, "acts", ReadAct);
    catalogue.grounds_ = ReadList<RefusalGround>(reader, folder, "refusal_grounds", ReadGround);
    catalogue.event_types_ = ReadEventTypes(reader, folder);
    catalogue.parameters_ = ReadParameters(reader, folder);
    ReadCourses(reader, folder);
    catalogue.services_ = ReadServices(reader, folder);
    catalogue.situations_ = ReadSituations(reader, folder);
    catalogue.legal_bases_ = ReadLegalBases(reader, folder, known);
    catalogue.controller_ = ReadController(reader, folder);
    catalogue.calendar_ = LoadCalendar(folder, issues);
    ReferFromCalendars(reader, folder);
    catalogue.version_ = DigestOf(folder);
    SortAll(catalogue);
    reader.Finish(catalogue, known);
    courses = std::move(reader.courses());
    return catalogue;
  }

 private:
  static void SortAll(Catalogue& catalogue) {
    SortById(catalogue.services_);
    SortById(catalogue.situations_);
    SortById(catalogue.event_types_);
    SortById(catalogue.parameters_);
    SortById(catalogue.acts_);
    SortById(catalogue.grounds_);
    SortById(catalogue.authorities_);
    SortById(catalogue.sources_);
    SortById(catalogue.legal_bases_);
  }
};

Catalogue LoadCatalogue(const std::string& folder, const KnownAttributes& known,
                        std::vector<Issue>& issues) {
  Courses dropped;
  return LoadCatalogue(folder, known, issues, dropped);
}

Catalogue LoadCatalogue(const std::string& folder, const KnownAttributes& known,
                        std::vector<Issue>& issues, Courses& courses) {
  const auto before = static_cast<std::ptrdiff_t>(issues.size());
  Catalogue catalogue = CatalogueLoader::Load(folder, known, issues, courses);
  std::stable_sort(issues.begin() + before, issues.end(), ComesBefore);
  return catalogue;
}

}  // namespace kstati::graph
