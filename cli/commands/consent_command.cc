// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

const std::vector<Column> kColumns{{"id", "CONSENT"},         {"active", "ACTIVE"},
                                   {"valid_from", "FROM"},    {"valid_to", "TO"},
                                   {"revoked_at", "REVOKED"}, {"description", "ALLOWS"}};

class ConsentList final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent list"; }
  std::string_view summary() const override { return "Lists the consents of a citizen."; }
  std::string_view examples() const override {
    return "kstati consent list 17 --data var/store\n"
           "kstati consent list 17 --server 127.0.0.1:9090 --language en";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Consent> consents;
    kstati.consents(consents, context, citizen());
    output().Print(terminal, AllToJson(consents), kColumns);
    return kExitFine;
  }
};

class ConsentGrantCommand final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent grant"; }
  std::string_view summary() const override {
    return "Records a citizen's consent that the state starts applications by itself.";
  }
  std::string_view examples() const override {
    return "kstati consent grant 17 --text-version 2026-01 --data "
           "var/store\n"
           "kstati consent grant 17 --service snils_newborn --until 2026-12-31 --text-version "
           "2026-01 --server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Text("--service", "ID", service_, "only this service; without it every service",
                 Names::kService);
    options.Text("--situation", "ID", situation_, "only this situation; without it every one",
                 Names::kSituation);
    options.Text("--from", "DATE", from_, "first day; without it today");
    options.Text("--until", "DATE", until_, "last day; without it no end");
    options.RequiredText("--text-version", "VERSION", text_version_,
                         "version of the text the person saw");
    options.Text("--channel", "NAME", channel_, "where the person gave it");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::ConsentGrant grant;
    grant.citizen = citizen();
    grant.scope.purpose = "proactive-start";
    grant.scope.service_id = service_;
    grant.scope.situation = situation_;
    if (!from_.empty()) grant.__set_valid_from(from_);
    if (!until_.empty()) grant.__set_valid_to(until_);
    grant.text_version = text_version_;
    grant.channel = channel_;
    rpc::Consent consent;
    kstati.grantConsent(consent, context, grant);
    output().Print(terminal, {ToJson(consent)}, kColumns);
    return kExitFine;
  }

  std::string service_;
  std::string situation_;
  std::string from_;
  std::string until_;
  std::string text_version_;
  std::string channel_ = "command-line";
};

class ConsentRevoke final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent revoke"; }
  std::string_view summary() const override {
    return "Revokes a consent; open proactive cases that rest on it stop at once.";
  }
  std::string_view examples() const override {
    return "kstati consent revoke 17 K-000000000017-0001 --data var/store\n"
           "kstati consent revoke 17 K-000000000017-0001 --reason \"changed my mind\" --server "
           "127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CONSENT", consent_, "id of the consent");
    options.Text("--reason", "TEXT", reason_, "why, in the person's words");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Revocation revocation;
    kstati.revokeConsent(revocation, context, citizen(), consent_, reason_);
    Json record = ToJson(revocation.consent);
    record["stopped_cases"] = revocation.stopped_cases;
    output().Print(terminal, {record},
                   {{"id", "CONSENT"}, {"revoked_at", "REVOKED"}, {"stopped_cases", "STOPPED"}});
    return kExitFine;
  }

  std::string consent_;
  std::string reason_;
};

}  // namespace

void AddConsent(CommandList& commands) {
  commands.push_back(std::make_unique<ConsentList>());
  commands.push_back(std::make_unique<ConsentGrantCommand>());
  commands.push_back(std::make_unique<ConsentRevoke>());
}

}  // namespace kstati::cli
