// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>
#include <vector>

#include "base/clock.h"
#include "cases/consenting.h"
#include "cases/register.h"
#include "cases/result_token.h"
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/json_forms.h"
#include "cli/output.h"
#include "cli/system.h"

namespace kstati::cli {
namespace {

Json JsonOf(const cases::ResultVersion& version) {
  Json json{{"change", cases::NameOf(version.change)},
            {"at", version.at.ToString()},
            {"valid_from", version.valid.from.ToString()},
            {"outcome", version.outcome}};
  if (version.valid.to) json["valid_to"] = version.valid.to->ToString();
  if (!version.reason.empty()) json["reason"] = version.reason;
  json["outputs"] = Json::array();
  for (const AttributeId& output : version.outputs) json["outputs"].push_back(output.text());
  return json;
}

Json JsonOf(const cases::ResultRecord& record, Date today) {
  const cases::ResultVersion& latest = record.latest();
  Json json{{"id", record.id},
            {"case_id", record.case_id.text()},
            {"about", record.about.ToString()},
            {"service_id", record.service.text()},
            {"authority", record.authority},
            {"outcome", latest.outcome},
            {"version", record.versions.size()},
            {"stands", record.StandsOn(today)},
            {"valid_from", latest.valid.from.ToString()}};
  if (latest.valid.to) json["valid_to"] = latest.valid.to->ToString();
  json["versions"] = Json::array();
  for (const auto& version : record.versions) json["versions"].push_back(JsonOf(version));
  json["shared_with"] = Json::array();
  for (const cases::Sharing& sharing : record.sharings) {
    if (!sharing.ended_at) json["shared_with"].push_back(sharing.with);
  }
  return json;
}

std::string ReadableResult(const Json& json) {
  std::string text = json["id"].get<std::string>() + "  " + CellText(json["service_id"]) + ", " +
                     CellText(json["outcome"]) + (json["stands"] ? "" : " (does not stand)") + "\n";
  if (json.contains("code")) text += "verification code: " + CellText(json["code"]) + "\n";
  for (const Json& version : json["versions"]) {
    text += "  " + CellText(version["at"]) + "  " + CellText(version["change"]) + ", valid from " +
            CellText(version["valid_from"]);
    if (version.contains("valid_to")) text += " to " + CellText(version["valid_to"]);
    text += "\n";
  }
  return text;
}

// A command about the results of one citizen, in a store on this machine.
class ResultCommand : public Command {
 public:
  void Declare(Options& options) final {
    options.Argument("CITIZEN", citizen_, "number of the citizen");
    DeclareOwn(options);
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) final {
    KSTATI_TRY(const CitizenId citizen, CitizenId::Parse(citizen_));
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    return Answer(*system, citizen, terminal);
  }

 protected:
  virtual void DeclareOwn(Options& options) {
    options.Argument("RESULT", id_, "id of the result, for example R-000000000017-0001");
  }
  virtual Result<int> Answer(const System& system, CitizenId citizen, const Terminal& terminal) = 0;

  void Print(const System& system, const cases::ResultRecord& record,
             const Terminal& terminal) const {
    const Json json = JsonOf(record, system.world().Today());
    output_.Print(terminal, json, ReadableResult(json));
  }

  const std::string& id() const { return id_; }
  const Output& output() const { return output_; }

 private:
  std::string citizen_;
  std::string id_;
  Connection connection_;
  Output output_;
};

class ResultList final : public CitizenCommand {
 public:
  std::string_view path() const override { return "result list"; }
  std::string_view summary() const override {
    return "Lists what the register of decisions and results has of a citizen.";
  }
  std::string_view examples() const override {
    return "kstati result list 17 --data var/store\n"
           "kstati result list 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::ResultRecord> records;
    kstati.results(records, context, citizen());
    output().Print(terminal, AllToJson(records),
                   {{"id", "RESULT"},
                    {"service_id", "SERVICE"},
                    {"outcome", "OUTCOME"},
                    {"stands", "STANDS"},
                    {"valid_from", "FROM"},
                    {"valid_to", "TO"}});
    return kExitFine;
  }
};

class ResultShow final : public ResultCommand {
 public:
  std::string_view path() const override { return "result show"; }
  std::string_view summary() const override {
    return "Shows a result with all its versions; for somebody else than the citizen it is entered "
           "as an access.";
  }
  std::string_view examples() const override {
    return "kstati result show 17 R-000000000017-0001\n"
           "kstati result show 17 R-000000000017-0001 --as sfr --basis interagency_request";
  }

