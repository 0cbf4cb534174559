// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"
#include "cli/connection.h"
#include "cli/output.h"

namespace kstati::cli {

// A command about one citizen, on a local store or a server.
class CitizenCommand : public Command {
 public:
  void Declare(Options& options) final {
    options.Argument("CITIZEN", citizen_, "number of the citizen");
    DeclareOwn(options);
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) final {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    return Answer(*kstati, connection_.context(), terminal);
  }

 protected:
  virtual void DeclareOwn(Options&) {}
  // May throw rpc::Failure, which becomes the command's error.
  virtual Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                             const Terminal& terminal) = 0;

  const std::string& citizen() const { return citizen_; }
  const Output& output() const { return output_; }

 private:
  std::string citizen_;
  Connection connection_;
  Output output_;
};

}  // namespace kstati::cli
