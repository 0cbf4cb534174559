// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <functional>

#include "base/log.h"
#include "base/small_groups.h"
#include "cases/reach.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/everybody.h"
#include "cli/output.h"

namespace kstati::cli {
namespace {

using cases::GroupReach;

constexpr size_t kFactsNamed = 3;

// The facts that most people of the group lack.
std::string LackedMost(const GroupReach& reach) {
  std::vector<std::pair<uint64_t, std::string>> lacked;
  for (const auto& [attribute, people] : reach.missing) {
    if (people >= kLeastGroup) lacked.emplace_back(people, attribute.text());
  }
  std::ranges::sort(lacked, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::string names;
  for (size_t i = 0; i < std::min(lacked.size(), kFactsNamed); ++i) {
    names += (i == 0 ? "" : " ") + lacked[i].second;
  }
  return names;
}

std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return {};
  char text[16];
  std::snprintf(text, sizeof text, "%.1f",
                100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

Json RecordOf(const std::string& by, const std::string& group, const GroupReach& reach) {
  const bool shown = reach.blind == 0 || reach.blind >= kLeastGroup;
  return {{"by", by},
          {"group", group},
          {"people", reach.people},
          {"unseen_percent", Percent(reach.unseen, reach.decisions)},
          {"blind_percent", shown ? Json(Percent(reach.blind, reach.people)) : Json()},
          {"lacked", LackedMost(reach)}};
}

class ModelReachCommand final : public Command {
 public:
  std::string_view path() const override { return "model reach"; }
  std::string_view summary() const override {
    return "Shows which groups of people the rules that act unasked cannot see for lack of data; "
           "sums only, nothing of groups under 10 people.";
  }
  std::string_view examples() const override {
    return "kstati model reach --data var/store\n"
           "kstati model reach --data var/store --format json";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    cases::ReachAudit audit(system->world());
    KSTATI_TRY_VOID(LookAtEverybody(*system, "people",
                                    [&audit](CitizenId citizen) { return audit.Look(citizen); }));
    std::vector<Json> records;
    for (const auto& [by, groups] : audit.groups()) {
      for (const auto& [group, reach] : TellableGroups(groups)) {
        records.push_back(RecordOf(by, group, reach));
      }
    }
    if (audit.all().people >= kLeastGroup) {
      records.push_back(RecordOf("all", "", audit.all()));
    }
    output_.Print(terminal, records,
                  {{"by", "BY"},
                   {"group", "GROUP"},
                   {"people", "PEOPLE"},
                   {"unseen_percent", "LEFT OPEN %"},
                   {"blind_percent", "NOTHING SEEN %"},
                   {"lacked", "FACTS LACKED MOST"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
};

}  // namespace

void AddModelReach(CommandList& commands) {
  commands.push_back(std::make_unique<ModelReachCommand>());
}

}  // namespace kstati::cli
