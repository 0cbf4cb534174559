// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/http_gateway.h"

#include <httplib.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/protocol/TProtocolException.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TTransportException.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/log.h"
#include "base/metrics.h"
#include "thrift/server/address.h"
#include "thrift/server/guarded_processor.h"
#include "thrift/server/limited_protocol.h"
#include "thrift/server/picture_door.h"

namespace kstati::thrift {
namespace {

namespace tp = apache::thrift::protocol;
namespace tt = apache::thrift::transport;
using LimitedJson = LimitedProtocol<tp::TJSONProtocol>;

// Then the connection is closed, so that no caller keeps a thread for ever.
constexpr size_t kRequestsPerConnection = 1'000;

constexpr const char* kJson = "application/json; charset=utf-8";

// Scripts, styles and data come from this server only; nobody frames the pages.
constexpr const char* kContentPolicy =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";
// A drawing has its own colours and nothing else.
constexpr const char* kPicturePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

void Refuse(httplib::Response& response, int status, const Error& error) {
  const nlohmann::ordered_json body{{"code", KindOf(error.code).name},
                                    {"message", error.message},
                                    {"place", error.place},
                                    {"remedy", error.remedy}};
  response.status = status;
  using nlohmann::json;
  response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace), kJson);
}

void Refuse(httplib::Response& response, const Error& error) {
  Refuse(response, KindOf(error.code).http_status, error);
}

