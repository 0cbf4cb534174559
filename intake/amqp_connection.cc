// SPDX-License-Identifier: Apache-2.0
#include "intake/amqp_connection.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

#include <array>
#include <utility>

namespace kstati::intake {
namespace {

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrameBytes = 128 << 10;
constexpr int kHeartbeatSeconds = 30;
constexpr int kConnectSeconds = 5;
constexpr int kPersistent = 2;
constexpr int kAccessRefused = 403;  // reply code of AMQP

amqp_bytes_t BytesOf(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};  // the library does not write to it
}

std::string TextOf(const amqp_bytes_t& bytes) {
  return {static_cast<const char*>(bytes.bytes), bytes.len};
}

tl::unexpected<Error> Broken(const std::string& what) {
  return Fail(ErrorCode::kUnavailable, "the message broker cannot be reached: " + what, "amqp.url",
              "see that it runs; the connection is tried again by itself");
}

// What a broker said when it closed the channel or the connection.
tl::unexpected<Error> Closed(int code, const amqp_bytes_t& reason) {
  if (code != kAccessRefused) return Broken(TextOf(reason));
  return Fail(ErrorCode::kDenied, "the message broker refused: " + TextOf(reason), "amqp.url",
              "give its user the right to configure, write and read the queues");
}

amqp_table_entry_t Header(const char* name, std::string_view value) {
  amqp_table_entry_t entry{};
  entry.key = amqp_cstring_bytes(name);
  entry.value.kind = AMQP_FIELD_KIND_UTF8;
  entry.value.value.bytes = BytesOf(value);
  return entry;
}

// A parsed URL; its parts lie in `text`.
struct Address {
  std::string text;
  amqp_connection_info parts{};
};

Result<std::unique_ptr<Address>> ParseAddress(const std::string& url) {
  auto address = std::make_unique<Address>();
  address->text = url;
  if (amqp_parse_url(address->text.data(), &address->parts) == AMQP_STATUS_OK) return address;
  return Fail(ErrorCode::kInvalidArgument, "the address of the message broker is not a URL",
              "amqp.url", "write amqp://USER:PASSWORD@HOST:5672/VHOST");
}

amqp_socket_t* MakeSocket(amqp_connection_state_t state, bool tls, const std::string& ca_file) {
  if (!tls) return amqp_tcp_socket_new(state);
  amqp_socket_t* const socket = amqp_ssl_socket_new(state);
  if (socket == nullptr) return nullptr;
  amqp_ssl_socket_set_verify_peer(socket, 1);
  amqp_ssl_socket_set_verify_hostname(socket, 1);
  amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
  const bool trusted =
      ca_file.empty() || amqp_ssl_socket_set_cacert(socket, ca_file.c_str()) == AMQP_STATUS_OK;
  return trusted ? socket : nullptr;
}

timeval ToTimeval(std::chrono::milliseconds time) {
  return {time.count() / 1'000, time.count() % 1'000 * 1'000};
}

}  // namespace

AmqpConnection::AmqpConnection(amqp_connection_state_t_* state, const AmqpOptions& options)
    : state_(state), options_(options) {}

AmqpConnection::~AmqpConnection() { amqp_destroy_connection(state_); }

Result<std::unique_ptr<AmqpConnection>> AmqpConnection::Open(const AmqpOptions& options) {
  std::unique_ptr<AmqpConnection> connection(new AmqpConnection(amqp_new_connection(), options));
  KSTATI_TRY_VOID(connection->Connect());
  KSTATI_TRY_VOID(connection->DeclareQueue(options.queue));
  KSTATI_TRY_VOID(connection->DeclareQueue(options.queue + ".refused"));
  KSTATI_TRY_VOID(connection->Consume());
  return connection;
}

Result<void> AmqpConnection::Try(const AmqpOptions& options) {
  return AmqpConnection(amqp_new_connection(), options).Connect();
}

Result<void> AmqpConnection::Connect() {
  KSTATI_TRY(const std::unique_ptr<Address> address, ParseAddress(options_.url));
  const amqp_connection_info& parts = address->parts;
  amqp_socket_t* const socket = MakeSocket(state_, parts.ssl != 0, options_.ca_file);
  if (socket == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "the authorities of the broker cannot be read",
                "amqp.tls_ca", "name a PEM file with certificates");
  }
  const timeval patience{kConnectSeconds, 0};
  const int status = amqp_socket_open_noblock(socket, parts.host, parts.port, &patience);
  if (status != AMQP_STATUS_OK) return Broken(amqp_error_string2(status));
  const char* const password =
      options_.password.empty() ? parts.password : options_.password.c_str();
  KSTATI_TRY_VOID(Check(amqp_login(state_, parts.vhost, 0, kFrameBytes, kHeartbeatSeconds,
                                   AMQP_SASL_METHOD_PLAIN, parts.user, password)));
  amqp_channel_open(state_, kChannel);
  return Check(amqp_get_rpc_reply(state_));
}

Result<void> AmqpConnection::DeclareQueue(const std::string& name) {
  amqp_table_entry_t kind = Header("x-queue-type", "quorum");
  amqp_queue_declare(state_, kChannel, BytesOf(name), /*passive=*/0, /*durable=*/1,
                     /*exclusive=*/0, /*auto_delete=*/0, {1, &kind});
  return Check(amqp_get_rpc_reply(state_));
}

