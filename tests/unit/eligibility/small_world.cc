// SPDX-License-Identifier: Apache-2.0
#include "small_world.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/check.h"
#include "eligibility/known_attributes.h"

namespace kstati::eligibility {
namespace {

constexpr std::string_view kRegistries = R"(registries:
  - {id: zags, name: {ru: ЕГР ЗАГС, en: Civil register}, owner: {ru: ФНС, en: Tax service}}
  - {id: tax, name: {ru: Налоговая, en: Tax office}, owner: {ru: ФНС, en: Tax service}}
  - {id: declared, name: {ru: Со слов, en: Declared}, owner: {ru: человек, en: person}}
)";
constexpr std::string_view kAuthorities = R"(authorities:
  - {id: fund, name: {ru: Фонд, en: Fund}, level: federal}
)";
constexpr std::string_view kActs = R"(acts:
  - {id: law, kind: federal_law, date: 2020-01-01, number: "1", title: {ru: Закон, en: Law},
     verification: from_knowledge}
)";
constexpr std::string_view kSources = R"(sources:
  - {id: page, address: example, quality: official, says: it}
)";
constexpr std::string_view kGrounds = R"(refusal_grounds:
  - {id: rg_criteria, text: {ru: Условие не соблюдено, en: A condition is not met}}
  - {id: rg_age, text: {ru: Возраст не подходит, en: The age does not fit}}
  - {id: rg_income, text: {ru: Доход слишком велик, en: The income is too high}}
  - {id: rg_medical, text: {ru: Медицинские причины, en: Medical reasons}}
)";
constexpr std::string_view kEvents = R"(events:
  - {id: event.child_born, name: {ru: Родился ребёнок, en: A child was born}, detect: registry,
     registry: zags, roles: [child, mother], required: [child], subject: child}
)";

std::string CriterionText(const Requirement& one) {
  std::string text = "      - id: " + one.id + "\n        rule: '" + one.rule + "'\n";
  text += "        text: {ru: \"Правило " + one.id + "\", en: \"Rule " + one.id + "\"}\n";
  text += "        ground: " + one.ground + "\n        act: law\n        article: ст. 1\n";
  text += "        verification: " + one.verification + "\n";
  if (one.verification == "confirmed") text += "        sources: [page]\n";
  return text;
}

// The closed list of a regulation: cited grounds, and the others as the authority's.
std::string GroundsText(const std::string& requirements) {
  std::string cited;
  std::string others;
  for (const char* ground : {"rg_criteria", "rg_age", "rg_income", "rg_medical"}) {
    const bool is_cited = requirements.find("ground: " + std::string(ground)) != std::string::npos;
    std::string& list = is_cited ? cited : others;
    list += (list.empty() ? "" : ", ") + std::string(ground);
  }
  return "    grounds: [" + cited + "]\n    authority_grounds: [" + others + "]\n";
}

Messages LoadTexts() {
  std::vector<Issue> issues;
  Messages messages = Messages::Load(KSTATI_DATA "/messages", issues);
  for (const Issue& issue : issues) {
    if (issue.text.find("reason.") != std::string::npos) ADD_FAILURE() << issue.text;
  }
  return messages;
}

}  // namespace

SmallCatalogue::SmallCatalogue() {
  std::string name = (std::filesystem::temp_directory_path() / "eligibility-XXXXXX").string();
  KSTATI_CHECK(mkdtemp(name.data()) != nullptr);
  folder_ = name;
  for (const char* part : {"attributes", "parameters", "services", "situations", "calendars"}) {
    std::filesystem::create_directory(folder_ + "/" + part);
  }
  Write("registries", std::string(kRegistries));
  Write("authorities", std::string(kAuthorities));
  Write("acts", std::string(kActs));
  Write("sources", std::string(kSources));
  Write("refusal_grounds", std::string(kGrounds));
  Write("events", std::string(kEvents));
}

SmallCatalogue::~SmallCatalogue() { std::filesystem::remove_all(folder_); }

void SmallCatalogue::Write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ + "/" + name + ".yaml") << text;
}

