// SPDX-License-Identifier: Apache-2.0
#include "cli/color.h"

namespace kstati::cli {
namespace {

// "Select graphic rendition" of ECMA-48.
std::string_view CodeOf(Style style) {
  switch (style) {
    case Style::kHeading: return "\x1b[1m";
    case Style::kError: return "\x1b[1;31m";
    case Style::kWarning: return "\x1b[1;33m";
    case Style::kCaret: return "\x1b[1;32m";
  }
  return {};
}

constexpr std::string_view kPlain = "\x1b[0m";

}  // namespace

std::string Palette::Paint(Style style, std::string_view text) const {
  if (!colored_ || text.empty()) return std::string(text);
  return std::string(CodeOf(style)) + std::string(text) + std::string(kPlain);
}

void ColorOption::Declare(Options& options) {
  options.Choice("--color", when_, {"auto", "always", "never"},
                 "colors; auto: on a terminal, unless NO_COLOR is set");
}

Palette ColorOption::For(const Terminal& terminal) const {
  if (when_ != "auto") return Palette(when_ == "always");
  return Palette(terminal.out_is_terminal && !terminal.colors_refused);
}

}  // namespace kstati::cli
