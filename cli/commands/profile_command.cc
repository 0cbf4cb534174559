// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class ProfileShow final : public CitizenCommand {
 public:
  ProfileShow() : CitizenCommand({.valid_at = true, .known_at = true, .values = true}) {}

  std::string_view path() const override { return "profile show"; }
  std::string_view summary() const override {
    return "Shows what was true of a citizen on one day, as known at one moment.";
  }
  std::string_view examples() const override {
    return "kstati profile show 17 --reveal \"request 4711\" --data var/store\n"
           "kstati profile show 17 --at 2026-03-15 --as-of 2026-03-20T12:00:00Z --server "
           "127.0.0.1:9090";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Profile profile;
    kstati.profile(profile, context, citizen(), {}, {});
    std::string readable;
    for (const rpc::ProfileFact& fact : profile.facts) {
      readable += fact.attribute + ": " + fact.value + "  (" + fact.name + "; " + fact.source +
                  ", from " + fact.valid_from + ")\n";
    }
    for (const rpc::ProfileRelation& relation : profile.relations) {
      readable += relation.inbound ? relation.citizen + " is " + relation.kind + "\n"
                                   : relation.kind + " of " + relation.citizen + "\n";
    }
    output().Print(terminal, ToJson(profile), readable);
    return kExitFine;
  }
};

class ProfileHistory final : public CitizenCommand {
 public:
  ProfileHistory() : CitizenCommand({.values = true}) {}

  std::string_view path() const override { return "profile history"; }
  std::string_view summary() const override {
    return "Lists every fact ever recorded about a citizen, also those declared wrong since.";
  }
  std::string_view examples() const override {
    return "kstati profile history 17 --data var/store\n"
           "kstati profile history 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::RecordedFact> history;
    kstati.history(history, context, citizen());
    output().Print(terminal, AllToJson(history),
                   {{"known_at", "KNOWN"},
                    {"attribute", "ATTRIBUTE"},
                    {"value", "VALUE"},
                    {"valid_from", "FROM"},
                    {"valid_to", "TO"},
                    {"event", "EVENT"},
                    {"superseded_at", "SUPERSEDED"}});
    return kExitFine;
  }
};

}  // namespace

void AddProfile(CommandList& commands) {
  commands.push_back(std::make_unique<ProfileShow>());
  commands.push_back(std::make_unique<ProfileHistory>());
}

}  // namespace kstati::cli
