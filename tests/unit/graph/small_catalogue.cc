// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/graph/small_catalogue.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/check.h"

namespace kstati::graph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEvents = R"(events:
  - id: event.child_born
    name: {ru: Родился, en: Born}
    detect: registry
    registry: zags
    roles: [child, mother]
    required: [child]
    subject: child
    creates: child
    relations:
      - {from: mother, kind: parent, to: child}
    proves: [doc.birth_record]
  - id: event.age_14
    name: {ru: Исполнилось 14, en: Turned 14}
    detect: date
    attribute: person.birth_date
    after: P14Y
    roles: [person]
    subject: person
)";

constexpr const char* kParameters = R"(parameters:
  - id: lump_sum
    name: {ru: Сумма, en: Sum}
    unit: RUB
    type: money
    act: fz_81
    values:
      - {from: 2025-01-01, to: 2025-12-31, region: RU, value: 100.50, verification: from_knowledge}
      - {from: 2026-01-01, region: RU, value: 200, verification: from_knowledge}
)";

constexpr const char* kSituation = R"(situation: child_birth
name: {ru: Рождение, en: Birth}
description: {ru: Документы, en: Documents}
triggers: [event.child_born]
concerns: [mother]
about: child
lasts: P18M
services: [snils_newborn]
goals: [doc.snils]
verification: from_knowledge
)";

constexpr const char* kService = R"(service: snils_newborn
name: {ru: СНИЛС, en: SNILS}
summary: {ru: Номер, en: Number}
authority: sfr
level: federal
about: child
priority: 80
regulations:
  - from: 2024-01-01
    verification: from_knowledge
    as_of: 2026-03
    mode: proactive-act
    mode_basis: {act: fz_81, article: ст. 1, verification: from_knowledge}
    triggers: [event.child_born]
    inputs:
      - doc.birth_record
      - any_of: [doc.passport, doc.residence_permit]
    outputs: [doc.snils]
    criteria:
      - id: is_citizen
        rule: "person.citizenship_rf = true"
        text: {ru: Гражданин, en: A citizen}
        ground: rg_criteria
        act: fz_81
        article: ст. 2
        verification: confirmed
        sources: [address]
    conditions:
      - id: commission
        text: {ru: Комиссия, en: A commission}
        ground: rg_medical
        act: fz_81
        article: ст. 3
        verification: from_knowledge
    grounds: [rg_criteria, rg_medical]
    term: {value: 2, unit: working_days, from: facts}
    fee: {amount: 0}
    amount: {parameters: [lump_sum], period: once}
    visits: 1
    channels: [epgu]
    apply_within: {value: 6, unit: months, event: event.child_born, act: fz_81, article: ст. 4}
examples:
  - name: a citizen
    on: 2026-03-15
    region: "77"
    facts: {person.citizenship_rf: "true"}
    expect: likely
  - name: a foreigner
    on: 2026-03-15
    region: "77"
    facts: {person.citizenship_rf: "false"}
    expect: not eligible
    grounds: [rg_criteria]
)";

std::string NewFolder() {
  static int count = 0;
  return fs::temp_directory_path().string() + "/kstati_graph_" + std::to_string(getpid()) + "_" +
         std::to_string(count++);
}

bool Exists(const AttributeId& id) {
  const std::string& text = id.text();
  const bool role =
      text.starts_with("doc.") || text.starts_with("pay.") || text.starts_with("person.");
  return role && !text.ends_with("_unknown");
}

}  // namespace

SmallCatalogue::SmallCatalogue() : folder_(NewFolder()) {
  Write("authorities.yaml",
        "authorities:\n  - {id: sfr, name: {ru: СФР, en: SFR}, level: federal}\n");
  Write("acts.yaml",
        "acts:\n  - {id: fz_81, kind: federal_law, date: 1995-05-19, number: 81-ФЗ,\n"
        "     title: {ru: О пособиях, en: On allowances}, verification: from_knowledge}\n");
  Write("sources.yaml",
        "sources:\n  - {id: address, address: \"https://a.example\", published: 2026,\n"
        "     quality: news, says: a figure}\n");
  Write("refusal_grounds.yaml",
        "refusal_grounds:\n  - {id: rg_criteria, text: {ru: Нет права, en: No right}}\n"
        "  - {id: rg_medical, text: {ru: Комиссия, en: Commission}}\n");
  Write("events.yaml", kEvents);
  Write("parameters/family.yaml", kParameters);
  Write("calendars/2026.yaml", "year: 2026\nverification: from_knowledge\ndays_off: []\n");
  Write("situations/child_birth.yaml", kSituation);
  Write("services/snils_newborn.yaml", kService);
}

SmallCatalogue::~SmallCatalogue() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void SmallCatalogue::Replace(const std::string& file, const std::string& old_text,
                             const std::string& new_text) {
  std::string& text = files_.at(file);
  const size_t found = text.find(old_text);
  KSTATI_CHECK(found != std::string::npos);
  text.replace(found, old_text.size(), new_text);
}

Catalogue SmallCatalogue::Load() {
  fs::remove_all(folder_);
  for (const auto& [name, text] : files_) {
    const fs::path path = fs::path(folder_) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  issues_.clear();
  const KnownAttributes known{
      Exists,
      [](std::string_view word) {
        return std::string(word.starts_with("doc.birth") ? "doc.birth_record" : "");
      },
      [](std::string_view registry) { return registry == "zags"; }};
  return LoadCatalogue(folder_, known, issues_, courses_);
}

std::vector<std::string> SmallCatalogue::Problems() const {
  std::vector<std::string> lines;
  for (const Issue& issue : issues_) {
    lines.push_back((issue.severity == Severity::kWarning ? "warning " : "") +
                    fs::path(issue.where.file).filename().string() + ":" +
                    std::to_string(issue.where.line) + " " + issue.text);
  }
  return lines;
}

}  // namespace kstati::graph
