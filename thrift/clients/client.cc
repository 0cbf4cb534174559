// SPDX-License-Identifier: Apache-2.0
#include "thrift/clients/client.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <strings.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLSocket.h>
#include <thrift/transport/TSocket.h>

#include <charconv>
#include <csignal>

#include "thrift/failure.h"

namespace kstati::thrift {
namespace {

namespace tp = apache::thrift::protocol;
namespace tt = apache::thrift::transport;

constexpr int kReplyBytesMax = 64 << 20;

// Trusts a server whose verified certificate names exactly the host that was asked for.
class ExactHost final : public tt::AccessManager {
 public:
  explicit ExactHost(const std::string& host) {
    char bytes[sizeof(in6_addr)];
    asked_for_address_ = inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
                         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
  }

  Decision verify(const sockaddr_storage&) noexcept override { return SKIP; }
  Decision verify(const std::string& host, const char* name, int size) noexcept override {
    const bool same =
        static_cast<int>(host.size()) == size && strncasecmp(host.c_str(), name, host.size()) == 0;
    return same ? ALLOW : SKIP;
  }
  // An address in the certificate proves nothing for a host name: whoever answers for the name
  // would only need a certificate of its own address.
  Decision verify(const sockaddr_storage& peer, const char* data, int size) noexcept override {
    if (!asked_for_address_) return SKIP;
    if (peer.ss_family == AF_INET && size == 4) {
      const auto& four = reinterpret_cast<const sockaddr_in&>(peer);
      return memcmp(&four.sin_addr, data, 4) == 0 ? ALLOW : SKIP;
    }
    if (peer.ss_family == AF_INET6 && size == 16) {
      const auto& six = reinterpret_cast<const sockaddr_in6&>(peer);
      return memcmp(&six.sin6_addr, data, 16) == 0 ? ALLOW : SKIP;
    }
    return SKIP;
  }

 private:
  bool asked_for_address_ = false;
};

class ClientTlsFactory final : public tt::TSSLSocketFactory {
 public:
  explicit ClientTlsFactory(const ClientOptions& options) : TSSLSocketFactory(tt::SSLTLS) {
    SSL_CTX_set_min_proto_version(ctx_->get(), TLS1_2_VERSION);
    if (options.authority.empty()) {
      SSL_CTX_set_default_verify_paths(ctx_->get());
    } else {
      loadTrustedCertificates(options.authority.c_str());
    }
    if (!options.certificate.empty()) {
      loadCertificate(options.certificate.c_str());
      loadPrivateKey(options.key.c_str());
    }
    authenticate(true);
    access(std::make_shared<ExactHost>(options.address.host));
  }
};

class RemoteKstati final : public rpc::KstatiIf {
 public:
  explicit RemoteKstati(const ClientOptions& options) : options_(options) {
    if (options.tls) tls_ = std::make_shared<ClientTlsFactory>(options);
  }

