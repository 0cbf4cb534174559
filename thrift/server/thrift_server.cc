// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/thrift_server.h"

#include <openssl/ssl.h>
#include <thrift/TOutput.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TSSLServerSocket.h>
#include <thrift/transport/TSSLSocket.h>
#include <thrift/transport/TServerSocket.h>

#include <csignal>
#include <future>
#include <thread>

#include "base/log.h"
#include "thrift/server/address.h"
#include "thrift/server/guarded_processor.h"
#include "thrift/server/limited_frames.h"
#include "thrift/server/limited_protocol.h"

namespace kstati::thrift {
namespace {

namespace tp = apache::thrift::protocol;
namespace ts = apache::thrift::server;
namespace tt = apache::thrift::transport;
using LimitedCompact = LimitedProtocol<tp::TCompactProtocolT<tt::TTransport>>;

class LimitedCompactFactory final : public tp::TProtocolFactory {
 public:
  explicit LimitedCompactFactory(const MessageLimits& limits) : limits_(limits) {}
  std::shared_ptr<tp::TProtocol> getProtocol(std::shared_ptr<tt::TTransport> transport) override {
    return std::make_shared<LimitedCompact>(std::move(transport), limits_);
  }

 private:
  MessageLimits limits_;
};

class LimitedFrameFactory final : public tt::TTransportFactory {
 public:
  explicit LimitedFrameFactory(const MessageLimits& limits) : limits_(limits) {}
  std::shared_ptr<tt::TTransport> getTransport(std::shared_ptr<tt::TTransport> inner) override {
    return std::make_shared<LimitedFrames>(std::move(inner), limits_);
  }

 private:
  MessageLimits limits_;
};

// The library's own choice of one version would exclude TLS 1.3.
class ModernTlsFactory final : public tt::TSSLSocketFactory {
 public:
  ModernTlsFactory() : TSSLSocketFactory(tt::SSLTLS) {
    SSL_CTX_set_min_proto_version(ctx_->get(), TLS1_2_VERSION);
  }
};

// The chain of the certificate was verified before this is asked; what its owner may do is said by
// tokens.
class AnyVerifiedClient final : public tt::AccessManager {
 public:
  Decision verify(const sockaddr_storage&) noexcept override { return ALLOW; }
};

// Tells whether the server listens. Called by the server's thread only, but for Wait.
class StartedSignal final : public ts::TServerEventHandler {
 public:
  void preServe() override { Report(true); }
  void Report(bool listens) {
    if (!reported_) started_.set_value(listens);
    reported_ = true;
  }
  bool Wait() { return started_.get_future().get(); }

 private:
  bool reported_ = false;
  std::promise<bool> started_;
};

std::shared_ptr<tt::TServerSocket> MakeSocket(const ThriftServerOptions& options) {
  std::shared_ptr<tt::TServerSocket> socket;
  if (options.tls.enabled()) {
    auto factory = std::make_shared<ModernTlsFactory>();
    factory->server(true);
    factory->loadCertificate(options.tls.certificate.c_str());
    factory->loadPrivateKey(options.tls.key.c_str());
    if (!options.tls.client_authority.empty()) {
      factory->loadTrustedCertificates(options.tls.client_authority.c_str());
      factory->authenticate(true);
      factory->access(std::make_shared<AnyVerifiedClient>());
    }
    socket = std::make_shared<tt::TSSLServerSocket>(options.host, options.port, factory);
  } else {
    socket = std::make_shared<tt::TServerSocket>(options.host, options.port);
  }
  socket->setRecvTimeout(options.idle_seconds * 1000);
  socket->setSendTimeout(options.send_seconds * 1000);
  return socket;
}

// The library writes about every broken connection; that is nothing an operator must act on.
void WriteLibraryOutput(const char*) { log::Write(log::Level::kDebug, "thrift.connection"); }

}  // namespace

struct ThriftServer::Implementation {
  std::shared_ptr<tt::TServerSocket> socket;
  std::unique_ptr<ts::TThreadedServer> server;
  std::shared_ptr<StartedSignal> started = std::make_shared<StartedSignal>();
  std::thread thread;
};

Result<std::unique_ptr<ThriftServer>> ThriftServer::Start(const ThriftServerOptions& options,
                                                          std::shared_ptr<rpc::KstatiIf> handler,
                                                          const AccessList& access) {
  KSTATI_TRY_VOID(MayListen(options.host, !access.open(), options.tls.enabled()));
  std::signal(SIGPIPE, SIG_IGN);
  apache::thrift::GlobalOutput.setOutputFunction(&WriteLibraryOutput);
  KSTATI_TRY_VOID(CanListen(options.host, options.port));
  auto implementation = std::make_unique<Implementation>();
  try {
    implementation->socket = MakeSocket(options);
  } catch (const apache::thrift::TException&) {
    return Fail(ErrorCode::kInvalidArgument, "the TLS certificate or key cannot be used",
                options.tls.certificate, "check security.tls_certificate, tls_key, tls_client_ca");
  }
  implementation->server = std::make_unique<ts::TThreadedServer>(
      std::make_shared<GuardedProcessor>(std::make_shared<rpc::KstatiProcessor>(std::move(handler)),
                                         options.limits),
      implementation->socket, std::make_shared<LimitedFrameFactory>(options.limits),
      std::make_shared<LimitedCompactFactory>(options.limits));
  implementation->server->setConcurrentClientLimit(options.clients_max);
  implementation->server->setServerEventHandler(implementation->started);
  implementation->thread =
      std::thread([server = implementation->server.get(), started = implementation->started] {
        try {
          server->serve();
        } catch (const apache::thrift::TException&) {
          log::Failure("thrift.stopped");
        }
        started->Report(false);
      });
  if (!implementation->started->Wait()) {
    implementation->thread.join();
    return Fail(ErrorCode::kUnavailable, "the Thrift door cannot listen",
                AddressText(options.host, options.port), "choose another port in kstati.toml");
  }
  return std::unique_ptr<ThriftServer>(new ThriftServer(std::move(implementation)));
}

ThriftServer::ThriftServer(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

ThriftServer::~ThriftServer() {
  implementation_->server->stop();
  implementation_->thread.join();
}

int ThriftServer::port() const { return implementation_->socket->getPort(); }

}  // namespace kstati::thrift
