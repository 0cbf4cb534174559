// SPDX-License-Identifier: Apache-2.0
// Reads legal_bases.yaml and controller.yaml. Either file may be absent: then there is none.
#include <filesystem>

#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

LegalBasis ReadLegalBasis(Reader& reader, const yaml::Node& node, const KnownAttributes& known) {
  LegalBasis basis;
  basis.location = node.location();
  basis.id = reader.Declare(Kind::kLegalBasis, node.Require("id"));
  basis.purpose = node.Require("purpose").Texts().value_or(Bilingual());
  const yaml::Node categories = node.Get("categories");
  basis.categories = ReadAnyWords(categories);
  for (const yaml::Node& item : categories.Items()) {
    const std::string category = item.Text().value_or(std::string());
    if (category.empty() || !known.category_exists || known.category_exists(category)) continue;
    item.Problem("there is no data category \"" + category + "\"",
                 "use a category of categories.yaml");
  }
  basis.recipients = reader.ReferAll(Kind::kAuthority, node.Get("recipients"));
  basis.source = ReadLegalSource(reader, node);
  return basis;
}

}  // namespace

std::vector<LegalBasis> ReadLegalBases(Reader& reader, const std::string& folder,
                                       const KnownAttributes& known) {
  std::vector<LegalBasis> bases;
  const std::string path = folder + "/legal_bases.yaml";
  if (!std::filesystem::exists(path)) return bases;
  ReadListFile(reader, path, "legal_bases", [&](const yaml::Node& node) {
    bases.push_back(ReadLegalBasis(reader, node, known));
  });
  return bases;
}

Controller ReadController(Reader& reader, const std::string& folder) {
  Controller controller;
  const std::string path = folder + "/controller.yaml";
  if (!std::filesystem::exists(path)) return controller;
  const yaml::Document document(path, reader.issues());
  const yaml::Node root = document.root();
  if (!root.is_map()) return controller;
  controller.authority = reader.Refer(Kind::kAuthority, root.Require("authority"));
  controller.address = root.Require("address").Texts().value_or(Bilingual());
  controller.contact = root.Require("contact").Text().value_or(std::string());
  controller.jurisdiction = root.Require("jurisdiction").Text().value_or(std::string());
  controller.storage = root.Require("storage").Texts().value_or(Bilingual());
  controller.retention = root.Require("retention").Texts().value_or(Bilingual());
  controller.withdrawal = root.Require("withdrawal").Texts().value_or(Bilingual());
  controller.notice = root.Require("notice").Text().value_or(std::string());
  controller.verification = ReadVerified(reader, root).verification;
  root.RejectUnknownKeys();
  return controller;
}

}  // namespace kstati::graph