SmallCatalogue& SmallCatalogue::Attribute(const std::string& yaml) {
  attributes_ += "  - {" + yaml + "}\n";
  return *this;
}

SmallCatalogue& SmallCatalogue::Parameter(const std::string& yaml) {
  parameters_ += "  - {name: {ru: Величина, en: Figure}, act: law, " + yaml + "}\n";
  return *this;
}

SmallCatalogue& SmallCatalogue::Service(const std::string& id, const std::string& about,
                                        const std::vector<Requirement>& criteria,
                                        const std::string& more, const std::string& examples) {
  std::string text = "service: " + id + "\n";
  text += "name: {ru: Пособие " + id + ", en: Benefit " + id + "}\n";
  text += "summary: {ru: Выплата, en: A payment}\nauthority: fund\nlevel: federal\n";
  text += "about: " + about + "\npriority: 50\nregulations:\n  - from: 2020-01-01\n";
  text += "    verification: from_knowledge\n    as_of: 2026-03\n    mode: on-request\n";
  text += "    triggers: [event.child_born]\n    inputs: " + inputs_ +
          "\n    outputs: []\n    criteria:\n";
  for (const Requirement& one : criteria) text += CriterionText(one);
  text += GroundsText(text + more);
  text += "    term: {value: 5, unit: working_days, from: facts}\n    fee: {amount: 0}\n";
  text += "    visits: " + std::to_string(visits_) + "\n    channels: [epgu]\n" + more + examples;
  Write("services/" + id, text);
  return *this;
}

SmallCatalogue& SmallCatalogue::Asks(int visits, const std::string& inputs) {
  visits_ = visits;
  inputs_ = inputs;
  return *this;
}

SmallCatalogue& SmallCatalogue::Situation(const std::string& id, const std::string& about,
                                          const std::string& services, const std::string& more) {
  Write("situations/" + id,
        "situation: " + id + "\nname: {ru: Рождение, en: Birth}\n" +
            "description: {ru: Пособия, en: Benefits}\ntriggers: [event.child_born]\n" +
            "concerns: [mother]\nabout: " + about + "\nlasts: P18M\nservices: " + services +
            "\ngoals: []\nverification: from_knowledge\n" + more);
  return *this;
}

SmallCatalogue& SmallCatalogue::Regional(const std::string& region, const std::string& id,
                                         const std::string& more) {
  std::filesystem::create_directories(folder_ + "/regional/" + region);
  Write("regional/" + region + "/" + id,
        "regional: " + id + "\nregion: \"" + region + "\"\nof: 2020-01-01\nfrom: 2024-01-01\n" +
            "act: law\narticle: ст. 2\nverification: from_knowledge\n" + more);
  return *this;
}

SmallCatalogue& SmallCatalogue::Model(const std::string& file, const std::string& xml) {
  std::filesystem::create_directories(folder_ + "/models");
  std::ofstream(folder_ + "/models/" + file) << xml;
  return *this;
}

const Program& SmallCatalogue::Compile() {
  Write("attributes/all", "attributes:\n" + attributes_);
  if (!parameters_.empty()) Write("parameters/all", "parameters:\n" + parameters_);
  std::vector<Issue> loading;
  dictionary_ = profile::LoadDictionary(folder_, loading);
  catalogue_ = graph::LoadCatalogue(folder_, KnownAttributesOf(dictionary_), loading);
  for (const Issue& issue : loading) {
    ADD_FAILURE() << Render(issue, ReadSourceLine(issue.where.file, issue.where.line));
  }
  program_ = std::make_unique<Program>(catalogue_, dictionary_, issues_);
  return *program_;
}

const graph::Service& SmallCatalogue::service(const std::string& id) const {
  const graph::Service* found = catalogue_.FindService(ServiceId(id));
  KSTATI_CHECK(found != nullptr);
  return *found;
}

