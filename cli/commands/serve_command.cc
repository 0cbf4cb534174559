// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <ctime>

#include "base/log.h"
#include "cases/clock_watch.h"
#include "cases/delivering.h"
#include "cases/scheduler.h"
#include "cli/broker_options.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/delivery_opening.h"
#include "cli/doctor.h"
#include "intake/amqp_intake.h"
#include "recommender/model_watch.h"
#include "thrift/server/address.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/http_gateway.h"
#include "thrift/server/picture_door.h"
#include "thrift/server/purposes.h"
#include "thrift/server/refusals.h"
#include "thrift/server/submission.h"
#include "thrift/server/thrift_server.h"

namespace kstati::cli {
namespace {

// Keeps SIGINT and SIGTERM for one thread that waits for them. Made before any other thread starts,
// since threads inherit the mask.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  int Wait() const {
    int signal = 0;
    while (sigwait(&signals_, &signal) != 0) {
    }
    return signal;
  }

 private:
  sigset_t signals_{};
};

log::Level LevelOf(const std::string& name) {
  if (name == "debug") return log::Level::kDebug;
  if (name == "warning") return log::Level::kWarning;
  if (name == "error") return log::Level::kError;
  return log::Level::kInfo;
}

thrift::MessageLimits LimitsOf(const Config& config) {
  thrift::MessageLimits limits;
  limits.message_bytes = static_cast<uint32_t>(config.Number("limits.message_bytes"));
  limits.batch_bytes = static_cast<uint32_t>(config.Number("limits.batch_bytes"));
  limits.elements = static_cast<uint32_t>(config.Number("limits.elements"));
  return limits;
}

thrift::TlsFiles TlsOf(const Config& config) {
  return {config.Text("security.tls_certificate"), config.Text("security.tls_key"),
          config.Text("security.tls_client_ca")};
}

thrift::ThriftServerOptions ThriftOptions(const Config& config) {
  thrift::ThriftServerOptions options;
  options.host = config.Text("thrift.host");
  options.port = static_cast<int>(config.Number("thrift.port"));
  options.clients_max = static_cast<int>(config.Number("thrift.clients_max"));
  options.idle_seconds = static_cast<int>(config.Number("limits.idle_seconds"));
  options.tls = TlsOf(config);
  options.limits = LimitsOf(config);
  return options;
}

thrift::HttpGatewayOptions HttpOptions(const Config& config) {
  thrift::HttpGatewayOptions options;
  options.host = config.Text("http.host");
  options.port = static_cast<int>(config.Number("http.port"));
  options.threads = static_cast<size_t>(config.Number("http.threads"));
  options.console_folder = config.Text("console.folder");
  options.tls = TlsOf(config);
  options.limits = LimitsOf(config);
  return options;
}

// Null without a broker. Its events go the way of all events. Where callers are known by tokens, a
// registry publishes as the broker's user of the registry's name.
Result<std::unique_ptr<intake::AmqpIntake>> StartIntake(const Config& config, const System& system,
                                                        const thrift::AccessList& access) {
  if (config.Text("amqp.url").empty()) return nullptr;
  KSTATI_TRY(const intake::AmqpOptions options, BrokerOptions(config));
  const cases::World& world = system.world();
  const auto kind = access.open() ? thrift::Scope::Kind::kOperator : thrift::Scope::Kind::kRegistry;
  const auto caller_of = [kind](const std::string& sender) {
    return thrift::Caller("amqp:" + sender, {{kind, RegistryId(sender), CitizenId(), {}}});
  };
  // The person sees who was refused, as of a refusal at the other doors.
  const auto refusals = std::make_shared<thrift::Refusals>(system.uses(), world);
  const auto check = [&world, caller_of, refusals](
                         const std::string& sender,
                         const rpc::RegistryEvent& event) -> Result<void> {
    const thrift::Caller caller = caller_of(sender);
    const Result<void> checked = thrift::CheckSubmitted(world, caller, event);
    if (checked || checked.error().code != ErrorCode::kDenied) return checked;
    const Result<CitizenId> subject = thrift::ReadCitizen(event.subject, "subject");
    if (subject) refusals->Enter("submitEvents", caller.name(), *subject);
    return checked;
  };
  const auto record = [&world, caller_of](
                          const std::string& sender,
                          const rpc::RegistryEvent& event) -> Result<intake::AmqpIntake::Recorded> {
    KSTATI_TRY(const cases::Outcome outcome,
               thrift::RecordSubmitted(world, caller_of(sender), event));
    return outcome.repeated ? intake::AmqpIntake::Recorded::kBefore
                            : intake::AmqpIntake::Recorded::kNow;
  };
  return std::make_unique<intake::AmqpIntake>(options, check, record);
}

