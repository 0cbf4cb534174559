// SPDX-License-Identifier: Apache-2.0
#include "cli/broker_options.h"

#include <fstream>

namespace kstati::cli {

Result<intake::AmqpOptions> BrokerOptions(const Config& config) {
  intake::AmqpOptions options;
  options.url = config.Text("amqp.url");
  options.ca_file = config.Text("amqp.tls_ca");
  options.queue = config.Text("amqp.queue");
  options.workers = static_cast<int>(config.Number("amqp.workers"));
  const std::string& file = config.Text("amqp.password_file");
  if (file.empty()) return options;
  std::ifstream stream(file);
  if (std::getline(stream, options.password)) return options;
  return Fail(ErrorCode::kNotFound, "the password of the broker's user cannot be read", file,
              "write it into the file's first line");
}

}  // namespace kstati::cli