 private:
  void DeclareOwn(Options& options) override {
    ResultCommand::DeclareOwn(options);
    options.Text("--as", "WHO", reader_.who, "an authority, or whom the citizen shares it with");
    options.Text("--basis", "BASIS", reader_.basis, "the legal basis on which the authority looks");
  }

  Result<int> Answer(const System& system, CitizenId citizen, const Terminal& terminal) override {
    KSTATI_TRY(const cases::ResultRecord record,
               cases::Retry(system.world(), [&](cases::Draft& draft) {
                 if (reader_.who.empty()) return cases::RequireResult(draft, citizen, id());
                 return cases::ReadResult(draft, reader_, citizen, id());
               }));
    Print(system, record, terminal);
    return kExitFine;
  }

  cases::ResultReader reader_;
};

class ResultExtract final : public ResultCommand {
 public:
  std::string_view path() const override { return "result extract"; }
  std::string_view summary() const override {
    return "Writes an extract of the register with a code by which anybody can have it verified.";
  }
  std::string_view examples() const override {
    return "kstati result extract 17 R-000000000017-0001\n"
           "kstati result extract 17 R-000000000017-0001 --format json";
  }

 private:
  Result<int> Answer(const System& system, CitizenId citizen, const Terminal& terminal) override {
    cases::Draft draft(system.world(), system.world().Now());
    KSTATI_TRY(const auto record, cases::RequireResult(draft, citizen, id()));
    Json json = JsonOf(record, draft.today());
    json["code"] = cases::VerificationCode(record, system.ledger_key());
    output().Print(terminal, json, ReadableResult(json));
    return kExitFine;
  }
};

class ResultCheck final : public ResultCommand {
 public:
  std::string_view path() const override { return "result check"; }
  std::string_view summary() const override {
    return "Says whether an extract with this code is of the register, and stands today.";
  }
  std::string_view examples() const override {
    return "kstati result check 17 R-000000000017-0001 7K3F9Q2MXD\n"
           "kstati result check 17 R-000000000017-0001 7K3F9Q2MXD --format json";
  }

 private:
  void DeclareOwn(Options& options) override {
    ResultCommand::DeclareOwn(options);
    options.Argument("CODE", code_, "the verification code of the extract");
  }

  Result<int> Answer(const System& system, CitizenId citizen, const Terminal& terminal) override {
    cases::Draft draft(system.world(), system.world().Now());
    KSTATI_TRY(cases::ResultRecord record, cases::RequireResult(draft, citizen, id()));
    const bool stands = record.StandsOn(draft.today());
    const size_t versions = record.versions.size();
    while (!record.versions.empty() &&
           cases::VerificationCode(record, system.ledger_key()) != code_) {
      record.versions.pop_back();
    }
    if (record.versions.empty()) {
      return Fail(ErrorCode::kNotFound, "no extract of this result has this code", code_,
                  "compare the code letter by letter");
    }
    const bool latest = record.versions.size() == versions;
    const Json json{{"id", record.id},
                    {"version", record.versions.size()},
                    {"latest", latest},
                    {"stands", stands}};
    output().Print(terminal, json,
                   record.id + ": the extract is genuine" +
                       (latest ? "" : ", of an earlier version") +
                       (stands ? "; the result stands\n" : "; the result does not stand\n"));
    return latest && stands ? kExitFine : kExitFoundProblems;
  }

  std::string code_;
};

class ResultShare final : public ResultCommand {
 public:
  std::string_view path() const override { return "result share"; }
  std::string_view summary() const override {
    return "Lets somebody see a result in the citizen's name, or ends that.";
  }
  std::string_view examples() const override {
    return "kstati result share 17 R-000000000017-0001 --with \"Bank\" --to 2026-12-31\n"
           "kstati result share 17 R-000000000017-0001 --with \"Bank\" --end";
  }