  void status(rpc::Status& reply, const rpc::CallContext& c) override {
    Call([&] { client_->status(reply, With(c)); });
  }
  void submitEvents(std::vector<rpc::EventReceipt>& reply, const rpc::CallContext& c,
                    const std::vector<rpc::RegistryEvent>& events) override {
    Call([&] { client_->submitEvents(reply, With(c), events); });
  }
  void suggest(rpc::SuggestResult& reply, const rpc::CallContext& c, const std::string& citizen,
               int32_t limit) override {
    Call([&] { client_->suggest(reply, With(c), citizen, limit); });
  }
  void explain(rpc::Explanation& reply, const rpc::CallContext& c, const std::string& citizen,
               const std::string& service, const std::string& about) override {
    Call([&] { client_->explain(reply, With(c), citizen, service, about); });
  }
  void passport(rpc::Passport& reply, const rpc::CallContext& c, const std::string& citizen,
                const std::string& service, const std::string& about,
                const std::string& compared_with) override {
    Call([&] { client_->passport(reply, With(c), citizen, service, about, compared_with); });
  }
  void certificate(std::string& reply, const rpc::CallContext& c, const std::string& citizen,
                   const std::string& service, const std::string& about) override {
    Call([&] { client_->certificate(reply, With(c), citizen, service, about); });
  }
  void nextQuestion(rpc::NextQuestion& reply, const rpc::CallContext& c, const std::string& citizen,
                    const std::vector<std::string>& services, const std::string& situation,
                    const std::string& about, const std::vector<rpc::Answer>& answers) override {
    Call([&] {
      client_->nextQuestion(reply, With(c), citizen, services, situation, about, answers);
    });
  }
  void chain(rpc::Chain& reply, const rpc::CallContext& c, const std::string& citizen,
             const std::string& situation, const std::string& about) override {
    Call([&] { client_->chain(reply, With(c), citizen, situation, about); });
  }
  void chainOptions(std::vector<rpc::ChainOption>& reply, const rpc::CallContext& c,
                    const std::string& citizen, const std::string& situation,
                    const std::string& about) override {
    Call([&] { client_->chainOptions(reply, With(c), citizen, situation, about); });
  }
  void chainFront(rpc::ChainFront& reply, const rpc::CallContext& c, const std::string& citizen,
                  const std::string& situation, const std::string& about) override {
    Call([&] { client_->chainFront(reply, With(c), citizen, situation, about); });
  }
  void repairChain(rpc::ChainRepair& reply, const rpc::CallContext& c, const std::string& citizen,
                   const std::string& situation, const std::string& about,
                   const std::string& told_at) override {
    Call([&] { client_->repairChain(reply, With(c), citizen, situation, about, told_at); });
  }
  void situations(std::vector<rpc::SituationOfCitizen>& reply, const rpc::CallContext& c,
                  const std::string& citizen) override {
    Call([&] { client_->situations(reply, With(c), citizen); });
  }
  void profile(rpc::Profile& reply, const rpc::CallContext& c, const std::string& citizen,
               const std::string& valid_at, const std::string& known_at) override {
    Call([&] { client_->profile(reply, With(c), citizen, valid_at, known_at); });
  }
  void history(rpc::History& reply, const rpc::CallContext& c,
               const std::string& citizen) override {
    Call([&] { client_->history(reply, With(c), citizen); });
  }
  void household(rpc::Household& reply, const rpc::CallContext& c,
                 const std::string& citizen) override {
    Call([&] { client_->household(reply, With(c), citizen); });
  }
  void grantConsent(rpc::Consent& reply, const rpc::CallContext& c,
                    const rpc::ConsentGrant& grant) override {
    Call([&] { client_->grantConsent(reply, With(c), grant); });
  }
  void consents(std::vector<rpc::Consent>& reply, const rpc::CallContext& c,
                const std::string& citizen) override {
    Call([&] { client_->consents(reply, With(c), citizen); });
  }
  void narrowConsent(rpc::Consent& reply, const rpc::CallContext& c,
                     const rpc::ConsentAmendment& amendment) override {
    Call([&] { client_->narrowConsent(reply, With(c), amendment); });
  }
  void renewConsent(rpc::Consent& reply, const rpc::CallContext& c,
                    const rpc::ConsentAmendment& amendment) override {
    Call([&] { client_->renewConsent(reply, With(c), amendment); });
  }
  void previewRevocation(rpc::Revocation& reply, const rpc::CallContext& c,
                         const std::string& citizen, const std::string& consent) override {
    Call([&] { client_->previewRevocation(reply, With(c), citizen, consent); });
  }
  void consentReceipt(std::string& reply, const rpc::CallContext& c, const std::string& citizen,
                      const std::string& consent) override {
    Call([&] { client_->consentReceipt(reply, With(c), citizen, consent); });
  }
  void leastScopes(rpc::LeastScopes& reply, const rpc::CallContext& c, const std::string& citizen,
                   const std::string& situation, const std::string& about) override {
    Call([&] { client_->leastScopes(reply, With(c), citizen, situation, about); });
  }
  void appointProxy(rpc::Proxy& reply, const rpc::CallContext& c,
                    const rpc::ProxyGrant& grant) override {
    Call([&] { client_->appointProxy(reply, With(c), grant); });
  }
  void proxies(std::vector<rpc::Proxy>& reply, const rpc::CallContext& c,
               const std::string& citizen) override {
    Call([&] { client_->proxies(reply, With(c), citizen); });
  }
  void revokeProxy(rpc::Proxy& reply, const rpc::CallContext& c, const std::string& citizen,
                   const std::string& proxy) override {
    Call([&] { client_->revokeProxy(reply, With(c), citizen, proxy); });
  }
  void consentChoices(rpc::ConsentChoices& reply, const rpc::CallContext& c) override {
    Call([&] { client_->consentChoices(reply, With(c)); });
  }
  void legalBases(std::vector<rpc::LegalBasis>& reply, const rpc::CallContext& c) override {
    Call([&] { client_->legalBases(reply, With(c)); });
  }
  void revokeConsent(rpc::Revocation& reply, const rpc::CallContext& c, const std::string& citizen,
                     const std::string& consent, const std::string& reason) override {
    Call([&] { client_->revokeConsent(reply, With(c), citizen, consent, reason); });
  }
  void cases(std::vector<rpc::Case>& reply, const rpc::CallContext& c,
             const std::string& citizen) override {
    Call([&] { client_->cases(reply, With(c), citizen); });
  }
  void apply(rpc::Case& reply, const rpc::CallContext& c, const std::string& citizen,
             const std::string& service, const std::string& about) override {
    Call([&] { client_->apply(reply, With(c), citizen, service, about); });
  }
  void decline(rpc::Case& reply, const rpc::CallContext& c, const std::string& citizen,
               const std::string& case_id) override {
    Call([&] { client_->decline(reply, With(c), citizen, case_id); });
  }
  void usesOfData(std::vector<rpc::UseOfData>& reply, const rpc::CallContext& c,
                  const std::string& citizen, int64_t after, int32_t limit) override {
    Call([&] { client_->usesOfData(reply, With(c), citizen, after, limit); });
  }
  void ledgerReceipt(std::string& reply, const rpc::CallContext& c, const std::string& citizen,
                     int64_t number) override {
    Call([&] { client_->ledgerReceipt(reply, With(c), citizen, number); });
  }
  void ledgerConsistency(std::string& reply, const rpc::CallContext& c, const std::string& citizen,
                         const std::string& first, const std::string& second) override {
    Call([&] { client_->ledgerConsistency(reply, With(c), citizen, first, second); });
  }
  void ledgerKey(std::string& reply, const rpc::CallContext& c,
                 const std::string& citizen) override {
    Call([&] { client_->ledgerKey(reply, With(c), citizen); });
  }
  void withdraw(rpc::Case& reply, const rpc::CallContext& c, const std::string& citizen,
                const std::string& case_id) override {
    Call([&] { client_->withdraw(reply, With(c), citizen, case_id); });
  }
  void tellCase(rpc::Case& reply, const rpc::CallContext& c, const std::string& citizen,
                const std::string& case_id, const std::vector<rpc::Answer>& answers) override {
    Call([&] { client_->tellCase(reply, With(c), citizen, case_id, answers); });
  }
  void caseFeed(rpc::CaseFeed& reply, const rpc::CallContext& c, const std::string& citizen,
                const std::string& cursor, int32_t limit) override {
    Call([&] { client_->caseFeed(reply, With(c), citizen, cursor, limit); });
  }
  void applicationForm(rpc::ApplicationForm& reply, const rpc::CallContext& c,
                       const std::string& citizen, const std::string& service_id,
                       const std::string& about) override {
    Call([&] { client_->applicationForm(reply, With(c), citizen, service_id, about); });
  }
  void serviceStatuses(std::vector<rpc::ServiceStatus>& reply, const rpc::CallContext& c,
                       const std::string& service_id) override {
    Call([&] { client_->serviceStatuses(reply, With(c), service_id); });
  }
  void triggers(std::vector<rpc::TriggerDecision>& reply, const rpc::CallContext& c,
                const std::string& citizen) override {
    Call([&] { client_->triggers(reply, With(c), citizen); });
  }
  void caseClock(rpc::CaseClock& reply, const rpc::CallContext& c, const std::string& citizen,
                 const std::string& case_id) override {
    Call([&] { client_->caseClock(reply, With(c), citizen, case_id); });
  }
  void results(std::vector<rpc::ResultRecord>& reply, const rpc::CallContext& c,
               const std::string& citizen) override {
    Call([&] { client_->results(reply, With(c), citizen); });
  }
  void resultExtract(rpc::ResultExtract& reply, const rpc::CallContext& c,
                     const std::string& citizen, const std::string& result) override {
    Call([&] { client_->resultExtract(reply, With(c), citizen, result); });
  }
  void resultToken(std::string& reply, const rpc::CallContext& c, const std::string& citizen,
                   const std::string& result, int32_t days) override {
    Call([&] { client_->resultToken(reply, With(c), citizen, result, days); });
  }
  void shareResult(rpc::ResultRecord& reply, const rpc::CallContext& c, const std::string& citizen,
                   const std::string& result, const std::string& with_whom,
                   const std::string& last_day) override {
    Call([&] { client_->shareResult(reply, With(c), citizen, result, with_whom, last_day); });
  }
  void endSharing(rpc::ResultRecord& reply, const rpc::CallContext& c, const std::string& citizen,
                  const std::string& result, const std::string& with_whom) override {
    Call([&] { client_->endSharing(reply, With(c), citizen, result, with_whom); });
  }
  void checkExtract(rpc::ExtractCheck& reply, const rpc::CallContext& c, const std::string& result,
                    const std::string& code) override {
    Call([&] { client_->checkExtract(reply, With(c), result, code); });
  }
  void offerApplication(rpc::ApplicationOffer& reply, const rpc::CallContext& c,
                        const std::string& citizen, const std::string& situation,
                        const std::string& about) override {
    Call([&] { client_->offerApplication(reply, With(c), citizen, situation, about); });
  }
  void confirmApplication(rpc::SingleApplication& reply, const rpc::CallContext& c,
                          const rpc::ApplicationConfirmation& confirmation) override {
    Call([&] { client_->confirmApplication(reply, With(c), confirmation); });
  }
  void applications(std::vector<rpc::SingleApplication>& reply, const rpc::CallContext& c,
                    const std::string& citizen) override {
    Call([&] { client_->applications(reply, With(c), citizen); });
  }
  void preCheck(rpc::PreCheck& reply, const rpc::CallContext& c, const std::string& citizen,
                const std::string& service_id, const std::string& about) override {
    Call([&] { client_->preCheck(reply, With(c), citizen, service_id, about); });
  }
  void preChecks(std::vector<rpc::PreCheck>& reply, const rpc::CallContext& c,
                 const std::string& citizen) override {
    Call([&] { client_->preChecks(reply, With(c), citizen); });
  }
  void order(rpc::Case& reply, const rpc::CallContext& c, const std::string& citizen,
             const std::string& pre_check) override {
    Call([&] { client_->order(reply, With(c), citizen, pre_check); });
  }
  void zeros(rpc::Zeros& reply, const rpc::CallContext& c, const std::string& citizen,
             const std::string& service_id, const std::string& about) override {
    Call([&] { client_->zeros(reply, With(c), citizen, service_id, about); });
  }
  void officialQueue(std::vector<rpc::Case>& reply, const rpc::CallContext& c,
                     const std::string& authority, int32_t limit) override {
    Call([&] { client_->officialQueue(reply, With(c), authority, limit); });
  }
  void actOfficially(rpc::Case& reply, const rpc::CallContext& c,
                     const rpc::OfficialAct& act) override {
    Call([&] { client_->actOfficially(reply, With(c), act); });
  }
  void overrides(std::vector<rpc::OverrideCount>& reply, const rpc::CallContext& c) override {
    Call([&] { client_->overrides(reply, With(c)); });
  }
  void previewErasure(rpc::Erasure& reply, const rpc::CallContext& c,
                      const std::string& citizen) override {
    Call([&] { client_->previewErasure(reply, With(c), citizen); });
  }
  void eraseCitizen(rpc::Erasure& reply, const rpc::CallContext& c, const std::string& citizen,
                    const std::string& confirmation) override {
    Call([&] { client_->eraseCitizen(reply, With(c), citizen, confirmation); });
  }
  void backUpStore(rpc::StoreBackup& reply, const rpc::CallContext& c) override {
    Call([&] { client_->backUpStore(reply, With(c)); });
  }
  void notifications(std::vector<rpc::Notification>& reply, const rpc::CallContext& c,
                     const std::string& citizen) override {
    Call([&] { client_->notifications(reply, With(c), citizen); });
  }
  void lifeQuestion(rpc::LifeQuestion& reply, const rpc::CallContext& c,
                    const std::string& citizen) override {
    Call([&] { client_->lifeQuestion(reply, With(c), citizen); });
  }
  void answerLifeQuestion(const rpc::CallContext& c, const std::string& citizen,
                          bool changed) override {
    Call([&] { client_->answerLifeQuestion(With(c), citizen, changed); });
  }
  void feedback(const rpc::CallContext& c, const std::string& citizen, const std::string& exposure,
                const std::string& service, rpc::Reaction::type reaction,
                const std::string& about) override {
    Call([&] { client_->feedback(With(c), citizen, exposure, service, reaction, about); });
  }
  void askSources(std::vector<rpc::AskedSource>& reply, const rpc::CallContext& c,
                  const std::string& citizen, const std::vector<std::string>& attributes) override {
    Call([&] { client_->askSources(reply, With(c), citizen, attributes); });
  }
  void sources(std::vector<rpc::SourceSummary>& reply, const rpc::CallContext& c) override {
    Call([&] { client_->sources(reply, With(c)); });
  }
  void services(std::vector<rpc::ServiceSummary>& reply, const rpc::CallContext& c) override {
    Call([&] { client_->services(reply, With(c)); });
  }
  void catalogueSituations(std::vector<rpc::SituationSummary>& reply,
                           const rpc::CallContext& c) override {
    Call([&] { client_->catalogueSituations(reply, With(c)); });
  }

