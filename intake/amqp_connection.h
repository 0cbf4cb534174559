// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

struct amqp_connection_state_t_;
struct amqp_rpc_reply_t_;

namespace kstati::intake {

struct AmqpOptions {
  std::string url;       // amqp://USER:PASSWORD@HOST:PORT/VHOST, or amqps: with TLS
  std::string password;  // in place of the URL's, which may have none
  std::string ca_file;   // PEM file with the authorities of the broker's certificate; for amqps
  std::string queue;     // events; refused ones go to the queue of this name with ".refused"
  int workers = 16;      // events processed at once
  uint16_t unanswered_max = 256;  // messages the broker sends before the first is acknowledged
};

// A message of the queue.
struct Delivery {
  uint64_t tag = 0;    // of this connection
  std::string sender;  // the broker's user who published it, as the broker checked; empty: unsaid
  std::string body;
};

// A connection to a broker that speaks AMQP 0-9-1 (RabbitMQ), consuming a queue. Each message
// comes again, also to others, until it is acknowledged. Not safe from several threads.
class AmqpConnection {
 public:
  // Connects, makes the two quorum queues when they are not there, and begins to consume.
  // kInvalidArgument for a wrong URL, kDenied when the broker refuses the user, kUnavailable
  // otherwise. No text of an error holds the URL's password.
  static Result<std::unique_ptr<AmqpConnection>> Open(const AmqpOptions& options);
  // Connects and goes away again; errors as of Open.
  static Result<void> Try(const AmqpOptions& options);
  ~AmqpConnection();

  // Waits for a message; nullopt when none came in time. kUnavailable when the connection broke.
  Result<std::optional<Delivery>> Receive(std::chrono::milliseconds patience);
  Result<void> Acknowledge(uint64_t tag);
  // Puts the message into the queue of refused ones with the reason in its headers
  // (kstati-code, kstati-reason); it is acknowledged once the broker has it there.
  Result<void> Refuse(const Delivery& delivery, const Error& why);
  // Of refused messages that the broker did not confirm yet.
  bool waits_for_confirms() const { return !refused_.empty(); }

 private:
  AmqpConnection(amqp_connection_state_t_* state, const AmqpOptions& options);

  Result<void> Connect();
  Result<void> Consume();
  Result<void> DeclareQueue(const std::string& name);
  Result<void> Check(const amqp_rpc_reply_t_& reply) const;
  Result<void> TakeOtherFrame();
  Result<void> TakeConfirm(uint64_t number, bool multiple);

  amqp_connection_state_t_* const state_;
  const AmqpOptions options_;
  uint64_t published_ = 0;
  std::map<uint64_t, uint64_t> refused_;  // number of the publication -> tag of the delivery
};

}  // namespace kstati::intake
