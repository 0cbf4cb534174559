// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

const std::vector<Column> kColumns{
    {"id", "CASE"},     {"status", "STATUS"},      {"mode", "MODE"},        {"due", "DUE"},
    {"about", "ABOUT"}, {"service_id", "SERVICE"}, {"service_name", "NAME"}};

std::string Readable(const rpc::Case& c) {
  std::string text = c.id + "  " + c.service_name + " [" + c.service_id + "]\n" +
                     "status: " + c.status_name + "\ndue: " + (c.__isset.due ? c.due : c.due_note) +
                     "\nauthority: " + c.authority + "\n";
  for (const rpc::StatusChange& change : c.history) {
    text += "  " + change.at + "  " + change.name + ". " + change.reason + "\n";
  }
  for (const rpc::Ruling& ruling : c.rulings) {
    text += "  " + ruling.at + "  " + ruling.decided + ". " + ruling.by + "\n";
    for (const rpc::Named& ground : ruling.grounds) text += "    " + ground.name + "\n";
    if (ruling.__isset.override_reason) text += "    " + ruling.override_reason.name + "\n";
  }
  for (const rpc::Named& awaited : c.awaited) text += "awaited: " + awaited.name + "\n";
  if (c.__isset.wait_until) text += "wait until: " + c.wait_until + "\n";
  for (const std::string& id : c.compensation) text += "taken back first: " + id + "\n";
  for (const rpc::RefusedStep& step : c.refused_steps) {
    text +=
        "  " + step.at + "  refused: " + step.action + " of a case that is " + step.status + "\n";
  }
  for (const rpc::Sentence& reason : c.reasons) text += "  " + reason.text + "\n";
  return text + cli::Readable(c.sources);
}

class CaseList final : public CitizenCommand {
 public:
  CaseList() : CitizenCommand({.known_at = true, .values = true}) {}

  std::string_view path() const override { return "case list"; }
  std::string_view summary() const override { return "Lists the cases of a citizen."; }
  std::string_view examples() const override {
    return "kstati case list 17 --data var/store\n"
           "kstati case list 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Case> cases;
    kstati.cases(cases, context, citizen());
    output().Print(terminal, AllToJson(cases), kColumns);
    return kExitFine;
  }
};

class CaseShow final : public CitizenCommand {
 public:
  CaseShow() : CitizenCommand({.known_at = true, .values = true}) {}

  std::string_view path() const override { return "case show"; }
  std::string_view summary() const override {
    return "Shows one case: its history, its term and why it exists.";
  }
  std::string_view examples() const override {
    return "kstati case show 17 C-000000000017-0001 --data var/store\n"
           "kstati case show 17 C-000000000017-0001 --server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override { options.Argument("CASE", id_, "id of the case"); }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Case> cases;
    kstati.cases(cases, context, citizen());
    const auto found = std::find_if(cases.begin(), cases.end(),
                                    [this](const rpc::Case& c) { return c.id == id_; });
    if (found == cases.end()) {
      return Fail(ErrorCode::kNotFound, "the citizen has no such case", id_,
                  "`kstati case list` shows the citizen's cases");
    }
    output().Print(terminal, ToJson(*found), Readable(*found));
    return kExitFine;
  }

  std::string id_;
};

class CaseApply final : public CitizenCommand {
 public:
  CaseApply() : CitizenCommand({.sources = true}) {}

  std::string_view path() const override { return "case apply"; }
  std::string_view summary() const override {
    return "Confirms a prepared offer, or applies for a service.";
  }
  std::string_view examples() const override {
    return "kstati case apply 17 birth_lump_sum --about 18 --data var/store\n"
           "kstati case apply 17 birth_lump_sum --server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SERVICE", service_, "id of the service", Names::kService);
    options.Text("--about", "NUMBER", about_, "the child or the deceased");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Case c;
    kstati.apply(c, context, citizen(), service_, about_);
    output().Print(terminal, ToJson(c), Readable(c));
    return kExitFine;
  }

  std::string service_;
  std::string about_;
};

class CaseDecline final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case decline"; }
  std::string_view summary() const override {
    return "Turns an offer down; it is remembered and not made again.";
  }
  std::string_view examples() const override {
    return "kstati case decline 17 C-000000000017-0002 --data var/store\n"
           "kstati case decline 17 C-000000000017-0002 --server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override { options.Argument("CASE", id_, "id of the case"); }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Case c;
    kstati.decline(c, context, citizen(), id_);
    output().Print(terminal, ToJson(c), Readable(c));
    return kExitFine;
  }

  std::string id_;
};

}  // namespace

void AddCase(CommandList& commands) {
  commands.push_back(std::make_unique<CaseList>());
  commands.push_back(std::make_unique<CaseShow>());
  commands.push_back(std::make_unique<CaseApply>());
  commands.push_back(std::make_unique<CaseDecline>());
}

}  // namespace kstati::cli
