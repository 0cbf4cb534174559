// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <algorithm>

namespace kstati::cli {
namespace {

std::string Dump(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

using Row = std::vector<std::string>;

std::vector<Row> RowsOf(const std::vector<Json>& records, const std::vector<Column>& columns) {
  std::vector<Row> rows;
  for (const Json& record : records) {
    Row& row = rows.emplace_back();
    for (const Column& column : columns) {
      const bool known = record.contains(column.key);
      const bool absent = known && record[column.key].is_null();
      row.push_back(absent ? column.absent : known ? CellText(record[column.key]) : std::string());
    }
  }
  return rows;
}

Row TitlesOf(const std::vector<Column>& columns) {
  Row titles;
  for (const Column& column : columns) titles.push_back(column.title);
  return titles;
}

Row KeysOf(const std::vector<Column>& columns) {
  Row keys;
  for (const Column& column : columns) keys.push_back(column.key);
  return keys;
}

std::string Aligned(const Row& row, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < row.size(); ++i) {
    line += row[i];
    if (i + 1 < row.size()) line.append(widths[i] - WidthOf(row[i]) + 2, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

void PrintTable(std::ostream& out, const Palette& palette, const Row& titles,
                const std::vector<Row>& rows) {
  std::vector<size_t> widths;
  for (const std::string& title : titles) widths.push_back(WidthOf(title));
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
  }
  out << palette.Paint(Style::kHeading, Aligned(titles, widths)) << "\n";
  for (const Row& row : rows) out << Aligned(row, widths) << "\n";
}

// RFC 4180, with line feeds alone.
void PrintCsvLine(std::ostream& out, const Row& row) {
  for (size_t i = 0; i < row.size(); ++i) {
    if (i > 0) out << ',';
    if (row[i].find_first_of(",\"\r\n") == std::string::npos) {
      out << row[i];
      continue;
    }
    out << '"';
    for (const char c : row[i]) out << (c == '"' ? "\"\"" : std::string(1, c));
    out << '"';
  }
  out << '\n';
}

void PrintMarkdownLine(std::ostream& out, const Row& row) {
  out << '|';
  for (const std::string& cell : row) {
    out << ' ';
    for (const char c : cell) {
      if (c == '|') out << '\\';
      out << (c == '\n' ? ' ' : c);
    }
    out << " |";
  }
  out << '\n';
}

void PrintMarkdown(std::ostream& out, const Row& titles, const std::vector<Row>& rows) {
  PrintMarkdownLine(out, titles);
  out << '|';
  for (size_t i = 0; i < titles.size(); ++i) out << "---|";
  out << '\n';
  for (const Row& row : rows) PrintMarkdownLine(out, row);
}

// One object as rows of key and value.
std::vector<Json> PairsOf(const Json& object) {
  std::vector<Json> pairs;
  for (const auto& [key, value] : object.items()) {
    pairs.push_back({{"key", key}, {"value", value}});
  }
  return pairs;
}

}  // namespace

void Output::Declare(Options& options) {
  options.Choice("--format", format_, {"auto", "table", "json", "jsonl", "csv", "markdown"},
                 "form of the data; auto: table on a terminal, else jsonl");
  color_.Declare(options);
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
  } else if (format == "csv") {
    PrintCsvLine(terminal.out, KeysOf(columns));
    for (const Row& row : RowsOf(records, columns)) PrintCsvLine(terminal.out, row);
  } else if (format == "markdown") {
    PrintMarkdown(terminal.out, TitlesOf(columns), RowsOf(records, columns));
  } else if (records.empty()) {
    terminal.err << "nothing found\n";
  } else {
    PrintTable(terminal.out, color_.For(terminal), TitlesOf(columns), RowsOf(records, columns));
  }
}

void Output::Print(const Terminal& terminal, const Json& object,
                   const std::string& readable) const {
  const std::string format = Chosen(terminal);
  if (format == "table") {
    terminal.out << readable;
  } else if (format == "csv" || format == "markdown") {
    Print(terminal, PairsOf(object), {{"key", "KEY"}, {"value", "VALUE"}});
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
