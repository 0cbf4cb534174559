// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "kstati_rpc/Kstati.h"
#include "thrift/server/access.h"
#include "thrift/server/limits.h"
#include "thrift/server/thrift_server.h"

namespace kstati::thrift {

class PictureDoor;

struct HttpGatewayOptions {
  std::string host = "127.0.0.1";
  int port = 8080;             // 0: any free port
  std::string console_folder;  // the built console; empty or absent: no pages
  size_t threads = 32;
  int idle_seconds = 5;  // a connection silent for longer is closed
  TlsFiles tls;
  MessageLimits limits;
  std::shared_ptr<const PictureDoor> pictures;  // null: none are drawn
};

// The door for browsers and operators:
//   POST /rpc      the contract as TJSONProtocol; application/json or application/x-thrift
//   GET /health    200 while calls and changes are taken, 503 with the reason while they are not;
//                  200 with "degraded" and the reason while some partitions of the store are down
//   GET /metrics   Prometheus text; from this machine, or with a bearer token of scope operator
//   GET /picture/  drawings of the catalogue: situation/ID.svg, service/ID.svg?hops=2, .json for
//                  the same as data; ?language=en. The catalogue is law, and open to everybody
//   GET /...       the console's files
// Everything it refuses is answered with {"code", "message", "place", "remedy"}. A page of another
// site cannot call /rpc: the content type makes browsers ask first, and nobody answers that; on
// loopback only requests for a loopback host name are taken.
class HttpGateway {
 public:
  // Listens when it returns; the errors are those of ThriftServer::Start. `access` must outlive the
  // gateway.
  static Result<std::unique_ptr<HttpGateway>> Start(const HttpGatewayOptions& options,
                                                    std::shared_ptr<rpc::KstatiIf> handler,
                                                    const AccessList& access);
  // Takes no new requests and returns when running ones have been answered.
  ~HttpGateway();

  int port() const;

 private:
  struct Implementation;
  explicit HttpGateway(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace kstati::thrift
