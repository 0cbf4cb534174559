// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/messages.h"
#include "eligibility/program.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"
#include "profile/fact.h"

namespace kstati::eligibility {

// One requirement of a service in a test.
struct Requirement {
  std::string id;
  std::string rule;
  std::string ground = "rg_criteria";
  std::string verification = "from_knowledge";
};

// A catalogue of a few lines, written as files and loaded as any other.
class SmallCatalogue {
 public:
  SmallCatalogue();
  ~SmallCatalogue();

  // `yaml` continues the list of attributes; one per call of Attribute.
  SmallCatalogue& Attribute(const std::string& yaml);
  SmallCatalogue& Parameter(const std::string& yaml);
  // `more` continues the regulation, `examples` the service, both as YAML indented to fit.
  SmallCatalogue& Service(const std::string& id, const std::string& about,
                          const std::vector<Requirement>& criteria, const std::string& more = {},
                          const std::string& examples = {});

  // What the services that follow ask of people; `inputs` are a YAML list.
  SmallCatalogue& Asks(int visits, const std::string& inputs);

  // After the birth of a child, about whoever `about` says; `services` are a YAML list.
  SmallCatalogue& Situation(const std::string& id, const std::string& about,
                            const std::string& services, const std::string& more = {});

  // What a region has otherwise than the service's regulation from 2020 on; `more` are keys.
  SmallCatalogue& Regional(const std::string& region, const std::string& id,
                           const std::string& more);

  // A decision model of the folder models: "NAME.dmn".
  SmallCatalogue& Model(const std::string& file, const std::string& xml);

  // Loads and compiles; `issues` are those of the expressions. Loading itself must succeed.
  const Program& Compile();
  const std::vector<Issue>& issues() const { return issues_; }
  const graph::Service& service(const std::string& id) const;
  const graph::Catalogue& catalogue() const { return catalogue_; }
  const std::string& folder() const { return folder_; }

 private:
  void Write(const std::string& name, const std::string& text) const;

  std::string folder_;
  std::string attributes_;
  std::string parameters_;
  int visits_ = 0;
  std::string inputs_ = "[]";
  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  std::vector<Issue> issues_;
  std::unique_ptr<Program> program_;
};

// The common attributes of the tests: person.birth_date, .age_years, .sex, .alive, .income,
// .region_code, .student (complete), .disability (complete), child.birth_date, child.age_years.
SmallCatalogue& WithPeople(SmallCatalogue& catalogue);

Date Day(std::string_view text);
Instant At(std::string_view day);  // noon, UTC

// People whom registries have told us of.
class Records {
 public:
  // Typed as `type`; known from noon of `known`.
  Records& Know(uint64_t citizen, const std::string& attribute, profile::FactValue value,
                std::string_view known = "2026-01-10", std::string_view valid_from = "1900-01-01");
  Records& Parent(uint64_t parent, uint64_t child, std::string_view known = "2026-01-10");
  Records& Relate(uint64_t from, profile::RelationKind kind, uint64_t to,
                  std::string_view known = "2026-01-10");

  profile::Household HouseholdOf(uint64_t citizen, std::string_view on,
                                 std::string_view known = "2030-01-01") const;
  std::shared_ptr<const profile::FactView> ViewOf(uint64_t citizen, std::string_view on,
                                                  std::string_view known = "2030-01-01") const;

 private:
  profile::History& HistoryOf(uint64_t citizen);

  std::map<uint64_t, profile::History> histories_;
};

Decimal Number(std::string_view text);
std::vector<std::string> MissingNames(const Decision& decision);
std::vector<std::string> Grounds(const Decision& decision);

// The messages that ship.
const Messages& Texts();

}  // namespace kstati::eligibility
