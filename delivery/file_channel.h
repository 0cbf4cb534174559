// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "delivery/channel.h"

namespace kstati::delivery {

// Appends every message to a file, a line of JSON each, and acknowledges when it is on the disk.
// Made for its owner alone when it is missing. It is opened for each message, so that it may be
// taken away under another name at any time. A line that was cut short stays, and the next message
// begins a new one.
std::unique_ptr<Channel> MakeFileChannel(std::string path);

}  // namespace kstati::delivery