// That tokens name purposes which there are.
Result<void> RequirePurposes(const thrift::AccessList& access, const graph::Catalogue& catalogue,
                             const Config& config) {
  for (const std::string& purpose : access.Purposes()) {
    if (thrift::IsPurpose(catalogue, purpose)) continue;
    return Fail(ErrorCode::kInvalidArgument, "a token has the unknown purpose `" + purpose + "`",
                config.Text("security.tokens_file"),
                "name legal bases of the catalogue (legal_bases.yaml) or purposes of consents");
  }
  return {};
}

// Prints what is not in order. An error when something keeps the server from running.
Result<void> RequireHealth(const Config& config, const Terminal& terminal) {
  size_t problems = 0;
  Error first;
  for (const Finding& finding : Examine(config)) {
    if (finding.health == Health::kOk) continue;
    terminal.err << NameOf(finding.health) << ": " << finding.item << ": " << finding.state << "\n";
    if (!finding.advice.empty()) terminal.err << "  hint: " << finding.advice << "\n";
    if (finding.health == Health::kProblem && problems++ == 0) {
      first = {ErrorCode::kUnavailable, "the server does not start: " + finding.state, finding.item,
               finding.advice};
    }
  }
  if (problems == 0) return {};
  return Fail(first);
}

// Null without a channel.
Result<std::unique_ptr<cases::DeliveryWatch>> StartDelivery(const Config& config,
                                                            const System& system) {
  KSTATI_TRY(auto channels, OpenChannels(config));
  if (channels.empty()) return nullptr;
  KSTATI_TRY(cases::DeliveryOptions options, DeliveryOptionsOf(config));
  options.ranker = &system.ranker();
  options.inference = system.inference();
  return std::make_unique<cases::DeliveryWatch>(std::make_unique<cases::Delivering>(
      system.world(), system.messages(), std::move(channels), options));
}

class ServeCommand final : public Command {
 public:
  std::string_view path() const override { return "serve"; }
  std::string_view summary() const override {
    return "Runs the server: Thrift, HTTP with the console, and the work nobody asks for.";
  }
  std::string_view examples() const override {
    return "kstati serve\n"
           "kstati serve --config /etc/kstati/kstati.toml --print-config";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    options.Flag("--print-config", print_config_,
                 "prints every setting, where it came from, and ends");
    options.Flag("--print-config-schema", print_schema_,
                 "prints the JSON Schema of the configuration and ends");
  }

  Result<int> Run(const Terminal& terminal) override {
    if (print_schema_) {
      terminal.out << ConfigurationSchema();
      return kExitFine;
    }
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    if (print_config_) {
      terminal.out << Print(config);
      return kExitFine;
    }
    const StopSignals signals;
    log::SetLevel(LevelOf(config.Text("log.level")));
    KSTATI_TRY_VOID(RequireHealth(config, terminal));
    return Serve(config, signals, terminal);
  }

 private:
  static Result<int> Serve(const Config& config, const StopSignals& signals,
                           const Terminal& terminal) {
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kMakeIfMissing));
    std::vector<Issue> issues;  // the doctor looked at the file already
    thrift::AccessList access;
    if (!config.Text("security.tokens_file").empty()) {
      access = thrift::AccessList::Load(config.Text("security.tokens_file"), issues);
    }
    KSTATI_TRY_VOID(RequirePurposes(access, system->world().catalogue(), config));
    const auto handler = system->HandlerFor(access, config.Text("store.backups"));
    // Closed in reverse: the doors first, then the work of its own, then the store.
    const cases::Scheduler scheduler(system->world(), system->desk(), &system->inquiries(),
                                     config.Number("cases.step_seconds"));
    const cases::ClockWatch clocks(system->world());
    const recommender::ModelWatch models(config.Text("model.folder"), system->ranker(),
                                         system->trials(),
                                         [&world = system->world()] { return world.Today(); });
    KSTATI_TRY(const auto delivery, StartDelivery(config, *system));
    KSTATI_TRY(const auto binary,
               thrift::ThriftServer::Start(ThriftOptions(config), handler, access));
    thrift::HttpGatewayOptions http_options = HttpOptions(config);
    http_options.pictures =
        std::make_shared<const thrift::PictureDoor>(system->world(), system->messages());
    KSTATI_TRY(const auto http, thrift::HttpGateway::Start(http_options, handler, access));
    KSTATI_TRY(const auto intake, StartIntake(config, *system, access));
    const bool tls = TlsOf(config).enabled();
    terminal.out << "thrift " << thrift::AddressText(config.Text("thrift.host"), binary->port())
                 << "\nhttp " << (tls ? "https://" : "http://")
                 << thrift::AddressText(config.Text("http.host"), http->port()) << "/\n"
                 << std::flush;
    log::Info("serve.ready", {{"thrift_port", binary->port()}, {"http_port", http->port()}});
    const int signal = signals.Wait();
    log::Info("serve.stopping", {{"signal", signal}});
    return kExitFine;
  }

  Connection connection_;
  bool print_config_ = false;
  bool print_schema_ = false;
};

}  // namespace

void AddServe(CommandList& commands) { commands.push_back(std::make_unique<ServeCommand>()); }

}  // namespace kstati::cli