SmallCatalogue& WithPeople(SmallCatalogue& catalogue) {
  const auto reported = [&](const std::string& id, const std::string& type,
                            const std::string& more = "completeness: open") {
    catalogue.Attribute("id: " + id + ", type: " + type + ", name: {ru: " + id + ", en: " + id +
                        "}, registry: tax, category: identity, askable: false, " + more +
                        ", verification: from_knowledge");
  };
  reported("person.birth_date", "date");
  reported("person.sex", "code", "completeness: open, values: [female, male]");
  reported("person.alive", "boolean");
  reported("person.income", "money", "completeness: open, unit: RUB");
  reported("person.region_code", "text");
  reported("person.student", "boolean", "completeness: complete");
  reported("person.disability", "code", "completeness: complete, values: [none, I, II, III]");
  catalogue.Attribute(
      "id: person.age_years, type: number, unit: years, name: {ru: Возраст, en: Age}, "
      "derive: 'years and months duration(person.birth_date, today()).years'");
  catalogue.Attribute(
      "id: child.birth_date, type: date, name: {ru: Рождение ребёнка, en: Birth of child}, "
      "same_as: person.birth_date");
  catalogue.Attribute(
      "id: child.age_years, type: number, unit: years, name: {ru: Возраст ребёнка, "
      "en: Age of the child}, same_as: person.age_years");
  return catalogue;
}

Date Day(std::string_view text) {
  const Result<Date> day = Date::Parse(text);
  KSTATI_CHECK(day.has_value());
  return *day;
}

Instant At(std::string_view day) { return *Instant::Parse(std::string(day) + "T12:00:00Z"); }

profile::History& Records::HistoryOf(uint64_t citizen) {
  profile::History& history = histories_[citizen];
  history.citizen = CitizenId(citizen);
  history.version = 1;
  return history;
}

Records& Records::Know(uint64_t citizen, const std::string& attribute, profile::FactValue value,
                       std::string_view known, std::string_view valid_from) {
  profile::Fact fact{AttributeId(attribute),
                     std::move(value),
                     {Day(valid_from), std::nullopt},
                     At(known),
                     profile::EventKey{RegistryId("tax"), EventId(std::string(known) + attribute)}};
  HistoryOf(citizen).facts.push_back(std::move(fact));
  return *this;
}

Records& Records::Parent(uint64_t parent, uint64_t child, std::string_view known) {
  return Relate(parent, profile::RelationKind::kParent, child, known);
}

Records& Records::Relate(uint64_t from, profile::RelationKind kind, uint64_t to,
                         std::string_view known) {
  const profile::Relation relation{
      CitizenId(from), kind,
      CitizenId(to),   {Day("1900-01-01"), std::nullopt},
      At(known),       profile::EventKey{RegistryId("zags"), EventId(std::string(known) + "r")}};
  HistoryOf(from).relations.push_back(relation);
  HistoryOf(to).relations.push_back(relation);
  return *this;
}

profile::Household Records::HouseholdOf(uint64_t citizen, std::string_view on,
                                        std::string_view known) const {
  const auto load = [this](CitizenId id) -> Result<profile::History> {
    const auto found = histories_.find(id.number());
    if (found != histories_.end()) return found->second;
    profile::History none;
    none.citizen = id;
    return none;
  };
  const auto household = profile::LoadHousehold(CitizenId(citizen), {Day(on), At(known)}, load);
  KSTATI_CHECK(household.has_value());
  return *household;
}

std::shared_ptr<const profile::FactView> Records::ViewOf(uint64_t citizen, std::string_view on,
                                                         std::string_view known) const {
  const profile::AsOf as_of{Day(on), At(known)};
  return std::make_shared<const profile::FactView>(histories_.at(citizen), as_of);
}

Decimal Number(std::string_view text) { return *Decimal::Parse(text); }

std::vector<std::string> MissingNames(const Decision& decision) {
  std::vector<std::string> names;
  for (const Missing& one : decision.missing) {
    names.push_back(one.attribute.empty() ? one.parameter.text() : one.attribute.text());
  }
  return names;
}

std::vector<std::string> Grounds(const Decision& decision) {
  std::vector<std::string> names;
  for (const GroundId& ground : decision.grounds) names.push_back(ground.text());
  return names;
}

const Messages& Texts() {
  static const Messages messages = LoadTexts();
  return messages;
}

}  // namespace kstati::eligibility
