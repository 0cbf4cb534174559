// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace kstati::cli {

// One command of the program, for example "consent grant". A process runs one command once.
class Command {
 public:
  virtual ~Command() = default;

  virtual std::string_view path() const = 0;      // the words after "kstati"
  virtual std::string_view summary() const = 0;   // one sentence: what it does
  virtual std::string_view examples() const = 0;  // lines to copy
  virtual bool hidden() const { return false; }

  virtual void Declare(Options& options) = 0;
  // The exit code; an error becomes a message on `terminal.err` and the code of its kind.
  virtual Result<int> Run(const Terminal& terminal) = 0;
};

}  // namespace kstati::cli
