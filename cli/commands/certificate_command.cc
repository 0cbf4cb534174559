// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"

namespace kstati::cli {
namespace {

class CertificateCommand final : public ServiceCommand {
 public:
  std::string_view path() const override { return "certificate"; }
  std::string_view summary() const override {
    return "Writes a decision as a document that verify_certificate checks without Kstati. It "
           "tells facts of the person, so it needs --reveal.";
  }
  std::string_view examples() const override {
    return "kstati certificate 17 snils_newborn --reveal \"request 4711\" > decision.json";
  }

 private:
  // The bytes are what is verified: a file gets nothing else, in every format.
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::string certificate;
    kstati.certificate(certificate, context, citizen(), service(), about());
    terminal.out << certificate << (terminal.out_is_terminal ? "\n" : "");
    return kExitFine;
  }
};

}  // namespace

void AddCertificate(CommandList& commands) {
  commands.push_back(std::make_unique<CertificateCommand>());
}

}  // namespace kstati::cli
