// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/connection.h"
#include "cli/output.h"

namespace kstati::cli {

// Which of the shared options a command about a citizen has.
struct Reads {
  bool valid_at = false;  // --at: what was, or will be, true on another day
  bool known_at = false;  // --as-of: what was known at an earlier moment
  bool values = false;    // --reveal: it shows values of facts
  bool sources = false;   // --wait: it asks sources for facts
};

// A command about one citizen, on a local store or a server. Values of facts come back masked
// unless a reason to see them is given, which the store keeps.
class CitizenCommand : public Command {
 public:
  explicit CitizenCommand(Reads reads = {}) : reads_(reads) {}

  void Declare(Options& options) final;
  Result<int> Run(const Terminal& terminal) final;

 protected:
  virtual void DeclareOwn(Options&) {}
  // May throw rpc::Failure, which becomes the command's error.
  virtual Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                             const Terminal& terminal) = 0;

  const std::string& citizen() const { return citizen_; }
  const Output& output() const { return output_; }

 private:
  rpc::CallContext Context() const;

  const Reads reads_;
  std::string citizen_;
  std::string valid_at_;
  std::string known_at_;
  std::optional<std::string> reason_;
  std::string purpose_;
  int64_t wait_ms_ = -1;  // as configured
  Connection connection_;
  Output output_;
};

// A command about one service for a citizen.
class ServiceCommand : public CitizenCommand {
 public:
  explicit ServiceCommand(Reads reads = {.valid_at = true, .known_at = true, .values = true})
      : CitizenCommand(reads) {}

 protected:
  void DeclareOwn(Options& options) override;

  const std::string& service() const { return service_; }
  const std::string& about() const { return about_; }

 private:
  std::string service_;
  std::string about_;
};

}  // namespace kstati::cli
