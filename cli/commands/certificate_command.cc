// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"

namespace kstati::cli {
namespace {

class CertificateCommand final : public CitizenCommand {
 public:
  CertificateCommand() : CitizenCommand({.valid_at = true, .known_at = true, .values = true}) {}

  std::string_view path() const override { return "certificate"; }
  std::string_view summary() const override {
    return "Writes a decision as a document that verify_certificate checks without Kstati. It "
           "tells "
           "facts of the person, so it needs --reveal.";
  }
  std::string_view examples() const override {
    return "kstati certificate 17 snils_newborn --reveal \"request 4711\" > decision.json";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SERVICE", service_, "id of the service", Names::kService);
    options.Text("--about", "NUMBER", about_,
                 "the child or the deceased; without it whom the situation is about");
  }

  // The bytes are what is verified: a file gets nothing else, in every format.
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::string certificate;
    kstati.certificate(certificate, context, citizen(), service_, about_);
    terminal.out << certificate << (terminal.out_is_terminal ? "\n" : "");
    return kExitFine;
  }

  std::string service_;
  std::string about_;
};

}  // namespace

void AddCertificate(CommandList& commands) {
  commands.push_back(std::make_unique<CertificateCommand>());
}

}  // namespace kstati::cli
