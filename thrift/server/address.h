// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace kstati::thrift {

// Whether only programs of this machine can reach the address: 127.0.0.0/8, ::1 or "localhost".
bool IsLoopback(const std::string& host);

// Tries to listen and lets go at once. kUnavailable says what stands in the way (the port is in
// use, the address belongs to another machine, rights are missing) and what to do. Port 0 is always
// free.
// kDenied when a door at this address would be open to others without telling callers apart or
// without encryption: without both tokens and TLS a door listens on loopback only.
Result<void> MayListen(const std::string& host, bool tokens, bool tls);

Result<void> CanListen(const std::string& host, int port);

// "127.0.0.1:9090", "[::1]:9090".
std::string AddressText(const std::string& host, int port);

}  // namespace kstati::thrift