 private:
  void DeclareOwn(Options& options) override {
    ResultCommand::DeclareOwn(options);
    options.RequiredText("--with", "WHO", with_, "an authority or an organisation");
    options.Text("--to", "DATE", to_, "the last day; without it no end");
    options.Flag("--end", end_, "takes it back");
  }

  Result<int> Answer(const System& system, CitizenId citizen, const Terminal& terminal) override {
    std::optional<Date> last_day;
    if (!to_.empty()) {
      KSTATI_TRY(last_day, Date::Parse(to_));
    }
    KSTATI_TRY(const cases::ResultRecord record,
               cases::Retry(system.world(), [&](cases::Draft& draft) {
                 if (end_) return cases::EndSharing(draft, citizen, id(), with_);
                 return cases::ShareResult(draft, citizen, id(), with_, last_day);
               }));
    Print(system, record, terminal);
    return kExitFine;
  }

  std::string with_;
  std::string to_;
  bool end_ = false;
};

class ResultToken final : public ResultCommand {
 public:
  std::string_view path() const override { return "result token"; }
  std::string_view summary() const override {
    return "Writes a signed token of a result that anybody can verify without this system.";
  }
  std::string_view examples() const override {
    return "kstati result token 17 R-000000000017-0001 > result.jwt\n"
           "kstati result token 17 R-000000000017-0001 --days 7";
  }

 private:
  void DeclareOwn(Options& options) override {
    ResultCommand::DeclareOwn(options);
    options.Number("--days", "NUMBER", days_, 1, 3'650, "how long it can be shown");
  }

  Result<int> Answer(const System& system, CitizenId citizen, const Terminal& terminal) override {
    cases::Draft draft(system.world(), system.world().Now());
    KSTATI_TRY(const auto record, cases::RequireResult(draft, citizen, id()));
    KSTATI_TRY(
        const std::string token,
        cases::MakeResultToken(record, system.world(), system.ledger_key(), draft.now(), days_));
    terminal.out << token << "\n";
    return kExitFine;
  }

  int64_t days_ = cases::kTokenDays;
};

Result<std::string> FirstLineOf(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (std::getline(file, line)) return line;
  return Fail(ErrorCode::kNotFound, "the file cannot be read", path, "name a file that is there");
}

class ResultVerify final : public Command {
 public:
  std::string_view path() const override { return "result verify"; }
  std::string_view summary() const override {
    return "Verifies a token of a result with the issuer's public key alone.";
  }
  std::string_view examples() const override {
    return "kstati result verify result.jwt --key store.ledger.pub\n"
           "kstati result verify result.jwt --key store.ledger.pub --now 2026-06-01T00:00:00Z";
  }

  void Declare(Options& options) override {
    options.Argument("FILE", token_, "file with the token");
    options.RequiredText("--key", "FILE", key_, "file with the public key of the issuer");
    options.Text("--now", "MOMENT", now_, "verifies as of then; without it now");
  }

  Result<int> Run(const Terminal& terminal) override {
    Instant now = SystemClock().Now();
    if (!now_.empty()) {
      KSTATI_TRY(now, Instant::Parse(now_));
    }
    KSTATI_TRY(const std::string key_text, FirstLineOf(key_));
    KSTATI_TRY(const auto key, profile::ledger::PublicKey::Parse(key_text));
    KSTATI_TRY(const std::string token, FirstLineOf(token_));
    KSTATI_TRY(const cases::VerifiedResult verified, cases::VerifyResultToken(token, key, now));
    terminal.out << verified.claims << "\n";
    terminal.err << "signed by the key, until " << verified.ends_at.ToString() << "\n";
    return kExitFine;
  }

 private:
  std::string token_;
  std::string key_;
  std::string now_;
};

}  // namespace

void AddResult(CommandList& commands) {
  commands.push_back(std::make_unique<ResultList>());
  commands.push_back(std::make_unique<ResultShow>());
  commands.push_back(std::make_unique<ResultExtract>());
  commands.push_back(std::make_unique<ResultCheck>());
  commands.push_back(std::make_unique<ResultShare>());
  commands.push_back(std::make_unique<ResultToken>());
  commands.push_back(std::make_unique<ResultVerify>());
}

}  // namespace kstati::cli
