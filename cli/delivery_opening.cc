// SPDX-License-Identifier: Apache-2.0
#include "cli/delivery_opening.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "delivery/file_channel.h"
#include "delivery/smtp_channel.h"
#include "delivery/webhook_channel.h"

namespace kstati::cli {
namespace {

// The first line of the file that the key names; empty when it names none.
Result<std::string> SecretAt(const Config& config, std::string_view key) {
  const std::string& file = config.Text(key);
  std::string secret;
  if (file.empty()) return secret;
  std::ifstream stream(file);
  if (!std::getline(stream, secret)) {
    return Fail(ErrorCode::kNotFound, "a secret of delivery cannot be read",
                std::string(key) + " (" + file + ")", "write it into the file's first line");
  }
  if (secret.ends_with('\r')) secret.pop_back();
  return secret;
}

std::chrono::milliseconds DeliveryDeadline(const Config& config) {
  return std::chrono::milliseconds(config.Number("delivery.deadline_ms"));
}

Result<std::unique_ptr<delivery::Channel>> OpenSmtp(const Config& config) {
  delivery::SmtpOptions options;
  options.url = config.Text("delivery.smtp_url");
  options.require_tls = config.Text("delivery.smtp_tls") == "required";
  options.user = config.Text("delivery.smtp_user");
  KSTATI_TRY(options.password, SecretAt(config, "delivery.smtp_password_file"));
  options.authority = config.Text("delivery.tls_ca");
  options.from = config.Text("delivery.smtp_from");
  options.to = config.Text("delivery.smtp_to");
  options.deadline = DeliveryDeadline(config);
  return delivery::MakeSmtpChannel(std::move(options));
}

Result<std::unique_ptr<delivery::Channel>> OpenWebhook(const Config& config) {
  delivery::WebhookOptions options;
  options.url = config.Text("delivery.webhook_url");
  KSTATI_TRY(options.secret, SecretAt(config, "delivery.webhook_secret_file"));
  options.authority = config.Text("delivery.tls_ca");
  options.deadline = DeliveryDeadline(config);
  return delivery::MakeWebhookChannel(std::move(options));
}

Result<std::unique_ptr<delivery::Channel>> OpenChannel(const Config& config,
                                                       const std::string& name) {
  if (name == "file") return delivery::MakeFileChannel(config.Text("delivery.file"));
  if (name == "smtp") return OpenSmtp(config);
  if (name == "webhook") return OpenWebhook(config);
  return Fail(ErrorCode::kInvalidArgument, "there is no channel " + name, "delivery.channels",
              "name some of file, smtp and webhook");
}

}  // namespace

Result<cases::Delivering::Channels> OpenChannels(const Config& config) {
  cases::Delivering::Channels channels;
  std::istringstream names(config.Text("delivery.channels"));
  for (std::string name; names >> name;) {
    if (std::ranges::any_of(channels, [&](const auto& other) { return other->name() == name; })) {
      return Fail(ErrorCode::kInvalidArgument, "the channel " + name + " is named twice",
                  "delivery.channels", "name each once");
    }
    KSTATI_TRY(auto channel, OpenChannel(config, name));
    channels.push_back(std::move(channel));
  }
  return channels;
}

Result<cases::DeliveryOptions> DeliveryOptionsOf(const Config& config) {
  cases::DeliveryOptions options;
  KSTATI_TRY(options.rules.quiet, delivery::QuietHours::Parse(config.Text("delivery.quiet_from"),
                                                              config.Text("delivery.quiet_to"),
                                                              config.Text("time.zone")));
  options.rules.deadlines_break_quiet = config.Text("delivery.quiet_broken_by") == "deadlines";
  options.rules.budget_messages = static_cast<int>(config.Number("delivery.budget_messages"));
  options.rules.budget_days = static_cast<int>(config.Number("delivery.budget_days"));
  options.retries.attempts_max = static_cast<int>(config.Number("delivery.attempts"));
  options.retries.first = std::chrono::seconds(config.Number("delivery.first_retry_seconds"));
  options.language =
      config.Text("delivery.language") == "en" ? Language::kEnglish : Language::kRussian;
  options.oldest_hours = config.Number("delivery.oldest_hours");
  options.people_at_once = static_cast<size_t>(config.Number("delivery.people_at_once"));
  return options;
}

}  // namespace kstati::cli
