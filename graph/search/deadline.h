// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

namespace kstati::graph::search {

// How long a page may wait for a chain.
inline constexpr std::chrono::milliseconds kDefaultDeadline{20};

// How long to work; absent: until it is done.
using Deadline = std::optional<std::chrono::microseconds>;

}  // namespace kstati::graph::search