// Served is who can be: a load balancer is to go on sending.
std::string Degraded(const std::string& reason) {
  const nlohmann::ordered_json body{{"status", "degraded"}, {"reason", reason}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string_view WithoutParameters(std::string_view content_type) {
  const size_t end = content_type.find_first_of("; ");
  return content_type.substr(0, end);
}

bool IsRpcContent(const httplib::Request& request) {
  const std::string header = request.get_header_value("Content-Type");
  const std::string_view type = WithoutParameters(header);
  return type == "application/json" || type == "application/x-thrift";
}

// "localhost:8080" -> "localhost", "[::1]:8080" -> "::1".
std::string HostOf(const std::string& header) {
  if (header.starts_with('[')) return header.substr(1, header.find(']') - 1);
  return header.substr(0, header.find(':'));
}

std::shared_ptr<apache::thrift::TConfiguration> ConfigurationOf(const MessageLimits& limits) {
  return std::make_shared<apache::thrift::TConfiguration>(static_cast<int>(limits.batch_bytes),
                                                          static_cast<int>(limits.batch_bytes),
                                                          static_cast<int>(limits.depth));
}

// Never shares the port with another server, as the library would.
void OwnThePort(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

bool SetUpTls(SSL_CTX& context, const TlsFiles& files) {
  SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  if (SSL_CTX_use_certificate_chain_file(&context, files.certificate.c_str()) != 1) return false;
  if (SSL_CTX_use_PrivateKey_file(&context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) return false;
  if (files.client_authority.empty()) return true;
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return SSL_CTX_load_verify_locations(&context, files.client_authority.c_str(), nullptr) == 1;
}

std::unique_ptr<httplib::Server> MakeServer(const TlsFiles& files) {
  if (!files.enabled()) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(
      [&files](SSL_CTX& context) { return SetUpTls(context, files); });
}

}  // namespace

struct HttpGateway::Implementation {
  Implementation(HttpGatewayOptions given, std::shared_ptr<rpc::KstatiIf> handler,
                 const AccessList& access_list)
      : options(std::move(given)),
        kstati(std::move(handler)),
        processor(std::make_shared<GuardedProcessor>(std::make_shared<rpc::KstatiProcessor>(kstati),
                                                     options.limits)),
        access(access_list),
        server(MakeServer(options.tls)) {}

  void SetUp();
  void SetUpPages();
  bool Admits(const httplib::Request& request, httplib::Response& response) const;
  std::optional<std::string> ReadBody(const httplib::Request& request,
                                      const httplib::ContentReader& reader) const;
  void Rpc(const httplib::Request& request, httplib::Response& response,
           const httplib::ContentReader& reader) const;
  void Call(std::string& body, httplib::Response& response) const;
  void Health(httplib::Response& response) const;
  void Metrics(const httplib::Request& request, httplib::Response& response) const;
  void ShowPicture(const httplib::Request& request, httplib::Response& response) const;

  HttpGatewayOptions options;
  std::shared_ptr<rpc::KstatiIf> kstati;
  std::shared_ptr<GuardedProcessor> processor;
  const AccessList& access;
  std::unique_ptr<httplib::Server> server;
  int port = 0;
  std::thread thread;
};

// A page of another site may name our loopback address by a host name of its own.
bool HttpGateway::Implementation::Admits(const httplib::Request& request,
                                         httplib::Response& response) const {
  if (!IsLoopback(options.host) || IsLoopback(HostOf(request.get_header_value("Host"))))
    return true;
  Refuse(response, {ErrorCode::kDenied, "this server answers on this machine only", "header Host",
                    "use http://127.0.0.1:" + std::to_string(port) + "/"});
  return false;
}

// nullopt when it is longer than a batch may be, also after decompression.
std::optional<std::string> HttpGateway::Implementation::ReadBody(
    const httplib::Request&, const httplib::ContentReader& reader) const {
  std::string body;
  const bool complete = reader([&](const char* bytes, size_t count) {
    if (body.size() + count > options.limits.batch_bytes) return false;
    body.append(bytes, count);
    return true;
  });
  if (!complete) return std::nullopt;
  return body;
}

void HttpGateway::Implementation::Rpc(const httplib::Request& request, httplib::Response& response,
                                      const httplib::ContentReader& reader) const {
  std::optional<std::string> body = ReadBody(request, reader);
  if (!body) {
    CountMalformed("body");
    Refuse(response, {ErrorCode::kLimitExceeded, "the body is incomplete or too long", "body",
                      "send at most " + std::to_string(options.limits.batch_bytes) + " bytes"});
    return;
  }
  if (!IsRpcContent(request)) {
    CountMalformed("content_type");
    Refuse(response, 415,
           {ErrorCode::kInvalidArgument, "the content type is not that of a call",
            "header Content-Type", "send application/json"});
    return;
  }
  Call(*body, response);
}

void HttpGateway::Implementation::Call(std::string& body, httplib::Response& response) const {
  const Error malformed{ErrorCode::kInvalidArgument, "the body is not a call of the contract",
                        "body", "send one TJSONProtocol message as thrift/kstati.thrift describes"};
  auto configuration = ConfigurationOf(options.limits);
  auto input = std::make_shared<tt::TMemoryBuffer>(reinterpret_cast<uint8_t*>(body.data()),
                                                   static_cast<uint32_t>(body.size()),
                                                   tt::TMemoryBuffer::OBSERVE, configuration);
  auto output = std::make_shared<tt::TMemoryBuffer>();
  try {
    const bool answered = processor->process(std::make_shared<LimitedJson>(input, options.limits),
                                             std::make_shared<tp::TJSONProtocol>(output), nullptr);
    if (answered) {
      response.set_content(output->getBufferAsString(), "application/x-thrift");
      return;
    }
  } catch (const tp::TProtocolException& problem) {
    const Error refusal = RefusalOf(problem, options.limits);
    return Refuse(response, AtPlace(refusal, "body"));
  } catch (const apache::thrift::TException&) {
  }
  CountMalformed("protocol");
  Refuse(response, 400, malformed);
}

void HttpGateway::Implementation::Health(httplib::Response& response) const {
  rpc::Status status;
  kstati->status(status, {});
  if (status.ready && status.not_ready_because.empty()) {
    return response.set_content("{\"status\":\"ready\"}", kJson);
  }
  if (status.ready) return response.set_content(Degraded(status.not_ready_because), kJson);
  Refuse(response, {ErrorCode::kUnavailable, status.not_ready_because, "store",
                    "once its cause is gone the service goes on by itself"});
}

void HttpGateway::Implementation::Metrics(const httplib::Request& request,
                                          httplib::Response& response) const {
  const std::string authorization = request.get_header_value("Authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (!access.open() && !IsLoopback(request.remote_addr)) {
    const Result<Caller> caller = access.Identify(
        authorization.starts_with(kBearer) ? authorization.substr(kBearer.size()) : std::string());
    if (!caller) return Refuse(response, caller.error());
    if (!caller->MayOperate()) {
      return Refuse(response, {ErrorCode::kDenied, "the token does not allow metrics",
                               "header Authorization", "use a token with the scope operator"});
    }
  }
  response.set_content(metrics::Exposition(), "text/plain; version=0.0.4; charset=utf-8");
}

void HttpGateway::Implementation::ShowPicture(const httplib::Request& request,
                                              httplib::Response& response) const {
  const Result<PictureDoor::Page> page =
      options.pictures->Show(request.matches[1], request.matches[2], request.matches[3],
                             request.get_param_value("language"), request.get_param_value("hops"));
  if (!page) return Refuse(response, page.error());
  response.set_content(page->content, page->type);
}

void HttpGateway::Implementation::SetUpPages() {
  if (options.console_folder.empty() || !server->set_mount_point("/", options.console_folder)) {
    server->Get("/", [](const httplib::Request&, httplib::Response& response) {
      Refuse(response, {ErrorCode::kNotFound, "the console is not installed", "console.folder",
                        "build it (console/README.md) and name its folder in kstati.toml"});
    });
  }
  server->set_file_extension_and_mimetype_mapping("js", "text/javascript; charset=utf-8");
  server->set_file_extension_and_mimetype_mapping("mjs", "text/javascript; charset=utf-8");
  server->set_file_extension_and_mimetype_mapping("css", "text/css; charset=utf-8");
  server->set_file_extension_and_mimetype_mapping("html", "text/html; charset=utf-8");
  server->set_file_extension_and_mimetype_mapping("json", kJson);
  server->set_file_extension_and_mimetype_mapping("svg", "image/svg+xml");
  server->set_file_extension_and_mimetype_mapping("woff2", "font/woff2");
  server->set_post_routing_handler(
      [](const httplib::Request& request, httplib::Response& response) {
        // File names under assets/ carry a digest of their content.
        const bool immutable = request.path.starts_with("/assets/") && response.status < 300;
        const bool page = request.method != "POST";
        response.set_header("Cache-Control", immutable ? "public, max-age=31536000, immutable"
                                             : page    ? "no-cache"
                                                       : "no-store");
        const bool picture = request.path.starts_with("/picture/");
        response.set_header("Content-Security-Policy", picture ? kPicturePolicy : kContentPolicy);
        response.set_header("X-Content-Type-Options", "nosniff");
        response.set_header("Referrer-Policy", "no-referrer");
      });
}

void HttpGateway::Implementation::SetUp() {
  using httplib::Request;
  using httplib::Response;
  const size_t threads = options.threads;
  server->new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
  server->set_socket_options([](int socket) { OwnThePort(socket); });
  server->set_tcp_nodelay(true);
  server->set_payload_max_length(options.limits.batch_bytes);
  server->set_keep_alive_max_count(kRequestsPerConnection);
  server->set_keep_alive_timeout(options.idle_seconds);
  server->set_read_timeout(options.idle_seconds);
  server->set_write_timeout(options.idle_seconds);
  server->set_pre_routing_handler([this](const Request& request, Response& response) {
    return Admits(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                     : httplib::Server::HandlerResponse::Handled;
  });
  server->Post("/rpc",
               [this](const Request& request, Response& response,
                      const httplib::ContentReader& reader) { Rpc(request, response, reader); });
  // Bodies nobody asked for are read and dropped, never kept.
  const auto drop = [this](const Request& request, Response& response,
                           const httplib::ContentReader& reader) {
    ReadBody(request, reader);
    Refuse(response,
           {ErrorCode::kNotFound, "nothing takes this request", "path", "calls go to POST /rpc"});
  };
  server->Post(".*", drop);
  server->Put(".*", drop);
  server->Patch(".*", drop);
  server->Delete(".*", drop);
  server->Get("/health", [this](const Request&, Response& response) { Health(response); });
  server->Get("/metrics",
              [this](const Request& request, Response& response) { Metrics(request, response); });
  if (options.pictures) {
    server->Get(
        R"(/picture/(situation|service)/([a-z0-9_]+)\.(svg|json))",
        [this](const Request& request, Response& response) { ShowPicture(request, response); });
  }
  SetUpPages();
  server->set_error_handler([](const Request&, Response& response) {
    if (!response.body.empty()) return;
    const bool unknown = response.status == 404;
    Refuse(response, response.status,
           {unknown ? ErrorCode::kNotFound : ErrorCode::kInvalidArgument,
            unknown ? "there is no such page" : "the request is not valid HTTP",
            "request",
            {}});
  });
  server->set_exception_handler([](const Request&, Response& response, std::exception_ptr) {
    log::Failure("http.bug");
    Refuse(response, {ErrorCode::kInternal,
                      "the service met an internal error",
                      {},
                      "tell the operator the time"});
  });
}

Result<std::unique_ptr<HttpGateway>> HttpGateway::Start(const HttpGatewayOptions& options,
                                                        std::shared_ptr<rpc::KstatiIf> handler,
                                                        const AccessList& access) {
  std::signal(SIGPIPE, SIG_IGN);
  KSTATI_TRY_VOID(MayListen(options.host, !access.open(), options.tls.enabled()));
  KSTATI_TRY_VOID(CanListen(options.host, options.port));
  auto implementation = std::make_unique<Implementation>(options, std::move(handler), access);
  httplib::Server& server = *implementation->server;
  if (!server.is_valid()) {
    return Fail(ErrorCode::kInvalidArgument, "the TLS certificate or key cannot be used",
                options.tls.certificate, "check security.tls_certificate, tls_key, tls_client_ca");
  }
  implementation->SetUp();
  implementation->port = options.port;
  const bool bound = options.port == 0
                         ? (implementation->port = server.bind_to_any_port(options.host)) > 0
                         : server.bind_to_port(options.host, options.port);
  if (!bound) {
    return Fail(ErrorCode::kUnavailable, "the HTTP door cannot listen",
                AddressText(options.host, options.port), "choose another port in kstati.toml");
  }
  implementation->thread = std::thread([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();
  return std::unique_ptr<HttpGateway>(new HttpGateway(std::move(implementation)));
}

HttpGateway::HttpGateway(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

HttpGateway::~HttpGateway() {
  implementation_->server->stop();
  implementation_->thread.join();
}

int HttpGateway::port() const { return implementation_->port; }

}  // namespace kstati::thrift
