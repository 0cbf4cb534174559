// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/commands/scope_options.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

const std::vector<Column> kColumns{
    {"id", "CONSENT"},  {"active", "ACTIVE"},      {"state", "STATE"},       {"valid_from", "FROM"},
    {"valid_to", "TO"}, {"revoked_at", "REVOKED"}, {"description", "ALLOWS"}};

Result<rpc::Consent> FindConsent(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                                 const std::string& citizen, const std::string& id) {
  std::vector<rpc::Consent> consents;
  kstati.consents(consents, context, citizen);
  const auto found = std::ranges::find(consents, id, &rpc::Consent::id);
  if (found != consents.end()) return *found;
  return Fail(ErrorCode::kNotFound, "there is no consent " + id, "CONSENT",
              "`kstati consent list` lists the citizen's consents");
}

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

// What the person saw, and who speaks.
class EvidenceOptions {
 public:
  void Declare(Options& options) {
    options.RequiredText("--text-version", "VERSION", text_version_,
                         "version of the text the person saw");
    options.Text("--channel", "NAME", channel_, "where the person gave it");
    options.Text("--by", "NUMBER", by_,
                 "who speaks for the citizen: a parent, guardian or proxy; without it the citizen");
  }
  const std::string& text_version() const { return text_version_; }
  const std::string& channel() const { return channel_; }
  const std::string& by() const { return by_; }

 private:
  std::string text_version_;
  std::string channel_ = "command-line";
  std::string by_;
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
           "2026-01 --server 127.0.0.1:9090\n"
           "kstati consent grant 900 --by 17 --category identity --category family --recipient sfr "
           "--text-version 2026-01";
  }

 private:
  void DeclareOwn(Options& options) override {
    scope_.Declare(options);
    options.Text("--from", "DATE", from_, "first day; without it today");
    options.Text("--until", "DATE", until_, "last day; without it no end");
    evidence_.Declare(options);
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::ConsentGrant grant;
    grant.citizen = citizen();
    grant.scope = scope_.Alone();
    if (!from_.empty()) grant.__set_valid_from(from_);
    if (!until_.empty()) grant.__set_valid_to(until_);
    grant.text_version = evidence_.text_version();
    grant.channel = evidence_.channel();
    if (!evidence_.by().empty()) grant.__set_granted_by(evidence_.by());
    rpc::Consent consent;
    kstati.grantConsent(consent, context, grant);
    output().Print(terminal, {ToJson(consent)}, kColumns);
    return kExitFine;
  }

  ScopeOptions scope_;
  EvidenceOptions evidence_;
  std::string from_;
  std::string until_;
};

// A command that adds a version to a consent.
class AmendmentCommand : public CitizenCommand {
 protected:
  void DeclareOwn(Options& options) override {
    options.Argument("CONSENT", consent_, "id of the consent");
    DeclareChange(options);
    evidence_.Declare(options);
  }
  virtual void DeclareChange(Options& options) = 0;

  rpc::ConsentAmendment Amendment(const std::string& until) const {
    rpc::ConsentAmendment amendment;
    amendment.citizen = citizen();
    amendment.consent = consent_;
    if (!evidence_.by().empty()) amendment.__set_changed_by(evidence_.by());
    if (!until.empty()) amendment.__set_valid_to(until);
    amendment.text_version = evidence_.text_version();
    amendment.channel = evidence_.channel();
    return amendment;
  }

  const std::string& consent() const { return consent_; }

 private:
  std::string consent_;
  EvidenceOptions evidence_;
};

class ConsentNarrow final : public AmendmentCommand {
 public:
  std::string_view path() const override { return "consent narrow"; }
  std::string_view summary() const override {
    return "Takes away from what a consent allows; started cases that it no longer covers stop at "
           "once.";
  }
  std::string_view examples() const override {
    return "kstati consent narrow 17 K-000000000017-0001 --service snils_newborn --text-version "
           "2026-01\n"
           "kstati consent narrow 17 K-000000000017-0001 --mode prepare --text-version 2026-01\n"
           "kstati consent narrow 17 K-000000000017-0001 --until 2026-06-30 --text-version 2026-01";
  }

 private:
  void DeclareChange(Options& options) override {
    scope_.Declare(options);
    options.Text("--until", "DATE", until_, "last day; without it as it is");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::ConsentAmendment amendment = Amendment(until_);
    if (scope_.given()) {
      KSTATI_TRY(const rpc::Consent now, FindConsent(kstati, context, citizen(), consent()));
      amendment.__set_scope(scope_.Over(now.scope));
    }
    rpc::Consent narrowed;
    kstati.narrowConsent(narrowed, context, amendment);
    output().Print(terminal, {ToJson(narrowed)}, kColumns);
    return kExitFine;
  }

  ScopeOptions scope_;
  std::string until_;
};

class ConsentRenew final : public AmendmentCommand {
 public:
  std::string_view path() const override { return "consent renew"; }
  std::string_view summary() const override { return "Adds time to a consent, and nothing else."; }
  std::string_view examples() const override {
    return "kstati consent renew 17 K-000000000017-0001 --until 2027-12-31 --text-version 2026-02";
  }

 private:
  void DeclareChange(Options& options) override {
    options.Text("--until", "DATE", until_, "last day; without it no end");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Consent renewed;
    kstati.renewConsent(renewed, context, Amendment(until_));
    output().Print(terminal, {ToJson(renewed)}, kColumns);
    return kExitFine;
  }

  std::string until_;
};

class ConsentRevoke final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent revoke"; }
  std::string_view summary() const override {
    return "Revokes a consent; open proactive cases that rest on it stop at once.";
  }
  std::string_view examples() const override {
    return "kstati consent revoke 17 K-000000000017-0001 --preview\n"
           "kstati consent revoke 17 K-000000000017-0001 --data var/store\n"
           "kstati consent revoke 17 K-000000000017-0001 --reason \"changed my mind\" --server "
           "127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CONSENT", consent_, "id of the consent");
    options.Text("--reason", "TEXT", reason_, "why, in the person's words");
    options.Text("--by", "NUMBER", by_,
                 "who speaks for the citizen: a parent, guardian or proxy; without it the citizen");
    options.Flag("--preview", preview_, "only shows what would stop; changes nothing");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& own,
                     const Terminal& terminal) override {
    rpc::CallContext context = own;
    if (!by_.empty()) context.__set_representative(by_);
    rpc::Revocation revocation;
    if (preview_) {
      kstati.previewRevocation(revocation, context, citizen(), consent_);
      std::string sentences;
      for (const std::string& each : revocation.consequences) sentences += each + "\n";
      output().Print(terminal, ToJson(revocation), sentences);
      return kExitFine;
    }
    kstati.revokeConsent(revocation, context, citizen(), consent_, reason_);
    output().Print(terminal, {ToJson(revocation)},
                   {{"id", "CONSENT"},
                    {"revoked_at", "REVOKED"},
                    {"stopped_cases", "STOPPED"},
                    {"erasure_due", "ERASED BY"}});
    return kExitFine;
  }

  std::string consent_;
  std::string reason_;
  std::string by_;
  bool preview_ = false;
};

}  // namespace

void AddConsent(CommandList& commands) {
  commands.push_back(std::make_unique<ConsentList>());
  commands.push_back(std::make_unique<ConsentGrantCommand>());
  commands.push_back(std::make_unique<ConsentNarrow>());
  commands.push_back(std::make_unique<ConsentRenew>());
  commands.push_back(std::make_unique<ConsentRevoke>());
}

}  // namespace kstati::cli
