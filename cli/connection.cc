// SPDX-License-Identifier: Apache-2.0
#include "cli/connection.h"

#include <cstdlib>
#include <fstream>

#include "base/log.h"
#include "thrift/clients/client.h"

namespace kstati::cli {
namespace {

Result<std::string> ReadToken(const std::string& file) {
  std::ifstream stream(file);
  std::string token;
  if (std::getline(stream, token) && !token.empty()) return token;
  return Fail(ErrorCode::kNotFound, "the token file cannot be read or is empty", file,
              "write the token into its first line");
}

}  // namespace

void Connection::DeclareLocal(Options& options) {
  options.Text("--config", "FILE", config_file_,
               "configuration; without it kstati.toml of this folder");
  options.Text("--data", "DIR", data_, "folder of the store, instead of the configured one");
}

void Connection::Declare(Options& options) {
  DeclareLocal(options);
  DeclareRemote(options);
  options.Choice("--language", language_, {"ru", "en"}, "language of the texts");
}

void Connection::DeclareRemote(Options& options) {
  options.Text("--server", "HOST:PORT", server_, "ask a running server instead of a local store");
  options.Text("--token-file", "FILE", token_file_,
               "file with the token for the server; or the variable KSTATI_TOKEN");
  options.Flag("--tls", tls_, "speak TLS with the server");
  options.Text("--tls-ca", "FILE", tls_authority_, "authority of the server's certificate, PEM");
  options.Text("--tls-certificate", "FILE", tls_certificate_,
               "certificate to show to a server that asks for one, PEM");
  options.Text("--tls-key", "FILE", tls_key_, "key of that certificate, PEM");
}

Result<Config> Connection::ReadConfig() const {
  std::vector<Issue> issues;
  KSTATI_TRY(Config config, Config::Find(config_file_, issues));
  if (!data_.empty()) {
    config.Set("store.engine", "rocksdb", "--data");
    config.Set("store.folder", data_, "--data");
  }
  return config;
}

Result<void> Connection::OpenRemote(std::optional<int> answer_seconds) {
  if (!data_.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--data and --server exclude each other", {},
                "name either a store of this machine or a server");
  }
  thrift::ClientOptions options;
  KSTATI_TRY(options.address, thrift::ServerAddress::Parse(server_));
  const char* variable = std::getenv("KSTATI_TOKEN");
  if (variable != nullptr) options.token = variable;
  if (!token_file_.empty()) {
    KSTATI_TRY(options.token, ReadToken(token_file_));
  }
  options.answer_seconds = answer_seconds.value_or(options.answer_seconds);
  options.tls = tls_ || !tls_authority_.empty();
  options.authority = tls_authority_;
  options.certificate = tls_certificate_;
  options.key = tls_key_;
  KSTATI_TRY(remote_, thrift::Connect(options));
  return {};
}

Result<rpc::KstatiIf*> Connection::Open(StoreUse use) {
  // Lines about every refused call are for servers; a command tells its own failure.
  log::SetLevel(log::Level::kError);
  if (is_remote()) {
    KSTATI_TRY_VOID(OpenRemote());
    return remote_.get();
  }
  KSTATI_TRY(const Config config, ReadConfig());
  KSTATI_TRY(system_, System::Open(config, use));
  return system_->handler().get();
}

Result<rpc::KstatiIf*> Connection::OpenPatiently(int answer_seconds) {
  log::SetLevel(log::Level::kError);
  KSTATI_TRY_VOID(OpenRemote(answer_seconds));
  return remote_.get();
}

rpc::CallContext Connection::context() const {
  rpc::CallContext context;
  context.__set_language(language_ == "en" ? rpc::Language::EN : rpc::Language::RU);
  return context;
}

}  // namespace kstati::cli