 private:
  std::shared_ptr<tt::TSocket> MakeSocket() const {
    const ServerAddress& address = options_.address;
    auto socket =
        tls_ ? std::static_pointer_cast<tt::TSocket>(tls_->createSocket(address.host, address.port))
             : std::make_shared<tt::TSocket>(address.host, address.port);
    socket->setConnTimeout(options_.connect_seconds * 1000);
    socket->setRecvTimeout(options_.answer_seconds * 1000);
    socket->setSendTimeout(options_.answer_seconds * 1000);
    return socket;
  }

  void Open() {
    auto configuration =
        std::make_shared<apache::thrift::TConfiguration>(kReplyBytesMax, kReplyBytesMax);
    auto frames = std::make_shared<tt::TFramedTransport>(MakeSocket(), configuration);
    frames->open();
    client_ = std::make_unique<rpc::KstatiClient>(std::make_shared<tp::TCompactProtocol>(frames));
  }

  rpc::CallContext With(const rpc::CallContext& context) const {
    rpc::CallContext complete = context;
    if (!complete.__isset.token && !options_.token.empty()) complete.__set_token(options_.token);
    return complete;
  }

  template <class Body>
  void Call(const Body& body) {
    try {
      if (!client_) Open();
      body();
    } catch (const rpc::Failure&) {
      throw;
    } catch (const apache::thrift::TApplicationException& refused) {
      client_.reset();
      const bool size = refused.getType() == apache::thrift::TApplicationException::PROTOCOL_ERROR;
      throw ToFailure({size ? ErrorCode::kLimitExceeded : ErrorCode::kUnsupported,
                       std::string("the server refused: ") + refused.what(), options_.address.host,
                       size ? "send a smaller call" : "use a client of the server's version"});
    } catch (const apache::thrift::TException&) {
      client_.reset();
      throw ToFailure({ErrorCode::kUnavailable, "the server does not answer",
                       options_.address.host + ":" + std::to_string(options_.address.port),
                       "check the address and that `kstati serve` runs there"});
    }
  }

  ClientOptions options_;
  std::shared_ptr<ClientTlsFactory> tls_;
  std::unique_ptr<rpc::KstatiClient> client_;
};

}  // namespace

Result<ServerAddress> ServerAddress::Parse(const std::string& text) {
  const size_t colon = text.rfind(':');
  ServerAddress address;
  if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']')) {
      address.host = address.host.substr(1, address.host.size() - 2);
    }
    const char* end = text.data() + text.size();
    const auto [rest, problem] = std::from_chars(text.data() + colon + 1, end, address.port);
    const bool number = problem == std::errc() && rest == end;
    if (number && !address.host.empty() && address.port > 0 && address.port < 65536) return address;
  }
  return Fail(ErrorCode::kInvalidArgument, "the server's address is not host:port", "--server",
              "write it like 127.0.0.1:9090");
}

Result<std::unique_ptr<rpc::KstatiIf>> Connect(const ClientOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return std::make_unique<RemoteKstati>(options);
  } catch (const apache::thrift::TException&) {
    return Fail(ErrorCode::kInvalidArgument, "the TLS files cannot be used", options.authority,
                "check --tls-ca, --tls-certificate and --tls-key");
  }
}

}  // namespace kstati::thrift
