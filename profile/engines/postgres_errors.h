// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <string_view>

#include "base/error.h"

namespace kstati::profile {

// What the server's or libpq's error means to the store. Never quotes what may hold values.

Error FromPostgresResult(const PGresult* result);
// Of a connection that broke, or that could not be made; `reason` is libpq's text.
Error FromBrokenConnection(std::string_view reason);
Error FromFailedConnect(const PGconn* connection);

}  // namespace kstati::profile
