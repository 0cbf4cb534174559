// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "kstati_rpc/Kstati.h"
#include "thrift/server/access.h"
#include "thrift/server/limits.h"

namespace kstati::thrift {

// Files of PEM form. Empty certificate: no TLS. With `client_authority`, callers must show a
// certificate of that authority. TLS 1.2 and newer only.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string client_authority;

  bool enabled() const { return !certificate.empty(); }
};

struct ThriftServerOptions {
  std::string host = "127.0.0.1";
  int port = 9090;         // 0: any free port
  int clients_max = 256;   // connections, each with a thread; more of them wait
  int idle_seconds = 300;  // a connection silent for longer is closed
  int send_seconds = 30;   // a caller that does not take its reply for longer is dropped
  TlsFiles tls;
  MessageLimits limits;
};

// The binary door: framed compact protocol, one thread per connection.
class ThriftServer {
 public:
  // Listens when it returns. kUnavailable when the address cannot be had, kInvalidArgument when the
  // TLS files cannot be used, kDenied when others could reach the door without tokens (`access`)
  // and TLS. `handler` is called from many threads and checks each caller itself.
  static Result<std::unique_ptr<ThriftServer>> Start(const ThriftServerOptions& options,
                                                     std::shared_ptr<rpc::KstatiIf> handler,
                                                     const AccessList& access);
  // Takes no new calls and returns when running ones have been answered.
  ~ThriftServer();

  int port() const;

 private:
  struct Implementation;
  explicit ThriftServer(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace kstati::thrift
