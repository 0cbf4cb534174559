// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "kstati_rpc/Kstati.h"

namespace kstati::thrift {

struct ServerAddress {
  std::string host = "127.0.0.1";
  int port = 9090;

  // "host:port", "[::1]:port"; kInvalidArgument otherwise.
  static Result<ServerAddress> Parse(const std::string& text);
};

struct ClientOptions {
  ServerAddress address;
  std::string token;  // put into calls that carry none
  int connect_seconds = 5;
  int answer_seconds = 60;  // a batch of ten thousand events may take that long
  bool tls = false;
  std::string authority;    // PEM file of trusted authorities; empty: the system's
  std::string certificate;  // of the caller, when the server asks for one
  std::string key;
};

// The contract, answered by a server. Calls throw rpc::Failure, with UNAVAILABLE when the server
// cannot be reached or the connection breaks; after that the next call connects again. Nothing is
// repeated by itself: only events may safely be sent twice. The process ignores
// SIGPIPE from then on. Not safe from several threads at once.
Result<std::unique_ptr<rpc::KstatiIf>> Connect(const ClientOptions& options);

}  // namespace kstati::thrift
