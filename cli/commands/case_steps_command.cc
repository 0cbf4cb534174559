// SPDX-License-Identifier: Apache-2.0
// How a case goes on: what people do about it, and what officials do.
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class CaseWithdraw final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case withdraw"; }
  std::string_view summary() const override {
    return "Takes an application back before it is decided.";
  }
  std::string_view examples() const override {
    return "kstati case withdraw 17 C-000000000017-0002 --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override { options.Argument("CASE", id_, "id of the case"); }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Case c;
    kstati.withdraw(c, context, citizen(), id_);
    output().Print(terminal, ToJson(c), c.id + "  " + c.status_name + "\n");
    return kExitFine;
  }

  std::string id_;
};

// "ATTRIBUTE=VALUE" in two.
Result<std::pair<std::string, std::string>> Split(const std::string& text, const char* option) {
  const size_t place = text.find('=');
  if (place != std::string::npos && place > 0) {
    return std::pair(text.substr(0, place), text.substr(place + 1));
  }
  return Fail(ErrorCode::kInvalidArgument, "\"" + text + "\" has no name and value", option,
              "write NAME=VALUE");
}

class CaseTell final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case tell"; }
  std::string_view summary() const override { return "Answers what a case asks of the person."; }
  std::string_view examples() const override {
    return "kstati case tell 17 C-000000000017-0002 --answer person.income=0 --data var/store\n"
           "kstati case tell 17 C-000000000017-0002 --answer 23:person.income=0";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CASE", id_, "id of the case");
    options.Texts("--answer", "ATTRIBUTE=VALUE", answers_,
                  "what is told; NUMBER:ATTRIBUTE=VALUE of somebody else; several times");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Answer> answers;
    for (const std::string& text : answers_) {
      KSTATI_TRY(const auto pair, Split(text, "--answer"));
      rpc::Answer answer;
      const size_t colon = pair.first.find(':');
      answer.attribute = pair.first.substr(colon == std::string::npos ? 0 : colon + 1);
      if (colon != std::string::npos) answer.__set_citizen(pair.first.substr(0, colon));
      answer.__set_value(pair.second);
      answers.push_back(std::move(answer));
    }
    rpc::Case c;
    kstati.tellCase(c, context, citizen(), id_, answers);
    output().Print(terminal, ToJson(c), c.id + "  " + c.status_name + "\n");
    return kExitFine;
  }

  std::string id_;
  std::vector<std::string> answers_;
};

class CaseTriggers final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case triggers"; }
  std::string_view summary() const override {
    return "Lists what the state decided to start by itself and what not, each with its reason.";
  }
  std::string_view examples() const override {
    return "kstati case triggers 17 --data var/store\n"
           "kstati case triggers 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::TriggerDecision> decisions;
    kstati.triggers(decisions, context, citizen());
    output().Print(terminal, AllToJson(decisions),
                   {{"at", "AT"},
                    {"situation", "SITUATION"},
                    {"about", "ABOUT"},
                    {"service_id", "SERVICE"},
                    {"reason", "REASON"},
                    {"text", "TEXT"}});
    return kExitFine;
  }
};

class CaseQueue final : public Command {
 public:
  std::string_view path() const override { return "case queue"; }
  std::string_view summary() const override {
    return "Lists the cases whose next step is an official's.";
  }
  std::string_view examples() const override {
    return "kstati case queue --data var/store\n"
           "kstati case queue --authority sfr --server 127.0.0.1:9090 --token-file official.token";
  }

  void Declare(Options& options) override {
    options.Text("--authority", "ID", authority_,
                 "whose services; without it all that the token allows");
    options.Number("--limit", "COUNT", limit_, 1, 1'000, "how many at most");
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<rpc::Case> cases;
    kstati->officialQueue(cases, connection_.context(), authority_, static_cast<int32_t>(limit_));
    output_.Print(terminal, AllToJson(cases),
                  {{"id", "CASE"},
                   {"citizen", "CITIZEN"},
                   {"status", "STATUS"},
                   {"due", "DUE"},
                   {"service_id", "SERVICE"},
                   {"verdict", "RULES SAY"},
                   {"authority", "AUTHORITY"}});
    return kExitFine;
  }

 private:
  std::string authority_;
  int64_t limit_ = 100;
  Connection connection_;
  Output output_;
};

class CaseAct final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case act"; }
  std::string_view summary() const override {
    return "Takes an official's step in a case: grants, refuses, asks, suspends, assesses.";
  }
  std::string_view examples() const override {
    return "kstati case act 17 C-000000000017-0002 grant --data var/store\n"
           "kstati case act 17 C-000000000017-0002 refuse --ground rg_false_data\n"
           "kstati case act 17 C-000000000017-0002 report_findings --finding place_free=true";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CASE", act_.case_id, "id of the case");
    options.Argument("STEP", act_.step,
                     "grant, refuse, annul, ask, suspend, report_findings or give_place");
    options.Texts("--ground", "GROUND", act_.grounds, "ground of a refusal; several times");
    options.Text("--override", "REASON", override_,
                 "why otherwise than the rules: record_is_wrong, document_seen, court_decided or "
                 "rule_is_wrong");
    options.Texts("--attribute", "ATTRIBUTE", act_.attributes,
                  "what is asked for, or awaited by a suspension; several times");
    options.Text("--until", "DATE", until_, "the last day of a suspension");
    options.Texts("--finding", "CONDITION=BOOLEAN", findings_,
                  "whether a condition holds; several times");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::OfficialAct act = act_;
    act.citizen = citizen();
    if (!override_.empty()) act.__set_override_reason(override_);
    if (!until_.empty()) act.__set_last_day(until_);
    for (const std::string& text : findings_) {
      KSTATI_TRY(const auto pair, Split(text, "--finding"));
      if (pair.second != "true" && pair.second != "false") {
        return Fail(ErrorCode::kInvalidArgument,
                    "\"" + pair.second + "\" is neither true nor false", "--finding",
                    "write " + pair.first + "=true or " + pair.first + "=false");
      }
      act.findings[pair.first] = pair.second == "true";
    }
    rpc::Case c;
    kstati.actOfficially(c, context, act);
    output().Print(terminal, ToJson(c), c.id + "  " + c.status_name + "\n");
    return kExitFine;
  }

  rpc::OfficialAct act_;
  std::string override_;
  std::string until_;
  std::vector<std::string> findings_;
};

class CaseOverrides final : public Command {
 public:
  std::string_view path() const override { return "case overrides"; }
  std::string_view summary() const override {
    return "Counts how often officials decided otherwise than the rules, by service and reason.";
  }
  std::string_view examples() const override { return "kstati case overrides --data var/store"; }

  void Declare(Options& options) override {
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<rpc::OverrideCount> counts;
    kstati->overrides(counts, connection_.context());
    output_.Print(terminal, AllToJson(counts),
                  {{"service_id", "SERVICE"},
                   {"reason", "REASON"},
                   {"decided", "DECIDED"},
                   {"count", "COUNT"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
};

}  // namespace

void AddCaseSteps(CommandList& commands) {
  commands.push_back(std::make_unique<CaseWithdraw>());
  commands.push_back(std::make_unique<CaseTell>());
  commands.push_back(std::make_unique<CaseTriggers>());
  commands.push_back(std::make_unique<CaseQueue>());
  commands.push_back(std::make_unique<CaseAct>());
  commands.push_back(std::make_unique<CaseOverrides>());
}

}  // namespace kstati::cli
