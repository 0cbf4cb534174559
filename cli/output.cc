// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <algorithm>

namespace kstati::cli {
namespace {

std::string Dump(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void PrintTable(std::ostream& out, const std::vector<Json>& records,
                const std::vector<Column>& columns) {
  std::vector<std::vector<std::string>> rows(1);
  for (const Column& column : columns) rows[0].push_back(column.title);
  for (const Json& record : records) {
    std::vector<std::string> row;
    for (const Column& column : columns) {
      row.push_back(record.contains(column.key) ? CellText(record[column.key]) : std::string());
    }
    rows.push_back(std::move(row));
  }
  std::vector<size_t> widths(columns.size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - WidthOf(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
  }
}

}  // namespace

void Output::Declare(Options& options) {
  options.Choice("--format", format_, {"auto", "table", "json", "jsonl"},
                 "form of the data; auto: table on a terminal, else jsonl");
}

std::string Output::Chosen(const Terminal& terminal) const {
  if (format_ != "auto") return format_;
  return terminal.out_is_terminal ? "table" : "jsonl";
}

void Output::Print(const Terminal& terminal, const std::vector<Json>& records,
                   const std::vector<Column>& columns) const {
  const std::string format = Chosen(terminal);
  if (format == "json") {
    terminal.out << Dump(Json(records), 2) << "\n";
  } else if (format == "jsonl") {
    for (const Json& record : records) terminal.out << Dump(record, -1) << "\n";
  } else if (records.empty()) {
    terminal.err << "nothing found\n";
  } else {
    PrintTable(terminal.out, records, columns);
  }
}

void Output::Print(const Terminal& terminal, const Json& object,
                   const std::string& readable) const {
  const std::string format = Chosen(terminal);
  if (format == "table") {
    terminal.out << readable;
  } else {
    terminal.out << Dump(object, format == "json" ? 2 : -1) << "\n";
  }
}

size_t WidthOf(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string CellText(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (!value.is_array()) return Dump(value, -1);
  std::string text;
  for (const Json& item : value) text += (text.empty() ? "" : ", ") + CellText(item);
  return text;
}

}  // namespace kstati::cli
