// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "base/log.h"
#include "cases/what_if.h"
#include "cli/command_line.h"
#include "cli/commands/graph_commands.h"
#include "cli/connection.h"
#include "cli/everybody.h"
#include "cli/output.h"
#include "cli/source_opening.h"

namespace kstati::cli {
namespace {

using cases::Gain;
using cases::RegisterGain;
using cases::WhatIf;

constexpr int64_t kTermMax = 1'000;

// Nothing is told of groups so small that somebody might be known in them.
bool IsShown(uint64_t people) { return people >= kLeastGroup; }

Json ToJson(const std::string& group, const Gain& gain) {
  return {{"group", group},
          {"people", gain.people},
          {"visits", gain.visits},
          {"days", gain.days},
          {"fees", gain.fees / 100}};
}

Json ToJson(const RegistryId& registry, const RegisterGain& gain) {
  Json record{{"register", registry.text()}};
  if (!IsShown(gain.people)) {
    record["people"] = "fewer than " + std::to_string(kLeastGroup);
    return record;
  }
  const bool shown = IsShown(gain.unlocked);
  record["people"] = gain.people;
  record["questions"] = gain.questions;
  record["documents"] = gain.documents;
  record["unlocked"] = shown ? Json(gain.unlocked) : Json();
  record["decided"] = shown ? Json(gain.decided) : Json();
  return record;
}

class WhatIfCommand final : public Command {
 public:
  std::string_view path() const override { return "graph what-if"; }
  std::string_view summary() const override {
    return "Shows what the people of a store would gain if a service went online, its term were "
           "cut, or a register were connected; sums only.";
  }
  std::string_view examples() const override {
    return "kstati graph what-if --service residence_registration --online --data var/store\n"
           "kstati graph what-if --service old_age_pension --term 3 --situation retirement\n"
           "kstati graph what-if --registers";
  }

  void Declare(Options& options) override {
    options.Text("--service", "SERVICE", change_service_, "the service that would be otherwise",
                 Names::kService);
    options.Flag("--online", online_, "it would ask for no visits");
    options.Number("--term", "DAYS", term_, 0, kTermMax,
                   "it would take so many working days; 0: as many as now");
    options.Text("--connect-register", "REGISTER", register_,
                 "this register would answer for everybody");
    options.Flag("--registers", registers_,
                 "each register in turn for what no source answers yet, the most useful first");
    options.Text("--situation", "SITUATION", situation_,
                 "everybody would be in this life situation; without it those open now count",
                 Names::kSituation);
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    const bool changes = !change_service_.empty() && (online_ || term_ > 0);
    const bool asks_registers = registers_ || !register_.empty();
    if (changes == asks_registers) {
      return Fail(ErrorCode::kInvalidArgument, "what would be otherwise is not clear", "--service",
                  "name a service with --online or --term, or --connect-register, or --registers");
    }
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY_VOID(CheckNames(*system));
    if (asks_registers) {
      WhatIf what_if(system->world(), system->desk(), nullptr, nullptr, SituationId(situation_));
      KSTATI_TRY(const auto sources, OpenSources(config, system->catalogue().dictionary));
      for (const auto& source : sources) what_if.AnswersAlready(source->terms().attributes);
      KSTATI_TRY_VOID(LookAtAll(*system, what_if));
      PrintRegisters(what_if, terminal);
    } else {
      KSTATI_TRY_VOID(LookAtChange(*system, terminal));
    }
    return kExitFine;
  }

 private:
  Result<void> CheckNames(const System& system) const {
    const LoadedCatalogue& loaded = system.catalogue();
    if (!register_.empty() && loaded.dictionary.FindRegistry(RegistryId(register_)) == nullptr) {
      return Fail(ErrorCode::kNotFound, "there is no such register", register_,
                  "the catalogue's registries.yaml has their ids");
    }
    if (!situation_.empty() && loaded.catalogue.FindSituation(SituationId(situation_)) == nullptr) {
      return Fail(ErrorCode::kNotFound, "there is no such life situation", situation_,
                  "the catalogue's folder situations has their ids");
    }
    return {};
  }

  Result<void> LookAtChange(const System& system, const Terminal& terminal) const {
    cases::ServiceChange change{ServiceId(change_service_), online_, {}};
    if (term_ > 0) change.working_days = static_cast<int>(term_);
    KSTATI_TRY(const graph::Catalogue catalogue,
               cases::With(change, system.catalogue().catalogue, system.world().Today()));
    std::vector<Issue> issues;
    const eligibility::Program program(catalogue, system.catalogue().dictionary, issues);
    cases::World then = system.world();
    then.program = &program;
    then.graph_of_day = std::make_shared<cases::GraphOfDay>();
    const cases::Desk desk(then, system.ranker());
    WhatIf what_if(system.world(), system.desk(), &then, &desk, SituationId(situation_));
    KSTATI_TRY_VOID(LookAtAll(system, what_if));
    std::vector<Json> records;
    for (const auto& [group, gain] : TellableGroups(what_if.gains())) {
      records.push_back(ToJson(group, gain));
    }
    const Gain all = what_if.all();
    if (IsShown(all.people)) {
      records.push_back(ToJson("all", all));
      records.back()["opened"] = IsShown(all.opened) ? Json(all.opened) : Json();
    } else {
      records.push_back(
          {{"group", "all"}, {"people", "fewer than " + std::to_string(kLeastGroup)}});
    }
    output_.Print(terminal, records,
                  {{"group", "AGE"},
                   {"people", "PEOPLE"},
                   {"visits", "VISITS LESS"},
                   {"days", "DAYS SOONER"},
                   {"fees", "ROUBLES LESS"},
                   {"opened", "REACH MORE"}});
    return {};
  }

  static Result<void> LookAtAll(const System& system, WhatIf& what_if) {
    return LookAtEverybody(system, "what if",
                           [&what_if](CitizenId citizen) { return what_if.Look(citizen); });
  }

  void PrintRegisters(const WhatIf& what_if, const Terminal& terminal) const {
    std::vector<std::pair<RegistryId, RegisterGain>> rows;
    for (const auto& [registry, gain] : what_if.registers()) {
      if (register_.empty() || registry.text() == register_) rows.emplace_back(registry, gain);
    }
    std::ranges::stable_sort(rows, std::greater(), [](const auto& row) {
      return std::pair(row.second.unlocked, row.second.questions + row.second.documents);
    });
    std::vector<Json> records;
    for (const auto& [registry, gain] : rows) records.push_back(ToJson(registry, gain));
    output_.Print(terminal, records,
                  {{"register", "REGISTER"},
                   {"people", "PEOPLE"},
                   {"questions", "QUESTIONS SAVED"},
                   {"documents", "DOCUMENTS SAVED"},
                   {"unlocked", "PEOPLE UNLOCKED"},
                   {"decided", "SERVICES DECIDED"}});
  }

  std::string change_service_;
  std::string register_;
  std::string situation_;
  bool online_ = false;
  bool registers_ = false;
  int64_t term_ = 0;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddWhatIf(CommandList& commands) { commands.push_back(std::make_unique<WhatIfCommand>()); }

}  // namespace kstati::cli
