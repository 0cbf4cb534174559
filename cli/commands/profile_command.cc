// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string InWords(const rpc::ProfileRelation& relation) {
  return relation.inbound ? relation.citizen + " is " + relation.kind
                          : relation.kind + " of " + relation.citizen;
}

std::string InWords(const rpc::Correction& correction) {
  return (correction.annuls ? "annulled " : "corrected ") + correction.event;
}

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
                  ", from " + fact.valid_from + "; " + fact.evidence_text + ")\n";
    }
    for (const rpc::ProfileRelation& relation : profile.relations) {
      readable += InWords(relation) + "  (" + relation.source + ", from " + relation.valid_from +
                  "; " + relation.evidence_text + ")\n";
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
    return "Lists what was ever recorded about a citizen, also what was declared wrong, and by "
           "which "
           "event.";
  }
  std::string_view examples() const override {
    return "kstati profile history 17 --data var/store\n"
           "kstati profile history 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::History history;
    kstati.history(history, context, citizen());
    output().Print(terminal, RecordsOf(history),
                   {{"known_at", "KNOWN"},
                    {"what", "WHAT"},
                    {"value", "VALUE"},
                    {"valid_from", "FROM"},
                    {"valid_to", "TO"},
                    {"event", "EVENT"},
                    {"superseded_at", "SUPERSEDED"},
                    {"superseded_by", "BY"},
                    {"evidence_text", "EVIDENCE"}});
    return kExitFine;
  }

  // Facts, relations and corrections, each with `record` and `what` in words.
  static std::vector<Json> RecordsOf(const rpc::History& history) {
    std::vector<Json> records;
    const auto add = [&records](const char* kind, const std::string& what, Json object) {
      Json& record = records.emplace_back(Json{{"record", kind}, {"what", what}});
      record.update(object);
    };
    for (const rpc::RecordedFact& each : history.facts) {
      add("fact", each.fact.attribute, ToJson(each));
    }
    for (const rpc::RecordedRelation& each : history.relations) {
      add("relation", InWords(each.relation), ToJson(each));
    }
    for (const rpc::Correction& each : history.corrections) {
      Json object = ToJson(each);
      object["corrected"] = each.event;
      object["event"] = each.by;
      object["known_at"] = each.at;
      object.erase("at");
      object.erase("by");
      add("correction", InWords(each), std::move(object));
    }
    return records;
  }
};

class ProfileHousehold final : public CitizenCommand {
 public:
  ProfileHousehold() : CitizenCommand({.valid_at = true, .known_at = true, .values = true}) {}

  std::string_view path() const override { return "profile household"; }
  std::string_view summary() const override {
    return "Shows who is what to a citizen on one day, as known at one moment.";
  }
  std::string_view examples() const override {
    return "kstati profile household 17 --data var/store\n"
           "kstati profile household 17 --at 2026-03-15 --as-of 2026-03-20T12:00:00Z --format json";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Household household;
    kstati.household(household, context, citizen());
    std::string readable;
    for (const rpc::HouseholdMember& member : household.members) {
      const rpc::ProfileRelation& relation = member.relation;
      readable += member.citizen + ": " + member.role_name + "  (" + relation.source + ", from " +
                  relation.valid_from + "; " + relation.evidence_text + ")\n";
    }
    if (readable.empty()) readable = "nobody\n";
    output().Print(terminal, ToJson(household), readable);
    return kExitFine;
  }
};

class ProfileErase final : public CitizenCommand {
 public:
  std::string_view path() const override { return "profile erase"; }
  std::string_view summary() const override {
    return "Erases a person for good: destroys the key of all that is kept about them.";
  }
  std::string_view examples() const override {
    return "kstati profile erase 17 --preview\n"
           "kstati profile erase 17 --confirm 17 --reason \"request 4711\" --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Flag("--preview", preview_,
                 "only shows what would go, as without --confirm; changes nothing");
    options.Text("--confirm", "NUMBER", confirmation_, "the citizen's number once more");
    options.Text("--reason", "TEXT", reason_, "who asked for it");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& own,
                     const Terminal& terminal) override {
    rpc::CallContext context = own;
    if (!reason_.empty()) context.__set_reason(reason_);
    rpc::Erasure erasure;
    const bool confirmed = !preview_ && !confirmation_.empty();
    if (confirmed) {
      kstati.eraseCitizen(erasure, context, citizen(), confirmation_);
    } else {
      kstati.previewErasure(erasure, context, citizen());
    }
    std::string sentences;
    for (const std::string& each : erasure.consequences) sentences += each + "\n";
    output().Print(terminal, ToJson(erasure), sentences);
    if (confirmed || preview_) return kExitFine;
    return Fail(ErrorCode::kInvalidArgument, "what is erased cannot come back", "--confirm",
                "this would go: repeat the citizen's number with --confirm, and say why with "
                "--reason");
  }

  bool preview_ = false;
  std::string confirmation_;
  std::string reason_;
};

}  // namespace

void AddProfile(CommandList& commands) {
  commands.push_back(std::make_unique<ProfileShow>());
  commands.push_back(std::make_unique<ProfileHistory>());
  commands.push_back(std::make_unique<ProfileHousehold>());
  commands.push_back(std::make_unique<ProfileErase>());
}

}  // namespace kstati::cli
