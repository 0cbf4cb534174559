// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <istream>
#include <ostream>

namespace kstati::cli {

// Where a command reads and writes. Data goes to `out`, everything else to `err`.
struct Terminal {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool colors_refused = false;  // the variable NO_COLOR is set (no-color.org)

  static Terminal OfThisProcess();
};

}  // namespace kstati::cli