Result<void> AmqpConnection::Consume() {
  amqp_confirm_select(state_, kChannel);
  KSTATI_TRY_VOID(Check(amqp_get_rpc_reply(state_)));
  amqp_basic_qos(state_, kChannel, 0, options_.unanswered_max, 0);
  KSTATI_TRY_VOID(Check(amqp_get_rpc_reply(state_)));
  amqp_basic_consume(state_, kChannel, BytesOf(options_.queue), amqp_empty_bytes, /*no_local=*/0,
                     /*no_ack=*/0, /*exclusive=*/0, amqp_empty_table);
  return Check(amqp_get_rpc_reply(state_));
}

Result<void> AmqpConnection::Check(const amqp_rpc_reply_t& reply) const {
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return {};
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
      const auto* const close = static_cast<amqp_channel_close_t*>(reply.reply.decoded);
      return Closed(close->reply_code, close->reply_text);
    }
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
      const auto* const close = static_cast<amqp_connection_close_t*>(reply.reply.decoded);
      return Closed(close->reply_code, close->reply_text);
    }
  }
  if (reply.reply_type != AMQP_RESPONSE_LIBRARY_EXCEPTION) return Broken("it broke the protocol");
  return Broken(amqp_error_string2(reply.library_error));
}

Result<std::optional<Delivery>> AmqpConnection::Receive(std::chrono::milliseconds patience) {
  amqp_maybe_release_buffers(state_);
  amqp_envelope_t envelope;
  const timeval wait = ToTimeval(patience);
  const amqp_rpc_reply_t reply = amqp_consume_message(state_, &envelope, &wait, 0);
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
    const amqp_basic_properties_t& properties = envelope.message.properties;
    const bool said = (properties._flags & AMQP_BASIC_USER_ID_FLAG) != 0;
    Delivery delivery{envelope.delivery_tag, said ? TextOf(properties.user_id) : std::string(),
                      TextOf(envelope.message.body)};
    amqp_destroy_envelope(&envelope);
    return std::optional<Delivery>(std::move(delivery));
  }
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
    if (reply.library_error == AMQP_STATUS_TIMEOUT) return std::nullopt;
    if (reply.library_error == AMQP_STATUS_UNEXPECTED_STATE) {
      KSTATI_TRY_VOID(TakeOtherFrame());
      return std::nullopt;
    }
  }
  KSTATI_TRY_VOID(Check(reply));
  return std::nullopt;
}

// What comes between deliveries: confirms of what was published, or that the broker closes.
Result<void> AmqpConnection::TakeOtherFrame() {
  amqp_frame_t frame;
  const int status = amqp_simple_wait_frame(state_, &frame);
  if (status != AMQP_STATUS_OK) return Broken(amqp_error_string2(status));
  if (frame.frame_type != AMQP_FRAME_METHOD) return {};
  const amqp_method_t& method = frame.payload.method;
  switch (method.id) {
    case AMQP_BASIC_ACK_METHOD: {
      const auto* const confirm = static_cast<amqp_basic_ack_t*>(method.decoded);
      return TakeConfirm(confirm->delivery_tag, confirm->multiple != 0);
    }
    case AMQP_BASIC_NACK_METHOD: return Broken("it did not take a refused message");
    case AMQP_BASIC_CANCEL_METHOD: return Broken("the queue was deleted");
    case AMQP_CHANNEL_CLOSE_METHOD:
    case AMQP_CONNECTION_CLOSE_METHOD:
      return Check({AMQP_RESPONSE_SERVER_EXCEPTION, method, AMQP_STATUS_OK});
    default: return {};
  }
}

Result<void> AmqpConnection::TakeConfirm(uint64_t number, bool multiple) {
  const auto end = refused_.upper_bound(number);
  const auto begin = multiple ? refused_.begin() : refused_.find(number);
  if (begin == refused_.end()) return {};
  for (auto each = begin; each != end; ++each) KSTATI_TRY_VOID(Acknowledge(each->second));
  refused_.erase(begin, end);
  return {};
}

Result<void> AmqpConnection::Acknowledge(uint64_t tag) {
  const int status = amqp_basic_ack(state_, kChannel, tag, /*multiple=*/0);
  if (status != AMQP_STATUS_OK) return Broken(amqp_error_string2(status));
  return {};
}

Result<void> AmqpConnection::Refuse(const Delivery& delivery, const Error& why) {
  const std::string queue = options_.queue + ".refused";
  const std::string reason = why.ToString();
  std::array<amqp_table_entry_t, 2> headers{Header("kstati-code", KindOf(why.code).name),
                                            Header("kstati-reason", reason)};
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG;
  properties.delivery_mode = kPersistent;
  properties.headers = {static_cast<int>(headers.size()), headers.data()};
  const int status =
      amqp_basic_publish(state_, kChannel, amqp_empty_bytes, BytesOf(queue), /*mandatory=*/0,
                         /*immediate=*/0, &properties, BytesOf(delivery.body));
  if (status != AMQP_STATUS_OK) return Broken(amqp_error_string2(status));
  refused_.emplace(++published_, delivery.tag);
  return {};
}

}  // namespace kstati::intake
