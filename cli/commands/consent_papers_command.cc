// SPDX-License-Identifier: Apache-2.0
// What there is to read about consents.
#include <algorithm>

#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class ConsentHistory final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent history"; }
  std::string_view summary() const override {
    return "Shows everything a consent ever was: who changed it, when, and which text they saw.";
  }
  std::string_view examples() const override {
    return "kstati consent history 17 K-000000000017-0001 --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CONSENT", consent_, "id of the consent");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Consent> consents;
    kstati.consents(consents, context, citizen());
    const auto found = std::ranges::find(consents, consent_, &rpc::Consent::id);
    if (found == consents.end()) {
      return Fail(ErrorCode::kNotFound, "there is no consent " + consent_, "CONSENT",
                  "`kstati consent list` lists the citizen's consents");
    }
    output().Print(terminal, AllToJson(found->versions),
                   {{"change", "CHANGE"},
                    {"at", "AT"},
                    {"by", "BY"},
                    {"capacity", "AS"},
                    {"valid_from", "FROM"},
                    {"valid_to", "TO"},
                    {"text_version", "TEXT"},
                    {"channel", "CHANNEL"},
                    {"description", "ALLOWS"}});
    return kExitFine;
  }

  std::string consent_;
};

class ConsentReceipt final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent receipt"; }
  std::string_view summary() const override {
    return "Writes a consent's record with the fields of ISO/IEC TS 27560, as JSON.";
  }
  std::string_view examples() const override {
    return "kstati consent receipt 17 K-000000000017-0001 > receipt.json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("CONSENT", consent_, "id of the consent");
  }

  // A document: the same in every format.
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::string receipt;
    kstati.consentReceipt(receipt, context, citizen(), consent_);
    terminal.out << receipt << "\n";
    return kExitFine;
  }

  std::string consent_;
};

class ConsentNeeds final : public CitizenCommand {
 public:
  std::string_view path() const override { return "consent needs"; }
  std::string_view summary() const override {
    return "Shows the least that a consent to the chain of a situation has to cover.";
  }
  std::string_view examples() const override {
    return "kstati consent needs 17 child_birth --data var/store";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SITUATION", situation_, "id of the life situation", Names::kSituation);
    options.Text("--about", "NUMBER", about_,
                 "the child or the deceased; without it whom the situation is about");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::LeastScopes least;
    kstati.leastScopes(least, context, citizen(), situation_, about_);
    std::vector<Json> rows;
    const auto add = [&rows](const char* kind, const std::vector<rpc::Named>& all) {
      for (const rpc::Named& each : all) {
        rows.push_back({{"kind", kind}, {"id", each.id}, {"name", each.name}});
      }
    };
    add("category", least.categories);
    add("recipient", least.recipients);
    output().Print(terminal, rows, {{"kind", "KIND"}, {"id", "ID"}, {"name", "NAME"}});
    return kExitFine;
  }

  std::string situation_;
  std::string about_;
};

class ConsentBases final : public Command {
 public:
  std::string_view path() const override { return "consent bases"; }
  std::string_view summary() const override {
    return "Lists what laws let the state do with people's data without their consent.";
  }
  std::string_view examples() const override {
    return "kstati consent bases --data var/store --language en";
  }

  void Declare(Options& options) override {
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    std::vector<rpc::LegalBasis> bases;
    kstati->legalBases(bases, connection_.context());
    output_.Print(terminal, AllToJson(bases),
                  {{"id", "BASIS"},
                   {"act", "ACT"},
                   {"article", "ARTICLE"},
                   {"verification", "MARK"},
                   {"categories", "DATA"},
                   {"recipients", "RECIPIENTS"},
                   {"purpose", "PURPOSE"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
};

}  // namespace

void AddConsentPapers(CommandList& commands) {
  commands.push_back(std::make_unique<ConsentHistory>());
  commands.push_back(std::make_unique<ConsentReceipt>());
  commands.push_back(std::make_unique<ConsentNeeds>());
  commands.push_back(std::make_unique<ConsentBases>());
}

}  // namespace kstati::cli
