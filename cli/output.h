// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/color.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace kstati::cli {

using Json = nlohmann::ordered_json;

// One column of a table: the key of the record, its heading, and what stands for null.
struct Column {
  std::string key;
  std::string title;
  std::string absent = {};
};

// How a command prints what it found: --format table | json | jsonl | csv | markdown, and --color.
// Without the option a table on a terminal, jsonl when piped.
class Output {
 public:
  void Declare(Options& options);

  // Records of one kind; JSON shows everything, the others the columns: csv under the keys.
  void Print(const Terminal& terminal, const std::vector<Json>& records,
             const std::vector<Column>& columns) const;
  // One thing; `readable` is its form on a terminal; csv and markdown have a row for each key.
  void Print(const Terminal& terminal, const Json& object, const std::string& readable) const;

 private:
  std::string Chosen(const Terminal& terminal) const;

  std::string format_ = "auto";
  ColorOption color_;
};

// Code points of UTF-8 text: what a column is wide. Scripts of double width do not occur here.
size_t WidthOf(const std::string& text);

// A value of a record as one line of text.
std::string CellText(const Json& value);

}  // namespace kstati::cli
