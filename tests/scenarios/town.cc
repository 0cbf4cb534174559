// SPDX-License-Identifier: Apache-2.0
#include "tests/scenarios/town.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "cases/consenting.h"
#include "eligibility/known_attributes.h"
#include "profile/master_key_file.h"

namespace kstati::scenarios {
namespace {

Instant Morning(const std::string& day) { return *Instant::Parse(day + "T09:00:00Z"); }

}  // namespace

Town::OpenEngine& Town::EngineOfTowns() {
  static OpenEngine open = [](const std::string& folder,
                              const profile::ledger::SigningKey& signer) {
    profile::RocksDbOptions options;
    options.folder = folder;
    options.block_cache_bytes = 8u << 20;
    options.signer = &signer;
    return profile::OpenRocksDb(options);
  };
  return open;
}

std::string Town::RealCatalogue() { return std::string(KSTATI_SOURCE_DIR) + "/data/catalogue"; }

Town::Town(const std::string& today, const std::string& folder, const std::string& catalogue)
    : folder_(folder), keeps_folder_(!folder.empty()), clock_(Morning(today)) {
  static int towns = 0;
  if (!keeps_folder_) {
    folder_ = std::filesystem::temp_directory_path() /
              ("kstati-town-" + std::to_string(getpid()) + "-" + std::to_string(++towns));
    std::filesystem::remove_all(folder_);
  }
  std::vector<Issue> issues;
  dictionary_ = profile::LoadDictionary(catalogue, issues);
  catalogue_ = graph::LoadCatalogue(catalogue, eligibility::KnownAttributesOf(dictionary_), issues,
                                    courses_);
  world_.validities = std::make_shared<const graph::Validities>(
      graph::LoadValidities(catalogue, catalogue_, issues));
  world_.calendars =
      std::make_shared<const graph::Calendars>(graph::LoadCalendars(catalogue, catalogue_, issues));
  world_.exclusions = std::make_shared<const std::vector<graph::Exclusion>>(
      graph::LoadExclusions(catalogue, catalogue_, issues));
  program_ = std::make_unique<eligibility::Program>(catalogue_, dictionary_, issues);
  for (const Issue& issue : issues) {
    if (issue.severity == Severity::kError) ADD_FAILURE() << Render(issue, "");
  }
  OpenStore();
}

Town::~Town() {
  store_.reset();
  if (!keeps_folder_) std::filesystem::remove_all(folder_);
}

void Town::OpenStore() {
  auto engine = EngineOfTowns()(folder_.string(), signer_);
  if (!engine) {
    ADD_FAILURE() << engine.error().ToString();
    return;
  }
  std::filesystem::create_directories(folder_);
  auto keys = profile::OpenOrMakeMasterKeyFile((folder_ / "master.keys").string());
  if (!keys) {
    ADD_FAILURE() << keys.error().ToString();
    return;
  }
  store_ = std::make_unique<profile::Store>(std::move(*engine), std::move(*keys));
  const Result<void> taken_up = store_->TakeUpSpread(clock_.Now());
  EXPECT_TRUE(taken_up) << (taken_up ? "" : taken_up.error().ToString());
  world_.program = program_.get();
  world_.courses = &courses_;
  world_.store = store_.get();
  world_.clock = &clock_;
  cases::FollowEvents(world_);
  desk_ = std::make_unique<cases::Desk>(world_, ranker_);
}

void Town::Restart() {
  desk_.reset();
  store_.reset();
  OpenStore();
}

void Town::AdvanceTo(const std::string& today) { clock_.Set(Morning(today)); }

CitizenId Town::NumberFor(const std::string& name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  return numbers_.emplace(name, CitizenId(1'000 + numbers_.size())).first->second;
}

profile::RegistryEvent Town::NewEvent(const std::string& source, const std::string& type,
                                      CitizenId subject) {
  profile::RegistryEvent event;
  event.key = {RegistryId(source), EventId("event-" + std::to_string(++events_))};
  event.type = EventTypeId(type);
  event.subject = subject;
  event.occurred_on = today();
  return event;
}

void Town::Expect(const Result<cases::Outcome>& outcome) {
  EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().ToString());
}

Result<cases::Outcome> Town::Submit(const profile::RegistryEvent& event) {
  return cases::ProcessRegistryEvent(world_, event);
}

void Town::SubmitFacts(CitizenId citizen, const std::map<std::string, std::string>& facts) {
  std::map<RegistryId, profile::RegistryEvent> by_registry;
  for (const auto& [id, text] : facts) {
    const profile::Attribute* attribute = dictionary_.Find(AttributeId(id));
    ASSERT_NE(attribute, nullptr) << id;
    const Result<profile::FactValue> value = profile::ParseFactValue(attribute->type, text);
    ASSERT_TRUE(value) << id;
    auto [entry, is_new] = by_registry.try_emplace(attribute->registry);
    if (is_new) {
      entry->second = NewEvent(attribute->registry.text(), "registry.facts", citizen);
    }
    entry->second.facts.push_back({citizen, attribute->id, *value, {today(), std::nullopt}});
  }
  for (const auto& [registry, event] : by_registry) Expect(Submit(event));
}

CitizenId Town::Resident(const std::string& name, const std::string& birth_date,
                         const std::string& sex, const std::map<std::string, std::string>& facts) {
  const CitizenId citizen = NumberFor(name);
  profile::RegistryEvent event = NewEvent("fns_erns", "registry.person_registered", citizen);
  event.participants["person"] = {citizen};
  const Date born = *Date::Parse(birth_date);
  event.facts = {{citizen, AttributeId("person.birth_date"), born, {born, std::nullopt}},
                 {citizen, AttributeId("person.sex"), sex, {born, std::nullopt}}};
  Expect(Submit(event));
  SubmitFacts(citizen, facts);
  return citizen;
}

CitizenId Town::Settled(const std::string& name, const std::string& birth_date,
                        const std::string& region) {
  return Resident(name, birth_date, "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", region},
                   {"person.registered_at_residence", "true"},
                   {"doc.birth_record", "true"},
                   {"doc.residence_registration", "true"},
                   {"doc.oms_policy", "true"}});
}

