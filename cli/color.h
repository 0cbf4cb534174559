// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/options.h"
#include "cli/terminal.h"

namespace kstati::cli {

enum class Style { kHeading, kError, kWarning, kCaret };

// Sets a text off from the rest, or leaves it as it is.
class Palette {
 public:
  explicit Palette(bool colored) : colored_(colored) {}

  std::string Paint(Style style, std::string_view text) const;

 private:
  bool colored_;
};

// The option --color auto | always | never: auto means on a terminal, unless NO_COLOR is set.
class ColorOption {
 public:
  void Declare(Options& options);
  Palette For(const Terminal& terminal) const;

 private:
  std::string when_ = "auto";
};

}  // namespace kstati::cli
