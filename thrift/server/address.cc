// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace kstati::thrift {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : descriptor_(socket(address.ai_family, address.ai_socktype, address.ai_protocol)) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // 0, or errno.
  int Listen(const addrinfo& address) const {
    if (descriptor_ < 0) return errno;
    const int yes = 1;
    setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(descriptor_, address.ai_addr, address.ai_addrlen) != 0) return errno;
    return listen(descriptor_, 1) == 0 ? 0 : errno;
  }

 private:
  int descriptor_;
};

tl::unexpected<Error> Refused(const std::string& place, int port, int reason) {
  switch (reason) {
    case EADDRINUSE:
      return Fail(ErrorCode::kUnavailable, "port " + std::to_string(port) + " is in use", place,
                  "stop the program that listens there, or choose another port in kstati.toml");
    case EACCES:
      return Fail(ErrorCode::kUnavailable,
                  "port " + std::to_string(port) + " may not be opened by this user", place,
                  "choose a port above 1023");
    case EADDRNOTAVAIL:
      return Fail(ErrorCode::kUnavailable, "the address does not belong to this machine", place,
                  "name an address of this machine, for example 127.0.0.1");
    default:
      return Fail(ErrorCode::kUnavailable,
                  std::string("the address cannot be opened: ") + std::strerror(reason), place,
                  "name another address or port of this machine");
  }
}

}  // namespace

bool IsLoopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

Result<void> MayListen(const std::string& host, bool tokens, bool tls) {
  if ((tokens && tls) || IsLoopback(host)) return {};
  return Fail(ErrorCode::kDenied, "a door that others can reach needs tokens and TLS", host,
              "set security.tokens_file, tls_certificate and tls_key, or listen on 127.0.0.1");
}

Result<void> CanListen(const std::string& host, int port) {
  const std::string place = AddressText(host, port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Fail(ErrorCode::kUnavailable, "the host name is unknown", place,
                "name an address of this machine, for example 127.0.0.1");
  }
  const AddressList addresses(found, &freeaddrinfo);
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int reason = Socket(*address).Listen(*address);
    if (reason != 0) return Refused(place, port, reason);
  }
  return {};
}

std::string AddressText(const std::string& host, int port) {
  const bool six = host.find(':') != std::string::npos;
  return (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace kstati::thrift
