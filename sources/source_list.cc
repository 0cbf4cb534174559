// SPDX-License-Identifier: Apache-2.0
#include "sources/source_list.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "base/yaml.h"
#include "sources/http_source.h"

namespace kstati::sources {
namespace {

// How long a registry's answer usually takes where the file does not say.
std::chrono::milliseconds UsualLatency(Latency latency) {
  switch (latency) {
    case Latency::kAtHand: return std::chrono::milliseconds(0);
    case Latency::kDataMart: return std::chrono::milliseconds(200);
    case Latency::kInteragency: return std::chrono::minutes(60 * 24);
    case Latency::kOnSite: return std::chrono::minutes(60 * 24 * 5);
  }
  return std::chrono::milliseconds(0);
}

class ListReader {
 public:
  ListReader(const profile::Dictionary& dictionary, std::string folder)
      : dictionary_(dictionary), folder_(std::move(folder)) {}

  std::unique_ptr<FactSource> Read(const yaml::Node& node) {
    HttpSourceOptions options;
    SourceTerms& terms = options.terms;
    const yaml::Node name = node.Require("name");
    terms.name = name.Text().value_or("");
    if (!names_.insert(terms.name).second) name.Problem("the name stands in the file twice");
    const yaml::Node registry = node.Require("registry");
    terms.registry = RegistryId(registry.Text().value_or(""));
    const profile::Registry* known = dictionary_.FindRegistry(terms.registry);
    if (known == nullptr) {
      registry.Problem("there is no such registry", "use one of registries.yaml");
    } else {
      terms.latency = UsualLatency(known->latency);
    }
    terms.way = ReadWay(node);
    ReadAttributes(node.Get("attributes"), terms);
    terms.latency = std::chrono::milliseconds(Amount(node, "latency_ms", terms.latency.count()));
    terms.cache_life = std::chrono::seconds(Amount(node, "cache_seconds", 0));
    terms.cost = Amount(node, "cost", 1);
    ReadAddress(node, options);
    node.RejectUnknownKeys();
    if (known == nullptr || options.origin.empty()) return nullptr;
    Result<std::unique_ptr<FactSource>> source = MakeHttpSource(std::move(options), dictionary_);
    if (source) return std::move(*source);
    node.Problem(source.error().message, source.error().remedy);
    return nullptr;
  }

 private:
  static int64_t Amount(const yaml::Node& node, const char* key, int64_t otherwise) {
    const yaml::Node amount = node.Get(key);
    const int64_t read = amount.Integer().value_or(otherwise);
    if (read >= 0) return read;
    amount.Problem("must not be negative");
    return otherwise;
  }

  static Way ReadWay(const yaml::Node& node) {
    const auto way = node.Get("way").OneOf({"pull", "push", "data_mart"});
    if (way == "push") return Way::kPush;
    return way == "data_mart" ? Way::kDataMart : Way::kPull;
  }

  // Everything that the registry may report where the file names nothing.
  void ReadAttributes(const yaml::Node& node, SourceTerms& terms) const {
    if (!node) {
      for (const profile::Attribute& attribute : dictionary_.attributes()) {
        if (attribute.MayReport(terms.registry)) terms.attributes.insert(attribute.id);
      }
    }
    for (const yaml::Node& item : node.Items()) {
      const AttributeId id(item.Text().value_or(""));
      const profile::Attribute* attribute = dictionary_.Find(id);
      if (attribute == nullptr || !attribute->MayReport(terms.registry)) {
        item.Problem("the registry does not report this attribute",
                     "use attributes that the dictionary assigns to it");
      }
      terms.attributes.insert(id);
    }
  }

  void ReadAddress(const yaml::Node& node, HttpSourceOptions& options) const {
    const std::string url = node.Require("url").Text().value_or("");
    const size_t scheme = url.find("://");
    const size_t slash = scheme == url.npos ? url.npos : url.find('/', scheme + 3);
    options.origin = url.substr(0, slash);
    options.path = slash == url.npos ? "/" : url.substr(slash);
    options.authority = PathOf(node.Get("tls_ca"));
    const yaml::Node token = node.Get("token_file");
    if (!token) return;
    std::ifstream stream(PathOf(token));
    if (!std::getline(stream, options.token) || options.token.empty()) {
      token.Problem("the file of the token cannot be read or is empty",
                    "write the token into its first line");
    }
  }

  // Relative to the file of sources.
  std::string PathOf(const yaml::Node& node) const {
    const std::string path = node.Text().value_or("");
    if (path.empty()) return path;
    return (std::filesystem::path(folder_) / path).string();
  }

  const profile::Dictionary& dictionary_;
  const std::string folder_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<std::unique_ptr<FactSource>> LoadSources(const std::string& path,
                                                     const profile::Dictionary& dictionary,
                                                     std::vector<Issue>& issues) {
  std::vector<std::unique_ptr<FactSource>> sources;
  const yaml::Document document(path, issues);
  ListReader reader(dictionary, std::filesystem::path(path).parent_path().string());
  if (!document.root().is_map()) return sources;
  for (const yaml::Node& item : document.root().Require("sources").Items()) {
    if (auto source = reader.Read(item)) sources.push_back(std::move(source));
  }
  document.root().RejectUnknownKeys();
  return sources;
}

}  // namespace kstati::sources
