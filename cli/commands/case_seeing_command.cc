// SPDX-License-Identifier: Apache-2.0
// What people see of their cases.
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class CaseFeed final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case feed"; }
  std::string_view summary() const override {
    return "Tells what happened to a citizen's cases since it was asked before.";
  }
  std::string_view examples() const override {
    return "kstati case feed 17 --data var/store\n"
           "kstati case feed 17 --since 3.1 --limit 10 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Text("--since", "CURSOR", cursor_,
                 "as the command told it before; without it from the beginning");
    options.Number("--limit", "COUNT", limit_, 1, 1'000, "how many changes at most");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::CaseFeed feed;
    kstati.caseFeed(feed, context, citizen(), cursor_, static_cast<int32_t>(limit_));
    output().Print(terminal, AllToJson(feed.news),
                   {{"at", "AT"},
                    {"case_id", "CASE"},
                    {"service_id", "SERVICE"},
                    {"status", "STATUS"},
                    {"text", "TEXT"}});
    terminal.err << (feed.more ? "there is more: " : "go on with ") << "--since " << feed.cursor
                 << "\n";
    return kExitFine;
  }

  std::string cursor_;
  int64_t limit_ = 100;
};

class CaseForm final : public ServiceCommand {
 public:
  CaseForm() : ServiceCommand({.values = true}) {}

  std::string_view path() const override { return "case form"; }
  std::string_view summary() const override {
    return "Shows an application as it would be filled in now: each field with its source and "
           "time.";
  }
  std::string_view examples() const override {
    return "kstati case form 17 zhku_subsidy --data var/store\n"
           "kstati case form 17 zhku_subsidy --reveal \"request 12\" --format json";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::ApplicationForm form;
    kstati.applicationForm(form, context, citizen(), service(), about());
    output().Print(terminal, AllToJson(form.fields),
                   {{"name", "FIELD"},
                    {"citizen", "WHOSE"},
                    {"state", "STATE"},
                    {"value", "VALUE"},
                    {"source", "SOURCE"},
                    {"valid_from", "SINCE"},
                    {"known_at", "RECORDED"}});
    return kExitFine;
  }
};

class CaseStatuses final : public Command {
 public:
  std::string_view path() const override { return "case statuses"; }
  std::string_view summary() const override {
    return "Lists the statuses that applications for a service can have, as people are told them.";
  }
  std::string_view examples() const override {
    return "kstati case statuses zhku_subsidy --data var/store\n"
           "kstati case statuses zhku_subsidy --language ru --format json";
  }

  void Declare(Options& options) override {
    options.Argument("SERVICE", service_, "id of the service", Names::kService);
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<rpc::ServiceStatus> statuses;
    kstati->serviceStatuses(statuses, connection_.context(), service_);
    output_.Print(terminal, AllToJson(statuses),
                  {{"status", "STATUS"}, {"name", "NAME"}, {"over", "OVER"}, {"text", "TEXT"}});
    return kExitFine;
  }

 private:
  std::string service_;
  Connection connection_;
  Output output_;
};

class CaseClockShow final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case clock"; }
  std::string_view summary() const override {
    return "Shows the legal clock of a case: what happened to it, its last day, and what is left.";
  }
  std::string_view examples() const override {
    return "kstati case clock 17 C-000000000017-0001 --data var/store\n"
           "kstati case clock 17 C-000000000017-0001 --server 127.0.0.1:9090 --format json";
  }

 private:
  void DeclareOwn(Options& options) override { options.Argument("CASE", id_, "id of the case"); }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::CaseClock clock;
    kstati.caseClock(clock, context, citizen(), id_);
    output().Print(terminal, ToJson(clock), Readable(clock));
    return kExitFine;
  }

  static std::string Readable(const rpc::CaseClock& clock) {
    std::string text = clock.case_id + "  " + clock.term + ", " + clock.state_name + "\n";
    if (clock.__isset.due) {
      text += "due: " + clock.due + ", breached from " + clock.breached_from + "\n";
    }
    if (!clock.passed.empty()) {
      text += "passed: " + clock.passed + ", remaining: " + clock.remaining + "\n";
    }
    for (const rpc::ClockEntry& entry : clock.entries) {
      text += "  " + entry.at + "  " + entry.name;
      if (entry.__isset.due) text += "  due " + entry.due;
      for (const std::string& words : {entry.ground, entry.ends_by}) {
        if (!words.empty()) text += "  " + words;
      }
      text += "  [" + entry.calendar_version + "]\n";
    }
    return text;
  }

  std::string id_;
};

}  // namespace

void AddCaseSeeing(CommandList& commands) {
  commands.push_back(std::make_unique<CaseFeed>());
  commands.push_back(std::make_unique<CaseForm>());
  commands.push_back(std::make_unique<CaseStatuses>());
  commands.push_back(std::make_unique<CaseClockShow>());
}

}  // namespace kstati::cli
