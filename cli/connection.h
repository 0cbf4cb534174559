// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/config.h"
#include "cli/options.h"
#include "cli/system.h"
#include "kstati_rpc/Kstati.h"

namespace kstati::cli {

// The options by which every command says which Kstati it talks to, and the way there: a store on
// this machine or a server; commands see the same interface either way.
class Connection {
 public:
  void Declare(Options& options);
  // Only the options of a store on this machine.
  void DeclareLocal(Options& options);
  // Only the options of a server.
  void DeclareRemote(Options& options);

  // What commands call. Lives as long as the connection.
  Result<rpc::KstatiIf*> Open(StoreUse use = StoreUse::kExisting);
  // The same of a server that may need long for its answer.
  Result<rpc::KstatiIf*> OpenPatiently(int answer_seconds);
  Result<Config> ReadConfig() const;

  // The context of a call: token and language.
  rpc::CallContext context() const;
  bool is_remote() const { return !server_.empty(); }

 private:
  Result<void> OpenRemote(std::optional<int> answer_seconds = {});

  std::string config_file_;
  std::string data_;
  std::string server_;
  std::string token_file_;
  std::string tls_authority_;
  std::string tls_certificate_;
  std::string tls_key_;
  std::string language_ = "ru";
  bool tls_ = false;
  std::unique_ptr<System> system_;
  std::unique_ptr<rpc::KstatiIf> remote_;
};

}  // namespace kstati::cli
