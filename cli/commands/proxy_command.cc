// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/commands/scope_options.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

const std::vector<Column> kColumns{
    {"id", "PROXY"},        {"active", "ACTIVE"}, {"representative", "REPRESENTATIVE"},
    {"valid_from", "FROM"}, {"valid_to", "TO"},   {"description", "MAY CONSENT TO"}};

class ProxyList final : public CitizenCommand {
 public:
  std::string_view path() const override { return "proxy list"; }
  std::string_view summary() const override {
    return "Lists whom a citizen appointed to give consents in the citizen's place.";
  }
  std::string_view examples() const override { return "kstati proxy list 17 --data var/store"; }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Proxy> proxies;
    kstati.proxies(proxies, context, citizen());
    output().Print(terminal, AllToJson(proxies), kColumns);
    return kExitFine;
  }
};

class ProxyAppoint final : public CitizenCommand {
 public:
  std::string_view path() const override { return "proxy appoint"; }
  std::string_view summary() const override {
    return "Records that a citizen lets another give consents within a scope until a day.";
  }
  std::string_view examples() const override {
    return "kstati proxy appoint 17 18 --service snils_newborn --until 2026-12-31 --text-version "
           "2026-01";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("REPRESENTATIVE", representative_, "number of the citizen who acts");
    scope_.Declare(options);
    options.Text("--from", "DATE", from_, "first day; without it today");
    options.RequiredText("--until", "DATE", until_, "last day");
    options.RequiredText("--text-version", "VERSION", text_version_,
                         "version of the text the person saw");
    options.Text("--channel", "NAME", channel_, "where the person gave it");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::ProxyGrant grant;
    grant.citizen = citizen();
    grant.representative = representative_;
    grant.scope = scope_.Alone();
    if (!from_.empty()) grant.__set_valid_from(from_);
    grant.valid_to = until_;
    grant.text_version = text_version_;
    grant.channel = channel_;
    rpc::Proxy proxy;
    kstati.appointProxy(proxy, context, grant);
    output().Print(terminal, {ToJson(proxy)}, kColumns);
    return kExitFine;
  }

  std::string representative_;
  ScopeOptions scope_;
  std::string from_;
  std::string until_;
  std::string text_version_;
  std::string channel_ = "command-line";
};

class ProxyRevoke final : public CitizenCommand {
 public:
  std::string_view path() const override { return "proxy revoke"; }
  std::string_view summary() const override {
    return "Revokes a proxy, and with it the consents that were given under it.";
  }
  std::string_view examples() const override {
    return "kstati proxy revoke 17 P-000000000017-0001 --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("PROXY", proxy_, "id of the proxy");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Proxy proxy;
    kstati.revokeProxy(proxy, context, citizen(), proxy_);
    output().Print(terminal, {ToJson(proxy)}, kColumns);
    return kExitFine;
  }

  std::string proxy_;
};

}  // namespace

void AddProxy(CommandList& commands) {
  commands.push_back(std::make_unique<ProxyList>());
  commands.push_back(std::make_unique<ProxyAppoint>());
  commands.push_back(std::make_unique<ProxyRevoke>());
}

}  // namespace kstati::cli