CitizenId Town::Child(const std::string& name, const std::string& birth_date,
                      const std::string& parent) {
  const CitizenId child = Resident(name, birth_date, "male",
                                   {{"person.citizenship_rf", "true"},
                                    {"person.region_code", "77"},
                                    {"doc.birth_record", "true"},
                                    {"doc.snils_child", "true"},
                                    {"doc.oms_policy_child", "true"},
                                    {"doc.residence_registration_child", "true"}});
  Relate(parent, "parent", name);
  return child;
}

void Town::Report(const std::string& name, const std::map<std::string, std::string>& facts) {
  SubmitFacts(Number(name), facts);
}

void Town::Relate(const std::string& from, const std::string& kind, const std::string& to) {
  const profile::RelationKind relation = *profile::ParseRelationKind(kind);
  const RegistryId source = dictionary_.ReportersOf(relation).at(0);
  profile::RegistryEvent event = NewEvent(source.text(), "registry.facts", Number(from));
  event.relations = {{Number(from), relation, Number(to), {today(), std::nullopt}}};
  Expect(Submit(event));
}

profile::RegistryEvent Town::BirthEvent(const std::string& child, const std::string& mother,
                                        const std::string& father) {
  const CitizenId newborn = NumberFor(child);
  profile::RegistryEvent event = NewEvent("egr_zags", "event.child_born", newborn);
  event.participants["child"] = {newborn};
  event.participants["mother"] = {Number(mother)};
  if (!father.empty()) event.participants["father"] = {Number(father)};
  for (const profile::Attribute& attribute : dictionary_.attributes()) {
    if (attribute.id.text() == "doc.birth_record") {
      event.facts.push_back({newborn, attribute.id, true, {today(), std::nullopt}});
    }
  }
  return event;
}

cases::Outcome Town::Birth(const std::string& child, const std::string& mother,
                           const std::string& father) {
  const profile::RegistryEvent event = BirthEvent(child, mother, father);
  const Result<cases::Outcome> outcome = Submit(event);
  Expect(outcome);
  // The population register and the passport office follow within the day.
  SubmitFacts(event.subject,
              {{"person.birth_date", today().ToString()}, {"person.citizenship_rf", "true"}});
  return outcome ? *outcome : cases::Outcome{};
}

cases::Outcome Town::Happens(const std::string& type, const std::string& subject,
                             const std::map<std::string, std::string>& participants) {
  const graph::EventType* definition = catalogue_.FindEventType(EventTypeId(type));
  if (definition == nullptr) {
    ADD_FAILURE() << "no event " << type;
    return {};
  }
  profile::RegistryEvent event = NewEvent(definition->registry.text(), type, Number(subject));
  for (const auto& [role, name] : participants) event.participants[role] = {Number(name)};
  const Result<cases::Outcome> outcome = Submit(event);
  Expect(outcome);
  return outcome ? *outcome : cases::Outcome{};
}

ConsentId Town::Consents(const std::string& name, const std::string& service,
                         const std::string& situation) {
  profile::ConsentGrant grant;
  grant.citizen = grant.by.who = Number(name);
  grant.scope.service = ServiceId(service);
  grant.scope.situation = SituationId(situation);
  grant.valid = {today(), today().AddMonths(12)};
  grant.evidence = {"2026-01", "ru", "portal"};
  const Result<profile::Consent> consent = desk_->Grant(grant);
  EXPECT_TRUE(consent) << (consent ? "" : consent.error().ToString());
  return consent ? consent->id : ConsentId();
}

Result<cases::Revoked> Town::Revokes(const std::string& name, const ConsentId& consent) {
  return desk_->Revoke({Number(name), consent, Number(name), {"", "ru", "portal"}}, "");
}

std::string Town::CasesOf(const std::string& name) {
  const Result<std::vector<cases::Case>> cases = desk_->Cases(Number(name));
  if (!cases) return cases.error().ToString();
  std::map<std::string, std::string> by_service;
  for (const cases::Case& c : *cases) {
    by_service[c.service.text()] = cases::NameOf(c.status);
  }
  std::string text;
  for (const auto& [service, status] : by_service) {
    text += (text.empty() ? "" : ", ") + service + " " + status;
  }
  return text;
}

std::optional<cases::Case> Town::CaseFor(const std::string& name, const std::string& service) {
  const Result<std::vector<cases::Case>> cases = desk_->Cases(Number(name));
  if (!cases) return std::nullopt;
  for (const cases::Case& c : *cases) {
    if (c.service.text() == service) return c;
  }
  return std::nullopt;
}

std::string Town::StatusOf(const std::string& name, const std::string& service) {
  const std::optional<cases::Case> c = CaseFor(name, service);
  return c ? std::string(cases::NameOf(c->status)) : "none";
}

std::string Town::VerdictOf(const std::string& name, const std::string& service) {
  const auto decision = desk_->Explain(Number(name), ServiceId(service), CitizenId());
  return decision ? std::string(eligibility::NameOf(decision->verdict))
                  : decision.error().ToString();
}

}  // namespace kstati::scenarios
