// SPDX-License-Identifier: Apache-2.0
// Own models in the namespaces of every version that is read: they mean the same, and are valid by
// the standard's schemas where these are at hand.
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "eligibility/dmn/decision_model.h"
#include "eligibility/dmn/model_loader.h"

namespace kstati::eligibility::dmn {
namespace {

namespace fs = std::filesystem;
using feel::Value;

std::string PathOf(const std::string& version) {
  return KSTATI_MODELS "/dmn_1_" + version + ".dmn";
}

class Versions : public testing::TestWithParam<const char*> {
 protected:
  std::optional<DecisionModel> Load() {
    std::vector<Issue> issues;
    const std::vector<Model> models = LoadModels(PathOf(GetParam()), issues);
    std::optional<DecisionModel> model;
    if (!models.empty()) model.emplace(models, issues, feel::CompileOptions{.strict = true});
    for (const Issue& issue : issues) ADD_FAILURE() << Render(issue, "");
    return model;
  }
};

Value Decide(const DecisionModel& model, const char* decision, int64_t children, int64_t income) {
  ModelEvaluation evaluation(model, ModelEvaluation::Absent::kUnknown);
  evaluation.Give(*model.Find("Children"), Value::Number(Decimal(children)));
  if (income >= 0) evaluation.Give(*model.Find("Income"), Value::Number(Decimal(income)));
  return evaluation.Load(*model.Find(decision));
}

TEST_P(Versions, MeanTheSame) {
  const std::optional<DecisionModel> model = Load();
  ASSERT_TRUE(model);
  EXPECT_EQ(Decide(*model, "Amount", 1, 15'000).number(), Decimal(8860));
  EXPECT_EQ(Decide(*model, "Amount", 3, 20'000).number(), Decimal(13'290));
  EXPECT_EQ(Decide(*model, "Amount", 3, 20'001).number(), Decimal(0));
  EXPECT_TRUE(Decide(*model, "Amount", 3, -1).is_unknown());
}

struct FreeSchema {
  void operator()(xmlSchemaParserCtxt* it) const { xmlSchemaFreeParserCtxt(it); }
  void operator()(xmlSchema* it) const { xmlSchemaFree(it); }
  void operator()(xmlSchemaValidCtxt* it) const { xmlSchemaFreeValidCtxt(it); }
  void operator()(xmlDoc* it) const { xmlFreeDoc(it); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeSchema>;

void Collect(void* into, xmlErrorPtr error) {
  *static_cast<std::string*>(into) +=
      std::to_string(error->line) + ": " + (error->message == nullptr ? "" : error->message);
}

TEST_P(Versions, AreValidByTheSchemaOfTheirVersion) {
  const char* data = std::getenv("KSTATI_ACCEPTANCE_DIR");
  const fs::path schema_file = fs::path(data == nullptr ? "" : data) / "dmn-tck" /
                               ("DMN1" + std::string(GetParam()) + ".xsd");
  if (data == nullptr || !fs::exists(schema_file)) {
    GTEST_SKIP() << "skipped: the schemas of the standard are not at hand";
  }
  std::string errors;
  const Owned<xmlSchemaParserCtxt> parser(xmlSchemaNewParserCtxt(schema_file.c_str()));
  xmlSchemaSetParserStructuredErrors(parser.get(), &Collect, &errors);
  const Owned<xmlSchema> schema(xmlSchemaParse(parser.get()));
  ASSERT_NE(schema, nullptr) << errors;
  const Owned<xmlDoc> document(xmlReadFile(PathOf(GetParam()).c_str(), nullptr, XML_PARSE_NONET));
  ASSERT_NE(document, nullptr);
  const Owned<xmlSchemaValidCtxt> validation(xmlSchemaNewValidCtxt(schema.get()));
  xmlSchemaSetValidStructuredErrors(validation.get(), &Collect, &errors);
  EXPECT_EQ(xmlSchemaValidateDoc(validation.get(), document.get()), 0) << errors;
}

INSTANTIATE_TEST_SUITE_P(Dmn1, Versions, testing::Values("2", "3", "4", "5"),
                         [](const auto& version) { return std::string(version.param); });

}  // namespace
}  // namespace kstati::eligibility::dmn
